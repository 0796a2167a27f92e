// Vector graphics: the same prompts and palettes as shapes in an SVG file.

package sandbox

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"strings"
)

// drawing is an SVG file at work.
type drawing struct {
	strings.Builder
	w, h   float64
	rng    *rand.Rand
	colors ramp
}

// drawVector draws a painting as an SVG document of its size.
func drawVector(p painting) file {
	h := hashText(p.prompt)
	d := &drawing{
		w: float64(p.width), h: float64(p.height),
		rng: rand.New(rand.NewPCG(h, uint64(p.seed))), colors: p.ramp(),
	}
	fmt.Fprintf(d, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d">`+"\n", p.width, p.height, p.width, p.height)
	if asksFor(p.prompt, compositions[0].words) {
		d.hills()
	} else {
		d.blossom()
	}
	for _, in := range p.influences {
		if img := in.decode(); img != nil {
			d.absorb(img, in)
		}
	}
	d.WriteString("</svg>\n")
	return file{data: []byte(d.String()), contentType: "image/svg+xml"}
}

func (d *drawing) between(low, high float64) float64 { return low + (high-low)*d.rng.Float64() }

// hex writes a colour as SVG does.
func (c rgb) hex() string {
	return fmt.Sprintf("#%02x%02x%02x", int(c[0]*255+0.5), int(c[1]*255+0.5), int(c[2]*255+0.5))
}

func (d *drawing) rect(x, y, w, h float64, fill rgb, alpha float64) {
	fmt.Fprintf(d, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s" fill-opacity="%.2f"/>`+"\n", x, y, w, h, fill.hex(), alpha)
}

func (d *drawing) circle(x, y, r float64, fill rgb, alpha float64) {
	fmt.Fprintf(d, `<circle cx="%.1f" cy="%.1f" r="%.1f" fill="%s" fill-opacity="%.2f"/>`+"\n", x, y, r, fill.hex(), alpha)
}

// hills is a landscape: bands of sky, a sun, and rows of hills.
func (d *drawing) hills() {
	const bands = 7
	for i := range bands {
		d.rect(0, d.h*float64(i)/bands, d.w, d.h/bands+1, d.colors.at(0.62+0.05*float64(i)), 1)
	}
	unit := min(d.w, d.h)
	sx, sy, r := d.w*d.between(0.25, 0.75), d.h*d.between(0.2, 0.35), unit*d.between(0.08, 0.13)
	for i := range 3 {
		d.circle(sx, sy, r*(2.2-0.6*float64(i)), d.colors.at(0.98), []float64{0.18, 0.3, 1}[i])
	}
	rows := 4 + d.rng.IntN(3)
	for i := range rows {
		depth := float64(i+1) / float64(rows)
		d.hill(d.h*(0.4+0.45*depth), unit*0.12, d.colors.at(0.55*(1-depth)+0.04))
	}
}

// hill is one smooth crest, filled down to the lower edge.
func (d *drawing) hill(base, rise float64, fill rgb) {
	crests := 3 + d.rng.IntN(3)
	y := base + d.between(-rise, rise)
	fmt.Fprintf(d, `<path d="M0 %.1f`, y)
	for i := range crests {
		x0, x1 := d.w*float64(i)/float64(crests), d.w*float64(i+1)/float64(crests)
		next, mid := base+d.between(-rise, rise), (x0+x1)/2
		fmt.Fprintf(d, ` C%.1f %.1f %.1f %.1f %.1f %.1f`, mid, y, mid, next, x1, next)
		y = next
	}
	fmt.Fprintf(d, ` L%.1f %.1f L0 %.1f Z" fill="%s"/>`+"\n", d.w, d.h, d.h, fill.hex())
}

// blossom is an emblem: wreaths of petals around a core on an even ground.
func (d *drawing) blossom() {
	ground := ifElse(d.rng.Float64() < 0.5, 0.06, 0.94)
	d.rect(0, 0, d.w, d.h, d.colors.at(ground), 1)
	cx, cy, unit := d.w/2, d.h/2, min(d.w, d.h)
	for range 14 {
		d.circle(d.between(0, d.w), d.between(0, d.h), unit*d.between(0.004, 0.03), d.colors.at(d.between(0.2, 0.8)), 0.5)
	}
	d.circle(cx, cy, unit*0.44, d.colors.at(0.5+0.7*(0.5-ground)), 0.25)
	turn := d.between(0, math.Pi)
	for ring := range 4 {
		petals, reach := 6+d.rng.IntN(5), unit*(0.41-0.085*float64(ring))
		fill := d.colors.at(0.18 + 0.2*float64(ring) + d.between(0, 0.1))
		for i := range petals {
			d.petal(cx, cy, reach, turn+2*math.Pi*float64(i)/float64(petals), math.Pi/float64(petals), fill)
		}
		turn += d.between(0.2, 0.6)
	}
	d.circle(cx, cy, unit*0.07, d.colors.at(0.95), 1)
	d.circle(cx, cy, unit*0.04, d.colors.at(0.3), 1)
}

// petal points from the centre along an angle; spread is half its width as an angle.
func (d *drawing) petal(cx, cy, reach, angle, spread float64, fill rgb) {
	at := func(r, a float64) (float64, float64) { return cx + r*math.Cos(a), cy + r*math.Sin(a) }
	ax, ay := at(reach*0.75, angle-spread*1.3)
	bx, by := at(reach*0.75, angle+spread*1.3)
	tx, ty := at(reach, angle)
	fmt.Fprintf(d, `<path d="M%.1f %.1f Q%.1f %.1f %.1f %.1f Q%.1f %.1f %.1f %.1f Z" fill="%s" fill-opacity="0.92"/>`+"\n", cx, cy, ax, ay, tx, ty, bx, by, cx, cy, fill.hex())
}

// absorb lets a reference picture show: as tiles of its colours, or as dots, large where it is dark.
func (d *drawing) absorb(img image.Image, in influence) {
	cells := 36
	switch in.Manner {
	case styled, portrait: // their palette is enough
		return
	case gridded:
		cells = 16
	}
	size := max(d.w, d.h) / float64(cells)
	across, down := int(math.Ceil(d.w/size)), int(math.Ceil(d.h/size))
	small := fill(img, across, down)
	for i := range across * down {
		x, y := i%across, i/across
		p := small.RGBAAt(x, y)
		own := rgb{float64(p.R) / 255, float64(p.G) / 255, float64(p.B) / 255}
		left, top := float64(x)*size, float64(y)*size
		l := light(small, x, y)
		switch in.Manner {
		case gridded:
			d.rect(left, top, size+0.5, size+0.5, own, 0.75*in.Strength)
		case guided:
			d.circle(left+size/2, top+size/2, size*0.48, own, 0.55*in.Strength)
		default:
			d.circle(left+size/2, top+size/2, size*(0.1+0.4*(1-l)), d.colors.at(l), 0.85*in.Strength)
		}
	}
}
