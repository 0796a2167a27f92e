package photo_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage/bounds"
)

const fox = `<?xml version="1.0" encoding="UTF-8"?>
<!-- a fox -->
<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10" viewBox="0 0 200 100">
  <rect x="0" y="0" width="100" height="100" fill="#ff0000"/>
  <script>alert("never run")</script>
</svg>`

func TestAVectorGraphicIsReadAndDrawn(t *testing.T) {
	if !providers.IsVector([]byte(fox)) {
		t.Fatal("it is not seen as one")
	}
	info, err := photo.InspectVector(t.Context(), strings.NewReader(fox), "fox.svg")
	if err != nil || info.Ext != "svg" || info.Width != 200 || info.Height != 100 || info.Bytes != int64(len(fox)) || len(info.Hash) != 64 {
		t.Errorf("%+v %v", info, err)
	}
	img, err := photo.VectorThumbnail(t.Context(), strings.NewReader(fox), 400)
	if err != nil {
		t.Fatal(err)
	}
	if size := img.Bounds().Size(); size.X != 400 || size.Y != 200 {
		t.Errorf("drawn at %v", size)
	}
	if left, right := img.RGBAAt(100, 100), img.RGBAAt(300, 100); left.R != 255 || left.A != 255 || right.A != 0 {
		t.Errorf("drawn as %v, %v", left, right)
	}
}

func TestTheSizeOfAVectorGraphic(t *testing.T) {
	for attributes, want := range map[string][2]int{
		`viewBox="0 0 64 32"`:                                {64, 32},
		`viewBox="0,0,64.4,32" width="5"`:                    {64, 32},
		`width="640px" height="480"`:                         {640, 480},
		`width="100%" height="100%"`:                         {300, 150},
		`viewBox="0 0 -1 NaN" width="1e9" height="Infinity"`: {300, 150},
		``: {300, 150},
	} {
		info, err := photo.InspectVector(t.Context(), strings.NewReader("<svg "+attributes+"/>"), "")
		if err != nil || info.Width != want[0] || info.Height != want[1] {
			t.Errorf("%s: %d × %d, %v", attributes, info.Width, info.Height, err)
		}
	}
}

func TestWhatIsNoWholeVectorGraphicIsRejected(t *testing.T) {
	for name, content := range map[string]string{
		"empty": "", "cut": fox[:len(fox)-8], "a page": "<html><body/></html>", "two roots": "<svg/><svg/>",
		"an unknown entity": "<svg>&boom;</svg>", "text": "no graphic",
	} {
		_, err := photo.InspectVector(t.Context(), strings.NewReader(content), "x.svg")
		if rejected := (*photo.Rejected)(nil); !errors.As(err, &rejected) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if providers.IsVector([]byte("\x89PNG\r\n")) || providers.IsVector([]byte("text <svg/>")) {
		t.Error("something else is seen as a vector graphic")
	}
}

func TestAGraphicIsShownOnlyWhereItWasOrdered(t *testing.T) {
	for _, row := range []struct{ content, ordered, unreadable, damaged string }{
		{fox, "svg", "", ""},
		{fox, "", "", ""},
		{fox, "jpg", "An SVG graphic came where a JPEG was ordered", ""},
		{fox, "PNG", "An SVG graphic came where a PNG was ordered", ""},
		{fox, providers.Pixels, "An SVG graphic came where a picture made of pixels was ordered", ""},
		{"<svg>" + strings.Repeat("<g>", 100_000), "jpg", "An SVG graphic came where a JPEG was ordered", ""},
		{string(pngOf(quarterPicture())), "svg", "", "A PNG picture came where an SVG graphic was ordered"},
		{string(pngOf(quarterPicture())), "jpg", "", ""},
		{"%PDF-1.7", "jpg", "It looks like a PDF", ""},
	} {
		found, err := photo.Examine(t.Context(), strings.NewReader(row.content), row.ordered)
		if err != nil || !strings.HasPrefix(found.Unreadable.String(), row.unreadable) || found.Unreadable.IsZero() != (row.unreadable == "") ||
			!strings.HasPrefix(found.Damaged.String(), row.damaged) || found.Damaged.IsZero() != (row.damaged == "") {
			t.Errorf("%.8s where %q was ordered is found to be %+v, %v", row.content, row.ordered, found, err)
		}
	}
}

// What might keep the drawing library busy without end is kept but not drawn.
func TestAHostileVectorGraphicIsNotDrawn(t *testing.T) {
	for name, content := range map[string]string{
		"definitions in circles": `<svg viewBox="0 0 9 9"><defs><g id="a"><use href="#a"/></g></defs><use href="#a"/></svg>`,
		"endless dashes":         `<svg viewBox="0 0 9 9"><path d="M0 0 L9 9" stroke="red" style="stroke-dasharray:1e-9"/></svg>`,
		"a tower of groups":      `<svg viewBox="0 0 9 9">` + strings.Repeat("<g>", 5000) + strings.Repeat("</g>", 5000) + `</svg>`,
	} {
		if _, err := photo.InspectVector(t.Context(), strings.NewReader(content), ""); err != nil {
			t.Errorf("%s: it isn't kept: %v", name, err)
		}
		_, err := photo.VectorThumbnail(t.Context(), strings.NewReader(content), 64)
		if rejected := (*photo.Rejected)(nil); !errors.As(err, &rejected) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzVectors(f *testing.F) {
	f.Add([]byte(fox))
	f.Add([]byte(`<svg viewBox="0 0 9 9"><path d="M0 0 C1 1 2"/><circle r="-1"/><use href="#x"/></svg>`))
	f.Fuzz(func(t *testing.T, content []byte) {
		bounds.Hold(t, bounds.Picture, func() {
			_, _ = photo.InspectVector(t.Context(), bytes.NewReader(content), "")
			_, _ = photo.VectorThumbnail(t.Context(), bytes.NewReader(content), 32)
		})
	})
}
