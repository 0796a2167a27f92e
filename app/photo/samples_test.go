package photo_test

import (
	"bytes"
	"testing"

	"github.com/maquette-studio/maquette/app/photo"
)

func TestSamplesAreAlwaysTheSameUsablePhotos(t *testing.T) {
	samples, again := photo.Samples(3), photo.Samples(2)
	captions := map[string]bool{}
	for i, s := range samples {
		info, err := photo.Inspect(t.Context(), bytes.NewReader(s.JPEG), s.Name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Format != "jpeg" || info.Width != 1024 || info.Height != 1024 || len(info.Notes) != 0 {
			t.Errorf("%s is %+v", s.Name, info)
		}
		if s.Caption == "" || captions[s.Caption] {
			t.Errorf("%s is captioned %q", s.Name, s.Caption)
		}
		captions[s.Caption] = true
		if i < len(again) && !bytes.Equal(s.JPEG, again[i].JPEG) {
			t.Errorf("%s differs when drawn again", s.Name)
		}
	}
	if len(photo.Samples(-1)) != 0 {
		t.Error("fewer than no samples")
	}
}
