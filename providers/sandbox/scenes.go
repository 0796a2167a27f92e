// The compositions themselves: ridges, orbits, silk and cut paper.

package sandbox

import (
	"image"
	"math"
)

// paintRidges is a landscape: a sky, a low sun, and mountains one behind the other in the haze.
func paintRidges(c *canvas) {
	w, h := float64(c.w), float64(c.h)
	unit := min(w, h)
	seed := c.rng.Uint32()
	horizon := c.between(0.42, 0.6)
	night := c.rng.Float64() < 0.3
	sky := func(t float64) float64 { return 0.52 + 0.42*t*t }
	if night {
		sky = func(t float64) float64 { return 0.06 + 0.56*t }
	}
	clouds := c.newField(6, func(x, y float64) float64 { return layered(seed+90, x*1.6, y*5.5, 4) })
	c.rows(c.Rect, func(y int) {
		t := min(1, float64(y)/(h*(horizon+0.15)))
		for x := range c.w {
			c.set(x, y, c.colors.at(sky(t)+0.16*(clouds.at(x, y)-0.5)*(1.2-t)))
		}
	})
	if night {
		for range int(w * h / 9000) {
			c.disc(c.between(0, w), c.between(0, h*horizon), c.between(0.4, 1.1)*unit/1024*1.3, c.colors.at(1), c.colors.at(0.9), 0, c.between(0.2, 0.9))
		}
	}
	sx, sy, r := w*c.between(0.2, 0.8), h*horizon*c.between(0.45, 0.85), unit*c.between(0.06, 0.11)
	c.glow(sx, sy, r*7, c.colors.at(0.95), 0.65)
	c.disc(sx, sy, r, c.colors.at(1), c.colors.at(0.88), math.Pi/2, 0.97)
	layers := 5 + c.rng.IntN(3)
	for i := range layers {
		depth := float64(i+1) / float64(layers)
		c.ridge(seed+uint32(i)*7, depth, horizon, 0.72*(1-depth)+0.03)
	}
}

// ridge paints one mountain line from its crest down, lighter towards its foot as haze gathers there.
func (c *canvas) ridge(seed uint32, depth, horizon, tone float64) {
	h, unit := float64(c.h), float64(min(c.w, c.h))
	base := h * (horizon + (1.02-horizon)*math.Pow(depth, 1.5))
	rise := h * (0.30 - 0.12*depth)
	crest := make([]float64, c.w)
	top := h
	for x := range crest {
		u := float64(x) / unit
		peaks := 1 - math.Abs(2*layered(seed, u*(1.4+depth), 3, 3)-1)
		crest[x] = base - rise*(0.75*peaks+0.25*layered(seed+50, u*7, 1, 4))
		top = min(top, crest[x])
	}
	area := image.Rect(0, max(0, int(top)-1), c.w, c.h).Intersect(c.Rect)
	c.rows(area, func(y int) {
		for x := range c.w {
			below := float64(y) - crest[x]
			if below < -1 {
				continue
			}
			haze := smooth(clamp01(below/(h*0.32))) * (0.32 - 0.2*depth)
			c.blend(x, y, c.colors.at(tone+haze), clamp01(below+0.5))
		}
	})
}

// paintOrbits is a poster of discs, rings and a few small planets on a soft ground.
func paintOrbits(c *canvas) {
	w, h := float64(c.w), float64(c.h)
	unit := min(w, h)
	seed := c.rng.Uint32()
	angle := c.between(0, 2*math.Pi)
	sin, cos := math.Sincos(angle)
	light := c.rng.Float64() < 0.5
	low, high := 0.04, 0.42
	if light {
		low, high = 0.74, 1
	}
	cloud := c.newField(8, func(x, y float64) float64 { return layered(seed, x*1.3, y*1.3, 3) })
	c.rows(c.Rect, func(y int) {
		for x := range c.w {
			t := 0.5 + ((float64(x)/w-0.5)*cos+(float64(y)/h-0.5)*sin)*0.8
			c.set(x, y, c.colors.at(low+(high-low)*clamp01(0.6*t+0.4*cloud.at(x, y))))
		}
	})
	cx, cy := w*c.between(0.38, 0.62), h*c.between(0.4, 0.6)
	big := unit * c.between(0.22, 0.3)
	line := max(1, unit/600)
	for i := range 3 + c.rng.IntN(4) {
		c.ring(cx, cy, big*(1.25+0.22*float64(i)), line, c.colors.at(ifElse(light, 0.3, 0.9)), 0.5-0.05*float64(i))
	}
	c.glow(cx+big*0.1, cy+big*0.18, big*1.5, rgb{}, 0.5)
	c.disc(cx, cy, big, c.colors.at(0.35), c.colors.at(0.72), angle+0.9, 1)
	c.disc(cx-big*0.12*cos, cy-big*0.12*sin, big*0.8, c.colors.at(0.45), c.colors.at(0.86), angle+2.2, 0.75)
	for range 5 + c.rng.IntN(5) {
		a, d := c.between(0, 2*math.Pi), big*(1.25+0.22*float64(c.rng.IntN(6)))
		r := unit * math.Pow(c.rng.Float64(), 2.2) * 0.085
		tone := c.between(0.1, 0.75)
		x, y := cx+d*math.Cos(a), cy+d*math.Sin(a)
		c.glow(x+r*0.2, y+r*0.3, r*1.7, rgb{}, 0.35)
		c.disc(x, y, r+unit*0.006, c.colors.at(tone), c.colors.at(tone+0.25), angle+1, 1)
	}
	for range 40 {
		c.disc(c.between(0, w), c.between(0, h), unit*c.between(0.0008, 0.0024), c.colors.at(ifElse(light, 0.25, 1)), c.colors.at(0.8), 0, c.between(0.3, 0.8))
	}
}

// paintSilk is folded cloth or smoke: noise bent by noise, with folds that catch the light on one side.
func paintSilk(c *canvas) {
	seed := c.rng.Uint32()
	scale, bend := c.between(0.9, 1.4), c.between(1.6, 2.4)
	folds := c.between(26, 40)
	sin, cos := math.Sincos(c.between(0, math.Pi))
	cloth := c.newField(3, func(x, y float64) float64 {
		x, y = x*cos-y*sin, x*sin+y*cos
		x, y = x*scale*1.5, y*scale*0.6
		a, b := layered(seed, x, y, 2), layered(seed+11, x+5.2, y+1.3, 2)
		return layered(seed+23, x+bend*a, y+bend*b, 2)
	})
	c.rows(c.Rect, func(y int) {
		for x := range c.w {
			v := cloth.at(x, y)
			slope := (cloth.at(min(x+4, c.w), min(y+4, c.h)) - v) * float64(min(c.w, c.h)) / 1024
			turn := v * folds / (2 * math.Pi)
			fold := turn - math.Floor(turn) // rises slowly, falls sharply: a pleat
			pleat := smooth(min(1, fold*1.12)) * clamp01((1-fold)*9)
			tone := clamp01((v - 0.2) / 0.6)
			c.set(x, y, c.colors.at(0.06+0.62*tone+0.3*(pleat-0.35)+slope*2.2))
		}
	})
}

// paintPaper is a stack of cut paper sheets, each casting a shadow on the one below.
func paintPaper(c *canvas) {
	seed := c.rng.Uint32()
	sheets := float64(8 + c.rng.IntN(4))
	unit := float64(min(c.w, c.h))
	cx, cy := c.between(0.3, 0.7)*float64(c.w)/unit, c.between(0.3, 0.7)*float64(c.h)/unit
	reach := 0.72 * math.Hypot(float64(c.w), float64(c.h)) / unit
	relief := c.newField(3, func(x, y float64) float64 {
		v := math.Hypot(x-cx, y-cy)/reach + 0.55*(layered(seed, x*1.7, y*1.7, 3)-0.5)
		return min(max(v, 0), 0.999) * sheets // higher sheets lie outside, so that one looks down into a well
	})
	drop := max(3, min(c.w, c.h)/70)
	tones := make([]float64, int(sheets)+1)
	for k := range tones {
		tones[k] = 0.05 + 0.93*math.Pow(float64(k)/(sheets-1), 0.9)
	}
	tone := func(k float64) float64 { return tones[int(k)] }
	c.rows(c.Rect, func(y int) {
		for x := range c.w {
			v := relief.at(x, y)
			k := math.Floor(v)
			slope := max(math.Hypot(relief.at(min(x+1, c.w), y)-v, relief.at(x, min(y+1, c.h))-v), 1e-6)
			// The shadow of the sheet above: sampled towards the light at growing distances, so that it softens.
			shadow := 0.0
			for i := 1; i <= 3; i++ {
				d := drop * i / 3
				over := relief.at(max(0, x-d), max(0, y-d*5/4)) - (k + 1)
				shadow += 0.145 * clamp01(over/(slope*float64(drop))*3+0.5)
			}
			edge := clamp01((v - k) / slope) // the last pixel towards the sheet below
			sheet := lerp(c.colors.at(tone(k)), rgb{0.03, 0.02, 0.08}, shadow)
			lit := clamp01(1-(v-k)/slope/2.5) * 0.35 // the cut edge shows white
			sheet = lerp(sheet, c.colors.at(1), ifElse(k > 0, lit, 0))
			below := lerp(c.colors.at(tone(max(0, k-1))), rgb{0.03, 0.02, 0.08}, 0.4)
			c.set(x, y, lerp(below, sheet, ifElse(k > 0, edge, 1)))
		}
	})
}

func ifElse(cond bool, a, b float64) float64 {
	if cond {
		return a
	}
	return b
}
