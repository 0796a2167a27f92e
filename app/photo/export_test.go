package photo

import (
	"context"
	"image"
	"io"
)

// Decode reads the picture that r holds from its start, turned upright, as it is read to be prepared.
func Decode(ctx context.Context, r io.ReadSeeker) (image.Image, error) {
	p, err := open(ctx, r)
	if err != nil {
		return nil, err
	}
	img, err := p.pixels(ctx)
	if err != nil {
		return nil, err
	}
	return upright(img, p.exif.orientation), nil
}

// InspectFile is Inspect for the file at path.
func InspectFile(ctx context.Context, path string) (Info, error) {
	f, err := Open(path)
	if err != nil {
		return Info{}, err
	}
	defer f.Close()
	return Inspect(ctx, f, path)
}
