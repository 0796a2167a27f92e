// Package intake is how pictures come in and how they leave: files, folders
// and references become photos whose bytes lie in the library's files; what
// leaves is a prepared copy, upright, edited, and nothing but pixels.
package intake

import (
	"context"
	"errors"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// Intake takes pictures in and hands copies out.
type Intake struct {
	files *storage.Files
	// picture finds the file of a picture by its id in the library.
	picture func(id string) (hash, ext string, ok bool)
	// known lists the photos that datasets and jobs have.
	known func() []photo.Photo

	mu      sync.Mutex
	holding map[string]int // by content hash: taken in, and not in anybody's record yet
}

// New works with the library's files. picture finds the file of a picture by
// its id in the library; known lists the photos that datasets and jobs have.
func New(files *storage.Files, picture func(id string) (hash, ext string, ok bool), known func() []photo.Photo) *Intake {
	return &Intake{files: files, picture: picture, known: known, holding: map[string]int{}}
}

// Holding are the content hashes of what is being taken in and is in nobody's
// record yet: their files are needed.
func (in *Intake) Holding() []string {
	in.mu.Lock()
	defer in.mu.Unlock()
	return slices.Collect(maps.Keys(in.holding))
}

// hold keeps files from counting as nobody's, until release.
func (in *Intake) hold(hash string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.holding[hash]++
}

func (in *Intake) release(hashes []string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, hash := range hashes {
		if in.holding[hash]--; in.holding[hash] <= 0 {
			delete(in.holding, hash)
		}
	}
}

// Rejected is a file that could not be taken in, and why.
type Rejected struct {
	Name   string             `json:"name"`
	Reason providers.Sentence `json:"reason"`
	// Harmless reports that no photo is missing for it: see photo.Rejected.
	Harmless bool `json:"-"`
}

// Photos checks photos and copies them into the library without adding them to
// a dataset, for a job that brings its own. Captions lie beside them as for
// AddPhotos. A path may also be a content reference, as
// copied commands hold them, to a photo that is in the library; it has no caption.
func (in *Intake) Photos(ctx context.Context, paths []string) (photos []photo.Photo, rejected []Rejected, err error) {
	add := func(p photo.Photo) error {
		more, err := With(photos, p)
		if err == nil {
			photos = more
		}
		return err
	}
	var files []string
	for _, path := range paths {
		if !photo.IsRef(path) {
			files = append(files, path)
			continue
		}
		known, err := in.recalled(ctx, path)
		if err == nil {
			err = add(known)
		}
		var why *photo.Rejected
		if errors.As(err, &why) {
			rejected = append(rejected, Rejected(*why))
		} else if err != nil {
			return nil, rejected, err
		}
	}
	others, err := in.Each(ctx, files, nil, add)
	return photos, append(rejected, others...), err
}

// Each checks files, and those in folders, copies each into the library's files
// and hands it to add, in their order, with the caption that photo.Captions
// finds. What can't be used, or what add refuses
// with a *photo.Rejected, is told; the rest goes on. progress may be nil; it is
// called with how many of how many are through.
func (in *Intake) Each(ctx context.Context, paths []string, progress func(done, of int), add func(photo.Photo) error) ([]Rejected, error) {
	if progress == nil {
		progress = func(int, int) {}
	}
	files, problems := photo.Gather(ctx, paths)
	var rejected []Rejected
	for _, p := range problems {
		rejected = append(rejected, Rejected(p))
	}
	captions := photo.NewCaptions()
	for i, path := range files {
		progress(i, len(files))
		taken, err := in.File(ctx, path)
		var told []photo.Rejected
		if err == nil {
			taken.Caption, told = captions.Of(path)
			err = add(taken)
		}
		var why *photo.Rejected
		if errors.As(err, &why) {
			rejected = append(rejected, Rejected(*why))
		} else if err != nil {
			return rejected, err
		}
		for _, one := range told {
			rejected = append(rejected, Rejected(one))
		}
	}
	progress(len(files), len(files))
	return rejected, ctx.Err()
}

// Take is Each for one who puts all photos down at once: it returns them, and
// what keeps their files until they are in somebody's record; release ends
// that. After an error photos are those that came before it.
func (in *Intake) Take(ctx context.Context, paths []string, progress func(done, of int)) (photos []photo.Photo, rejected []Rejected, release func(), err error) {
	var held []string
	rejected, err = in.Each(ctx, paths, progress, func(p photo.Photo) error {
		in.hold(p.Hash)
		held, photos = append(held, p.Hash), append(photos, p)
		return nil
	})
	return photos, rejected, func() { in.release(held) }, err
}

// WithAll adds photos unless their content is there already, and tells which
// were.
func WithAll(photos, more []photo.Photo) ([]photo.Photo, []Rejected) {
	var rejected []Rejected
	for _, p := range more {
		next, err := With(photos, p)
		var why *photo.Rejected
		if errors.As(err, &why) {
			rejected = append(rejected, Rejected(*why))
			continue
		}
		photos = next
	}
	return photos, rejected
}

// File checks one file and copies it into the library's files.
func (in *Intake) File(ctx context.Context, path string) (photo.Photo, error) {
	file, err := photo.Open(path)
	if err != nil {
		return photo.Photo{}, err
	}
	defer file.Close()
	info, err := photo.Inspect(ctx, file, path)
	if err != nil {
		return photo.Photo{}, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return photo.Photo{}, providers.Errorf("reading a photo: %v", err)
	}
	hash, _, err := in.files.Put(file, info.Ext)
	if err != nil {
		return photo.Photo{}, failure.Storage("copying a photo into the library", err)
	}
	return photo.Photo{
		Hash: hash, Ext: info.Ext, Name: filepath.Base(path), Width: info.Width, Height: info.Height, Bytes: info.Bytes,
		HasAlpha: info.HasAlpha, PerceptualHash: info.PerceptualHash, Sharpness: info.Sharpness, Notes: info.Notes, Added: time.Now(),
	}, nil
}

// With adds a photo unless its content is there already.
func With(photos []photo.Photo, p photo.Photo) ([]photo.Photo, error) {
	if i := slices.IndexFunc(photos, func(q photo.Photo) bool { return q.Hash == p.Hash }); i >= 0 {
		return nil, &photo.Rejected{Name: p.Name, Reason: providers.Say("has the same content as %s", photos[i].Name), Harmless: true}
	}
	return append(photos, p), nil
}

// recalled is the photo that a content reference names, with the reference's
// own edit and without a caption: a reference says the same at any time.
func (in *Intake) recalled(ctx context.Context, ref string) (photo.Photo, error) {
	edit, err := photo.EditOf(ref)
	if err != nil {
		return photo.Photo{}, &photo.Rejected{Name: ref, Reason: providers.Say("has an edit that can't be read")}
	}
	found, err := in.recalledOriginal(ctx, ref)
	if err != nil {
		return found, err
	}
	found.Edit, found.Caption = edit, ""
	return found, edit.Check(found)
}

func (in *Intake) recalledOriginal(ctx context.Context, ref string) (photo.Photo, error) {
	hash, ext, ok := photo.SplitRef(ref)
	if !ok || !in.files.Has(hash, ext) {
		return photo.Photo{}, &photo.Rejected{Name: ref, Reason: providers.Say("is not in the library")}
	}
	for _, p := range in.known() {
		if p.Hash == hash && p.Ext == ext {
			return p, nil
		}
	}
	taken, err := in.File(ctx, in.files.Path(hash, ext))
	var why *photo.Rejected
	if errors.As(err, &why) {
		return taken, &photo.Rejected{Name: ref, Reason: why.Reason}
	}
	return taken, err
}
