package photo_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"testing"

	"github.com/maquette-studio/maquette/app/photo"
)

func prepare(t *testing.T, file []byte, crop photo.Crop) photo.Prepared {
	t.Helper()
	out, err := photo.Prepare(t.Context(), bytes.NewReader(file), photo.Options{Crop: crop})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestNothingButPixelsLeaves(t *testing.T) {
	exif := exifBlock(binary.LittleEndian, 6)
	xmp := "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>SECRET-XMP</x:xmpmeta>"
	profile := matrixProfile(displayP3, 2.2) + "SECRET-ICC"
	planted := map[string][]byte{
		"jpeg": append(withSegments(jpegOf(quarterPicture()),
			segment(0xe1, "Exif\x00\x00"+exif),
			segment(0xe1, xmp),
			iccSegment(profile),
			segment(0xed, "Photoshop 3.0\x008BIM\x04\x04SECRET-IPTC"),
			segment(0xfe, "SECRET-COMMENT")), "SECRET-TRAILER"...),
		"png": append(withChunks(pngOf(quarterPicture()),
			pngChunk("eXIf", exif),
			pngChunk("iCCP", "SECRET-NAME\x00\x00"+deflated(profile)),
			pngChunk("tEXt", "Comment\x00SECRET-TEXT"),
			pngChunk("zTXt", "Comment\x00\x00"+deflated("SECRET-ZTEXT")),
			pngChunk("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00SECRET-XMP"),
			pngChunk("tIME", "\x07\xea\x01\x02\x03\x04\x05")), "SECRET-TRAILER"...),
		"webp": append(extendedWebP(read(t, "lossless.webp"), quarterW, quarterH, 1<<3|1<<2|1<<5,
			webpChunk("ICCP", profile), webpChunk("EXIF", exif), webpChunk("XMP ", xmp)), "SECRET-TRAILER"...),
	}
	traces := []string{
		"SECRET", "GPS", "52.52", "Exif", "II*", "MM\x00", "xmp", "adobe", "8BIM", "ICC_PROFILE", "acsp",
		"eXIf", "tEXt", "zTXt", "iTXt", "iCCP", "tIME", "Comment", "\xff\xe1", "\xff\xe2", "\xff\xed", "\xff\xfe",
	}
	for name, file := range planted {
		out := prepare(t, file, photo.Crop{})
		for _, trace := range traces {
			if !bytes.Contains(file, []byte("SECRET")) || bytes.Contains(out.Bytes, []byte(trace)) {
				t.Errorf("%s: %q is still in the copy", name, trace)
			}
		}
		if out.Width != quarterH || out.Height != quarterW {
			t.Errorf("%s: the copy is %d × %d", name, out.Width, out.Height)
		}
		info, err := photo.Inspect(t.Context(), bytes.NewReader(out.Bytes), "copy."+out.Ext)
		if err != nil || info.Orientation != 1 || info.Hash != out.Hash || len(info.Notes) != 0 {
			t.Errorf("%s: the copy is %+v, %v", name, info, err)
		}
	}
}

func TestFormatsThatLeave(t *testing.T) {
	for name, want := range map[string]string{
		"progressive.jpg": "jpg", "grey.jpg": "jpg", "palette.png": "png", "sixteen.png": "png",
		"lossy.webp": "jpg", "lossless.webp": "jpg", "alpha.webp": "png",
	} {
		out := prepare(t, read(t, name), photo.Crop{})
		img, format, err := image.Decode(bytes.NewReader(out.Bytes))
		if err != nil || out.Ext != want || format != map[string]string{"jpg": "jpeg", "png": "png"}[want] {
			t.Errorf("%s leaves as %s (%s), %v", name, out.Ext, format, err)
			continue
		}
		if name != "grey.jpg" && name != "alpha.webp" && shown(img) != [4]int{0, 1, 2, 3} {
			t.Errorf("%s shows %v", name, shown(img))
		}
		switch img.(type) {
		case *image.NRGBA64, *image.RGBA64, *image.Paletted:
			t.Errorf("%s leaves as %T", name, img)
		}
	}
}

func TestCropsAreTakenFromTheUprightPicture(t *testing.T) {
	turned := withSegments(jpegOf(quarterPicture()), segment(0xe1, "Exif\x00\x00"+exifBlock(binary.BigEndian, 6)))
	// Upright it is 48 × 64 and its top left quarter is blue.
	out := prepare(t, turned, photo.Crop{X: 0, Y: 0, W: 24, H: 32})
	img, err := photo.Decode(t.Context(), bytes.NewReader(out.Bytes))
	if err != nil {
		t.Fatal(err)
	}
	if out.Width != 24 || out.Height != 32 || shown(img) != [4]int{2, 2, 2, 2} {
		t.Errorf("got %d × %d showing %v", out.Width, out.Height, shown(img))
	}
}

func TestCropsOutsideThePictureAreRefused(t *testing.T) {
	const huge = int(^uint(0) >> 1)
	for _, crop := range []photo.Crop{
		{X: -1, W: 10, H: 10}, {X: 60, W: 10, H: 10}, {W: 10}, {W: 65, H: 10}, {X: huge, Y: huge, W: huge, H: huge},
	} {
		var rejected *photo.Rejected
		if _, err := photo.Prepare(t.Context(), bytes.NewReader(jpegOf(quarterPicture())), photo.Options{Crop: crop}); !errors.As(err, &rejected) {
			t.Errorf("%v: %v", crop, err)
		}
	}
}

func TestColoursKeepTheirLookWithoutTheirProfile(t *testing.T) {
	flat := image.NewNRGBA(image.Rect(0, 0, 32, 32))
	for i := range flat.Pix {
		flat.Pix[i] = []uint8{180, 90, 60, 255}[i%4]
	}
	// sRGB's own primaries under D50, and a gamma that is close to its curve.
	sRGB := [3][3]float64{{0.436066, 0.222488, 0.013916}, {0.385147, 0.716873, 0.097076}, {0.143066, 0.060608, 0.714096}}
	// 180, 90, 60 of Display P3 with gamma 2.2 is this in sRGB, computed with
	// the CSS Color 4 matrices.
	for name, c := range map[string]struct {
		profile string
		want    color.NRGBA
		notes   []string
	}{
		"Display P3":   {matrixProfile(displayP3, 2.2), color.NRGBA{194, 86, 49, 255}, nil},
		"sRGB":         {matrixProfile(sRGB, 2.2), color.NRGBA{180, 90, 60, 255}, nil},
		"a broken one": {"nonsense", color.NRGBA{180, 90, 60, 255}, []string{"has a colour profile that cannot be converted; its colours may shift a little"}},
	} {
		for format, file := range map[string][]byte{
			"jpeg": withSegments(jpegOf(flat), iccSegment(c.profile)),
			"png":  withChunks(pngOf(flat), pngChunk("iCCP", "p\x00\x00"+deflated(c.profile))),
		} {
			out := prepare(t, file, photo.Crop{})
			img, err := photo.Decode(t.Context(), bytes.NewReader(out.Bytes))
			if err != nil {
				t.Fatal(err)
			}
			r, g, b, _ := img.At(16, 16).RGBA()
			if !near(r>>8, c.want.R, 5) || !near(g>>8, c.want.G, 5) || !near(b>>8, c.want.B, 5) {
				t.Errorf("%s in a %s becomes %d, %d, %d", name, format, r>>8, g>>8, b>>8)
			}
			if fmt.Sprint(out.Notes) != fmt.Sprint(c.notes) {
				t.Errorf("%s notes %q", name, out.Notes)
			}
		}
	}
}
