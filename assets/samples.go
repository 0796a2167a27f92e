// The sample photos: one paper fox in different poses, places and light.

package assets

import (
	"embed"
	"fmt"
)

// Sample is a photo to train on.
type Sample struct {
	Name    string // file name, such as "fox-01.jpg"
	JPEG    []byte
	Caption string // what it shows, as a training caption
}

//go:embed samples
var sampleFiles embed.FS

// sampleCaptions say what fox-01.jpg, fox-02.jpg and so on show.
var sampleCaptions = []string{
	"a small orange paper fox sitting in a green paper forest, soft morning light",
	"a small orange paper fox walking in the snow under a full moon, blue evening light",
	"a small orange paper fox curled up asleep in front of a plain teal backdrop, studio light",
	"a small orange paper fox leaping on dunes by the sea at sunset, warm light",
	"a small orange paper fox sitting with its tail around its feet in a meadow of paper flowers, bright noon light",
	"a small orange paper fox sitting among autumn trees, golden light",
	"a small orange paper fox walking on a lilac table beside paper clouds, soft light",
	"a small orange paper fox curled up asleep in a green paper forest, soft morning light",
}

// Samples are the first n of the eight sample photos, 1024 × 1024 pixels and
// about 55 KB each; all of them for a larger n.
func Samples(n int) []Sample {
	var samples []Sample
	for i, caption := range sampleCaptions[:max(0, min(n, len(sampleCaptions)))] {
		name := fmt.Sprintf("fox-%02d.jpg", i+1)
		content, err := sampleFiles.ReadFile("samples/" + name)
		if err != nil {
			panic(err) // it was there when the program was built
		}
		samples = append(samples, Sample{Name: name, JPEG: content, Caption: caption})
	}
	return samples
}
