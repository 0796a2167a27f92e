// Package paperfox draws the project's own sample photos: a small fox folded
// from paper, in scenes cut from paper. The same number always gives the same
// picture.
package paperfox

// This file is the craft: cutting, folding and laying down paper. Every sheet
// throws a soft shadow on what lies beneath it.

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/vector"
)

// Edge is the width and height of every picture, in pixels.
const Edge = 1024

type point struct{ x, y float64 }

// rgb is a colour in encoded sRGB, 0 to 255.
type rgb struct{ r, g, b float64 }

func hex(v uint32) rgb {
	return rgb{float64(v >> 16 & 255), float64(v >> 8 & 255), float64(v & 255)}
}

func (c rgb) lit(by float64) rgb { return rgb{c.r * by, c.g * by, c.b * by} }

func (c rgb) mix(o rgb, t float64) rgb {
	return rgb{c.r + (o.r-c.r)*t, c.g + (o.g-c.g)*t, c.b + (o.b-c.b)*t}
}

// facet is one flat piece of a folded sheet. Its colour runs from the first
// point's side, where it is a little lighter, to the far side.
type facet struct {
	outline []point
	paint   rgb
	lean    point // which way the piece faces, about -1 to 1 each way
}

// piece is a sheet made of facets that throws one shadow.
type piece struct {
	facets []facet
	lift   float64 // distance from what lies beneath, in pixels
}

type scene struct {
	img   *image.RGBA
	light point // direction towards the light
	mask  vector.Rasterizer
}

func newScene(light point) *scene {
	return &scene{img: image.NewRGBA(image.Rect(0, 0, Edge, Edge)), light: light}
}

// backdrop fills the picture from top to bottom.
func (s *scene) backdrop(top, bottom rgb) {
	for y := range Edge {
		c := top.mix(bottom, float64(y)/(Edge-1)).rgba()
		row := s.img.Pix[y*s.img.Stride : (y+1)*s.img.Stride]
		for i := 0; i < len(row); i += 4 {
			row[i], row[i+1], row[i+2], row[i+3] = c.R, c.G, c.B, 255
		}
	}
}

func (c rgb) rgba() color.RGBA { return color.RGBA{to8(c.r), to8(c.g), to8(c.b), 255} }

func to8(v float64) uint8 { return uint8(min(max(v+0.5, 0), 255)) }

// lay puts a piece down: its shadow, then its facets.
func (s *scene) lay(p piece) {
	if p.lift > 0 {
		s.shadow(p)
	}
	if len(p.facets) > 1 {
		// Facets overlap by a hair first, so that nothing shows through the folds.
		for _, f := range p.facets {
			s.fill(grown(f.outline, 0.9), s.shade(f))
		}
	}
	for _, f := range p.facets {
		s.fill(f.outline, s.shade(f))
	}
}

// shade is the facet's colour at its lightest and darkest, by how it faces the
// light.
func (s *scene) shade(f facet) gradient {
	facing := f.lean.x*s.light.x + f.lean.y*s.light.y
	c := f.paint.lit(1 + 0.24*facing)
	from, to := f.outline[0], centre(f.outline)
	return gradient{
		from: from, to: point{2*to.x - from.x, 2*to.y - from.y},
		start: c.lit(1.055), end: c.lit(0.925),
	}
}

type gradient struct {
	from, to   point
	start, end rgb
}

func flat(c rgb) gradient { return gradient{start: c, end: c} }

func (s *scene) fill(outline []point, g gradient) {
	area := bounds(outline).Intersect(s.img.Rect)
	if area.Empty() {
		return
	}
	mask := s.cut(outline, area)
	dx, dy := g.to.x-g.from.x, g.to.y-g.from.y
	length := max(dx*dx+dy*dy, 1e-9)
	for y := area.Min.Y; y < area.Max.Y; y++ {
		row := mask.Pix[(y-area.Min.Y)*mask.Stride:]
		for x := area.Min.X; x < area.Max.X; x++ {
			cover := row[x-area.Min.X]
			if cover == 0 {
				continue
			}
			t := ((float64(x)-g.from.x)*dx + (float64(y)-g.from.y)*dy) / length
			c := g.start.mix(g.end, min(max(t, 0), 1))
			s.blend(x, y, c, float64(cover)/255)
		}
	}
}

func (s *scene) blend(x, y int, c rgb, cover float64) {
	p := s.img.Pix[s.img.PixOffset(x, y):]
	p[0] = to8(float64(p[0]) + (c.r-float64(p[0]))*cover)
	p[1] = to8(float64(p[1]) + (c.g-float64(p[1]))*cover)
	p[2] = to8(float64(p[2]) + (c.b-float64(p[2]))*cover)
}

// cut is the coverage of an outline within area.
func (s *scene) cut(outline []point, area image.Rectangle) *image.Alpha {
	s.mask.Reset(area.Dx(), area.Dy())
	trace(&s.mask, outline, float64(area.Min.X), float64(area.Min.Y), 1)
	mask := image.NewAlpha(image.Rect(0, 0, area.Dx(), area.Dy()))
	s.mask.Draw(mask, mask.Rect, image.Opaque, image.Point{})
	return mask
}

func trace(z *vector.Rasterizer, outline []point, left, top, scale float64) {
	for i, p := range outline {
		x, y := float32((p.x-left)*scale), float32((p.y-top)*scale)
		if i == 0 {
			z.MoveTo(x, y)
			continue
		}
		z.LineTo(x, y)
	}
	z.ClosePath()
}

// shadowScale is how much smaller than the picture shadows are blurred.
const shadowScale = 4

// shadow darkens what lies beneath a piece, away from the light.
func (s *scene) shadow(p piece) {
	const small = Edge / shadowScale
	mask := image.NewAlpha(image.Rect(0, 0, small, small))
	drop := point{-s.light.x * p.lift, -s.light.y*p.lift + 0.35*p.lift}
	for _, f := range p.facets {
		s.mask.Reset(small, small)
		trace(&s.mask, f.outline, -drop.x, -drop.y, 1.0/shadowScale)
		s.mask.Draw(mask, mask.Rect, image.Opaque, image.Point{})
	}
	radius := max(1, int(p.lift/shadowScale*0.55))
	soft := blurred(mask, radius)
	area := p.bounds().Add(image.Pt(int(drop.x), int(drop.y))).Inset(-2 * (radius + 2) * shadowScale).Intersect(s.img.Rect)
	const strength = 0.40
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			if cover := sample(soft, x, y); cover > 0.004 {
				s.blend(x, y, rgb{24, 18, 44}, cover*strength)
			}
		}
	}
}

// blurred is mask after two box blurs of the given radius each way.
func blurred(mask *image.Alpha, radius int) *image.Alpha {
	w, h := mask.Rect.Dx(), mask.Rect.Dy()
	for range 2 {
		next := image.NewAlpha(mask.Rect)
		for y := range h {
			blurLine(next.Pix[y*w:], mask.Pix[y*w:], w, 1, radius)
		}
		mask, next = next, image.NewAlpha(mask.Rect)
		for x := range w {
			blurLine(next.Pix[x:], mask.Pix[x:], h, w, radius)
		}
		mask = next
	}
	return mask
}

func blurLine(dst, src []uint8, n, step, radius int) {
	sum := 0
	for i := -radius; i < n+radius; i++ {
		if i+radius < n && i+radius >= 0 {
			sum += int(src[(i+radius)*step])
		}
		if i-radius-1 >= 0 {
			sum -= int(src[(i-radius-1)*step])
		}
		if i >= 0 && i < n {
			dst[i*step] = uint8(sum / (2*radius + 1))
		}
	}
}

// sample reads the small mask at a place in the full picture, 0 to 1.
func sample(mask *image.Alpha, x, y int) float64 {
	w, h := mask.Rect.Dx(), mask.Rect.Dy()
	x0, y0 := x/shadowScale, y/shadowScale
	x1, y1 := min(x0+1, w-1), min(y0+1, h-1)
	a, b := int(mask.Pix[y0*w+x0]), int(mask.Pix[y0*w+x1])
	c, d := int(mask.Pix[y1*w+x0]), int(mask.Pix[y1*w+x1])
	if a|b|c|d == 0 {
		return 0
	}
	fx, fy := float64(x%shadowScale)/shadowScale, float64(y%shadowScale)/shadowScale
	top := float64(a) + float64(b-a)*fx
	low := float64(c) + float64(d-c)*fx
	return (top + (low-top)*fy) / 255
}

// finish gives the paper its grain, the light its colour, and the picture a
// darker rim.
func (s *scene) finish(tint rgb, n *noise) {
	const side = 256
	var grain [side * side]float64
	for i := range grain {
		grain[i] = n.float()*2 - 1
	}
	for y := range Edge {
		for x := range Edge {
			fine := grain[y%side*side+x%side]
			fibre := grain[(y/2+x/7)%side*side+(x/3)%side]
			dx, dy := float64(x)/Edge-0.5, float64(y)/Edge-0.5
			glow := 1 + 0.10*(2*dx*s.light.x+2*dy*s.light.y) - 0.34*(dx*dx+dy*dy)
			by := glow * (1 + 0.016*fine + 0.014*fibre)
			p := s.img.Pix[s.img.PixOffset(x, y):]
			p[0] = to8(float64(p[0]) * by * tint.r)
			p[1] = to8(float64(p[1]) * by * tint.g)
			p[2] = to8(float64(p[2]) * by * tint.b)
		}
	}
}

// noise is a small generator whose numbers never change between releases.
type noise struct{ state uint32 }

func (n *noise) float() float64 {
	n.state ^= n.state << 13
	n.state ^= n.state >> 17
	n.state ^= n.state << 5
	return float64(n.state>>8) / (1 << 24)
}

// between is a number from low to high.
func (n *noise) between(low, high float64) float64 { return low + (high-low)*n.float() }

func bounds(outline []point) image.Rectangle {
	low, high := outline[0], outline[0]
	for _, p := range outline {
		low = point{min(low.x, p.x), min(low.y, p.y)}
		high = point{max(high.x, p.x), max(high.y, p.y)}
	}
	return image.Rect(int(math.Floor(low.x)), int(math.Floor(low.y)), int(math.Ceil(high.x))+1, int(math.Ceil(high.y))+1)
}

func (p piece) bounds() (area image.Rectangle) {
	for _, f := range p.facets {
		area = area.Union(bounds(f.outline))
	}
	return area
}

func centre(outline []point) (c point) {
	for _, p := range outline {
		c.x += p.x / float64(len(outline))
		c.y += p.y / float64(len(outline))
	}
	return c
}

// grown moves every corner away from the middle by some pixels.
func grown(outline []point, by float64) []point {
	c := centre(outline)
	out := make([]point, len(outline))
	for i, p := range outline {
		d := max(math.Hypot(p.x-c.x, p.y-c.y), 1)
		out[i] = point{p.x + (p.x-c.x)/d*by, p.y + (p.y-c.y)/d*by}
	}
	return out
}

// ellipse is a many-sided outline.
func ellipse(c point, rx, ry float64) []point {
	const corners = 40
	out := make([]point, corners)
	for i := range out {
		a := 2 * math.Pi * float64(i) / corners
		out[i] = point{c.x + rx*math.Cos(a), c.y + ry*math.Sin(a)}
	}
	return out
}
