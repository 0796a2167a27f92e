// The copies that leave this computer.

package intake

import (
	"bytes"
	"context"
	"io"
	"os"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
)

// Prepare returns a copy of a stored picture that may leave this computer:
// upright, edited and without any metadata.
func (in *Intake) Prepare(ctx context.Context, p photo.Photo) (io.ReadCloser, error) {
	file, err := in.whole(p.Hash, p.Ext)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	ready, err := photo.Prepare(ctx, file, p.Edit.Options())
	if err != nil {
		return nil, failure.Photo(err)
	}
	return io.NopCloser(bytes.NewReader(ready.Bytes)), nil
}

// whole opens a stored file that is what it was: a damaged picture may still
// look like one, and never leaves.
func (in *Intake) whole(hash, ext string) (*os.File, error) {
	if err := in.files.Verify(hash, ext); err != nil {
		return nil, failure.Storage("opening a photo", err)
	}
	file, err := in.files.Open(hash, ext)
	if err != nil {
		return nil, failure.Storage("opening a photo", err)
	}
	return file, nil
}

// Prepared are a job's photos as its task sees them: prepared when opened, so
// that nothing but pixels leaves.
func (in *Intake) Prepared(list []photo.Photo) []providers.Photo {
	photos := make([]providers.Photo, len(list))
	for i, p := range list {
		photos[i] = in.prepared(p)
		photos[i].Caption = p.Caption
		photos[i].Width, photos[i].Height = p.Size()
	}
	return photos
}

func (in *Intake) prepared(p photo.Photo) providers.Photo {
	return providers.Photo{ID: p.EditedID(), Name: p.Name, Ext: p.EditedExt(), Open: func(ctx context.Context) (io.ReadCloser, error) {
		return in.Prepare(ctx, p)
	}}
}
