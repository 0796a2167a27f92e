// Structure from reference pictures: their edges, light, and colours in place.

package sandbox

import (
	"image"
	"math"

	xdraw "golang.org/x/image/draw"
)

// light is the brightness of a pixel from 0 to 1.
func light(img *image.RGBA, x, y int) float64 {
	p := img.Pix[img.PixOffset(x, y):]
	return (0.299*float64(p[0]) + 0.587*float64(p[1]) + 0.114*float64(p[2])) / 255
}

// trace draws a picture's edges over the painting, light on dark and dark on light.
func (c *canvas) trace(over *image.RGBA, strength float64) {
	step := max(1, min(c.w, c.h)/400)
	c.rows(c.Rect, func(y int) {
		for x := range c.w {
			left, right := max(0, x-step), min(c.w-1, x+step)
			up, down := max(0, y-step), min(c.h-1, y+step)
			edge := math.Hypot(light(over, right, y)-light(over, left, y), light(over, x, down)-light(over, x, up))
			ink := c.colors.at(ifElse(light(c.RGBA, x, y) < 0.5, 1, 0))
			c.blend(x, y, ink, strength*clamp01(4*edge-0.25))
		}
	})
}

// shade darkens the painting where a picture is dark and lightens it where that is light.
func (c *canvas) shade(over image.Image, strength float64) {
	relief := fill(over, c.w, c.h)
	c.rows(c.Rect, func(y int) {
		for x := range c.w {
			l := light(relief, x, y)
			c.blend(x, y, c.colors.at(l), 0.75*strength*math.Abs(2*l-1)+0.15*strength)
		}
	})
}

// recolor lays a picture over the painting in the painting's palette.
func (c *canvas) recolor(over *image.RGBA, strength float64) {
	c.rows(c.Rect, func(y int) {
		for x := range c.w {
			c.blend(x, y, c.colors.at(light(over, x, y)), 0.9*strength)
		}
	})
}

// blocks reduces a picture to n by n even squares.
func blocks(img image.Image, n int) image.Image {
	out := image.NewRGBA(image.Rect(0, 0, n*32, n*32))
	xdraw.NearestNeighbor.Scale(out, out.Rect, fill(img, n, n), image.Rect(0, 0, n, n), xdraw.Src, nil)
	return out
}

// mosaic lays pictures side by side as square tiles of size pixels.
func mosaic(pictures []image.Image, size int) *image.RGBA {
	across := int(math.Ceil(math.Sqrt(float64(len(pictures)))))
	down := (len(pictures) + across - 1) / across
	out := image.NewRGBA(image.Rect(0, 0, across*size, down*size))
	for i := range across * down { // the last row is filled up from the start
		tile := fill(pictures[i%len(pictures)], size, size)
		x, y := i%across*size, i/across*size
		for row := range size {
			copy(out.Pix[out.PixOffset(x, y+row):][:size*4], tile.Pix[row*tile.Stride:])
		}
	}
	return out
}
