// The photos of the current dataset: taken in, edited, removed, put back, and
// handed to a job.

package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
)

// Rejected is a file that could not be taken in, and why.
type Rejected struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// AddPhotos takes files and folders into the dataset that is current when it
// begins: each is checked and copied into the library, so that nothing depends
// on where it came from. A text file beside a photo (photo.txt beside
// photo.jpg) is its caption. What can't be used, or is there already, is told;
// the rest is added as it comes. progress may be nil; it is called with how
// many of how many are through.
func (s *Studio) AddPhotos(ctx context.Context, paths []string, progress func(done, of int)) ([]Rejected, error) {
	return s.addPhotos(ctx, s.Dataset().ID, paths, progress)
}

func (s *Studio) addPhotos(ctx context.Context, dataset string, paths []string, progress func(done, of int)) ([]Rejected, error) {
	return s.eachPhoto(ctx, paths, progress, func(p DatasetPhoto) error {
		return s.changePhotos(dataset, func(photos []DatasetPhoto) ([]DatasetPhoto, error) { return withPhoto(photos, p) })
	})
}

// TakeIn checks photos and copies them into the library without adding them to
// a dataset, for a job that brings its own. Captions lie beside them as for
// AddPhotos. A path may also be a content reference, as AsCommand writes them,
// to a photo that is in the library; it has no caption.
func (s *Studio) TakeIn(ctx context.Context, paths []string) (photos []DatasetPhoto, rejected []Rejected, err error) {
	add := func(p DatasetPhoto) error {
		more, err := withPhoto(photos, p)
		if err == nil {
			photos = more
		}
		return err
	}
	var files []string
	for _, path := range paths {
		if !strings.HasPrefix(path, contentPrefix) {
			files = append(files, path)
			continue
		}
		known, err := s.recalled(ctx, path)
		if err == nil {
			err = add(known)
		}
		var unfit *photo.Rejected
		if errors.As(err, &unfit) {
			rejected = append(rejected, Rejected{unfit.Name, unfit.Reason})
		} else if err != nil {
			return nil, rejected, err
		}
	}
	unusable, err := s.eachPhoto(ctx, files, nil, add)
	return photos, append(rejected, unusable...), err
}

func (s *Studio) eachPhoto(ctx context.Context, paths []string, progress func(done, of int), add func(DatasetPhoto) error) ([]Rejected, error) {
	if progress == nil {
		progress = func(int, int) {}
	}
	files, problems := photo.Gather(ctx, paths)
	var rejected []Rejected
	for _, p := range problems {
		rejected = append(rejected, Rejected{p.Name, p.Reason})
	}
	for i, path := range files {
		progress(i, len(files))
		taken, err := s.takeIn(ctx, path)
		var unread error
		if err == nil {
			taken.Caption, unread = photo.CaptionBeside(path)
			err = add(taken)
		}
		for _, err := range []error{err, unread} {
			var unfit *photo.Rejected
			if errors.As(err, &unfit) {
				rejected = append(rejected, Rejected{unfit.Name, unfit.Reason})
			} else if err != nil {
				return rejected, err
			}
		}
	}
	progress(len(files), len(files))
	return rejected, ctx.Err()
}

// takeIn checks one file and copies it into the library's files.
func (s *Studio) takeIn(ctx context.Context, path string) (DatasetPhoto, error) {
	file, err := photo.Open(path)
	if err != nil {
		return DatasetPhoto{}, err
	}
	defer file.Close()
	info, err := photo.Inspect(ctx, file, path)
	if err != nil {
		return DatasetPhoto{}, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return DatasetPhoto{}, fmt.Errorf("reading a photo: %w", err)
	}
	hash, _, err := s.files.Put(file, info.Ext)
	if err != nil {
		return DatasetPhoto{}, storageFailure("copying a photo into the library", err)
	}
	return DatasetPhoto{
		Hash: hash, Ext: info.Ext, Name: baseName(path), Width: info.Width, Height: info.Height, Bytes: info.Bytes,
		HasAlpha: info.HasAlpha, Look: info.PerceptualHash, Sharpness: info.Sharpness, Notes: info.Notes, Added: time.Now(),
	}, nil
}

// withPhoto adds a photo unless its content is there already.
func withPhoto(photos []DatasetPhoto, p DatasetPhoto) ([]DatasetPhoto, error) {
	if i := slices.IndexFunc(photos, func(q DatasetPhoto) bool { return q.Hash == p.Hash }); i >= 0 {
		return nil, &photo.Rejected{Name: p.Name, Reason: "has the same content as " + photos[i].Name}
	}
	return append(photos, p), nil
}

// RemovePhotos takes photos out of the current dataset. PutBack undoes it.
func (s *Studio) RemovePhotos(hashes ...string) error {
	return s.changePhotos(s.Dataset().ID, func(photos []DatasetPhoto) ([]DatasetPhoto, error) {
		return slices.DeleteFunc(photos, func(p DatasetPhoto) bool { return slices.Contains(hashes, p.Hash) }), nil
	})
}

// PutBack gives a dataset the photos it had before, in their order, each as it
// is now if it is still there; what was added since stays, behind them.
func (s *Studio) PutBack(before Dataset) error {
	return s.changePhotos(before.ID, func(now []DatasetPhoto) ([]DatasetPhoto, error) {
		all := slices.Clone(before.Photos)
		for _, p := range now {
			if i := slices.IndexFunc(all, func(q DatasetPhoto) bool { return q.Hash == p.Hash }); i >= 0 {
				all[i] = p
			} else {
				all = append(all, p)
			}
		}
		return all, nil
	})
}

// SetEdits changes what is done to the copies of the current dataset's photos,
// by hash, and returns the edits they had. It fails with a *providers.Failure,
// having changed nothing, when an edit makes no sense for its photo.
func (s *Studio) SetEdits(edits map[string]Edit) (before map[string]Edit, err error) {
	before = map[string]Edit{}
	err = s.changePhotos(s.Dataset().ID, func(photos []DatasetPhoto) ([]DatasetPhoto, error) {
		for i, p := range photos {
			edit, ok := edits[p.Hash]
			if !ok {
				continue
			}
			if err := edit.check(p); err != nil {
				return nil, err
			}
			before[p.Hash] = p.Edit
			photos[i].Edit = edit.tidy(p)
		}
		return photos, nil
	})
	return before, err
}

// photos are a job's photos as its task sees them: prepared when opened, so
// that nothing but pixels leaves.
func (s *Studio) photos(list []DatasetPhoto) []providers.Photo {
	photos := make([]providers.Photo, len(list))
	for i, p := range list {
		photos[i] = s.prepared(p)
		photos[i].Caption = p.Caption
		photos[i].Width, photos[i].Height = p.Size()
	}
	return photos
}

func (s *Studio) prepared(p DatasetPhoto) providers.Photo {
	return providers.Photo{ID: p.editedID(), Name: p.Name, Ext: p.leavesAs(), Open: func(ctx context.Context) (io.ReadCloser, error) {
		return s.prepare(ctx, p)
	}}
}

// Image resolves an image field's value.
func (s *steps) Image(ctx context.Context, ref string) (providers.Photo, error) {
	if s.broughtIn {
		return providers.Photo{ID: ref, Name: ref, URL: ref}, nil
	}
	return s.engine.studio.image(ctx, ref)
}

// image is the picture that an image field's value names.
func (s *Studio) image(ctx context.Context, ref string) (providers.Photo, error) {
	if isWebURL(ref) {
		return providers.Photo{ID: ref, Name: ref, URL: ref}, nil
	}
	hash, ext, ok := s.content(ref)
	if !ok {
		return providers.Photo{}, &providers.Failure{
			Kind: providers.InvalidInput, Message: "The picture " + ref + " is no longer in the library",
			Advice: "Choose another one.",
		}
	}
	if ext != "webp" {
		return s.prepared(DatasetPhoto{Hash: hash, Ext: ext, Name: ref}), nil
	}
	// What it leaves as depends on whether it is transparent.
	picture, err := s.recalled(ctx, ref)
	if err != nil {
		return providers.Photo{}, unfitFailure(err)
	}
	return s.prepared(picture), nil
}
