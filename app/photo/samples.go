// Sample photos for demo mode and for tests, drawn by the project itself.

package photo

import (
	"bytes"
	"fmt"
	"image/jpeg"

	"github.com/maquette-studio/maquette/app/photo/internal/paperfox"
)

// Sample is one drawn photo.
type Sample struct {
	Name    string // file name, such as "fox-01.jpg"
	JPEG    []byte
	Caption string // what it shows, as a training caption
}

// Samples draws n photos of one paper fox in different poses, places and
// light, 1024 × 1024 pixels each. The same n-th photo is the same bytes every
// time.
func Samples(n int) []Sample {
	samples := make([]Sample, max(n, 0))
	for i := range samples {
		img, caption := paperfox.Draw(i)
		var buf bytes.Buffer
		if err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: 90}); err != nil {
			return samples[:i]
		}
		samples[i] = Sample{Name: fmt.Sprintf("fox-%02d.jpg", i+1), JPEG: buf.Bytes(), Caption: caption}
	}
	return samples
}
