// The four compositions a painting may have, and the strokes they share.

package sandbox

import (
	"image"
	"math"
	"runtime"
	"sync"
)

// rows runs paint for every row of an area, on all processors.
func (c *canvas) rows(area image.Rectangle, paint func(y int)) {
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for i := range workers {
		wg.Go(func() {
			for y := area.Min.Y + i; y < area.Max.Y; y += workers {
				paint(y)
			}
		})
	}
	wg.Wait()
}

func (c *canvas) set(x, y int, col rgb) {
	p := c.Pix[y*c.Stride+x*4:]
	// A fixed scatter of half a step hides the banding of slow gradients.
	d := float64((uint32(x)*0x9E3779B1^uint32(y)*0x85EBCA6B)>>16&255)/255 - 0.5
	for i := range 3 {
		p[i] = uint8(min(max(col[i]*255+0.5+d, 0), 255))
	}
	p[3] = 255
}

func (c *canvas) blend(x, y int, col rgb, a float64) {
	if a <= 0 {
		return
	}
	p := c.Pix[y*c.Stride+x*4:]
	for i := range 3 {
		p[i] = uint8(float64(p[i])*(1-a) + col[i]*255*a + 0.5)
	}
	p[3] = 255
}

func (c *canvas) vignette() {
	cx, cy := float64(c.w)/2, float64(c.h)/2
	c.rows(c.Rect, func(y int) {
		dy := (float64(y) - cy) / cy
		row := c.Pix[y*c.Stride : y*c.Stride+c.w*4]
		for x := range c.w {
			dx := (float64(x) - cx) / cx
			d := dx*dx + dy*dy
			if d < 0.7 {
				continue
			}
			k := int(256 * (1 - 0.16*(d-0.7)))
			p := row[x*4:]
			p[0], p[1], p[2] = uint8(int(p[0])*k>>8), uint8(int(p[1])*k>>8), uint8(int(p[2])*k>>8)
		}
	})
}

// between draws a random number.
func (c *canvas) between(low, high float64) float64 { return low + (high-low)*c.rng.Float64() }

// field is a smooth random landscape of values around 0..1, sampled coarsely and read in between.
type field struct {
	grid []float64
	w    int
	step float64
}

// newField fills a field from f, which is given coordinates in units of the shorter side.
func (c *canvas) newField(step int, f func(x, y float64) float64) *field {
	fl := &field{w: c.w/step + 3, step: float64(step)}
	rows := c.h/step + 3
	fl.grid = make([]float64, fl.w*rows)
	unit := float64(min(c.w, c.h))
	c.rows(image.Rect(0, 0, fl.w, rows), func(y int) {
		for x := range fl.w {
			fl.grid[y*fl.w+x] = f(float64(x*step)/unit, float64(y*step)/unit)
		}
	})
	return fl
}

func (f *field) at(x, y int) float64 {
	fx, fy := float64(x)/f.step, float64(y)/f.step
	ix, iy := int(fx), int(fy)
	tx, ty := fx-float64(ix), fy-float64(iy)
	g := f.grid[iy*f.w+ix:]
	top := g[0] + (g[1]-g[0])*tx
	bottom := g[f.w] + (g[f.w+1]-g[f.w])*tx
	return top + (bottom-top)*ty
}

// noise is smooth value noise from 0 to 1.
func noise(seed uint32, x, y float64) float64 {
	fx, fy := math.Floor(x), math.Floor(y)
	tx, ty := smooth(x-fx), smooth(y-fy)
	at := func(dx, dy int32) float64 {
		h := uint32(int32(fx)+dx)*0x27d4eb2d ^ uint32(int32(fy)+dy)*0x165667b1 ^ seed*0x9e3779b1
		h = (h ^ h>>15) * 0x85ebca6b
		h = (h ^ h>>13) * 0xc2b2ae35
		return float64(h^h>>16) / math.MaxUint32
	}
	top := at(0, 0) + (at(1, 0)-at(0, 0))*tx
	bottom := at(0, 1) + (at(1, 1)-at(0, 1))*tx
	return top + (bottom-top)*ty
}

// layered sums octaves of noise, each half as strong and twice as fine.
func layered(seed uint32, x, y float64, octaves int) float64 {
	sum, weight, total := 0.0, 1.0, 0.0
	for i := range octaves {
		sum += weight * noise(seed+uint32(i), x, y)
		total += weight
		weight, x, y = weight/2, 2*x+17.3, 2*y+9.1
	}
	return sum / total
}

// glow brightens around a point, fading over radius.
func (c *canvas) glow(cx, cy, radius float64, col rgb, strength float64) {
	area := image.Rect(int(cx-radius), int(cy-radius), int(cx+radius)+1, int(cy+radius)+1).Intersect(c.Rect)
	c.rows(area, func(y int) {
		for x := area.Min.X; x < area.Max.X; x++ {
			t := 1 - math.Hypot(float64(x)-cx, float64(y)-cy)/radius
			if t > 0 {
				c.blend(x, y, col, strength*t*t*t)
			}
		}
	})
}

// disc paints a circle shaded from one colour to another along an angle.
func (c *canvas) disc(cx, cy, radius float64, from, to rgb, angle, alpha float64) {
	sin, cos := math.Sincos(angle)
	area := image.Rect(int(cx-radius)-1, int(cy-radius)-1, int(cx+radius)+2, int(cy+radius)+2).Intersect(c.Rect)
	c.rows(area, func(y int) {
		for x := area.Min.X; x < area.Max.X; x++ {
			dx, dy := float64(x)+0.5-cx, float64(y)+0.5-cy
			cover := clamp01(radius - math.Sqrt(dx*dx+dy*dy) + 0.5)
			if cover > 0 {
				c.blend(x, y, lerp(from, to, clamp01(0.5+(dx*cos+dy*sin)/(2*radius))), cover*alpha)
			}
		}
	})
}

// ring paints a circle's outline.
func (c *canvas) ring(cx, cy, radius, width float64, col rgb, alpha float64) {
	reach := radius + width
	area := image.Rect(int(cx-reach)-1, int(cy-reach)-1, int(cx+reach)+2, int(cy+reach)+2).Intersect(c.Rect)
	c.rows(area, func(y int) {
		for x := area.Min.X; x < area.Max.X; x++ {
			d := math.Abs(math.Hypot(float64(x)+0.5-cx, float64(y)+0.5-cy) - radius)
			c.blend(x, y, col, alpha*clamp01(width/2-d+0.5))
		}
	})
}
