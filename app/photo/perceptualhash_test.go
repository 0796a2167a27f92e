package photo_test

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"reflect"
	"testing"

	"github.com/disintegration/imaging"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/assets"
)

func inspect(t *testing.T, file []byte) photo.Info {
	t.Helper()
	info, err := photo.Inspect(t.Context(), bytes.NewReader(file), "")
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func TestNearDuplicatesAreFoundAndOthersAreNot(t *testing.T) {
	samples := assets.Samples(8)
	first, err := photo.Decode(t.Context(), bytes.NewReader(samples[0].JPEG))
	if err != nil {
		t.Fatal(err)
	}
	var infos []photo.Info
	for _, s := range samples {
		infos = append(infos, inspect(t, s.JPEG))
	}
	infos = append(infos,
		inspect(t, jpegOf(imaging.Resize(first, 300, 300, imaging.Lanczos))),
		inspect(t, pngOf(imaging.AdjustBrightness(first, 6))),
		inspect(t, samples[3].JPEG),
	)
	want := [][]int{{0, 8, 9}, {3, 10}}
	if got := photo.NearDuplicates(infos); !reflect.DeepEqual(got, want) {
		t.Errorf("groups are %v, want %v", got, want)
	}
}

func TestFlatPicturesAreNotTakenForEachOther(t *testing.T) {
	black := image.NewNRGBA(image.Rect(0, 0, 50, 50))
	infos := []photo.Info{inspect(t, pngOf(black)), inspect(t, pngOf(imaging.Invert(black)))}
	if got := photo.NearDuplicates(infos); got != nil {
		t.Errorf("groups are %v", got)
	}
}

func TestABlurredPhotoIsLessSharp(t *testing.T) {
	sample := assets.Samples(1)[0].JPEG
	img, err := photo.Decode(t.Context(), bytes.NewReader(sample))
	if err != nil {
		t.Fatal(err)
	}
	sharp, soft := inspect(t, sample).Sharpness, inspect(t, jpegOf(imaging.Blur(img, 4))).Sharpness
	if sharp < 3*soft {
		t.Errorf("sharp is %.1f, blurred is %.1f", sharp, soft)
	}
}

func TestThumbnailsFitAndAreNeverEnlarged(t *testing.T) {
	for _, c := range []struct{ w, h, edge, wantW, wantH int }{
		{640, 480, 100, 100, 75},
		{480, 640, 100, 75, 100},
		{50, 40, 100, 50, 40},
		{3000, 2, 100, 100, 1},
		{1001, 999, 64, 64, 64},
		{100, 100, 0, 1, 1},
	} {
		img := image.NewNRGBA(image.Rect(0, 0, c.w, c.h))
		for i := range img.Pix {
			img.Pix[i] = []uint8{200, 100, 50, 255}[i%4]
		}
		for name, file := range map[string][]byte{"jpeg": jpegOf(img), "png": pngOf(img)} {
			thumb, err := photo.Thumbnail(t.Context(), bytes.NewReader(file), c.edge)
			if err != nil {
				t.Fatal(err)
			}
			if thumb.Rect != image.Rect(0, 0, c.wantW, c.wantH) || thumb.Stride != 4*c.wantW {
				t.Errorf("%s of %d × %d is %v, stride %d", name, c.w, c.h, thumb.Rect, thumb.Stride)
			}
			if p := thumb.RGBAAt(0, 0); !near(uint32(p.R), 200, 4) || !near(uint32(p.G), 100, 4) || !near(uint32(p.B), 50, 4) {
				t.Errorf("%s of %d × %d shows %v", name, c.w, c.h, p)
			}
		}
	}
}

func TestToRGBAStartsAtTheOrigin(t *testing.T) {
	src := image.NewRGBA(image.Rect(0, 0, 10, 10))
	src.Set(4, 5, color.White)
	out := photo.ToRGBA(src.SubImage(image.Rect(4, 5, 8, 9)))
	if out.Rect != image.Rect(0, 0, 4, 4) || out.Stride != 16 || out.RGBAAt(0, 0) != (color.RGBA{255, 255, 255, 255}) {
		t.Errorf("got %v, stride %d", out.Rect, out.Stride)
	}
}

// twelveMegapixels looks like a photo to an encoder: waves and fine detail.
func twelveMegapixels() image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 4000, 3000))
	seed := uint32(1)
	for y := range 3000 {
		for x := range 4000 {
			seed = seed*1664525 + 1013904223
			v := 128 + 90*math.Sin(float64(x)/97)*math.Cos(float64(y)/131)
			img.SetRGBA(x, y, color.RGBA{uint8(v), uint8(v/2) + uint8(seed>>28), uint8(255 - v), 255})
		}
	}
	return img
}

func BenchmarkThumbnail(b *testing.B) {
	for name, file := range map[string][]byte{
		"12MP": jpegOf(twelveMegapixels()), "1024": assets.Samples(1)[0].JPEG,
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := photo.Thumbnail(b.Context(), bytes.NewReader(file), 256); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "thumbnails/s")
		})
	}
}

func BenchmarkInspect(b *testing.B) {
	file := jpegOf(twelveMegapixels())
	for b.Loop() {
		if _, err := photo.Inspect(b.Context(), bytes.NewReader(file), ""); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSamples(b *testing.B) {
	for b.Loop() {
		assets.Samples(1)
	}
}
