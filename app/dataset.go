package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// DatasetPhoto is one photo of a dataset: its original bytes lie in the
// library's files under their content hash.
type DatasetPhoto struct {
	Hash      string    `json:"hash"`
	Ext       string    `json:"ext"`
	Name      string    `json:"name"` // the file's base name, for a person's eyes
	Caption   string    `json:"caption,omitempty"`
	Width     int       `json:"width"` // pixels, after orientation
	Height    int       `json:"height"`
	Bytes     int64     `json:"bytes"`
	Look      uint64    `json:"look,omitempty"` // perceptual hash
	Sharpness float64   `json:"sharpness,omitempty"`
	Notes     []string  `json:"notes,omitempty"`
	Added     time.Time `json:"added"`
}

// Ref names the photo for Thumbnail.
func (p DatasetPhoto) Ref() string { return contentRef(p.Hash, p.Ext) }

// Rejected is a file that could not be taken in, and why.
type Rejected struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// dataset is the stored list of photos.
type dataset struct {
	Photos []DatasetPhoto `json:"photos"`
}

var datasetTable = storage.NewTable[dataset]("datasets")

// draftKey names the dataset that the Train tab is gathering; it survives a
// restart like everything else.
const draftKey = "draft"

type datasetStore struct {
	mu     sync.Mutex // held while a change goes to disk
	shown  sync.RWMutex
	photos []DatasetPhoto // replaced, never altered
}

func (s *Studio) loadDataset() error {
	return s.db.View(func(tx *storage.Tx) error {
		stored, _, err := datasetTable.Get(tx, draftKey)
		if err != nil {
			return fmt.Errorf("loading the dataset: %w", err)
		}
		s.dataset.photos = stored.Photos
		return nil
	})
}

// Photos lists the dataset being gathered, in the order the photos came.
func (s *Studio) Photos() []DatasetPhoto {
	s.dataset.shown.RLock()
	defer s.dataset.shown.RUnlock()
	return s.dataset.photos
}

// AddPhotos takes files and folders into the dataset: each is checked and
// copied into the library, so that nothing depends on where it came from. What
// can't be used, or is there already, is told; the rest is added as it comes.
// progress may be nil; it is called with how many of how many are through.
func (s *Studio) AddPhotos(ctx context.Context, paths []string, progress func(done, of int)) ([]Rejected, error) {
	return s.eachPhoto(ctx, paths, progress, s.addPhoto)
}

// TakeIn checks photos and copies them into the library without adding them to
// the dataset, for a job that brings its own. A path may also be a content
// reference, as AsCommand writes them, to a photo that is in the library.
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
		var unfit *photo.Unfit
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
		if err == nil {
			err = add(taken)
		}
		var unfit *photo.Unfit
		if errors.As(err, &unfit) {
			rejected = append(rejected, Rejected{unfit.Name, unfit.Reason})
		} else if err != nil {
			return rejected, err
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
		Look: info.Look, Sharpness: info.Sharpness, Notes: info.Notes, Added: time.Now(),
	}, nil
}

func (s *Studio) addPhoto(p DatasetPhoto) error {
	return s.changeDataset(func(photos []DatasetPhoto) ([]DatasetPhoto, error) { return withPhoto(photos, p) })
}

// withPhoto adds a photo unless its content is there already.
func withPhoto(photos []DatasetPhoto, p DatasetPhoto) ([]DatasetPhoto, error) {
	if i := slices.IndexFunc(photos, func(q DatasetPhoto) bool { return q.Hash == p.Hash }); i >= 0 {
		return nil, &photo.Unfit{Name: p.Name, Reason: "has the same content as " + photos[i].Name}
	}
	return append(photos, p), nil
}

// RemovePhotos takes photos out of the dataset. PutBack undoes it.
func (s *Studio) RemovePhotos(hashes ...string) error {
	return s.changeDataset(func(photos []DatasetPhoto) ([]DatasetPhoto, error) {
		return slices.DeleteFunc(photos, func(p DatasetPhoto) bool { return slices.Contains(hashes, p.Hash) }), nil
	})
}

// PutBack makes the dataset what it was before a removal.
func (s *Studio) PutBack(before []DatasetPhoto) error {
	return s.changeDataset(func([]DatasetPhoto) ([]DatasetPhoto, error) { return slices.Clone(before), nil })
}

// SetCaption changes a photo's caption.
func (s *Studio) SetCaption(hash, caption string) error {
	return s.changeDataset(func(photos []DatasetPhoto) ([]DatasetPhoto, error) {
		for i := range photos {
			if photos[i].Hash == hash {
				photos[i].Caption = caption
			}
		}
		return photos, nil
	})
}

// changeDataset stores a changed copy and then shows it.
func (s *Studio) changeDataset(change func([]DatasetPhoto) ([]DatasetPhoto, error)) error {
	s.dataset.mu.Lock()
	defer s.dataset.mu.Unlock()
	next, err := change(slices.Clone(s.Photos()))
	if err != nil {
		return err
	}
	err = s.db.Update(func(tx *storage.Tx) error { return datasetTable.Put(tx, draftKey, dataset{next}) })
	if err != nil {
		return storageFailure("saving the dataset", err)
	}
	s.dataset.shown.Lock()
	s.dataset.photos = next
	s.dataset.shown.Unlock()
	s.publish(DatasetChanged, "")
	return nil
}

// photos are a job's photos as its task sees them: prepared when opened, so
// that nothing but pixels leaves.
func (s *Studio) photos(list []DatasetPhoto) []providers.Photo {
	photos := make([]providers.Photo, len(list))
	for i, p := range list {
		photos[i] = s.prepared(p.Hash, p.Ext, p.Name)
		photos[i].Caption, photos[i].Width, photos[i].Height = p.Caption, p.Width, p.Height
	}
	return photos
}

func (s *Studio) prepared(hash, ext, name string) providers.Photo {
	leaves := ext
	if ext == "webp" {
		leaves = "jpg"
	}
	return providers.Photo{ID: hash, Name: name, Ext: leaves, Open: func(ctx context.Context) (io.ReadCloser, error) {
		return s.prepare(ctx, hash, ext)
	}}
}

// Image resolves an image field's value.
func (s *steps) Image(_ context.Context, ref string) (providers.Photo, error) {
	return s.engine.studio.image(ref)
}

// image is the picture that an image field's value names.
func (s *Studio) image(ref string) (providers.Photo, error) {
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
	return s.prepared(hash, ext, ref), nil
}
