// The edits that a copy of a photo may get, and what they make of its size.

package photo

import (
	"context"
	"image"
	"image/color"
	"image/draw"
	"io"
)

// MaxEnlarge is how many times a photo is enlarged at most: beyond that it
// gains pixels but nothing to learn from.
const MaxEnlarge = 1.5

// Size is what the edits make of an upright picture of w × h pixels.
func (o Options) Size(w, h int) (int, int) {
	if o.Crop != (Crop{}) {
		w, h = o.Crop.W, o.Crop.H
	}
	return enlarged(w, h, o.MinEdge)
}

// area is the rectangle that stays, once both it and the copy's size are found
// to be possible.
func (o Options) area(p *picture) (image.Rectangle, error) {
	area, why := o.Crop.rectangle(p.uprightSize())
	if why != nil {
		return area, why
	}
	if why := checkDimensions(enlarged(area.Dx(), area.Dy(), o.MinEdge)); why != nil {
		return area, why
	}
	return area, nil
}

// enlarged is w × h, or as much more as gives the shorter edge so many pixels.
func enlarged(w, h, edge int) (int, int) {
	switch shorter := min(w, h); {
	case shorter <= 0 || shorter >= edge:
		return w, h
	case w <= h:
		return edge, int((int64(h)*int64(edge) + int64(w)/2) / int64(w))
	default:
		return int((int64(w)*int64(edge) + int64(h)/2) / int64(h)), edge
	}
}

func crop(img image.Image, area image.Rectangle) image.Image {
	part, ok := img.(interface {
		SubImage(r image.Rectangle) image.Image
	})
	if area == img.Bounds() || !ok {
		return img
	}
	return part.SubImage(area)
}

// flatten lays a background under the picture; nil is none.
func flatten(img image.Image, background color.Color) image.Image {
	if background == nil || isOpaque(img) {
		return img
	}
	r, g, b, _ := background.RGBA()
	solid := color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 0xff}
	flat := image.NewRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(flat, flat.Rect, image.NewUniform(solid), image.Point{}, draw.Src)
	draw.Draw(flat, flat.Rect, img, img.Bounds().Min, draw.Over)
	return flat
}

func enlarge(img image.Image, edge int) image.Image {
	w, h := enlarged(img.Bounds().Dx(), img.Bounds().Dy(), edge)
	if w == img.Bounds().Dx() && h == img.Bounds().Dy() {
		return img
	}
	return resample(img, w, h)
}

// EditedThumbnail is Thumbnail of the copy that Prepare would make.
func EditedThumbnail(ctx context.Context, r io.ReadSeeker, edit Options, edge int) (*image.RGBA, error) {
	p, err := open(ctx, r)
	if err != nil {
		return nil, err
	}
	defer p.release()
	area, err := edit.area(p)
	if err != nil {
		return nil, err
	}
	img, err := p.pixels(ctx)
	if err != nil {
		return nil, err
	}
	img, _ = p.toSRGB(fitWithin(crop(upright(img, p.exif.orientation), area), max(edge, 1)))
	return ToRGBA(flatten(img, edit.Background)), ctx.Err()
}
