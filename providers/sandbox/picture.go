// Working with reference pictures: scaling, averaging, and laying them into a painting.

package sandbox

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	xdraw "golang.org/x/image/draw"
)

func asRGBA(img image.Image) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(out, out.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Over)
	return out
}

// fitWithin scales a picture down so that no side is longer than longest.
func fitWithin(img image.Image, longest int) *image.RGBA {
	b := img.Bounds()
	scale := min(1, float64(longest)/float64(max(b.Dx(), b.Dy(), 1)))
	w, h := max(1, int(float64(b.Dx())*scale)), max(1, int(float64(b.Dy())*scale))
	if w == b.Dx() && h == b.Dy() {
		return asRGBA(img)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	xdraw.ApproxBiLinear.Scale(out, out.Rect, img, b, draw.Over, nil)
	return out
}

// fill scales a picture to cover w × h, cropping what stands out evenly.
func fill(img image.Image, w, h int) *image.RGBA {
	b := img.Bounds()
	scale := max(float64(w)/float64(b.Dx()), float64(h)/float64(b.Dy()))
	cw, ch := min(b.Dx(), int(math.Ceil(float64(w)/scale))), min(b.Dy(), int(math.Ceil(float64(h)/scale)))
	x, y := b.Min.X+(b.Dx()-cw)/2, b.Min.Y+(b.Dy()-ch)/2
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	xdraw.ApproxBiLinear.Scale(out, out.Rect, img, image.Rect(x, y, x+cw, y+ch), draw.Src, nil)
	return out
}

// soften is a picture of size pixels a side that shows two thirds of the detail it could.
func soften(img image.Image, size int) image.Image {
	return fill(fill(img, size*2/3, size*2/3), size, size)
}

// average blends pictures evenly into one square of size pixels.
func average(pictures []*image.RGBA, size int) *image.RGBA {
	sums := make([]int, size*size*4)
	for _, p := range pictures {
		for i, v := range fill(p, size, size).Pix {
			sums[i] += int(v)
		}
	}
	out := image.NewRGBA(image.Rect(0, 0, size, size))
	for i, sum := range sums {
		out.Pix[i] = uint8(sum / max(1, len(pictures)))
	}
	return out
}

// mix blends a picture of the canvas's size over it.
func (c *canvas) mix(over *image.RGBA, share float64) {
	a := int(min(max(share, 0), 1) * 256)
	for i, v := range over.Pix {
		c.Pix[i] = uint8((int(c.Pix[i])*(256-a) + int(v)*a) >> 8)
	}
}

// hang lays a picture into an arch in the middle, with a soft shadow around it.
func (c *canvas) hang(img image.Image, strength float64) {
	size := 0.31 * float64(min(c.w, c.h))
	cx, cy := float64(c.w)/2, float64(c.h)*0.56
	frame := image.Rect(int(cx-size), int(cy-1.28*size), int(cx+size), int(cy+1.1*size))
	inner := fill(img, frame.Dx(), frame.Dy())
	reach := size * 0.16
	arch := func(x, y float64) float64 { // distance outside the arch, negative inside
		dx := math.Abs(x - cx)
		top := cy - 0.28*size
		if y < top {
			return math.Hypot(dx, y-top) - size
		}
		return max(dx-size, y-(cy+1.1*size))
	}
	share := 0.72 + 0.23*strength
	bounds := frame.Inset(-int(reach) - 2).Intersect(c.Rect)
	c.rows(bounds, func(y int) {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			fx, fy := float64(x)+0.5, float64(y)+0.5
			d := arch(fx, fy)
			shadow := 1 - clamp01(arch(fx-reach*0.2, fy-reach*0.3)/reach)
			c.blend(x, y, rgb{}, 0.4*shadow*shadow*clamp01(d+0.5))
			cover := clamp01(0.5 - d)
			if cover == 0 {
				continue
			}
			px := inner.RGBAAt(x-frame.Min.X, y-frame.Min.Y)
			c.blend(x, y, rgb{float64(px.R) / 255, float64(px.G) / 255, float64(px.B) / 255}, cover*share)
			rim := clamp01(2.2-math.Abs(d+size*0.035)) * 0.85
			c.blend(x, y, c.colors.at(0.97), rim*cover)
		}
	})
}

// inset lays a picture into a rectangle of the canvas, its edges melting into the painting.
func (c *canvas) inset(img image.Image, frame image.Rectangle) {
	if frame.Empty() {
		return
	}
	scaled := image.NewRGBA(image.Rect(0, 0, frame.Dx(), frame.Dy()))
	xdraw.ApproxBiLinear.Scale(scaled, scaled.Rect, img, img.Bounds(), draw.Src, nil)
	melt := 0.05 * float64(min(frame.Dx(), frame.Dy()))
	visible := frame.Intersect(c.Rect)
	c.rows(visible, func(y int) {
		for x := visible.Min.X; x < visible.Max.X; x++ {
			edge := math.Inf(1) // distance to the nearest edge that has painting beyond it
			for _, side := range [][2]int{{frame.Min.X, x - frame.Min.X}, {c.w - frame.Max.X, frame.Max.X - x}, {frame.Min.Y, y - frame.Min.Y}, {c.h - frame.Max.Y, frame.Max.Y - y}} {
				if side[0] > 0 {
					edge = min(edge, float64(side[1]))
				}
			}
			px := scaled.RGBAAt(x-frame.Min.X, y-frame.Min.Y)
			c.blend(x, y, rgb{float64(px.R) / 255, float64(px.G) / 255, float64(px.B) / 255}, smooth(clamp01(edge/melt)))
		}
	})
}
