package sandbox_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/providers/sandbox"
)

// square is a picture with a square at some place, as JPEG of some quality.
func square(at, quality int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 1024, 1024))
	draw.Draw(img, img.Rect, image.NewUniform(green), image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(at, at, at+400, at+400), image.NewUniform(red), image.Point{}, draw.Src)
	var out bytes.Buffer
	_ = jpeg.Encode(&out, img, &jpeg.Options{Quality: quality})
	return out.Bytes()
}

func TestBriaCaptionsSayWhatAKnownPictureShows(t *testing.T) {
	t.Parallel()
	c := newClock()
	c.freeze()
	s, err := sandbox.Start(t.Context(), sandbox.Config{
		Dir: t.TempDir(), Pace: 0.05, Now: c.now,
		Known: []sandbox.Known{{square(500, 90), "asleep in the corner"}, {square(100, 90), "leaping"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	dataset := newDataset(t, s, newProject(t, s, lora))
	caption := func(picture []byte) string {
		image := upload(t, s, dataset, base64.StdEncoding.EncodeToString(picture))
		c.advance(time.Minute)
		said, _ := bria(t, s, "GET", fmt.Sprintf("%s/images/%d", datasetPath(dataset), image), "").want(t, 200).object(t)["caption"].(string)
		return said
	}
	if got := caption(square(100, 70)); got != "leaping" {
		t.Errorf("a copy of the known picture is captioned %q", got)
	}
	if got := caption(square(300, 90)); !strings.Contains(got, "green and red") {
		t.Errorf("another one is captioned %q", got)
	}
}
