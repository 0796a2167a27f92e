package photo_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/storage/bounds"
)

// fuzzPixels keeps the fuzzer from spending its time on large pictures.
const fuzzPixels = 256 * 256

func FuzzInspect(f *testing.F) {
	for _, name := range []string{
		"alpha.webp", "animated.webp", "cmyk.jpg", "grey.jpg", "interlaced.png", "lossless.webp",
		"lossy.webp", "palette.png", "progressive.jpg", "sixteen.png",
		"picture.heic", "located.heic", "picture.avif", "turned.avif", "grid.avif", "lzw.tif", "tiled.tif", "cmyk.tif", "packbits.tif",
	} {
		f.Add(read(f, name))
	}
	profile := matrixProfile(displayP3, 2.2)
	f.Add(withSegments(read(f, "progressive.jpg"), iccSegment(profile), segment(0xe1, "Exif\x00\x00"+exifBlock(binary.LittleEndian, 7))))
	f.Add(withChunks(pngOf(quarterPicture()), pngChunk("iCCP", "p\x00\x00"+deflated(profile))))
	f.Add(bigPNG(200, 200))
	warmDecoders(f)
	f.Fuzz(func(t *testing.T, file []byte) {
		bounds.Hold(t, bounds.Picture, func() { wantInspect(t, file) })
	})
}

// warmDecoders has what decodes HEIC and AVIF compiled, which takes a busy machine
// longer than the 10 s that Go's fuzzing gives to one input.
func warmDecoders(f *testing.F) {
	for _, name := range []string{"picture.heic", "picture.avif"} {
		if _, err := photo.Inspect(f.Context(), bytes.NewReader(read(f, name)), name); err != nil {
			f.Fatal(err)
		}
	}
}

func wantInspect(t *testing.T, file []byte) {
	t.Helper()
	info, err := photo.Inspect(t.Context(), bytes.NewReader(file), "x.jpg")
	var rejected *photo.Rejected
	if err != nil {
		if !errors.As(err, &rejected) || rejected.Reason.IsZero() || rejected.Name != "x.jpg" {
			t.Fatalf("says %v", err)
		}
		return
	}
	if info.Width <= 0 || info.Height <= 0 || info.Width*info.Height > photo.MaxPixels {
		t.Fatalf("passes as %+v", info)
	}
	if info.Width*info.Height > fuzzPixels {
		return
	}
	out, err := photo.Prepare(t.Context(), bytes.NewReader(file), photo.Options{})
	if err != nil || out.Width != info.Width || out.Height != info.Height {
		t.Fatalf("is inspected as %+v but prepared as %d × %d, %v", info, out.Width, out.Height, err)
	}
}

func FuzzExamine(f *testing.F) {
	jpg, file := jpegOf(detailed(64, 64)), pngOf(detailed(64, 64))
	for _, whole := range [][]byte{
		jpg, file, flatJPEG(2, []uint8{10, 20, 30, 40}), read(f, "progressive.jpg"), read(f, "cmyk.jpg"), read(f, "interlaced.png"), read(f, "sixteen.png"),
		read(f, "palette.png"), read(f, "lossy.webp"), read(f, "alpha.webp"), read(f, "animated.webp"),
	} {
		f.Add(whole)
		f.Add(whole[:len(whole)*2/3])
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		bounds.Hold(t, bounds.Picture, func() { wantExamine(t, file) })
	})
}

func wantExamine(t *testing.T, file []byte) {
	t.Helper()
	found, err := photo.Examine(t.Context(), bytes.NewReader(file), "")
	if err != nil {
		t.Fatal(err)
	}
	if found.NotPicture.IsZero() && found.Ext == "" || found.Share < 0 || found.Share > 1 || found.Width < 0 || found.Height < 0 {
		t.Fatalf("found %+v", found)
	}
	if found.Width*found.Height > fuzzPixels {
		return
	}
	img, err := photo.Thumbnail(t.Context(), bytes.NewReader(file), 64)
	shown := found.NotPicture.IsZero() && found.Unreadable.IsZero() && found.Ext != photo.ExtVector
	if shown && err != nil {
		t.Fatalf("found %+v, but it is shown as %v, %v", found, img, err)
	}
}

func FuzzOrientation(f *testing.F) {
	f.Add([]byte(exifBlock(binary.LittleEndian, 6)))
	f.Add([]byte(exifBlock(binary.BigEndian, 200)))
	f.Add([]byte("MM\x00*\xff\xff\xff\xff"))
	plain := pngOf(quarterPicture())
	f.Fuzz(func(t *testing.T, exif []byte) {
		bounds.Hold(t, bounds.Picture, func() { wantOrientation(t, exif, plain) })
	})
}

func wantOrientation(t *testing.T, exif, plain []byte) {
	t.Helper()
	info, err := photo.Inspect(t.Context(), bytes.NewReader(withChunks(plain, pngChunk("eXIf", string(exif)))), "")
	if err != nil {
		t.Fatal(err)
	}
	turned := info.Orientation >= 5
	if info.Orientation < 1 || info.Orientation > 8 || turned != (info.Width == quarterH) {
		t.Fatalf("got %+v", info)
	}
}
