package photo

import (
	"context"
	"image"
	"io"
)

// Decode is the upright picture that r holds.
func Decode(ctx context.Context, r io.ReadSeeker) (image.Image, error) {
	p, err := open(ctx, r)
	if err != nil {
		return nil, err
	}
	defer p.release()
	img, err := p.pixels(ctx)
	if err != nil {
		return nil, err
	}
	return upright(img, p.exif.orientation), nil
}
