// Filling the shapes of an SVG graphic, each within its own bounds, with a
// bound on all the work together.

package photo

import (
	"context"
	"image"
	"image/color"
	"image/draw"

	"github.com/srwiley/rasterx"
	units "golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"

	"github.com/maquette-studio/maquette/providers"
)

// Work that drawing one graphic may take, in about the time that one pixel of
// one colour takes.
const (
	vectorWorkMost = 1 << 28
	lineWork       = 20 // a line, beside the pixels it crosses
	gradientWork   = 40 // a pixel of a gradient
)

// stopped is the panic that ends a drawing: the library can't be told to.
type stopped struct{ err error }

// boundedScanner is a rasterx.Scanner.
type boundedScanner struct {
	ctx    context.Context
	out    *image.RGBA
	budget *int64
	lines  int // since the context was looked at

	path   []step
	extent units.Rectangle26_6
	source image.Image
	costly bool // source is a gradient
	shape  vector.Rasterizer
}

// step is a point of a path; a path may have several parts.
type step struct {
	to    units.Point26_6
	start bool
}

func newBoundedScanner(ctx context.Context, out *image.RGBA, budget *int64) *boundedScanner {
	s := &boundedScanner{ctx: ctx, out: out, budget: budget, source: image.NewUniform(color.Black)}
	s.Clear()
	return s
}

func (s *boundedScanner) spend(work int64) {
	if *s.budget -= work; *s.budget < 0 {
		panic(stopped{rejected("can't be shown: it %s", providers.Say("takes too long to draw"))})
	}
}

// looked ends the drawing once its context has.
func (s *boundedScanner) looked() {
	if err := s.ctx.Err(); err != nil {
		panic(stopped{err})
	}
}

func (s *boundedScanner) add(p units.Point26_6, start bool) {
	s.spend(lineWork)
	if s.lines++; s.lines&1023 == 0 {
		s.looked()
	}
	s.path = append(s.path, step{p, start})
	s.extent.Min.X, s.extent.Min.Y = min(s.extent.Min.X, p.X), min(s.extent.Min.Y, p.Y)
	s.extent.Max.X, s.extent.Max.Y = max(s.extent.Max.X, p.X), max(s.extent.Max.Y, p.Y)
}

// Start begins a part of the path.
func (s *boundedScanner) Start(a units.Point26_6) { s.add(a, true) }

// Line goes on with it.
func (s *boundedScanner) Line(b units.Point26_6) { s.add(b, false) }

// GetPathExtent is the bounds of the path since Clear.
func (s *boundedScanner) GetPathExtent() units.Rectangle26_6 { return s.extent }

// SetBounds is for scanners that don't know their picture.
func (s *boundedScanner) SetBounds(int, int) {}

// SetWinding is not known to the rasterizer: all shapes are filled by the
// nonzero rule.
func (s *boundedScanner) SetWinding(bool) {}

// SetClip is never used by SVG graphics here.
func (s *boundedScanner) SetClip(image.Rectangle) {}

// SetColor takes a colour, or a function of the place.
func (s *boundedScanner) SetColor(c any) {
	switch c := c.(type) {
	case color.Color:
		s.source, s.costly = image.NewUniform(c), false
	case rasterx.ColorFunc:
		s.source, s.costly = gradient{c, s.out.Rect}, true
	}
}

// gradient is a picture of a function.
type gradient struct {
	colour rasterx.ColorFunc
	bounds image.Rectangle
}

func (g gradient) ColorModel() color.Model { return color.RGBA64Model }
func (g gradient) Bounds() image.Rectangle { return g.bounds }
func (g gradient) At(x, y int) color.Color { return g.colour(x, y) }

// Clear forgets the path.
func (s *boundedScanner) Clear() {
	const far = units.Int26_6(1<<31 - 1)
	s.path = s.path[:0]
	s.extent = units.Rectangle26_6{Min: units.Point26_6{X: far, Y: far}, Max: units.Point26_6{X: -far, Y: -far}}
}

// Draw fills the path.
func (s *boundedScanner) Draw() {
	s.looked()
	if len(s.path) == 0 {
		return
	}
	area := image.Rect(s.extent.Min.X.Floor(), s.extent.Min.Y.Floor(), s.extent.Max.X.Ceil()+1, s.extent.Max.Y.Ceil()+1).Intersect(s.out.Rect)
	if area.Empty() {
		return
	}
	perPixel := int64(1)
	if s.costly {
		perPixel = gradientWork
	}
	s.spend(int64(area.Dx()) * int64(area.Dy()) * perPixel)
	s.shape.Reset(area.Dx(), area.Dy())
	s.shape.DrawOp = draw.Over
	var at [2]float32
	for _, p := range s.path {
		// A line is followed across every pixel it passes, also far outside:
		// what lies there is brought near, which moves nothing that is seen but
		// the slope of lines that leave the picture by many times its size.
		to := [2]float32{near(p.to.X, area.Min.X, area.Dx()), near(p.to.Y, area.Min.Y, area.Dy())}
		if p.start {
			s.shape.ClosePath()
			s.shape.MoveTo(to[0], to[1])
		} else {
			s.spend(int64(min(abs32(to[0]-at[0]), float32(3*area.Dx())) + min(abs32(to[1]-at[1]), float32(area.Dy()))))
			s.shape.LineTo(to[0], to[1])
		}
		at = to
	}
	s.shape.ClosePath()
	s.shape.Draw(s.out, area, s.source, area.Min)
}

// nearEdges is how many times the drawing's edge a point may lie beside it.
const nearEdges = 4

func near(v units.Int26_6, from, edge int) float32 {
	beyond := float32(nearEdges*edge + maxVectorEdge)
	return min(max(float32(v)/64-float32(from), -beyond), float32(edge)+beyond)
}

func abs32(v float32) float32 { return max(v, -v) }
