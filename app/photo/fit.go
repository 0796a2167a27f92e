// Making pictures small, fast: a gallery of 100,000 depends on it.

package photo

import (
	"context"
	"errors"
	"image"
	"io"
)

// Thumbnail is the upright picture within edge × edge pixels, never enlarged.
// Its stride is four bytes times its width. A picture that is damaged, or of a
// kind that is never sent, is drawn as far as it can be read; one that takes
// more memory than pictures may is drawn row by row. It fails with a *Rejected
// where nothing can be shown, and with the context's error when ctx ends first.
func Thumbnail(ctx context.Context, r io.ReadSeeker, edge int) (*image.RGBA, error) {
	edge = max(edge, 1)
	if !fitsAtOnce(r, edge) {
		return drawn(ctx, r, edge)
	}
	img, err := thumbnail(ctx, r, edge)
	if why := (*Rejected)(nil); errors.As(err, &why) {
		if anyway, drawErr := drawn(ctx, r, edge); drawErr == nil {
			return anyway, nil
		}
	}
	return img, err
}

func thumbnail(ctx context.Context, r io.ReadSeeker, edge int) (*image.RGBA, error) {
	p, err := open(ctx, r)
	if err != nil {
		return nil, err
	}
	defer p.release()
	img, err := p.pixels(ctx)
	if err != nil {
		return nil, err
	}
	small, _ := p.toSRGB(fitWithin(img, edge))
	return ToRGBA(upright(small, p.exif.orientation)), ctx.Err()
}

// fitWithin shrinks img to lie within edge × edge. A cheap average brings it
// near the size first; the careful filter then has little left to do.
func fitWithin(img image.Image, edge int) image.Image {
	b := img.Bounds()
	if b.Dx() <= edge && b.Dy() <= edge {
		return img
	}
	w, h := fitSize(b.Dx(), b.Dy(), edge)
	if ycc, ok := img.(*image.YCbCr); ok {
		if by := min(b.Dx()/(2*w), b.Dy()/(2*h)); by >= 2 {
			img = shrinkYCbCr(ycc, by)
		}
	} else if b.Dx() >= 4*w && b.Dy() >= 4*h {
		img = average(img, 2*w, 2*h)
	}
	return resample(img, w, h)
}

func fitSize(w, h, edge int) (int, int) {
	if w >= h {
		return edge, max(1, (h*edge+w/2)/w)
	}
	return max(1, (w*edge+h/2)/h), edge
}

// shrinkYCbCr averages by × by pixels into one, plane by plane, which spares
// converting colours that are averaged away. The result is not subsampled.
func shrinkYCbCr(src *image.YCbCr, by int) *image.YCbCr {
	b := src.Rect
	w, h := b.Dx()/by, b.Dy()/by
	dst := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio444)
	averageBlocks(dst.Y, w, h, src.Y[src.YOffset(b.Min.X, b.Min.Y):], src.YStride, by, by)
	across, down := subsampling(src.SubsampleRatio)
	for y := range h {
		for x := range w {
			// Chroma blocks need not line up with luma ones; the nearest are close enough.
			x0, x1 := (b.Min.X+x*by)/across, (b.Min.X+(x+1)*by-1)/across
			y0, y1 := (b.Min.Y+y*by)/down, (b.Min.Y+(y+1)*by-1)/down
			base := (y0-b.Min.Y/down)*src.CStride + x0 - b.Min.X/across
			dst.Cb[y*w+x] = averageBlock(src.Cb[base:], src.CStride, x1-x0+1, y1-y0+1)
			dst.Cr[y*w+x] = averageBlock(src.Cr[base:], src.CStride, x1-x0+1, y1-y0+1)
		}
	}
	return dst
}

func averageBlocks(dst []uint8, w, h int, src []uint8, stride, across, down int) {
	for y := range h {
		for x := range w {
			dst[y*w+x] = averageBlock(src[y*down*stride+x*across:], stride, across, down)
		}
	}
}

func averageBlock(src []uint8, stride, across, down int) uint8 {
	sum := 0
	for y := range down {
		for _, v := range src[y*stride : y*stride+across] {
			sum += int(v)
		}
	}
	n := across * down
	return uint8((sum + n/2) / n)
}

func subsampling(ratio image.YCbCrSubsampleRatio) (across, down int) {
	switch ratio {
	case image.YCbCrSubsampleRatio422:
		return 2, 1
	case image.YCbCrSubsampleRatio420:
		return 2, 2
	case image.YCbCrSubsampleRatio440:
		return 1, 2
	case image.YCbCrSubsampleRatio411:
		return 4, 1
	case image.YCbCrSubsampleRatio410:
		return 4, 2
	}
	return 1, 1
}
