package photo_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"image"
	"runtime"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/photo"
)

func TestEveryKindOfPhotoIsUnderstood(t *testing.T) {
	alpha := quarterPicture()
	alpha.Pix[3] = 100
	for name, c := range map[string]struct {
		file        []byte
		format, ext string
		alpha       bool
	}{
		"baseline.jpg":    {jpegOf(quarterPicture()), "jpeg", "jpg", false},
		"progressive.jpg": {read(t, "progressive.jpg"), "jpeg", "jpg", false},
		"grey.jpg":        {read(t, "grey.jpg"), "jpeg", "jpg", false},
		"plain.png":       {pngOf(quarterPicture()), "png", "png", false},
		"alpha.png":       {pngOf(alpha), "png", "png", true},
		"interlaced.png":  {read(t, "interlaced.png"), "png", "png", false},
		"sixteen.png":     {read(t, "sixteen.png"), "png", "png", false},
		"palette.png":     {read(t, "palette.png"), "png", "png", false},
		"lossy.webp":      {read(t, "lossy.webp"), "webp", "webp", false},
		"lossless.webp":   {read(t, "lossless.webp"), "webp", "webp", false},
		"alpha.webp":      {read(t, "alpha.webp"), "webp", "webp", true},
	} {
		t.Run(name, func(t *testing.T) {
			info, err := photo.Inspect(t.Context(), bytes.NewReader(c.file), "/home/someone/"+name)
			if err != nil {
				t.Fatal(err)
			}
			sum := sha256.Sum256(c.file)
			if info.Hash != hex.EncodeToString(sum[:]) || info.Bytes != int64(len(c.file)) {
				t.Errorf("hash or size is not the file's: %+v", info)
			}
			if info.Format != c.format || info.Ext != c.ext || info.HasAlpha != c.alpha {
				t.Errorf("got %s, .%s, alpha %v", info.Format, info.Ext, info.HasAlpha)
			}
			if info.Width != quarterW || info.Height != quarterH || info.Orientation != 1 || len(info.Notes) != 0 {
				t.Errorf("got %+v", info)
			}
		})
	}
}

func TestWhatCannotBeUsedIsSaidInWords(t *testing.T) {
	jpg, png, lossy := jpegOf(quarterPicture()), pngOf(quarterPicture()), read(t, "lossy.webp")
	damaged := bytes.Clone(png)
	damaged[len(damaged)-20] ^= 0xff
	for name, c := range map[string]struct {
		file []byte
		says string
	}{
		"empty.jpg":     {nil, "is empty"},
		"zeros.jpg":     {make([]byte, 3000), "is not a picture (it holds nothing but zeros)"},
		"noise.jpg":     {[]byte("\x01\x02\xfe\xfd\x03\x04\x99\x98"), "is not a picture"},
		"letter.jpg":    {[]byte("%PDF-1.7\n"), "is not a picture (it looks like a PDF)"},
		"notes.jpg":     {[]byte("Dear diary, BM is not a bitmap. Grüße"), "is not a picture (it looks like text)"},
		"page.jpg":      {[]byte("<!DOCTYPE html><html>"), "is not a picture (it looks like a web page)"},
		"clip.jpg":      {[]byte("\x00\x00\x00\x20ftypisom\x00\x00\x02\x00"), "is not a picture (it looks like a video)"},
		"photos.jpg":    {[]byte("PK\x03\x04...."), "is not a picture (it looks like a ZIP archive)"},
		"a.heic":        {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), "is cut short"},
		"b.heic":        {[]byte("\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic"), "is cut short"},
		"a.avif":        {[]byte("\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1"), "is cut short"},
		"a.gif":         {[]byte("GIF89a\x01\x00\x01\x00"), "is a GIF picture; save it as JPEG or PNG"},
		"a.tif":         {[]byte("II*\x00\x08\x00\x00\x00"), "is cut short"},
		"a.bmp":         {[]byte("BM\x46\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00"), "is a BMP picture; save it as JPEG or PNG"},
		"a.svg":         {[]byte(`<?xml version="1.0"?> <svg xmlns="x"/>`), "is an SVG picture; save it as JPEG or PNG"},
		"a.cr2":         {[]byte("II*\x00\x10\x00\x00\x00CR\x02\x00\x00\x00\x00\x00"), "is a camera RAW file, which isn't read; export it as JPEG"},
		"a.cr3":         {[]byte("\x00\x00\x00\x18ftypcrx \x00\x00\x00\x01crx isom"), "is a camera RAW file, which isn't read; export it as JPEG"},
		"a.raf":         {[]byte("FUJIFILMCCD-RAW 0201FF129502"), "is a camera RAW file, which isn't read; export it as JPEG"},
		"a.orf":         {[]byte("IIRO\x08\x00\x00\x00"), "is a camera RAW file, which isn't read; export it as JPEG"},
		"a.rw2":         {[]byte("IIU\x00\x18\x00\x00\x00"), "is a camera RAW file, which isn't read; export it as JPEG"},
		"a.dng":         {rawTIFF(50706, 4), "is a camera RAW file, which isn't read; export it as JPEG"},
		"a.nef":         {rawTIFF(254, 1, 271, 9, 330, 300), "is a camera RAW file, which isn't read; export it as JPEG"},
		"a.arw":         {rawTIFF(262, 6, 271, 9, 330, 300), "is a camera RAW file, which isn't read; export it as JPEG"},
		"a.pef":         {rawTIFF(262, 32803, 271, 9), "is a camera RAW file, which isn't read; export it as JPEG"},
		"animated.webp": {read(t, "animated.webp"), "is animated; save one frame of it as JPEG or PNG"},
		"animated.png":  {withChunks(png, pngChunk("acTL", "\x00\x00\x00\x02\x00\x00\x00\x00")), "is animated; save one frame of it as JPEG or PNG"},
		"wide.png":      {bigPNG(30000, 30000), "is 30000 × 30000 pixels; the limit is 16,384 along a side and 100 megapixels in all"},
		"vast.png":      {bigPNG(1<<31-1, 1<<31-1), "is damaged; save it anew as JPEG or PNG"},
		"large.png":     {bigPNG(12000, 12000), "is 12000 × 12000 pixels; the limit is 16,384 along a side and 100 megapixels in all"},
		"wide.jpg":      {bigJPEG(65535, 65535), "is 65535 × 65535 pixels; the limit is 16,384 along a side and 100 megapixels in all"},
		"flat.jpg":      {bigJPEG(0, 10), "is 0 × 10 pixels; there is nothing to see"},
		"claims.png":    {bigPNG(9999, 9999), "is cut short"},
		"claims.jpg":    {bigJPEG(9999, 9999), "is cut short"},
		"damaged.png":   {damaged, "is damaged; save it anew as JPEG or PNG"},
		"short.jpg":     {jpg[:3], "is cut short"},
		"half.jpg":      {jpg[:len(jpg)/2], "is cut short"},
		"noend.jpg":     {jpg[:len(jpg)-2], "is cut short"},
		"almost.jpg":    {jpg[:len(jpg)-1], "is cut short"},
		"half.png":      {png[:len(png)/2], "is cut short"},
		"noend.png":     {png[:len(png)-12], "is cut short"},
		"almost.png":    {png[:len(png)-1], "is cut short"},
		"half.webp":     {lossy[:len(lossy)/2], "is cut short"},
		"almost.webp":   {lossy[:len(lossy)-1], "is cut short"},
	} {
		t.Run(name, func(t *testing.T) {
			info, err := photo.Inspect(t.Context(), bytes.NewReader(c.file), "/home/someone/"+name)
			var rejected *photo.Rejected
			if !errors.As(err, &rejected) {
				t.Fatalf("got %+v, %v", info, err)
			}
			if rejected.Name != name || rejected.Reason.String() != c.says {
				t.Errorf("says: %v", rejected)
			}
		})
	}
}

func TestEveryTruncationIsNoticed(t *testing.T) {
	for name, file := range map[string][]byte{
		"baseline.jpg":    jpegOf(quarterPicture()),
		"progressive.jpg": read(t, "progressive.jpg"),
		"plain.png":       pngOf(quarterPicture()),
		"interlaced.png":  read(t, "interlaced.png"),
		"lossy.webp":      read(t, "lossy.webp"),
		"lossless.webp":   read(t, "lossless.webp"),
		"alpha.webp":      read(t, "alpha.webp"),
	} {
		for length := range file {
			if _, err := photo.Inspect(t.Context(), bytes.NewReader(file[:length]), name); err == nil {
				t.Errorf("%s cut to %d of %d bytes passes", name, length, len(file))
			}
		}
	}
}

func TestHeadersThatClaimMuchCostLittle(t *testing.T) {
	for _, file := range [][]byte{bigPNG(30000, 30000), bigPNG(9999, 9999), bigJPEG(65000, 65000), bigJPEG(9999, 9999)} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := photo.Decode(t.Context(), bytes.NewReader(file)); err == nil {
			t.Error("passes")
		}
		runtime.ReadMemStats(&after)
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 4<<20 {
			t.Errorf("allocated %d bytes", grown)
		}
	}
}

func TestFlatPicturesThatPackSmallPass(t *testing.T) {
	flat := image.NewGray(image.Rect(0, 0, 3000, 2000))
	for name, file := range map[string][]byte{"flat.jpg": jpegOf(flat), "flat.png": pngOf(flat)} {
		if _, err := photo.Inspect(t.Context(), bytes.NewReader(file), name); err != nil {
			t.Error(err)
		}
	}
}

func TestANameThatBeliesTheContentIsNoted(t *testing.T) {
	info, err := photo.Inspect(t.Context(), bytes.NewReader(pngOf(quarterPicture())), "cat.JPG")
	if err != nil {
		t.Fatal(err)
	}
	if info.Ext != "png" || len(info.Notes) != 1 || info.Notes[0].String() != "named .jpg but is a PNG" {
		t.Errorf("got %+v", info)
	}
}

func TestALocationIsNoted(t *testing.T) {
	located := withSegments(jpegOf(quarterPicture()), segment(0xe1, "Exif\x00\x00"+exifBlock(binary.BigEndian, 1)))
	info, err := photo.Inspect(t.Context(), bytes.NewReader(located), "cat.jpg")
	if err != nil {
		t.Fatal(err)
	}
	if len(info.Notes) != 1 || !strings.Contains(info.Notes[0].String(), "where it was taken") {
		t.Errorf("notes are %q", info.Notes)
	}
}

func TestInspectingStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := photo.Inspect(ctx, bytes.NewReader(jpegOf(quarterPicture())), "cat.jpg")
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestPicturesLandUprightForEveryOrientation(t *testing.T) {
	const r, g, b, w = 0, 1, 2, 3
	landings := [9][4]int{
		1: {r, g, b, w}, 2: {g, r, w, b}, 3: {w, b, g, r}, 4: {b, w, r, g},
		5: {r, b, g, w}, 6: {b, r, w, g}, 7: {w, g, b, r}, 8: {g, w, r, b},
	}
	for orientation := 1; orientation <= 8; orientation++ {
		little, big := exifBlock(binary.LittleEndian, orientation), exifBlock(binary.BigEndian, orientation)
		for name, file := range map[string][]byte{
			"jpeg": withSegments(jpegOf(quarterPicture()), segment(0xe1, "Exif\x00\x00"+little)),
			"png":  withChunks(pngOf(quarterPicture()), pngChunk("eXIf", big)),
			"webp": extendedWebP(read(t, "lossless.webp"), quarterW, quarterH, 1<<3, webpChunk("EXIF", little)),
		} {
			img, err := photo.Decode(t.Context(), bytes.NewReader(file))
			if err != nil {
				t.Fatalf("%s %d: %v", name, orientation, err)
			}
			if got := shown(img); got != landings[orientation] {
				t.Errorf("%s %d shows %v, want %v", name, orientation, got, landings[orientation])
			}
			info, err := photo.Inspect(t.Context(), bytes.NewReader(file), "")
			if err != nil {
				t.Fatal(err)
			}
			if info.Orientation != orientation || info.Width != img.Bounds().Dx() || info.Height != img.Bounds().Dy() {
				t.Errorf("%s %d is described as %+v", name, orientation, info)
			}
			thumb, err := photo.Thumbnail(t.Context(), bytes.NewReader(file), 16)
			if err != nil {
				t.Fatal(err)
			}
			if got := shown(thumb); got != landings[orientation] {
				t.Errorf("%s %d's thumbnail shows %v", name, orientation, got)
			}
		}
	}
}

// shown tells which of the quarters' colours each quarter of img shows; -1
// when none.
func shown(img image.Image) (out [4]int) {
	b := img.Bounds()
	for i := range out {
		out[i] = -1
		r, g, bl, _ := img.At(b.Dx()/4+i%2*b.Dx()/2, b.Dy()/4+i/2*b.Dy()/2).RGBA()
		for j, q := range quarters {
			if near(r>>8, q.R, 12) && near(g>>8, q.G, 12) && near(bl>>8, q.B, 12) {
				out[i] = j
			}
		}
	}
	return out
}

func near(a uint32, b uint8, by int) bool {
	d := int(a) - int(b)
	return -by <= d && d <= by
}
