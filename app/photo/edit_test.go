package photo_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"reflect"
	"testing"

	"github.com/maquette-studio/maquette/app/photo"
)

func edited(t *testing.T, file []byte, edit photo.Options) (photo.Prepared, image.Image) {
	t.Helper()
	out, err := photo.Prepare(t.Context(), bytes.NewReader(file), edit)
	if err != nil {
		t.Fatal(err)
	}
	img, err := photo.Decode(t.Context(), bytes.NewReader(out.Bytes))
	if err != nil {
		t.Fatal(err)
	}
	if w, h := img.Bounds().Dx(), img.Bounds().Dy(); w != out.Width || h != out.Height {
		t.Errorf("the copy is %d × %d, not %d × %d as it says", w, h, out.Width, out.Height)
	}
	return out, img
}

func TestACopyIsEnlargedToItsShorterEdge(t *testing.T) {
	for _, row := range []struct {
		edit photo.Options
		w, h int
	}{
		{photo.Options{}, quarterW, quarterH},
		{photo.Options{MinEdge: quarterH}, quarterW, quarterH},
		{photo.Options{MinEdge: quarterH / 2}, quarterW, quarterH},
		{photo.Options{MinEdge: quarterH * 2}, quarterW * 2, quarterH * 2},
		{photo.Options{Crop: photo.Crop{X: 2, Y: 4, W: 10, H: 20}, MinEdge: 15}, 15, 30},
	} {
		for name, file := range map[string][]byte{"jpeg": jpegOf(quarterPicture()), "png": pngOf(quarterPicture())} {
			out, _ := edited(t, file, row.edit)
			if out.Width != row.w || out.Height != row.h {
				t.Errorf("%s with %+v is %d × %d", name, row.edit, out.Width, out.Height)
			}
		}
		if w, h := row.edit.Size(quarterW, quarterH); w != row.w || h != row.h {
			t.Errorf("%+v promises %d × %d", row.edit, w, h)
		}
	}
}

func TestACopyBeyondTheLimitsIsRefused(t *testing.T) {
	var rejected *photo.Rejected
	edit := photo.Options{Crop: photo.Crop{W: quarterW, H: 1}, MinEdge: 4000}
	if _, err := photo.Prepare(t.Context(), bytes.NewReader(jpegOf(quarterPicture())), edit); !errors.As(err, &rejected) {
		t.Errorf("got %v", err)
	}
}

func TestTransparencyIsFlattenedOntoTheColourChosen(t *testing.T) {
	blank := image.NewNRGBA(image.Rect(0, 0, 20, 20))
	for x := range 10 {
		for y := range 20 {
			blank.SetNRGBA(x, y, color.NRGBA{R: 200, A: 255})
		}
	}
	out, img := edited(t, pngOf(blank), photo.Options{Background: color.White})
	if got := color.NRGBAModel.Convert(img.At(15, 5)); out.Ext != "png" || got != (color.NRGBA{255, 255, 255, 255}) {
		t.Errorf("the %s shows %v where it was transparent", out.Ext, got)
	}
	if got := color.NRGBAModel.Convert(img.At(5, 5)); got != (color.NRGBA{200, 0, 0, 255}) {
		t.Errorf("it shows %v where it was red", got)
	}
	if info := inspect(t, out.Bytes); info.HasAlpha {
		t.Error("the copy still has transparent parts")
	}
	if _, img := edited(t, pngOf(blank), photo.Options{}); color.NRGBAModel.Convert(img.At(15, 5)).(color.NRGBA).A != 0 {
		t.Error("without a background the transparency is lost")
	}
	if out, _ := edited(t, read(t, "alpha.webp"), photo.Options{Background: color.White}); out.Ext != "jpg" {
		t.Errorf("a flattened WebP leaves as %s", out.Ext)
	}
}

func TestTheThumbnailShowsTheEdit(t *testing.T) {
	edit := photo.Options{Crop: photo.Crop{W: quarterW / 2, H: quarterH / 2}}
	img, err := photo.EditedThumbnail(t.Context(), bytes.NewReader(pngOf(quarterPicture())), edit, 16)
	if err != nil {
		t.Fatal(err)
	}
	if img.Rect.Dx() > 16 || img.Rect.Dy() > 16 || shown(img) != [4]int{0, 0, 0, 0} {
		t.Errorf("%v shows %v", img.Rect, shown(img))
	}
}

// lined is grey, with fine lines over a part of it.
func lined(w, h int, part image.Rectangle) []byte {
	img := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			v := uint8(120)
			if (image.Point{x, y}).In(part) && (x+y)%4 < 2 {
				v = 250
			}
			img.SetGray(x, y, color.Gray{Y: v})
		}
	}
	return pngOf(img)
}

func TestTheSuggestedCropIsTheSquareWithTheMostDetail(t *testing.T) {
	for name, row := range map[string]struct {
		w, h int
		part image.Rectangle
		want photo.Crop
	}{
		"at the right":       {300, 100, image.Rect(200, 0, 300, 100), photo.Crop{X: 200, W: 100, H: 100}},
		"at the top":         {100, 250, image.Rect(0, 0, 100, 100), photo.Crop{W: 100, H: 100}},
		"nowhere":            {300, 100, image.Rectangle{}, photo.Crop{X: 100, W: 100, H: 100}},
		"square already":     {100, 100, image.Rect(0, 0, 10, 10), photo.Crop{}},
		"larger than a look": {4000, 1000, image.Rect(0, 0, 1000, 1000), photo.Crop{W: 1000, H: 1000}},
	} {
		got, err := photo.SuggestCrop(t.Context(), bytes.NewReader(lined(row.w, row.h, row.part)))
		near := func(a, b int) bool { return max(a-b, b-a) <= row.w/50+2 }
		if err != nil || !near(got.X, row.want.X) || !near(got.Y, row.want.Y) || got.W != row.want.W || got.H != row.want.H {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	turned := withSegments(jpegOf(quarterPicture()), segment(0xe1, "Exif\x00\x00"+exifBlock(binary.LittleEndian, 6)))
	got, err := photo.SuggestCrop(t.Context(), bytes.NewReader(turned))
	if err != nil || got.W != quarterH || got.H != quarterH || got.X != 0 {
		t.Errorf("of a photo lying on its side %v is suggested, %v", got, err)
	}
}

func TestTheBestAreSharpAndDifferent(t *testing.T) {
	const a, b, c = 0x00000000ffffffff, 0xffffffff00000000, 0x0f0f0f0f0f0f0f0f
	infos := []photo.Info{
		{Hash: "soft", PerceptualHash: a, Sharpness: 5},
		{Hash: "sharp", PerceptualHash: a, Sharpness: 300},
		{Hash: "nearly the same", PerceptualHash: a ^ 3, Sharpness: 290},
		{Hash: "its opposite", PerceptualHash: b, Sharpness: 100},
		{Hash: "another", PerceptualHash: c, Sharpness: 120},
	}
	for n, want := range map[int][]int{
		-1: {}, 0: {}, 1: {1}, 2: {1, 3}, 3: {1, 3, 4}, 4: {1, 2, 3, 4}, 9: {0, 1, 2, 3, 4},
	} {
		if got := photo.PickBest(infos, n); !reflect.DeepEqual(got, want) {
			t.Errorf("the best %d are %v, want %v", n, got, want)
		}
	}
	same := make([]photo.Info, 4)
	if got := photo.PickBest(same, 2); !reflect.DeepEqual(got, []int{0, 1}) {
		t.Errorf("of photos nothing is known of, %v are the best", got)
	}
}
