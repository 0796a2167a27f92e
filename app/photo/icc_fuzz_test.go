package photo

import (
	"testing"

	"github.com/maquette-studio/maquette/storage/bounds"
)

// FuzzProfile reads any colour profile and converts with what can be read.
func FuzzProfile(f *testing.F) {
	head := make([]byte, 132)
	copy(head[16:], "RGB XYZ ")
	copy(head[36:], "acsp")
	head[131] = 6
	f.Add(append(head, "rXYZ\x00\x00\x00\xcc\x00\x00\x00\x14rTRC\x00\x00\x00\xe0\xff\xff\xff\xff"...))
	grey := make([]byte, 160)
	copy(grey, head)
	copy(grey[16:], "GRAYXYZ ")
	grey[131] = 1
	copy(grey[132:], "kTRC\x00\x00\x00\x90\x00\x00\x00\x10curv")
	f.Add(grey)
	f.Add([]byte("acsp"))
	f.Fuzz(func(t *testing.T, content []byte) {
		bounds.Hold(t, bounds.Text, func() {
			p, err := parseProfile(content)
			if err != nil {
				return
			}
			pixels := make([]uint8, 4*256)
			for i := range pixels {
				pixels[i] = uint8(i * 7)
			}
			_ = p.isSRGB()
			p.convertPixels(pixels)
			if pixels[3] != 21 { // what is see-through stays
				t.Errorf("alpha became %d", pixels[3])
			}
		})
	})
}
