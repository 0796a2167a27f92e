// Colour profiles of the simple kind (three primaries and their curves, or one
// grey curve), which is what cameras, phones and editors embed, and the
// conversion of their colours to sRGB. Source: ICC.1:2022.

package photo

import (
	"encoding/binary"
	"errors"
	"image"
	"math"
)

var errProfile = errors.New("not a matrix or grey profile")

// profile turns encoded device values into linear sRGB.
type profile struct {
	curves [3][256]float64 // encoded value to linear, 0 to 1
	matrix matrix          // linear device RGB to linear sRGB
}

type matrix [3][3]float64

// srgbFromD50 turns CIE XYZ under D50, in which profiles speak, into linear
// sRGB (Bradford-adapted).
var srgbFromD50 = matrix{
	{3.1338561, -1.6168667, -0.4906146},
	{-0.9787684, 1.9161415, 0.0334540},
	{0.0719453, -0.2289914, 1.4052427},
}

func (m matrix) times(n matrix) (out matrix) {
	for i := range 3 {
		for j := range 3 {
			for k := range 3 {
				out[i][j] += m[i][k] * n[k][j]
			}
		}
	}
	return out
}

func parseProfile(b []byte) (*profile, error) {
	if len(b) < 132 || string(b[36:40]) != "acsp" {
		return nil, errProfile
	}
	if string(b[20:24]) != "XYZ " {
		return nil, errProfile
	}
	switch string(b[16:20]) {
	case "RGB ":
		return parseRGB(b)
	case "GRAY":
		return parseGrey(b)
	}
	return nil, errProfile
}

func parseRGB(b []byte) (*profile, error) {
	var p profile
	var primaries matrix
	for i, tag := range []string{"rXYZ", "gXYZ", "bXYZ"} {
		xyz := tagData(b, tag)
		if len(xyz) < 20 || string(xyz[:4]) != "XYZ " {
			return nil, errProfile
		}
		for row := range 3 {
			primaries[row][i] = fixed(xyz[8+4*row:])
		}
	}
	for i, tag := range []string{"rTRC", "gTRC", "bTRC"} {
		if err := parseCurve(tagData(b, tag), &p.curves[i]); err != nil {
			return nil, err
		}
	}
	p.matrix = srgbFromD50.times(primaries)
	return &p, nil
}

func parseGrey(b []byte) (*profile, error) {
	p := profile{matrix: matrix{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}
	if err := parseCurve(tagData(b, "kTRC"), &p.curves[0]); err != nil {
		return nil, err
	}
	p.curves[1], p.curves[2] = p.curves[0], p.curves[0]
	return &p, nil
}

// tagData is the content of one tag; nil when absent or out of bounds.
func tagData(b []byte, tag string) []byte {
	count := binary.BigEndian.Uint32(b[128:])
	entries := b[132:]
	for range count {
		if len(entries) < 12 {
			return nil
		}
		if string(entries[:4]) == tag {
			start, size := uint64(binary.BigEndian.Uint32(entries[4:])), uint64(binary.BigEndian.Uint32(entries[8:]))
			if start+size > uint64(len(b)) {
				return nil
			}
			return b[start : start+size]
		}
		entries = entries[12:]
	}
	return nil
}

// fixed reads an s15Fixed16Number.
func fixed(b []byte) float64 {
	return float64(int32(binary.BigEndian.Uint32(b))) / 65536
}

func parseCurve(b []byte, curve *[256]float64) error {
	if len(b) < 12 {
		return errProfile
	}
	var at func(x float64) float64
	switch string(b[:4]) {
	case "curv":
		at = sampledCurve(b)
	case "para":
		at = parametricCurve(b)
	}
	if at == nil {
		return errProfile
	}
	for i := range curve {
		v := at(float64(i) / 255)
		if math.IsNaN(v) {
			return errProfile
		}
		curve[i] = min(max(v, 0), 1)
	}
	return nil
}

func sampledCurve(b []byte) func(float64) float64 {
	count := uint64(binary.BigEndian.Uint32(b[8:]))
	samples := b[12:]
	if 2*count > uint64(len(samples)) {
		return nil
	}
	sample := func(i int) float64 { return float64(binary.BigEndian.Uint16(samples[2*i:])) }
	switch count {
	case 0:
		return func(x float64) float64 { return x }
	case 1:
		gamma := sample(0) / 256
		return func(x float64) float64 { return math.Pow(x, gamma) }
	}
	return func(x float64) float64 {
		pos := x * float64(count-1)
		i := min(int(pos), int(count)-2)
		low, high := sample(i), sample(i+1)
		return (low + (high-low)*(pos-float64(i))) / 65535
	}
}

// parametricCurve reads function types 0 to 4 (ICC.1:2022, table 68).
func parametricCurve(b []byte) func(float64) float64 {
	kind := int(binary.BigEndian.Uint16(b[8:]))
	if kind > 4 {
		return nil
	}
	count := [...]int{1, 3, 4, 5, 7}[kind]
	if len(b) < 12+4*count {
		return nil
	}
	var p [7]float64
	for i := range count {
		p[i] = fixed(b[12+4*i:])
	}
	gamma, a, offset, slope, from, lift, lowLift := p[0], p[1], p[2], p[3], p[4], p[5], p[6]
	switch kind {
	case 0:
		return func(x float64) float64 { return math.Pow(x, gamma) }
	case 1:
		slope, from = 0, -offset/a
	case 2:
		// The fourth parameter lifts the whole curve.
		lift, lowLift = slope, slope
		slope, from = 0, -offset/a
	}
	return func(x float64) float64 {
		if x < from {
			return slope*x + lowLift
		}
		return math.Pow(max(a*x+offset, 0), gamma) + lift
	}
}

// encodeSRGB maps linear light in 4096 steps to sRGB's encoded values.
var encodeSRGB = func() (table [4097]uint8) {
	for i := range table {
		v := float64(i) / 4096
		if v <= 0.0031308 {
			v *= 12.92
		} else {
			v = 1.055*math.Pow(v, 1/2.4) - 0.055
		}
		table[i] = uint8(v*255 + 0.5)
	}
	return table
}()

func encodeLinear(v float64) uint8 {
	return encodeSRGB[int(min(max(v, 0), 1)*4096+0.5)]
}

// isSRGB reports whether the profile leaves every colour as good as unchanged.
func (p *profile) isSRGB() bool {
	for _, c := range [][3]uint8{
		{255, 0, 0},
		{0, 255, 0},
		{0, 0, 255},
		{255, 255, 255},
		{128, 128, 128},
		{200, 100, 50},
		{40, 90, 160},
		{20, 20, 20},
	} {
		r, g, b := p.apply(c[0], c[1], c[2])
		if far(r, c[0]) || far(g, c[1]) || far(b, c[2]) {
			return false
		}
	}
	return true
}

func far(a, b uint8) bool { return max(a, b)-min(a, b) > 2 }

func (p *profile) apply(r, g, b uint8) (uint8, uint8, uint8) {
	lr, lg, lb := p.curves[0][r], p.curves[1][g], p.curves[2][b]
	m := &p.matrix
	return encodeLinear(m[0][0]*lr + m[0][1]*lg + m[0][2]*lb),
		encodeLinear(m[1][0]*lr + m[1][1]*lg + m[1][2]*lb),
		encodeLinear(m[2][0]*lr + m[2][1]*lg + m[2][2]*lb)
}

// convert is img with its colours in sRGB; img itself when they already are.
func (p *profile) convert(img image.Image) image.Image {
	if p.isSRGB() {
		return img
	}
	if isOpaque(img) {
		dst := copyRGBA(img)
		p.convertPixels(dst.Pix)
		return dst
	}
	dst := copyNRGBA(img)
	p.convertPixels(dst.Pix)
	return dst
}

// convertPixels converts pixels of four bytes, whose colours aren't
// multiplied by their alpha.
func (p *profile) convertPixels(pixels []uint8) {
	for i := 0; i+3 < len(pixels); i += 4 {
		px := pixels[i : i+3 : i+3]
		px[0], px[1], px[2] = p.apply(px[0], px[1], px[2])
	}
}
