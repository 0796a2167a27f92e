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
	Scene   string // the caption without its subject: pose, place and light
}

// Subject is what all samples show.
const Subject = "a small orange paper fox"

//go:embed samples
var sampleFiles embed.FS

// sampleScenes are those of fox-01.jpg, fox-02.jpg and so on.
var sampleScenes = []string{
	"sitting in a green paper forest, soft morning light",
	"walking in the snow under a full moon, blue evening light",
	"curled up asleep in front of a plain teal backdrop, studio light",
	"leaping on dunes by the sea at sunset, warm light",
	"sitting with its tail around its feet in a meadow of paper flowers, bright noon light",
	"sitting among autumn trees, golden light",
	"walking on a lilac table beside paper clouds, soft light",
	"curled up asleep in a green paper forest, soft morning light",
}

// Samples are the first n of the eight sample photos, 1024 × 1024 pixels and
// about 55 KB each; all of them for a larger n.
func Samples(n int) []Sample {
	var samples []Sample
	for i, scene := range sampleScenes[:max(0, min(n, len(sampleScenes)))] {
		name := fmt.Sprintf("fox-%02d.jpg", i+1)
		content, err := sampleFiles.ReadFile("samples/" + name)
		if err != nil {
			panic(err) // it was there when the program was built
		}
		samples = append(samples, Sample{Name: name, JPEG: content, Caption: Subject + " " + scene, Scene: scene})
	}
	return samples
}
