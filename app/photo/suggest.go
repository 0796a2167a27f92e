// Suggesting what part of a photo to keep.

package photo

import (
	"context"
	"image"
	"io"
)

// edgeThreshold is how strong an edge must be to count as detail and not as
// noise, in steps of brightness.
const edgeThreshold = 24

// SuggestCrop is the largest square that lies around the most detailed part of
// the photo in r; the whole of a square one. Of equal places the one nearest
// the middle wins. It fails like Inspect.
func SuggestCrop(ctx context.Context, r io.ReadSeeker) (Crop, error) {
	p, err := open(ctx, r)
	if err != nil {
		return Crop{}, err
	}
	defer p.release()
	w, h := p.uprightSize()
	if w == h {
		return Crop{}, nil
	}
	img, err := p.pixels(ctx)
	if err != nil {
		return Crop{}, err
	}
	grey := greyCopy(img, p.exif.orientation)
	along := detailAlong(grey, w > h)
	side := min(grey.Rect.Dx(), grey.Rect.Dy())
	at := densest(along, side)
	edge, room := min(w, h), max(w, h)-min(w, h)
	offset := 0
	if slack := len(along) - side; slack > 0 {
		offset = min(room, (at*room+slack/2)/slack)
	}
	crop := Crop{W: edge, H: edge}
	if w > h {
		crop.X = offset
	} else {
		crop.Y = offset
	}
	return crop, ctx.Err()
}

// detailAlong sums the picture's edges for each column, or for each row.
func detailAlong(grey *image.Gray, columns bool) []int {
	w, h := grey.Rect.Dx(), grey.Rect.Dy()
	along := make([]int, h)
	if columns {
		along = make([]int, w)
	}
	for y := 1; y < h-1; y++ {
		above, row, below := grey.Pix[(y-1)*grey.Stride:], grey.Pix[y*grey.Stride:], grey.Pix[(y+1)*grey.Stride:]
		for x := 1; x < w-1; x++ {
			v := int(above[x]) + int(below[x]) + int(row[x-1]) + int(row[x+1]) - 4*int(row[x])
			if v = max(v, -v); v < edgeThreshold {
				continue
			}
			if columns {
				along[x] += v
			} else {
				along[y] += v
			}
		}
	}
	return along
}

// densest is where a window of so many entries has the largest sum.
func densest(along []int, window int) int {
	sum := 0
	for _, v := range along[:window] {
		sum += v
	}
	last := len(along) - window
	best, at := sum, 0
	for i := 1; i <= last; i++ {
		sum += along[i+window-1] - along[i-1]
		fromMiddle, bestFromMiddle := max(2*i-last, last-2*i), max(2*at-last, last-2*at)
		if sum > best || sum == best && fromMiddle < bestFromMiddle {
			best, at = sum, i
		}
	}
	return at
}
