// The places the fox is photographed in, each built up from the back.

package paperfox

import "math"

// place is a setting and the light that goes with it.
type place struct {
	where string
	tint  rgb // what the light multiplies colours by
	build func(s *scene, n *noise)
	front func(s *scene, n *noise) // laid over the fox's feet; may be nil
}

var (
	warm    = rgb{1.04, 1.0, 0.93}
	cool    = rgb{0.90, 0.96, 1.06}
	neutral = rgb{1, 1, 1}
)

var places = []place{
	{"in a green paper forest, soft morning light", neutral, forest, grass(hex(0x4F8A5B))},
	{"in the snow under a full moon, blue evening light", cool, snow, nil},
	{"in front of a plain teal backdrop, studio light", neutral, studio, nil},
	{"on dunes by the sea at sunset, warm light", warm, dunes, nil},
	{"in a meadow of paper flowers, bright noon light", neutral, meadow, flowers},
	{"among autumn trees, golden light", warm, autumn, grass(hex(0xB5652F))},
	{"on a lilac table beside paper clouds, soft light", neutral, clouds, nil},
}

// hill is a sheet whose upper edge rolls.
func hill(paint rgb, base, height, length, phase, lift float64) piece {
	outline := []point{{-40, Edge + 40}}
	for x := -40.0; x <= Edge+40; x += 8 {
		y := base - height*(math.Sin(x/length+phase)+0.4*math.Sin(2.3*x/length+1.7*phase))
		outline = append(outline, point{x, y})
	}
	outline = append(outline, point{Edge + 40, Edge + 40})
	// The gradient starts at the first point: the top is the lightest.
	top := len(outline) / 2
	outline = append(outline[top:], outline[:top]...)
	return piece{[]facet{{outline, paint, point{0, 0}}}, lift}
}

func (s *scene) disc(c point, radius float64, paint rgb, lift float64) {
	s.lay(piece{[]facet{{ellipse(c, radius, radius), paint, point{}}}, lift})
}

// fir is a folded tree with its foot at the given point.
func (s *scene) fir(foot point, size float64, paint rgb) {
	var facets []facet
	trunk := 0.10 * size
	facets = append(facets, facet{
		[]point{{foot.x - trunk/2, foot.y - 0.3*size}, {foot.x + trunk/2, foot.y - 0.3*size}, {foot.x + trunk/2, foot.y}, {foot.x - trunk/2, foot.y}},
		hex(0x7A5540),
		point{0.2, 0},
	})
	for i := range 3 {
		t := float64(i)
		low, high, half := foot.y-size*(0.18+0.30*t), foot.y-size*(0.66+0.30*t), size*(0.34-0.07*t)
		facets = append(facets,
			facet{[]point{{foot.x, high}, {foot.x - half, low}, {foot.x, low + 0.05*size}}, paint, point{-0.8, -0.2}},
			facet{[]point{{foot.x, high}, {foot.x, low + 0.05*size}, {foot.x + half, low}}, paint, point{0.9, 0.1}},
		)
	}
	s.lay(piece{facets, 12})
}

// round is a folded leafy tree with its foot at the given point.
func (s *scene) round(foot point, size float64, paint rgb) {
	trunk := 0.09 * size
	c := point{foot.x, foot.y - 0.95*size}
	facets := []facet{{
		[]point{{foot.x - trunk/3, foot.y - size}, {foot.x + trunk/3, foot.y - size}, {foot.x + trunk/2, foot.y}, {foot.x - trunk/2, foot.y}},
		hex(0x6B4636),
		point{0.2, 0},
	}}
	const sides = 8
	for i := range sides {
		a, b := 2*math.Pi*float64(i)/sides, 2*math.Pi*float64(i+1)/sides
		r := 0.44 * size
		facets = append(facets, facet{[]point{
			c,
			{c.x + r*math.Cos(a), c.y + r*1.15*math.Sin(a)},
			{c.x + r*math.Cos(b), c.y + r*1.15*math.Sin(b)},
		}, paint, point{0.8 * math.Cos((a+b)/2), 0.8 * math.Sin((a+b)/2)}})
	}
	s.lay(piece{facets, 14})
}

func (s *scene) cloud(c point, size, lift float64) {
	var facets []facet
	for _, puff := range []struct{ x, y, r float64 }{{-0.62, 0.10, 0.34}, {-0.15, -0.12, 0.46}, {0.40, 0.02, 0.38}, {0.80, 0.16, 0.24}} {
		facets = append(facets, facet{ellipse(point{c.x + puff.x*size, c.y + puff.y*size}, puff.r*size, puff.r*size*0.9), hex(0xFAF6F0), point{}})
	}
	s.lay(piece{facets, lift})
}

func forest(s *scene, n *noise) {
	s.backdrop(hex(0xCFE6DF), hex(0xF3EBD3))
	s.disc(point{n.between(180, 820), 190}, 80, hex(0xF8E3A6), 8)
	s.lay(hill(hex(0xA9CDB6), 560, 40, 190, n.between(0, 6), 14))
	for range 5 {
		s.fir(point{n.between(0, Edge), n.between(590, 640)}, n.between(170, 240), hex(0x7DB290))
	}
	s.lay(hill(hex(0x84B78E), 690, 30, 230, n.between(0, 6), 18))
	s.fir(point{n.between(40, 150), 790}, 380, hex(0x4E8F6A))
	s.fir(point{n.between(880, 990), 800}, 430, hex(0x3F7F5F))
	s.lay(hill(hex(0x6BA676), 830, 14, 260, n.between(0, 6), 18))
}

func snow(s *scene, n *noise) {
	s.backdrop(hex(0x27406B), hex(0x7C97BF))
	s.disc(point{n.between(180, 840), 200}, 105, hex(0xF6F0D8), 16)
	for range 46 {
		s.disc(point{n.between(0, Edge), n.between(0, 640)}, n.between(2.5, 7), hex(0xE9F0FA), 0)
	}
	s.lay(hill(hex(0x9DB4D4), 600, 46, 210, n.between(0, 6), 16))
	for range 4 {
		s.fir(point{n.between(0, Edge), n.between(640, 690)}, n.between(170, 250), hex(0x5E7FA8))
	}
	s.lay(hill(hex(0xC7D6EA), 730, 26, 240, n.between(0, 6), 18))
	s.lay(hill(hex(0xEAF1FA), 850, 14, 300, n.between(0, 6), 20))
}

func studio(s *scene, _ *noise) {
	s.backdrop(hex(0x4C9C9A), hex(0x3D8584))
	s.lay(piece{[]facet{{[]point{{Edge / 2, 780}, {Edge + 40, 780}, {Edge + 40, Edge + 40}, {-40, Edge + 40}, {-40, 780}}, hex(0x7FC4BC), point{}}}, 10})
}

func dunes(s *scene, n *noise) {
	s.backdrop(hex(0xF2A07B), hex(0xFBD9A5))
	s.disc(point{n.between(250, 780), 470}, 130, hex(0xFFF0C2), 14)
	s.lay(hill(hex(0x5E8FA8), 560, 5, 60, n.between(0, 6), 10))
	s.lay(hill(hex(0x7FAEBB), 610, 6, 70, n.between(0, 6), 10))
	s.lay(hill(hex(0xEFC48C), 690, 34, 260, n.between(0, 6), 18))
	s.lay(hill(hex(0xE3B074), 830, 20, 310, n.between(0, 6), 20))
}

func meadow(s *scene, n *noise) {
	s.backdrop(hex(0x9FD3EE), hex(0xE4F4F4))
	s.cloud(point{n.between(150, 400), 170}, 120, 14)
	s.cloud(point{n.between(620, 880), 260}, 90, 12)
	s.lay(hill(hex(0xB7DB8C), 620, 36, 230, n.between(0, 6), 16))
	s.lay(hill(hex(0x96C973), 720, 20, 270, n.between(0, 6), 18))
	for range 14 {
		s.flower(point{n.between(0, Edge), n.between(740, 820)}, n.between(13, 20), n)
	}
	s.lay(hill(hex(0x7FB963), 840, 12, 300, n.between(0, 6), 16))
}

func autumn(s *scene, n *noise) {
	s.backdrop(hex(0xF7E2B8), hex(0xF6EBD5))
	s.lay(hill(hex(0xE9C27E), 590, 34, 210, n.between(0, 6), 14))
	for i := range 5 {
		s.round(point{110 + 205*float64(i) + n.between(-50, 50), n.between(640, 690)}, n.between(190, 260),
			[]rgb{hex(0xD98845), hex(0xC7563B), hex(0xE2AE4A)}[i%3])
	}
	s.lay(hill(hex(0xD9A05B), 740, 24, 250, n.between(0, 6), 18))
	for range 24 {
		leaf := placing{at: point{n.between(0, Edge), n.between(0, Edge)}, scale: n.between(12, 20), turn: n.between(0, 6)}
		s.lay(piece{[]facet{
			leaf.facet(hex(0xC7563B), point{-0.7, 0}, point{0, -1}, point{-0.5, 0}, point{0, 1}),
			leaf.facet(hex(0xD98845), point{0.7, 0}, point{0, -1}, point{0.5, 0}, point{0, 1}),
		}, 5})
	}
	s.lay(hill(hex(0xC98A48), 850, 14, 280, n.between(0, 6), 18))
}

func clouds(s *scene, n *noise) {
	s.backdrop(hex(0xF4D3D8), hex(0xEFE3F2))
	for i := range 4 {
		s.cloud(point{110 + 260*float64(i) + n.between(-60, 60), n.between(140, 480)}, n.between(80, 130), 16)
	}
	s.lay(piece{[]facet{{[]point{{Edge / 2, 760}, {Edge + 40, 760}, {Edge + 40, Edge + 40}, {-40, Edge + 40}, {-40, 760}}, hex(0xB9A6D8), point{}}}, 14})
}

func (s *scene) flower(c point, size float64, n *noise) {
	paint := []rgb{hex(0xE8607A), hex(0xF6C445), hex(0xFAF6F0), hex(0x9C7BD0)}[int(n.between(0, 3.99))]
	var petals []facet
	for i := range 5 {
		a := 2 * math.Pi * float64(i) / 5
		petals = append(petals, facet{ellipse(point{c.x + 0.8*size*math.Cos(a), c.y + 0.8*size*math.Sin(a)}, 0.62*size, 0.62*size), paint, point{math.Cos(a), math.Sin(a)}})
	}
	s.lay(piece{petals, 6})
	s.disc(c, 0.42*size, hex(0xF2A93B), 0)
}

func flowers(s *scene, n *noise) {
	for i := range 9 {
		s.flower(point{60 + 115*float64(i) + n.between(-30, 30), n.between(945, 1005)}, n.between(20, 32), n)
	}
}

// grass is a fringe of folded blades along the lower edge.
func grass(paint rgb) func(*scene, *noise) {
	return func(s *scene, n *noise) {
		var blades []facet
		for x := -10.0; x < Edge+10; x += 26 {
			high, bend := n.between(50, 110), n.between(-28, 28)
			blades = append(blades,
				facet{[]point{{x + bend, Edge - high}, {x - 13, Edge + 5}, {x + 3, Edge + 5}}, paint, point{-0.8, 0}},
				facet{[]point{{x + bend, Edge - high}, {x + 3, Edge + 5}, {x + 16, Edge + 5}}, paint, point{0.8, 0}},
			)
		}
		s.lay(piece{blades, 12})
	}
}
