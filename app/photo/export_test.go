package photo

import (
	"context"
	"image"
	"io"
	"sync"
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

// HoldLarge holds all the memory that large pictures may take, with one more of
// them waiting for it, until release is called.
func HoldLarge(ctx context.Context) (release func(), err error) {
	held, err := weigh(ctx, decodeBudget)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	var waiting sync.WaitGroup
	waiting.Go(func() {
		if got, err := weigh(ctx, decodeBudget/2); err == nil {
			got()
		}
	})
	return func() { stop(); waiting.Wait(); held() }, nil
}
