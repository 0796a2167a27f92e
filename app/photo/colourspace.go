// Colour that is told otherwise than by a profile: by EXIF, by a PNG's own
// chunks, or by the numbers of ITU-T H.273 in HEIC, AVIF and PNG.

package photo

import (
	"encoding/binary"
	"image"
	"math"
)

// chromaticities of the three primaries and of white, as x and y.
type chromaticities [8]float64

// Primaries by their numbers in H.273, table 2, where they aren't sRGB's.
var primariesOf = map[int]chromaticities{
	9:  {0.708, 0.292, 0.170, 0.797, 0.131, 0.046, 0.3127, 0.3290}, // BT.2020
	11: {0.680, 0.320, 0.265, 0.690, 0.150, 0.060, 0.314, 0.351},   // DCI-P3
	12: {0.680, 0.320, 0.265, 0.690, 0.150, 0.060, 0.3127, 0.3290}, // Display P3
}

var (
	srgbPrimaries  = chromaticities{0.64, 0.33, 0.30, 0.60, 0.15, 0.06, 0.3127, 0.3290}
	adobePrimaries = chromaticities{0.64, 0.33, 0.21, 0.71, 0.15, 0.06, 0.3127, 0.3290}
)

// adobeGamma is 563/256 (Adobe RGB (1998) Color Image Encoding, 4.3.1.2).
const adobeGamma = 2.19921875

// srgbFromXYZ turns CIE XYZ under D65 into linear sRGB (IEC 61966-2-1).
var srgbFromXYZ = matrix{{3.2406, -1.5372, -0.4986}, {-0.9689, 1.8758, 0.0415}, {0.0557, -0.2040, 1.0570}}

// spaceOf is the profile of primaries and a curve from 0..1 to 0..1.
func spaceOf(c chromaticities, curve func(float64) float64) *profile {
	var p profile
	for i := range 256 {
		v := min(max(curve(float64(i)/255), 0), 1)
		p.curves[0][i], p.curves[1][i], p.curves[2][i] = v, v, v
	}
	p.matrix = srgbFromXYZ.times(c.toXYZ())
	// White stays white, however it was measured.
	for i, row := range p.matrix {
		if sum := row[0] + row[1] + row[2]; sum > 0 {
			for k := range row {
				p.matrix[i][k] /= sum
			}
		}
	}
	return &p
}

// toXYZ makes XYZ of linear light (SMPTE RP 177).
func (c chromaticities) toXYZ() matrix {
	column := func(x, y float64) [3]float64 { return [3]float64{x / y, 1, (1 - x - y) / y} }
	r, g, b, w := column(c[0], c[1]), column(c[2], c[3]), column(c[4], c[5]), column(c[6], c[7])
	m := matrix{{r[0], g[0], b[0]}, {r[1], g[1], b[1]}, {r[2], g[2], b[2]}}
	all := m.determinant()
	scale := func(k int) float64 {
		n := m
		for i := range 3 {
			n[i][k] = w[i]
		}
		return n.determinant() / all
	}
	s := [3]float64{scale(0), scale(1), scale(2)}
	for i := range 3 {
		for k := range 3 {
			m[i][k] *= s[k]
		}
	}
	return m
}

func (m matrix) determinant() float64 {
	return m[0][0]*(m[1][1]*m[2][2]-m[1][2]*m[2][1]) - m[0][1]*(m[1][0]*m[2][2]-m[1][2]*m[2][0]) + m[0][2]*(m[1][0]*m[2][1]-m[1][1]*m[2][0])
}

// possible reports whether the primaries span anything.
func (c chromaticities) possible() bool {
	for i, v := range c {
		if v < 0 || v > 1 || i%2 == 1 && v < 0.001 {
			return false
		}
	}
	m := chromaticities{c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]}.toXYZ()
	return !math.IsNaN(m[0][0]) && !math.IsInf(m[0][0], 0)
}

func srgbCurve(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

func gammaCurve(gamma float64) func(float64) float64 {
	return func(v float64) float64 { return math.Pow(v, gamma) }
}

// Transfer characteristics of high dynamic range (H.273, table 3).
const transferPQ, transferHLG = 16, 18

// diffuseWhite and peakWhite are, in cd/m², what is shown as white and what is
// the brightest that stays apart from it (ITU-R BT.2408).
const diffuseWhite, peakWhite = 203.0, 1000.0

// shownAt is how bright light is shown, 0 to 1, that is so many times as
// bright as white (Reinhard's curve with a white point).
func shownAt(light float64) float64 {
	const white = peakWhite / diffuseWhite
	return light * (1 + light/(white*white)) / (1 + light)
}

// pqCurve is SMPTE ST 2084's.
func pqCurve(v float64) float64 {
	const m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
	p := math.Pow(v, 1/m2)
	return shownAt(10000 / diffuseWhite * math.Pow(max(p-c1, 0)/(c2-c3*p), 1/m1))
}

// hlgCurve is ITU-R BT.2100's, with the system gamma of a display of 1000 cd/m².
func hlgCurve(v float64) float64 {
	const a, b, c = 0.17883277, 0.28466892, 0.55991073
	scene := v * v / 3
	if v > 0.5 {
		scene = (math.Exp((v-c)/a) + b) / 12
	}
	return shownAt(peakWhite / diffuseWhite * math.Pow(scene, 1.2))
}

// isHDR reports whether there is more light in the picture than can be shown.
func (c *codedColour) isHDR() bool {
	return c != nil && (c.transfer == transferPQ || c.transfer == transferHLG)
}

// space is nil for sRGB.
func (c *codedColour) space() *profile {
	if c == nil {
		return nil
	}
	primaries, wide := primariesOf[c.primaries]
	if !wide {
		primaries = srgbPrimaries
	}
	curve := srgbCurve
	switch c.transfer {
	case transferPQ:
		curve = pqCurve
	case transferHLG:
		curve = hlgCurve
	case 8:
		curve = gammaCurve(1)
	case 4:
		curve = gammaCurve(2.2)
	case 5:
		curve = gammaCurve(2.8)
	default:
		if !wide {
			return nil
		}
	}
	return spaceOf(primaries, curve)
}

// rgb makes RGB of the brightness and colour that HEIC codes, where its matrix
// or range is another than JPEG's.
func (c *codedColour) rgb(img image.Image) image.Image {
	ycc, ok := img.(*image.YCbCr)
	if !ok || c == nil || c.fullRange && (c.matrix == 5 || c.matrix == 6 || c.matrix == 2) {
		return img
	}
	kr, kb := 0.299, 0.114
	switch c.matrix {
	case 1:
		kr, kb = 0.2126, 0.0722
	case 9, 10:
		kr, kb = 0.2627, 0.0593
	}
	out := image.NewRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			luma, chroma := ycc.YOffset(x, y), ycc.COffset(x, y)
			l, u, v := float64(ycc.Y[luma]), float64(ycc.Cb[chroma]), float64(ycc.Cr[chroma])
			p := out.Pix[out.PixOffset(x, y):]
			p[3] = 0xff
			if c.matrix == 0 { // green, blue and red as they are
				p[0], p[1], p[2] = uint8(v), uint8(l), uint8(u)
				continue
			}
			u, v = u-128, v-128
			if !c.fullRange {
				l, u, v = (l-16)*255/219, u*255/224, v*255/224
			}
			r, b := l+2*(1-kr)*v, l+2*(1-kb)*u
			p[0], p[1], p[2] = clamp8(r), clamp8((l-kr*r-kb*b)/(1-kr-kb)), clamp8(b)
		}
	}
	return out
}

// pngColour is what a PNG's own chunks say of its colours: cICP before all
// others, sRGB before gAMA and cHRM (PNG specification, third edition, 11.3.2).
type pngColour struct {
	coded     *codedColour
	gamma     float64 // of the file: 1/2.2 for most; 0 where it isn't told
	primaries chromaticities
	hasChroma bool
	sRGB      bool
}

func (c *pngColour) chunk(kind string, body []byte) {
	number := func(at int) float64 { return float64(binary.BigEndian.Uint32(body[at:])) / 100_000 }
	switch {
	case kind == "cICP" && len(body) >= 4:
		c.coded = &codedColour{primaries: int(body[0]), transfer: int(body[1]), fullRange: true}
	case kind == "sRGB":
		c.sRGB = true
	case kind == "gAMA" && len(body) >= 4:
		c.gamma = number(0)
	case kind == "cHRM" && len(body) >= 32:
		// White comes first here.
		c.primaries = chromaticities{number(8), number(12), number(16), number(20), number(24), number(28), number(0), number(4)}
		c.hasChroma = true
	}
}

// space is nil for sRGB.
func (c *pngColour) space() *profile {
	switch {
	case c.sRGB || c.gamma < 0.1 || c.gamma > 5:
		return nil // without a gamma, primaries alone say nothing of colours
	case c.hasChroma && !c.primaries.possible():
		return nil
	}
	curve := srgbCurve
	if math.Abs(c.gamma-1/2.2) > 0.005 {
		curve = gammaCurve(1 / c.gamma)
	}
	primaries := c.primaries
	if !c.hasChroma {
		primaries = srgbPrimaries
	}
	return spaceOf(primaries, curve)
}

// colours is how the picture's colours become sRGB: nil where they are, or
// where nothing is said of them; an error where they can't be converted.
func (h *header) colours() (*profile, error) {
	switch {
	case h.png.coded != nil:
		return h.png.coded.space(), nil
	case h.profile != nil:
		return parseProfile(h.profile)
	case h.coded != nil:
		return h.coded.space(), nil
	case h.exif.adobeRGB:
		return spaceOf(adobePrimaries, gammaCurve(adobeGamma)), nil
	}
	return h.png.space(), nil
}
