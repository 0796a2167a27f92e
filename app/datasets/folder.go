// Datasets as the folders other trainers use: photo.jpg with its caption in
// photo.txt beside it.

package datasets

import (
	"cmp"
	"context"
	"errors"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/app/intake"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
	"github.com/maquette-studio/maquette/storage/filename"
)

// ImportFolder makes a dataset of the photos in a folder and below it, with
// their captions, names it after the folder and makes it the current one: all
// of it or nothing, whatever ends it. A folder without a usable photo leaves the
// datasets as they were; what was chosen meanwhile stays chosen.
func (d *Datasets) ImportFolder(ctx context.Context, dir string, progress func(done, of int)) (Dataset, []intake.Rejected, error) {
	taken, rejected, release, err := d.intake.Take(ctx, []string{dir}, progress)
	defer release()
	photos, known := intake.WithAll(nil, taken)
	rejected = append(rejected, known...)
	if err != nil || len(photos) == 0 {
		return Dataset{}, rejected, err
	}
	made, err := d.add(nameOfFolder(dir), photos)
	return made, rejected, err
}

// nameOfFolder is a dataset's name for a folder: its real one, whatever the path
// calls it (".", "..", a link), or what it is called where it has none.
func nameOfFolder(dir string) string {
	if whole, err := filepath.Abs(dir); err == nil {
		dir = whole
	}
	if target, err := filepath.EvalSymlinks(dir); err == nil {
		dir = target
	}
	name := filepath.Base(dir)
	if name == string(filepath.Separator) {
		name = strings.Trim(filepath.VolumeName(dir), `\/:?.`) // a drive's letter, a share of a server
		name = name[strings.LastIndexAny(name, `\/`)+1:]
	}
	name = repeated.ReplaceAllString(name, "$1")
	name = norm.NFC.String(strings.Join(strings.Fields(strings.Map(visible, strings.ToValidUTF8(name, "_"))), " "))
	if runes := []rune(name); len(runes) > longestName {
		name = strings.TrimSpace(string(runes[:longestName]))
	}
	return cmp.Or(name, firstDatasetName)
}

// repeated is a folder as kohya's sd-scripts name it: how often its photos are
// shown, and what is on them ("10_fox animal"). Years, dates and what is
// numbered with zeros before are names as they stand.
var repeated = regexp.MustCompile(`(?s)^[1-9]\d{0,2}_(\D.*)$`)

// visible drops what can't be seen in a name.
func visible(r rune) rune {
	if unicode.IsControl(r) || unicode.In(r, unicode.Cf) {
		return -1
	}
	return r
}

// ExportOriginals writes the photos' original files and their captions into a
// folder. Nothing is overwritten: what has a taken name gets a number. The
// originals still hold what their camera wrote into them, places included.
// It returns how many were written, and an error that names the others, or the
// cause where ctx ended before all were. progress may be nil.
func (d *Datasets) ExportOriginals(ctx context.Context, photos []photo.Photo, dir string, progress func(done, of int)) (written int, err error) {
	return exportPhotos(ctx, photos, dir, progress, func(p photo.Photo) (io.ReadCloser, string, error) {
		file, err := d.files.OpenVerified(p.Hash, p.Ext)
		if err != nil {
			return nil, "", failure.Storage("opening a photo", err)
		}
		return file, p.Ext, nil
	})
}

// ExportEdited is ExportOriginals with the copies that a service would get:
// edited, upright, and without any metadata.
func (d *Datasets) ExportEdited(ctx context.Context, photos []photo.Photo, dir string, progress func(done, of int)) (written int, err error) {
	return exportPhotos(ctx, photos, dir, progress, func(p photo.Photo) (io.ReadCloser, string, error) {
		copied, err := d.intake.Prepare(ctx, p)
		return copied, p.EditedExt(), err
	})
}

func exportPhotos(ctx context.Context, photos []photo.Photo, dir string, progress func(done, of int), open func(photo.Photo) (io.ReadCloser, string, error)) (written int, err error) {
	if progress == nil {
		progress = func(int, int) {}
	}
	folder := storage.OpenFolder(dir)
	written, left, err := failure.Batch(ctx, photos, func(p photo.Photo) string { return p.Name }, func(through int) { progress(through, len(photos)) },
		func(p photo.Photo) error { return exportPhoto(p, folder, open) })
	if err == nil && len(left) > 0 {
		err = providers.Errorf("%d of %d photos were exported. Not exported: %s", written, len(photos), failure.List(left))
	}
	return written, err
}

func exportPhoto(p photo.Photo, folder *storage.Folder, open func(photo.Photo) (io.ReadCloser, string, error)) error {
	content, ext, err := open(p)
	if err != nil {
		return err
	}
	defer content.Close()
	stem := strings.TrimSuffix(p.Name, filepath.Ext(p.Name))
	path, err := folder.Save(folder.FreeName(filename.Make(stem, "photo", ext)), content)
	if errors.Is(err, storage.ErrDamagedFile) {
		return failure.Storage("reading a photo", err)
	}
	if err != nil || p.Caption == "" {
		return err
	}
	_, err = folder.Save(strings.TrimSuffix(filepath.Base(path), "."+ext)+".txt", strings.NewReader(p.Caption+"\n"))
	return err
}
