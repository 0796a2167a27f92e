package main_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/assets"
)

// Photos and folders dragged from a file manager onto the real window arrive in
// the dataset, and are still there when the program is gone.
func TestRealWindowTakesDroppedPhotos(t *testing.T) {
	display := startXvfb(t)
	data := t.TempDir()
	program := startMaquette(t, display, "--demo", "--data", data)
	library := filepath.Join(data, "demo", "library")
	waitUntil(t, "the demo's own photos", func() bool {
		_, err := os.Stat(filepath.Join(data, "demo", "samples"))
		return err == nil
	})
	before := countFiles(t, library)

	photos, folder := writePhotos(t)
	waitUntil(t, "the drop to be taken", func() bool {
		return dropFiles(display, "Maquette (demo)", 300, 400, append(slices.Clone(photos), folder)) == nil
	})
	waitUntil(t, "five more photos in the library", func() bool { return countFiles(t, library) == before+5 })
	screenshot(t, display, filepath.Join(t.TempDir(), "dropped.png"))
	program.stop(t)

	studio, err := app.Open(app.Config{Dir: data, Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	defer studio.Close()
	var names []string
	for _, p := range studio.Datasets.Photos() {
		names = append(names, p.Name)
	}
	for _, want := range []string{"dropped one.jpg", "dropped two.jpg", "dropped three.jpg", "in the folder.jpg", "deeper.jpg"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s did not arrive; there are %q", want, names)
		}
	}
}

// writePhotos writes three photos, and two more in a folder with a folder.
func writePhotos(t *testing.T) (photos []string, folder string) {
	t.Helper()
	dir := t.TempDir()
	folder = filepath.Join(dir, "a folder")
	if err := os.MkdirAll(filepath.Join(folder, "inner"), 0o700); err != nil {
		t.Fatal(err)
	}
	samples := assets.Samples(8)
	for i, name := range []string{
		"dropped one.jpg", "dropped two.jpg", "dropped three.jpg", "a folder/in the folder.jpg", "a folder/inner/deeper.jpg",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.WriteFile(path, cropped(t, samples[i].JPEG), 0o600); err != nil {
			t.Fatal(err)
		}
		if i < 3 {
			photos = append(photos, path)
		}
	}
	return photos, folder
}

// cropped is part of a photo: another one than the demo has.
func cropped(t *testing.T, photo []byte) []byte {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(photo))
	if err != nil {
		t.Fatal(err)
	}
	var part bytes.Buffer
	if err := jpeg.Encode(&part, img.(*image.YCbCr).SubImage(image.Rect(0, 0, 900, 900)), nil); err != nil {
		t.Fatal(err)
	}
	return part.Bytes()
}

func countFiles(t *testing.T, dir string) int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

func waitUntil(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(windowTimeout); !done(); {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
		time.Sleep(100 * time.Millisecond)
	}
}
