package assets_test

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/assets"
)

// mostBytes is what all samples may add to the program.
const mostBytes = 500_000

func TestSamplesAreUsablePhotosThatDiffer(t *testing.T) {
	samples := assets.Samples(8)
	if len(samples) != 8 {
		t.Fatalf("there are %d samples", len(samples))
	}
	captions := map[string]bool{}
	var infos []photo.Info
	bytesInAll := 0
	for _, s := range samples {
		info, err := photo.Inspect(t.Context(), bytes.NewReader(s.JPEG), s.Name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Format != "jpeg" || info.Width != 1024 || info.Height != 1024 || len(info.Notes) != 0 || info.Sharpness < 40 {
			t.Errorf("%s is %+v", s.Name, info)
		}
		if s.Caption == "" || captions[s.Caption] {
			t.Errorf("%s is captioned %q", s.Name, s.Caption)
		}
		captions[s.Caption] = true
		infos = append(infos, info)
		bytesInAll += len(s.JPEG)
	}
	if alike := photo.NearDuplicates(infos); alike != nil {
		t.Errorf("these look alike: %v", alike)
	}
	if bytesInAll > mostBytes {
		t.Errorf("they have %d bytes", bytesInAll)
	}
}

func TestFewerSamplesAreTheFirst(t *testing.T) {
	all := assets.Samples(100)
	if three := assets.Samples(3); !reflect.DeepEqual(three, all[:3]) {
		t.Error("three samples are not the first three")
	}
	if len(assets.Samples(-1)) != 0 {
		t.Error("fewer than no samples")
	}
}
