// Datasets as the folders other trainers use: photo.jpg with its caption in
// photo.txt beside it.

package datasets

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/app/intake"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// ImportFolder makes a dataset of the photos in a folder and below it, with
// their captions, names it after the folder and makes it the current one: all
// of it or nothing, whatever ends it. A folder without a usable photo leaves the
// datasets as they were; what was chosen meanwhile stays chosen.
func (d *Datasets) ImportFolder(ctx context.Context, dir string, progress func(done, of int)) (Dataset, []intake.Rejected, error) {
	name := []rune(strings.Trim(filepath.Base(dir), `./\ `))
	if len(name) == 0 {
		name = []rune(firstDatasetName)
	}
	taken, rejected, release, err := d.intake.Take(ctx, []string{dir}, progress)
	defer release()
	photos, known := intake.WithAll(nil, taken)
	rejected = append(rejected, known...)
	if err != nil || len(photos) == 0 {
		return Dataset{}, rejected, err
	}
	made, err := d.add(string(name[:min(len(name), longestName)]), photos)
	return made, rejected, err
}

// ExportOriginals writes the photos' original files and their captions into a
// folder. Nothing is overwritten: what has a taken name gets a number. The
// originals still hold what their camera wrote into them, places included.
// progress may be nil.
func (d *Datasets) ExportOriginals(ctx context.Context, photos []photo.Photo, dir string, progress func(done, of int)) error {
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
func (d *Datasets) ExportEdited(ctx context.Context, photos []photo.Photo, dir string, progress func(done, of int)) error {
	return exportPhotos(ctx, photos, dir, progress, func(p photo.Photo) (io.ReadCloser, string, error) {
		copied, err := d.intake.Prepare(ctx, p)
		return copied, p.EditedExt(), err
	})
}

func exportPhotos(ctx context.Context, photos []photo.Photo, dir string, progress func(done, of int), open func(photo.Photo) (io.ReadCloser, string, error)) error {
	if progress == nil {
		progress = func(int, int) {}
	}
	for i, p := range photos {
		progress(i, len(photos))
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		if err := exportPhoto(p, dir, open); err != nil {
			return providers.Errorf("%d of %d photos were exported, then: %v", i, len(photos), err)
		}
	}
	progress(len(photos), len(photos))
	return nil
}

func exportPhoto(p photo.Photo, dir string, open func(photo.Photo) (io.ReadCloser, string, error)) error {
	content, ext, err := open(p)
	if err != nil {
		return err
	}
	defer content.Close()
	stem, err := freeStem(dir, exportStem(p.Name), ext)
	if err != nil {
		return err
	}
	_, err = storage.SaveAs(dir, stem+"."+ext, content)
	if errors.Is(err, storage.ErrDamagedFile) {
		return failure.Storage("reading a photo", err)
	}
	if err != nil || p.Caption == "" {
		return err
	}
	_, err = storage.SaveAs(dir, stem+".txt", strings.NewReader(p.Caption+"\n"))
	return err
}

// exportStem is the photo's name without its extension and without what some
// file system refuses.
func exportStem(name string) string {
	stem := strings.TrimSuffix(name, filepath.Ext(name))
	stem = strings.Trim(strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`<>:"/\|?*`, r) {
			return '_'
		}
		return r
	}, stem), ". ")
	if stem == "" {
		return "photo"
	}
	return stem
}

// freeStem is stem, with a number where the folder has a photo or a caption of
// that name.
func freeStem(dir, stem, ext string) (string, error) {
	free := stem
	for n := 2; ; n++ {
		taken := false
		for _, ext := range []string{ext, "jpg", "jpeg", "png", "webp", "txt"} {
			_, err := os.Lstat(filepath.Join(dir, free+"."+ext))
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return "", providers.Errorf("looking into the folder: %v", withoutPath(err))
			}
			taken = taken || err == nil
		}
		if !taken {
			return free, nil
		}
		free = fmt.Sprintf("%s (%d)", stem, n)
	}
}

// withoutPath is what the system said, without naming the folder.
func withoutPath(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}
