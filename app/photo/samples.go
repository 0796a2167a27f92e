// Sample photos for demo mode and for tests, drawn by the project itself.

package photo

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"slices"
	"sync"

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
// time; what was drawn once is kept.
func Samples(n int) []Sample {
	drawn.Lock()
	defer drawn.Unlock()
	for i := len(drawn.samples); i < n; i++ {
		sample, err := drawSample(i)
		if err != nil {
			return slices.Clone(drawn.samples)
		}
		drawn.samples = append(drawn.samples, sample)
	}
	return slices.Clone(drawn.samples[:max(n, 0)])
}

// drawn are the samples drawn so far, about 100 KB each.
var drawn struct {
	sync.Mutex
	samples []Sample
}

func drawSample(i int) (Sample, error) {
	img, caption := paperfox.Draw(i)
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: 90}); err != nil {
		return Sample{}, fmt.Errorf("encoding a sample: %w", err)
	}
	return Sample{Name: fmt.Sprintf("fox-%02d.jpg", i+1), JPEG: buf.Bytes(), Caption: caption}, nil
}
