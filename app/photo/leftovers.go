// What lies among photos and is none: what file servers, systems, trainers and
// photo programs put into folders, and kinds of files that are counted rather
// than passed over.

package photo

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/maquette-studio/maquette/storage/filename"
)

// leftoverFolders hold copies, thumbnails, trash or caches, never photos. What
// begins with a dot (.git, .thumbnails, .Trash-1000, .AppleDouble) is left out
// beside them.
var leftoverFolders = []string{
	// Synology, QNAP and other file servers.
	"@eadir", "@synoresource", "@tmp", "@transcode", "@recycle", "@recently-snapshot", "@snapshot", "#recycle", "#snapshot", "network trash folder", "temporary items", "_gsdata_",
	"@__thumb", "~snapshot", "thevolumesettingsfolder", "_vti_cnf",
	// Windows, macOS, Linux.
	"$recycle.bin", "recycler", "recycled", "system volume information", "found.000", "__macosx", "lost+found",
	// Trainers: ai-toolkit's and musubi's caches; Python's.
	"_latent_cache", "_t_e_cache", "_clip_vision_cache", "_controls", "_unconditionals", "__pycache__",
	// Capture One's previews and settings.
	"captureone",
	// Small copies for a player, a cloud's cache, and what belongs to no photo.
	"ipod photo cache", "dropbox.cache", "node_modules",
}

// leftoverEnds are how such folders' names end: Lightroom's previews, and what
// Picasa keeps of photos from before their editing.
var leftoverEnds = []string{".lrdata", ".lrcat-data", ".picasaoriginals"}

// libraryEnds are how folders' names end that a photo program shows as one
// file: Photos, iPhoto, Aperture, Capture One. libraryPhotos are the folders in
// them that hold what was imported; the others hold small copies, faces, and
// what is drawn from those.
var (
	libraryEnds   = []string{".photoslibrary", ".photolibrary", ".migratedphotolibrary", ".aplibrary", ".cocatalog"}
	libraryPhotos = []string{"originals", "masters"}
)

// conditionFolders hold, where they do, one picture for each photo, of the same
// name: a mask, what a model is steered by, or a small copy.
var conditionFolders = []string{
	"thumb", "thumbs", "_thumb", "_thumbs", "thumbnail", "thumbnails", "preview", "previews",
	"mask", "masks", "control", "controls", "control_images", "conditioning", "conditioning_images", "conditioning_data", "depth", "canny", "openpose", "pose",
}

// photoFolders are what the photos' own folder is called beside those.
var photoFolders = []string{"image", "images", "img", "imgs", "photo", "photos", "train", "target", "targets"}

// trainersFolders lie, in kohya's layout, beside the folder of photos to train
// on: pictures of anything of the class, which keep a model from forgetting
// that, and what the training made.
var trainersFolders = []string{
	"reg", "regs", "regularization", "regularisation", "regularization_images", "reg_images", "class", "class_images",
	"model", "log", "logs", "sample", "samples",
}

// isTrainersFolder reports whether a folder is one of those.
func isTrainersFolder(name string, siblings []string) bool {
	return slices.Contains(trainersFolders, filename.Fold(name)) &&
		slices.ContainsFunc(siblings, func(sibling string) bool { return slices.Contains(photoFolders, filename.Fold(sibling)) })
}

// isLeftover tells of a folder in this one, by its name.
func (l listing) isLeftover(name string) bool {
	name = filename.Fold(name)
	endsIn := func(name string) func(end string) bool {
		return func(end string) bool { return strings.HasSuffix(name, end) }
	}
	if slices.ContainsFunc(libraryEnds, endsIn(filename.Fold(l.path))) && !slices.Contains(libraryPhotos, name) {
		return true
	}
	return strings.HasPrefix(name, ".") || slices.Contains(leftoverFolders, name) || slices.ContainsFunc(leftoverEnds, endsIn(name))
}

// conflict is what file services put behind a name where two computers had
// changed a file: Syncthing, Dropbox and Nextcloud.
var conflict = regexp.MustCompile(`(?:\.sync-conflict-\d{8}-\d{6}(?:-[a-z0-9]+)?| \([^()]*conflicted copy[^()]*\))$`)

// listing is what is in a folder, as far as it helps to tell what is no photo.
type listing struct {
	path  string
	stems map[string]bool // folded, of files whose extension is a picture's
}

func newListing(path string, names []string) listing {
	l := listing{path, map[string]bool{}}
	for _, name := range names {
		if HasPictureExtension(name) {
			l.stems[filename.Fold(stemOf(name))] = true
		}
	}
	return l
}

func stemOf(name string) string { return strings.TrimSuffix(name, filepath.Ext(name)) }

// belongs reports whether a file is no photo of its own but a mask or a
// condition of one, or its copy from before a conflict: OneTrainer's, by its
// name alone; others, where that photo is beside it.
func (l listing) belongs(name string) bool {
	stem := filename.Fold(stemOf(name))
	for _, end := range []string{"-masklabel", "-condlabel"} {
		if strings.HasSuffix(stem, end) {
			return true
		}
	}
	if of := conflict.ReplaceAllString(stem, ""); of != stem && l.stems[of] {
		return true
	}
	for _, end := range []string{"_mask", "-mask", ".mask", "_control", "-control", "_conditioning", "-conditioning", "_cond", "_depth", "_canny", "_openpose"} {
		if of, ok := strings.CutSuffix(stem, end); ok && l.stems[of] {
			return true
		}
	}
	return false
}

// isConditionFolder reports whether a folder of this one holds nothing but a
// picture for each of the photos here, or in the folder of photos beside it.
func (l listing) isConditionFolder(name string, siblings []string) bool {
	if !slices.Contains(conditionFolders, filename.Fold(name)) {
		return false
	}
	inner := listed(filepath.Join(l.path, name))
	if len(inner.stems) == 0 {
		return false
	}
	if inner.within(l) {
		return true
	}
	for _, sibling := range siblings {
		if slices.Contains(photoFolders, filename.Fold(sibling)) && inner.within(listed(filepath.Join(l.path, sibling))) {
			return true
		}
	}
	return false
}

func listed(path string) listing {
	entries, err := os.ReadDir(path)
	if err != nil && len(entries) == 0 {
		return listing{}
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return newListing(path, names)
}

func (l listing) within(outer listing) bool {
	for stem := range l.stems {
		if !outer.stems[stem] {
			return false
		}
	}
	return true
}

// counted is a kind of file that is counted where a folder holds it.
type counted struct {
	extensions []string
	one        func() *Rejected      // of a file given by itself
	many       func(n int) *Rejected // of those in a folder, behind its name
}

var (
	rawKind = counted{
		strings.Fields("3fr arw cr2 cr3 crw dcr dng erf fff gpr iiq k25 kdc mef mos mrw nef nrw orf pef raf raw rw2 rwl rwz sr2 srf srw x3f"),
		func() *Rejected { return rejected("is a camera RAW file, which isn't read: export it as JPEG") },
		func(n int) *Rejected {
			return rejected("holds camera RAW files (%d), which aren't read: export them as JPEG", n)
		},
	}
	videoKind = counted{
		strings.Fields("mp4 mov m4v avi mkv webm mts m2ts mpg mpeg wmv 3gp insv lrv flv"),
		nil,
		func(n int) *Rejected { return rejected("holds videos (%d), which aren't read", n) },
	}
	layeredKind = counted{
		strings.Fields("psd psb xcf kra afphoto clip procreate ora ai eps pdf cdr"),
		nil,
		func(n int) *Rejected {
			return rejected("holds files of drawing programs (%d: PSD, XCF and the like), which aren't read: export them as JPEG or PNG", n)
		},
	}
	archiveKind = counted{
		strings.Fields("zip 7z rar tar tgz gz"),
		nil,
		func(n int) *Rejected {
			return rejected("holds archives (%d), which aren't looked into: unpack them first", n)
		},
	}
	cloudKind = counted{
		nil,
		func() *Rejected { return rejected("lies in iCloud only: download it first") },
		func(n int) *Rejected {
			return rejected("holds photos that lie in iCloud only (%d): download them first", n)
		},
	}
)

var countedKinds = []*counted{&rawKind, &videoKind, &layeredKind, &archiveKind, &cloudKind}

// kindOf is the kind that a file is counted under; nil for none.
func kindOf(name string) *counted {
	if inner, ok := strings.CutSuffix(name, ".icloud"); ok && strings.HasPrefix(name, ".") && HasPictureExtension(inner) {
		return &cloudKind
	}
	if strings.HasPrefix(name, ".") {
		return nil
	}
	ext := extensionOfName(name)
	for _, kind := range countedKinds {
		if slices.Contains(kind.extensions, ext) {
			return kind
		}
	}
	return nil
}

func extensionOfName(name string) string {
	return strings.ToLower(strings.TrimPrefix(filepath.Ext(name), "."))
}

// tellCounted says how many files of each kind a folder that was given holds.
// Only photos that have to be fetched first are missing for it.
func (g *gatherer) tellCounted(folder string) {
	for _, kind := range countedKinds {
		if n := g.counts[kind]; n > 0 {
			why := kind.many(n)
			g.problems = append(g.problems, Rejected{Name: nameOf(folder), Reason: why.Reason, Harmless: kind != &cloudKind})
		}
	}
	clear(g.counts)
}

// nameOf is a folder's own name, also where the path is "." or ends in a slash.
func nameOf(folder string) string {
	if whole, err := filepath.Abs(folder); err == nil {
		folder = whole
	}
	return filepath.Base(folder)
}

// raw says that a file given by itself is a camera's; nil where it isn't.
func raw(path string) *Rejected {
	if slices.Contains(rawKind.extensions, extensionOfName(path)) {
		return rawKind.one()
	}
	if kindOf(filepath.Base(path)) == &cloudKind {
		return cloudKind.one()
	}
	return nil
}
