// Colours: curated palettes, palettes taken from pictures, and smooth ramps between their colours.

package sandbox

import (
	"cmp"
	"image"
	"math"
	"slices"
)

// rgb holds sRGB components from 0 to 1.
type rgb [3]float64

// ramp is a palette as a smooth scale from dark (0) to light (1).
type ramp []rgb

const rampSteps = 512

func (r ramp) at(t float64) rgb { return r[int(clamp01(t)*(rampSteps-1))] }

// palette holds colours from dark to light and the words in a prompt that ask for them.
type palette struct {
	colors []uint32
	words  []string
}

// palettes are the ones a prompt without references is painted in.
var palettes = []palette{
	{[]uint32{0x1b1035, 0x5b2a6e, 0xc8456b, 0xf48c5c, 0xffd28a, 0xfff1d0}, []string{"sunset", "warm", "evening", "castle"}},
	{[]uint32{0x06182c, 0x0d3b66, 0x1f7a8c, 0x5bc0be, 0xbfe3dd, 0xfdf6e3}, []string{"ocean", "sea", "water", "wave", "island", "underwater"}},
	{[]uint32{0x0b1f1a, 0x1e4d3b, 0x4c8c5a, 0xa4c37a, 0xe9dfa0, 0xfff8e0}, []string{"forest", "tree", "green", "garden", "jungle"}},
	{[]uint32{0x0a0a23, 0x1d2671, 0x5f4bb6, 0xb07be0, 0xf2b5d4, 0xfdeef4}, []string{"night", "space", "star", "dream", "aurora"}},
	{[]uint32{0x2b1a12, 0x7a3419, 0xc9622b, 0xeaa14c, 0xf6d79b, 0xfff6e5}, []string{"desert", "canyon", "autumn", "fire", "gold"}},
	{[]uint32{0x12263a, 0x3d5a80, 0x7fa6c9, 0xbcd4e6, 0xe6eff5, 0xfdfdfb}, []string{"winter", "snow", "ice", "cloud", "blue"}},
	{[]uint32{0x231123, 0x82204a, 0xd1495b, 0xedae49, 0xf6e0b5, 0xf9f4ec}, []string{"poster", "flower", "sunflower", "red"}},
	{[]uint32{0x101419, 0x2d4059, 0x8d5b6c, 0xea8474, 0xf7c59f, 0xf7f0e6}, []string{"portrait", "person", "man", "woman", "face"}},
	{[]uint32{0x08222b, 0x146152, 0x44803f, 0xb4cf66, 0xffec5c, 0xfffbd6}, nil},
	{[]uint32{0x17153b, 0x433d8b, 0x6d5fb8, 0xc8acd6, 0xf1dff5, 0xfffafc}, nil},
	{[]uint32{0x1a1423, 0x3d314a, 0x684756, 0xab8476, 0xdcc1a5, 0xf7eedd}, []string{"photo", "cinematic", "film", "kodak"}},
	{[]uint32{0x00202e, 0x2c4875, 0x8a508f, 0xff6361, 0xffa600, 0xffe3a3}, []string{"neon", "city", "guitar", "dancing", "electric"}},
}

// promptRamp picks a palette by the prompt's words or hash; the seed turns its hues a little.
func promptRamp(prompt string, h uint64, seed int64) ramp {
	pick := palettes[(h>>8)%uint64(len(palettes))]
	if i := slices.IndexFunc(palettes, func(p palette) bool { return asksFor(prompt, p.words) }); i >= 0 {
		pick = palettes[i]
	}
	colors := make([]rgb, len(pick.colors))
	turn := (float64(uint64(seed)*2654435761%1000)/1000 - 0.5) * 0.5
	for i, hex := range pick.colors {
		lab := toLab(hexColor(hex))
		sin, cos := math.Sincos(turn)
		colors[i] = rgb{lab[0], lab[1]*cos - lab[2]*sin, lab[1]*sin + lab[2]*cos}
	}
	return labRamp(colors)
}

// pictureRamp takes the palette of a picture: its mean colour at each of six steps of lightness.
func pictureRamp(img image.Image) ramp {
	small := fill(img, 48, 48)
	labs := make([]rgb, 0, 48*48)
	for i := 0; i < len(small.Pix); i += 4 {
		labs = append(labs, toLab(rgb{float64(small.Pix[i]) / 255, float64(small.Pix[i+1]) / 255, float64(small.Pix[i+2]) / 255}))
	}
	slices.SortFunc(labs, func(a, b rgb) int { return cmp.Compare(a[0], b[0]) })
	const steps = 6
	colors := make([]rgb, steps)
	for i := range colors {
		part := labs[i*len(labs)/steps : (i+1)*len(labs)/steps]
		for _, lab := range part {
			for k := range 3 {
				colors[i][k] += lab[k] / float64(len(part))
			}
		}
		// Spread the lightness, so that a dull or dark picture still gives a scale to paint with.
		colors[i][0] = 0.45*colors[i][0] + 0.55*(0.18+0.76*float64(i)/(steps-1))
	}
	return labRamp(colors)
}

// labRamp interpolates OKLab colours evenly.
func labRamp(colors []rgb) ramp {
	r := make(ramp, rampSteps)
	for i := range r {
		t := float64(i) / (rampSteps - 1) * float64(len(colors)-1)
		k := min(int(t), len(colors)-2)
		var lab rgb
		for j := range 3 {
			lab[j] = colors[k][j] + (colors[k+1][j]-colors[k][j])*(t-float64(k))
		}
		r[i] = fromLab(lab)
	}
	return r
}

// toLab converts sRGB to OKLab, in which mixtures look even (Björn Ottosson, "A perceptual color space").
func toLab(c rgb) rgb {
	var lin rgb
	for i, v := range c {
		if v <= 0.04045 {
			lin[i] = v / 12.92
		} else {
			lin[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	l := math.Cbrt(0.4122214708*lin[0] + 0.5363325363*lin[1] + 0.0514459929*lin[2])
	m := math.Cbrt(0.2119034982*lin[0] + 0.6806995451*lin[1] + 0.1073969566*lin[2])
	s := math.Cbrt(0.0883024619*lin[0] + 0.2817188376*lin[1] + 0.6299787005*lin[2])
	return rgb{
		0.2104542553*l + 0.7936177850*m - 0.0040720468*s,
		1.9779984951*l - 2.4285922050*m + 0.4505937099*s,
		0.0259040371*l + 0.7827717662*m - 0.8086757660*s,
	}
}

func fromLab(lab rgb) rgb {
	l := lab[0] + 0.3963377774*lab[1] + 0.2158037573*lab[2]
	m := lab[0] - 0.1055613458*lab[1] - 0.0638541728*lab[2]
	s := lab[0] - 0.0894841775*lab[1] - 1.2914855480*lab[2]
	l, m, s = l*l*l, m*m*m, s*s*s
	lin := rgb{
		4.0767416621*l - 3.3077115913*m + 0.2309699292*s,
		-1.2684380046*l + 2.6097574011*m - 0.3413193965*s,
		-0.0041960863*l - 0.7034186147*m + 1.7076147010*s,
	}
	for i, v := range lin {
		if v <= 0.0031308 {
			lin[i] = clamp01(12.92 * v)
		} else {
			lin[i] = clamp01(1.055*math.Pow(v, 1/2.4) - 0.055)
		}
	}
	return lin
}

func hexColor(hex uint32) rgb {
	return rgb{float64(hex>>16) / 255, float64(hex>>8&255) / 255, float64(hex&255) / 255}
}

func clamp01(v float64) float64 { return min(max(v, 0), 1) }

func smooth(t float64) float64 { return t * t * (3 - 2*t) }

func lerp(a, b rgb, t float64) rgb {
	return rgb{a[0] + (b[0]-a[0])*t, a[1] + (b[1]-a[1])*t, a[2] + (b[2]-a[2])*t}
}
