// The pictures the services deliver: generative art, the same again for the same prompt and seed.

package sandbox

import (
	"bytes"
	"hash/fnv"
	"image"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
)

// painting says what to draw.
type painting struct {
	prompt        string
	seed          int64
	width, height int
	influences    []influence
}

// influence is what a reference picture or a trained model does to a painting.
type influence struct {
	Manner   manner  `json:"manner"`
	Strength float64 `json:"strength"` // 0..1
	Picture  []byte  `json:"picture"`  // JPEG
	// Frame is where the picture lies in an extended canvas, in canvas pixels; for manner extended.
	Frame image.Rectangle `json:"frame,omitzero"`
}

type manner string

const (
	styled   manner = "styled"   // gives its palette
	guided   manner = "guided"   // gives its palette and shines through
	portrait manner = "portrait" // gives its palette and is the subject of the picture, as a trained person or a character
	modified manner = "modified" // stays the picture, painted over in the prompt's own palette
	extended manner = "extended" // stays the picture, surrounded by more
	traced   manner = "traced"   // its edges are drawn over the painting
	shaded   manner = "shaded"   // its light and dark lie on the painting, as its depth would
	recolor  manner = "recolor"  // stays the picture, in the painting's colours
	gridded  manner = "gridded"  // gives its palette and, 16 by 16, its colours where they are
)

// givesPalette holds for pictures a painting takes its colours from.
func (m manner) givesPalette() bool {
	return m == styled || m == guided || m == portrait || m == extended || m == gridded
}

// canvas is a painting at work.
type canvas struct {
	*image.RGBA
	w, h   int
	rng    *rand.Rand
	colors ramp
}

// compositions and the words in a prompt that ask for them; without such a word the prompt's hash decides.
var compositions = []struct {
	paint func(*canvas)
	words []string
}{
	{paintRidges, []string{"mountain", "landscape", "valley", "forest", "hill", "desert", "sunset", "sunrise", "castle", "tree", "winter", "snow"}},
	{paintOrbits, []string{"planet", "space", "star", "moon", "abstract", "geometric", "portrait", "person", "face", "poster"}},
	{paintSilk, []string{"silk", "smoke", "cloud", "fire", "fabric", "dress", "dream", "aurora", "marble"}},
	{paintPaper, []string{"ocean", "sea", "wave", "paper", "canyon", "flower", "cave", "water", "island"}},
}

// bounded is a result's size in pixels, as far as the sandbox draws it.
func (s *Sandbox) bounded(width, height int) (int, int) {
	longest := max(width, height)
	if s.maxEdge == 0 || longest <= s.maxEdge {
		return width, height
	}
	return max(1, width*s.maxEdge/longest), max(1, height*s.maxEdge/longest)
}

func paint(p painting) *image.RGBA {
	h := hashText(p.prompt)
	c := &canvas{
		RGBA: image.NewRGBA(image.Rect(0, 0, p.width, p.height)), w: p.width, h: p.height,
		rng:    rand.New(rand.NewPCG(h, uint64(p.seed))),
		colors: p.ramp(),
	}
	composition(p.prompt, h)(c)
	for _, in := range p.influences {
		c.absorb(in)
	}
	c.vignette()
	return c.RGBA
}

// ramp is the palette to paint in: the last reference's that gives one, or the prompt's own.
func (p painting) ramp() ramp {
	for _, in := range slices.Backward(p.influences) {
		if !in.Manner.givesPalette() {
			continue
		}
		if img := in.decode(); img != nil {
			return pictureRamp(img)
		}
	}
	return promptRamp(p.prompt, hashText(p.prompt), p.seed)
}

func composition(prompt string, h uint64) func(*canvas) {
	for _, comp := range compositions {
		if asksFor(prompt, comp.words) {
			return comp.paint
		}
	}
	return compositions[h%uint64(len(compositions))].paint
}

// asksFor reports whether a prompt holds one of the words, or its plural.
func asksFor(prompt string, words []string) bool {
	said := strings.FieldsFunc(strings.ToLower(prompt), func(r rune) bool { return !unicode.IsLetter(r) })
	return slices.ContainsFunc(said, func(word string) bool {
		return slices.Contains(words, word) || slices.Contains(words, strings.TrimSuffix(word, "s"))
	})
}

// forbidden reports whether a text asks for what the services don't make: the way to see a job fail.
func forbidden(text string) bool { return strings.Contains(strings.ToLower(text), "forbidden") }

func hashText(text string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(text))
	return h.Sum64()
}

func (in influence) decode() image.Image {
	img, err := jpeg.Decode(bytes.NewReader(in.Picture))
	if err != nil {
		return nil
	}
	return img
}

// absorb lets a reference picture show in the painting.
func (c *canvas) absorb(in influence) {
	img := in.decode()
	if img == nil {
		return
	}
	switch in.Manner {
	case guided:
		c.mix(fill(soften(img, 24), c.w, c.h), 0.45*in.Strength)
	case modified:
		c.mix(fill(img, c.w, c.h), 0.5+0.45*in.Strength)
	case portrait:
		c.hang(img, in.Strength)
	case extended:
		c.inset(img, in.Frame)
	case traced:
		c.trace(fill(img, c.w, c.h), in.Strength)
	case shaded:
		c.shade(soften(img, 96), in.Strength)
	case recolor:
		c.recolor(fill(img, c.w, c.h), in.Strength)
	case gridded:
		c.mix(fill(blocks(img, 16), c.w, c.h), 0.75*in.Strength)
	}
}

// encode writes a picture as "png" or, for anything else, JPEG.
func encode(img image.Image, format string) file {
	var out bytes.Buffer
	if format == "png" {
		enc := png.Encoder{CompressionLevel: png.BestSpeed}
		_ = enc.Encode(&out, img) // a buffer takes everything
		return file{data: out.Bytes(), contentType: "image/png"}
	}
	_ = jpeg.Encode(&out, img, &jpeg.Options{Quality: 90})
	return file{data: out.Bytes(), contentType: "image/jpeg"}
}

func jpegBytes(img image.Image) []byte { return encode(img, "jpg").data }
