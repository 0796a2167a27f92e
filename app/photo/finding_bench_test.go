package photo_test

import (
	"bytes"
	"testing"

	"github.com/maquette-studio/maquette/app/photo"
)

// BenchmarkExamine looks at results of noise, the hardest content there is.
func BenchmarkExamine(b *testing.B) {
	for name, file := range map[string][]byte{"JPEG": jpegOf(detailed(1024, 1024)), "PNG": pngOf(detailed(1024, 1024))} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(file)))
			for b.Loop() {
				if found, err := photo.Examine(b.Context(), bytes.NewReader(file), ""); err != nil || found.Odd {
					b.Fatal(found, err)
				}
			}
		})
	}
}
