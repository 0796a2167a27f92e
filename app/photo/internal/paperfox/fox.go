// The fox: one head, and a body folded anew for each pose. Coordinates are in
// head heights, the middle of the forehead being at the origin, y downwards.

package paperfox

import "math"

var (
	orange = hex(0xE8763A)
	amber  = hex(0xF29A55)
	rust   = hex(0xC4552A)
	cream  = hex(0xFBF1E2)
	ash    = hex(0xE4D6C6)
	soot   = hex(0x3A2C30)
	blush  = hex(0xF3B79A)
)

// placing puts a shape into the picture.
type placing struct {
	at     point
	scale  float64 // pixels to a unit
	turn   float64 // radians, clockwise
	mirror bool
}

func (p placing) point(q point) point {
	if p.mirror {
		q.x = -q.x
	}
	sin, cos := math.Sincos(p.turn)
	return point{p.at.x + p.scale*(q.x*cos-q.y*sin), p.at.y + p.scale*(q.x*sin+q.y*cos)}
}

func (p placing) facet(paint rgb, lean point, outline ...point) facet {
	out := make([]point, len(outline))
	for i, q := range outline {
		out[i] = p.point(q)
	}
	if p.mirror {
		lean.x = -lean.x
	}
	return facet{out, paint, lean}
}

// on is the place of something that has its own turn within this one.
func (p placing) on(at point, turn float64) placing {
	q := p
	q.at = p.point(at)
	if p.mirror {
		turn = -turn
	}
	q.turn += turn
	return q
}

// pose lays a fox down, all but its head, and says where the head belongs.
type pose struct {
	doing string
	eyes  eyes
	size  float64 // pixels to a unit
	at    point   // of the origin
	body  func(s *scene, p placing) (head point, turn float64)
}

type eyes int

const (
	awake eyes = iota
	asleep
)

var poses = []pose{
	{"sitting", awake, 300, point{500, 430}, sit},
	{"walking", awake, 238, point{470, 575}, walk},
	{"curled up asleep", asleep, 285, point{520, 640}, curl},
	{"leaping", awake, 230, point{440, 480}, leap},
	{"sitting with its tail around its feet", awake, 290, point{520, 430}, perch},
}

func sit(s *scene, p placing) (point, float64) {
	s.lay(piece{[]facet{
		p.facet(rust, point{0.6, 0.8}, point{0.30, 1.44}, point{0.98, 1.36}, point{0.80, 1.02}),
		p.facet(orange, point{0.9, -0.2}, point{0.98, 1.36}, point{1.26, 0.74}, point{0.80, 1.02}),
		p.facet(cream, point{0.5, -0.9}, point{1.26, 0.74}, point{1.16, 0.22}, point{0.80, 1.02}),
		p.facet(ash, point{-0.5, -0.3}, point{1.16, 0.22}, point{0.86, 0.62}, point{0.80, 1.02}),
	}, 16})
	s.lay(piece{[]facet{
		p.facet(orange, point{-0.8, -0.1}, point{-0.24, 0.30}, point{-0.60, 1.22}, point{-0.44, 1.50}, point{-0.12, 0.98}),
		p.facet(rust, point{0.9, 0.2}, point{0.24, 0.30}, point{0.60, 1.22}, point{0.44, 1.50}, point{0.12, 0.98}),
		p.facet(amber, point{-0.3, 0.3}, point{-0.30, 0.40}, point{0, 1.50}, point{-0.44, 1.50}, point{-0.20, 0.90}),
		p.facet(orange, point{0.4, 0.3}, point{0.30, 0.40}, point{0, 1.50}, point{0.44, 1.50}, point{0.20, 0.90}),
	}, 22})
	s.lay(piece{[]facet{
		p.facet(cream, point{-0.5, 0}, point{0, 0.24}, point{-0.32, 0.56}, point{0, 1.18}),
		p.facet(ash, point{0.6, 0}, point{0, 0.24}, point{0.32, 0.56}, point{0, 1.18}),
	}, 8})
	s.lay(piece{[]facet{
		p.facet(soot, point{-0.6, 0}, point{-0.20, 1.24}, point{-0.34, 1.52}, point{-0.06, 1.52}),
		p.facet(soot, point{0.6, 0}, point{0.20, 1.24}, point{0.06, 1.52}, point{0.34, 1.52}),
	}, 8})
	return point{0, 0}, 0
}

func perch(s *scene, p placing) (point, float64) {
	s.lay(piece{[]facet{
		p.facet(orange, point{-0.8, -0.3}, point{-0.22, 0.28}, point{-0.52, 0.96}, point{-0.58, 1.46}, point{0, 1.46}, point{0, 0.50}),
		p.facet(rust, point{0.8, -0.1}, point{0.22, 0.28}, point{0.62, 0.92}, point{0.72, 1.46}, point{0, 1.46}, point{0, 0.50}),
	}, 22})
	s.lay(piece{[]facet{
		p.facet(cream, point{-0.5, 0}, point{0, 0.22}, point{-0.30, 0.52}, point{0, 1.16}),
		p.facet(ash, point{0.6, 0}, point{0, 0.22}, point{0.30, 0.52}, point{0, 1.16}),
	}, 8})
	s.lay(piece{[]facet{
		p.facet(rust, point{0.5, -0.6}, point{0.78, 1.30}, point{0.62, 1.04}, point{0.10, 1.30}),
		p.facet(orange, point{0.2, 0.5}, point{0.78, 1.30}, point{0.10, 1.30}, point{-0.06, 1.60}, point{0.56, 1.62}),
		p.facet(cream, point{-0.4, -0.5}, point{0.10, 1.30}, point{-0.52, 1.34}, point{-0.30, 1.48}),
		p.facet(ash, point{-0.4, 0.7}, point{0.10, 1.30}, point{-0.30, 1.48}, point{-0.52, 1.34}, point{-0.66, 1.56}, point{-0.06, 1.60}),
	}, 16})
	return point{0, 0}, 0
}

func walk(s *scene, p placing) (point, float64) {
	leg := func(paint rgb, at point, reach float64) []facet {
		mid := point{at.x + reach*0.55, at.y + 0.34}
		return []facet{
			p.facet(paint, point{-0.5, 0.2}, point{at.x - 0.15, at.y}, point{at.x + 0.17, at.y}, point{mid.x + 0.08, mid.y}, point{mid.x - 0.08, mid.y}),
			p.facet(soot, point{0.3, 0.2}, point{mid.x - 0.08, mid.y}, point{mid.x + 0.08, mid.y}, point{at.x + reach + 0.10, at.y + 0.62}, point{at.x + reach - 0.10, at.y + 0.62}),
		}
	}
	s.lay(piece{slicesOf(leg(rust, point{-0.36, 0.52}, 0.16), leg(rust, point{0.86, 0.52}, -0.20)), 10})
	s.lay(piece{[]facet{
		p.facet(rust, point{-0.2, 0.8}, point{1.00, 0.36}, point{1.48, 0.18}, point{1.30, -0.08}),
		p.facet(orange, point{0.2, -0.8}, point{1.48, 0.18}, point{1.78, -0.32}, point{1.30, -0.08}),
		p.facet(cream, point{0.6, 0.2}, point{1.78, -0.32}, point{1.80, -0.82}, point{1.40, -0.44}, point{1.30, -0.08}),
	}, 14})
	s.lay(piece{[]facet{
		p.facet(amber, point{-0.3, -0.9}, point{-0.52, 0.16}, point{0.30, 0.02}, point{0.24, 0.34}),
		p.facet(orange, point{0.3, -0.7}, point{0.30, 0.02}, point{1.02, 0.12}, point{1.16, 0.40}, point{0.24, 0.34}),
		p.facet(orange, point{-0.7, 0.3}, point{-0.52, 0.16}, point{0.24, 0.34}, point{-0.20, 0.70}, point{-0.56, 0.62}),
		p.facet(rust, point{0, 0.9}, point{0.24, 0.34}, point{1.16, 0.40}, point{0.98, 0.68}, point{-0.20, 0.70}),
	}, 20})
	s.lay(piece{slicesOf(leg(orange, point{-0.44, 0.56}, -0.22), leg(orange, point{0.90, 0.54}, 0.20)), 12})
	s.lay(piece{[]facet{
		p.facet(cream, point{-0.4, 0.2}, point{-0.40, 0.14}, point{-0.66, 0.46}, point{-0.40, 0.72}),
		p.facet(ash, point{0.5, 0.2}, point{-0.40, 0.14}, point{-0.16, 0.44}, point{-0.40, 0.72}),
	}, 6})
	return point{-0.46, -0.10}, -0.05
}

func leap(s *scene, p placing) (point, float64) {
	q := p.on(point{0, 0.1}, 0.30)
	leg := func(paint rgb, a, b, c point) []facet {
		return []facet{
			q.facet(paint, point{-0.4, 0.3}, point{a.x - 0.14, a.y}, point{a.x + 0.16, a.y}, point{b.x + 0.07, b.y - 0.03}, point{b.x - 0.07, b.y + 0.05}),
			q.facet(soot, point{0.2, 0.3}, point{b.x - 0.07, b.y + 0.05}, point{b.x + 0.07, b.y - 0.03}, point{c.x + 0.02, c.y - 0.07}, point{c.x - 0.01, c.y + 0.07}),
		}
	}
	s.lay(piece{slicesOf(
		leg(rust, point{-0.36, 0.52}, point{-0.78, 0.72}, point{-1.00, 0.74}),
		leg(rust, point{0.86, 0.50}, point{1.24, 0.80}, point{1.44, 0.86})), 30})
	s.lay(piece{[]facet{
		q.facet(rust, point{-0.2, 0.8}, point{0.98, 0.30}, point{1.50, 0.42}, point{1.46, 0.10}),
		q.facet(orange, point{0.2, -0.8}, point{0.98, 0.30}, point{1.46, 0.10}, point{1.30, -0.02}),
		q.facet(orange, point{0.2, -0.4}, point{1.46, 0.10}, point{1.50, 0.42}, point{1.92, 0.34}),
		q.facet(cream, point{0.6, 0.2}, point{1.46, 0.10}, point{1.92, 0.34}, point{2.16, 0.06}),
	}, 34})
	s.lay(piece{[]facet{
		q.facet(amber, point{-0.3, -0.9}, point{-0.56, 0.18}, point{0.24, 0.00}, point{0.24, 0.36}),
		q.facet(orange, point{0.3, -0.7}, point{0.24, 0.00}, point{0.98, 0.10}, point{1.14, 0.38}, point{0.24, 0.36}),
		q.facet(orange, point{-0.7, 0.3}, point{-0.56, 0.18}, point{0.24, 0.36}, point{-0.20, 0.68}, point{-0.58, 0.60}),
		q.facet(rust, point{0, 0.9}, point{0.24, 0.36}, point{1.14, 0.38}, point{0.96, 0.66}, point{-0.20, 0.68}),
	}, 40})
	s.lay(piece{slicesOf(
		leg(orange, point{-0.46, 0.54}, point{-0.72, 0.90}, point{-0.92, 1.00}),
		leg(orange, point{0.90, 0.52}, point{1.06, 0.92}, point{1.24, 1.06})), 20})
	return q.local(p, point{-0.52, 0.00}), -0.10
}

// local turns a point of q into one of p.
func (p placing) local(base placing, at point) point {
	w := p.point(at)
	sin, cos := math.Sincos(-base.turn)
	dx, dy := (w.x-base.at.x)/base.scale, (w.y-base.at.y)/base.scale
	out := point{dx*cos - dy*sin, dx*sin + dy*cos}
	if base.mirror {
		out.x = -out.x
	}
	return out
}

func curl(s *scene, p placing) (point, float64) {
	s.lay(piece{[]facet{
		p.facet(orange, point{-0.5, -0.8}, point{-0.70, 0.10}, point{-0.20, -0.46}, point{0.30, -0.10}),
		p.facet(amber, point{0.1, -1}, point{-0.20, -0.46}, point{0.56, -0.52}, point{0.30, -0.10}),
		p.facet(orange, point{0.8, -0.6}, point{0.56, -0.52}, point{1.10, -0.08}, point{0.30, -0.10}),
		p.facet(rust, point{0.9, 0.4}, point{1.10, -0.08}, point{1.16, 0.44}, point{0.30, -0.10}),
		p.facet(rust, point{0.2, 0.9}, point{1.16, 0.44}, point{0.70, 0.72}, point{-0.56, 0.70}, point{-0.70, 0.10}, point{0.30, -0.10}),
	}, 26})
	s.lay(piece{[]facet{
		p.facet(orange, point{0.7, -0.5}, point{1.22, 0.18}, point{0.86, 0.36}, point{1.02, 0.78}, point{1.30, 0.52}),
		p.facet(rust, point{0.2, -0.2}, point{1.02, 0.78}, point{0.86, 0.36}, point{0.22, 0.52}),
		p.facet(orange, point{-0.1, 0.8}, point{1.02, 0.78}, point{0.22, 0.52}, point{0.12, 0.84}),
		p.facet(cream, point{-0.3, -0.3}, point{0.22, 0.52}, point{-0.16, 0.56}, point{-0.42, 0.72}),
		p.facet(ash, point{-0.2, 0.8}, point{0.22, 0.52}, point{-0.42, 0.72}, point{0.12, 0.84}),
	}, 18})
	return point{-0.52, 0.16}, -0.16
}

func slicesOf(groups ...[]facet) (all []facet) {
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

// head is the same in every pose: that is what makes it the same fox.
func head(s *scene, p placing, e eyes) {
	s.lay(piece{[]facet{
		p.facet(orange, point{-0.9, -0.4}, point{-0.50, -0.62}, point{-0.60, -0.04}, point{-0.14, -0.26}),
		p.facet(rust, point{0.9, -0.4}, point{0.50, -0.62}, point{0.60, -0.04}, point{0.14, -0.26}),
	}, 14})
	s.lay(piece{[]facet{
		p.facet(soot, point{-0.6, 0}, point{-0.47, -0.50}, point{-0.53, -0.14}, point{-0.30, -0.24}),
		p.facet(soot, point{0.6, 0}, point{0.47, -0.50}, point{0.53, -0.14}, point{0.30, -0.24}),
	}, 0})
	s.lay(piece{[]facet{
		p.facet(amber, point{0, -0.9}, point{-0.16, -0.28}, point{0.16, -0.28}, point{0, 0.10}),
		p.facet(orange, point{-0.6, -0.5}, point{-0.16, -0.28}, point{0, 0.10}, point{-0.34, 0.16}, point{-0.60, -0.06}),
		p.facet(orange, point{0.6, -0.5}, point{0.16, -0.28}, point{0, 0.10}, point{0.34, 0.16}, point{0.60, -0.06}),
		p.facet(cream, point{-0.8, 0.3}, point{-0.60, -0.06}, point{-0.76, 0.26}, point{-0.34, 0.16}),
		p.facet(cream, point{0.8, 0.3}, point{0.60, -0.06}, point{0.76, 0.26}, point{0.34, 0.16}),
		p.facet(cream, point{-0.4, 0.5}, point{-0.34, 0.16}, point{-0.76, 0.26}, point{-0.30, 0.46}, point{-0.06, 0.56}),
		p.facet(ash, point{0.4, 0.5}, point{0.34, 0.16}, point{0.76, 0.26}, point{0.30, 0.46}, point{0.06, 0.56}),
		p.facet(orange, point{-0.3, 0.5}, point{0, 0.10}, point{-0.34, 0.16}, point{-0.08, 0.54}, point{0, 0.58}),
		p.facet(rust, point{0.3, 0.5}, point{0, 0.10}, point{0.34, 0.16}, point{0.08, 0.54}, point{0, 0.58}),
	}, 22})
	s.lay(piece{[]facet{
		p.facet(soot, point{-0.3, -0.5}, point{-0.10, 0.48}, point{0.10, 0.48}, point{0, 0.62}),
	}, 5})
	for _, side := range []float64{-1, 1} {
		face(s, p, side, e)
	}
}

// face draws one eye and one cheek.
func face(s *scene, p placing, side float64, e eyes) {
	s.fill(ellipse(p.point(point{side * 0.46, 0.27}), 0.075*p.scale, 0.05*p.scale), flat(blush))
	at := point{side * 0.27, 0.10}
	if e == asleep {
		var lid []point
		for i := range 21 {
			a := math.Pi * float64(i) / 20
			lid = append(lid, p.point(point{at.x + 0.10*math.Cos(a), at.y + 0.055*math.Sin(a)}))
		}
		for i := range 21 {
			a := math.Pi * float64(20-i) / 20
			lid = append(lid, p.point(point{at.x + 0.085*math.Cos(a), at.y - 0.01 + 0.035*math.Sin(a)}))
		}
		s.fill(lid, flat(soot))
		return
	}
	s.fill(ellipse(p.point(at), 0.072*p.scale, 0.082*p.scale), flat(soot))
	s.fill(ellipse(p.point(point{at.x - 0.022, at.y - 0.03}), 0.022*p.scale, 0.022*p.scale), flat(cream))
}
