// Automatic captions: what a known picture shows, and of others what can be said by their colours alone.

package sandbox

import (
	"bytes"
	"cmp"
	"image"
	"image/jpeg"
	"slices"
	"strings"
)

// colors are the names of a picture's main colours, the most frequent first, and of its ground.
type colors struct {
	Shows  string   `json:"shows,omitempty"` // of a known picture
	Main   []string `json:"main"`
	Ground string   `json:"ground"`
}

// colorNames are the colours a caption can name, as sRGB.
var colorNames = map[string]uint32{
	"black": 0x101010, "dark grey": 0x484848, "grey": 0x8a8a8a, "light grey": 0xc4c4c4, "white": 0xf6f6f6,
	"red": 0xc82828, "dark red": 0x6e1a1e, "orange": 0xe88530, "brown": 0x7a4a28, "yellow": 0xf0d040,
	"beige": 0xe0cda8, "green": 0x3c9a46, "dark green": 0x1c4a2c, "teal": 0x1f8a8c, "sky blue": 0x86bce4,
	"blue": 0x2c54c0, "navy blue": 0x16244e, "purple": 0x6e44a8, "pink": 0xe89ab8,
}

// captionLeads vary a caption with the prefix it continues.
var captionLeads = []string{"shown in", "rendered in", "in shades of", "composed in"}

func colorsOf(img image.Image) colors {
	const side = 32
	small := fill(img, side, side)
	names := sortedKeys(colorNames)
	labs := make([]rgb, len(names))
	for i, name := range names {
		labs[i] = toLab(hexColor(colorNames[name]))
	}
	whole, edge := map[string]int{}, map[string]int{}
	for i := range side * side {
		p := small.Pix[i*4:]
		lab := toLab(rgb{float64(p[0]) / 255, float64(p[1]) / 255, float64(p[2]) / 255})
		name := names[nearest(labs, lab)]
		whole[name]++
		if x, y := i%side, i/side; x < 2 || y < 2 || x >= side-2 || y >= side-2 {
			edge[name]++
		}
	}
	main := byCount(whole)
	return colors{Main: main[:min(3, len(main))], Ground: byCount(edge)[0]}
}

// caption continues a prefix; the same for the same prefix.
func (c colors) caption(prefix string) string {
	if c.Shows != "" {
		return c.Shows
	}
	lead := captionLeads[hashText(prefix)%uint64(len(captionLeads))]
	main := strings.Join(c.Main, ", ")
	if i := strings.LastIndex(main, ", "); i >= 0 {
		main = main[:i] + " and" + main[i+1:]
	}
	return lead + " " + main + ", against a " + c.Ground + " background"
}

// knownSide and knownLeast say when two pictures are the same: so small, and with so little difference between their
// samples, of 255, on average.
const (
	knownSide  = 24
	knownLeast = 4
)

// shows says what a known picture shows, "" of any other.
func (s *Sandbox) shows(img image.Image) string {
	small := fill(img, knownSide, knownSide)
	for _, known := range s.known() {
		apart := 0
		for i := range small.Pix {
			apart += max(int(small.Pix[i]), int(known.small.Pix[i])) - min(int(small.Pix[i]), int(known.small.Pix[i]))
		}
		if apart <= knownLeast*len(small.Pix) {
			return known.shows
		}
	}
	return ""
}

// knownPicture is a picture that captions can name, made small.
type knownPicture struct {
	small *image.RGBA
	shows string
}

// smallKnown reads the known pictures, which takes a while.
func smallKnown(known []Known) (pictures []knownPicture) {
	for _, k := range known {
		if img, err := jpeg.Decode(bytes.NewReader(k.JPEG)); err == nil {
			pictures = append(pictures, knownPicture{fill(img, knownSide, knownSide), k.Shows})
		}
	}
	return pictures
}

func nearest(labs []rgb, to rgb) int {
	best, least := 0, 9.0
	for i, lab := range labs {
		d := 0.0
		for k := range lab {
			d += (lab[k] - to[k]) * (lab[k] - to[k])
		}
		if d < least {
			best, least = i, d
		}
	}
	return best
}

// byCount lists the keys of a count, the highest first.
func byCount(counts map[string]int) []string {
	names := sortedKeys(counts)
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(counts[b], counts[a]) })
	return names
}
