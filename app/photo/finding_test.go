package photo_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"strings"
	"testing"

	"golang.org/x/image/bmp"

	"github.com/maquette-studio/maquette/app/photo"
)

// examined is what Examine says of a file, and its thumbnail where there is one.
func examined(t *testing.T, file []byte) (photo.Finding, *image.RGBA) {
	t.Helper()
	found, err := photo.Examine(t.Context(), bytes.NewReader(file), "")
	if err != nil {
		t.Fatal(err)
	}
	img, err := photo.Thumbnail(t.Context(), bytes.NewReader(file), 4096)
	shown := found.NotPicture.IsZero() && found.Unreadable.IsZero() && found.Ext != photo.ExtVector
	if shown != (err == nil) {
		t.Fatalf("found %+v, but the thumbnail: %v", found, err)
	}
	return found, img
}

// wantQuarters compares the upper left and the upper right quarter's colours.
func wantQuarters(t *testing.T, img *image.RGBA) {
	t.Helper()
	for i, x := range []int{quarterW / 4, quarterW * 3 / 4} {
		got, want := img.RGBAAt(x, quarterH/4), quarters[i]
		if far(got.R, want.R) || far(got.G, want.G) || far(got.B, want.B) || got.A != 0xff {
			t.Errorf("at %d stands %v instead of %v", x, got, want)
		}
	}
}

func far(a, b uint8) bool { return max(a, b)-min(a, b) > 40 }

// detailed is a picture whose coded data is long enough to be cut.
func detailed(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	state := uint32(7)
	for i := range img.Pix {
		state = state*1664525 + 1013904223
		img.Pix[i] = uint8(state >> 24)
		if i%4 == 3 {
			img.Pix[i] = 0xff
		}
	}
	return img
}

func TestWholePicturesAreFoundWhole(t *testing.T) {
	var bitmap, still bytes.Buffer
	if err := bmp.Encode(&bitmap, quarterPicture()); err != nil {
		t.Fatal(err)
	}
	if err := gif.Encode(&still, quarterPicture(), nil); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file []byte
		ext  string
	}{
		"baseline JPEG":       {jpegOf(quarterPicture()), "jpg"},
		"progressive JPEG":    {read(t, "progressive.jpg"), "jpg"},
		"grey JPEG":           {read(t, "grey.jpg"), "jpg"},
		"PNG":                 {pngOf(quarterPicture()), "png"},
		"interlaced PNG":      {read(t, "interlaced.png"), "png"},
		"PNG of 16 bits":      {read(t, "sixteen.png"), "png"},
		"PNG with a palette":  {read(t, "palette.png"), "png"},
		"lossy WebP":          {read(t, "lossy.webp"), "webp"},
		"lossless WebP":       {read(t, "lossless.webp"), "webp"},
		"animated WebP":       {read(t, "animated.webp"), "webp"},
		"BMP":                 {bitmap.Bytes(), "bmp"},
		"GIF":                 {still.Bytes(), "gif"},
		"GIF, then something": {append(still.Bytes(), "trailing"...), "gif"},
		"JPEG, then more":     {append(jpegOf(quarterPicture()), "trailing"...), "jpg"},
		"PNG, then more":      {append(pngOf(quarterPicture()), "trailing"...), "png"},
	} {
		t.Run(name, func(t *testing.T) {
			found, img := examined(t, c.file)
			if found.Odd || !found.Damaged.IsZero() || !found.Unreadable.IsZero() || found.Ext != c.ext || found.Share != 1 {
				t.Fatalf("found %+v", found)
			}
			if found.Width != quarterW || found.Height != quarterH {
				t.Fatalf("found %d × %d", found.Width, found.Height)
			}
			if name != "grey JPEG" {
				wantQuarters(t, img)
			}
		})
	}
}

func TestPixelsThatAreWholeAreShownWhole(t *testing.T) {
	png := pngOf(quarterPicture())
	broken := func(kind, body string) string {
		chunk := []byte(pngChunk(kind, body))
		chunk[len(chunk)-1] ^= 0xff
		return string(chunk)
	}
	badPixels := bytes.Clone(png) // the checksum of the pixels' chunk, not the pixels
	badPixels[len(badPixels)-13] ^= 0xff
	badHead := bytes.Clone(png)
	badHead[8+8+13] ^= 0xff
	lossy := bytes.Clone(read(t, "lossy.webp"))
	binary.LittleEndian.PutUint32(lossy[4:], 1<<20)
	jpg := jpegOf(quarterPicture())
	for name, file := range map[string][]byte{
		"a text chunk's checksum":   withChunks(png, broken("tEXt", "Comment\x00made by a service")),
		"a private chunk's":         withChunks(png, broken("prVt", "x")),
		"the pixels' chunk's":       badPixels,
		"the header's":              badHead,
		"a PNG without its end":     png[:len(png)-12],
		"a WebP's length":           lossy,
		"a JPEG without its end":    jpg[:len(jpg)-2],
		"a JPEG with two bytes cut": jpg[:len(jpg)-1],
	} {
		t.Run(name, func(t *testing.T) {
			found, img := examined(t, file)
			if !found.Odd || !found.Damaged.IsZero() || found.Share != 1 {
				t.Errorf("found %+v", found)
			}
			wantQuarters(t, img)
		})
	}
}

func TestCMYKIsShownInItsColours(t *testing.T) {
	found, img := examined(t, read(t, "cmyk.jpg"))
	if found.Odd || !found.Unreadable.IsZero() || !found.Damaged.IsZero() {
		t.Errorf("found %+v", found)
	}
	wantQuarters(t, img)
}

func TestWhatIsLeftOfACutPictureIsShown(t *testing.T) {
	picture := detailed(160, 160)
	var smooth bytes.Buffer
	if err := jpeg.Encode(&smooth, picture, nil); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string][]byte{"JPEG": smooth.Bytes(), "PNG": pngOf(picture)} {
		for _, percent := range []int{20, 55, 90} {
			cut := file[:len(file)*percent/100]
			found, img := examined(t, cut)
			if !found.Odd || found.Damaged.IsZero() || found.Width != 160 || found.Height != 160 {
				t.Fatalf("%s, %d %%: found %+v", name, percent, found)
			}
			if off := found.Share*100 - float64(percent); off < -15 || off > 15 {
				t.Errorf("%s, %d %%: %v could be read", name, percent, found.Share)
			}
			want := picture.NRGBAAt(80, 3)
			whole, err := photo.Thumbnail(t.Context(), bytes.NewReader(file), 160)
			if err != nil {
				t.Fatal(err)
			}
			if got := img.RGBAAt(80, 3); far(got.R, whole.RGBAAt(80, 3).R) || name == "PNG" && got.R != want.R {
				t.Errorf("%s, %d %%: what was read shows %v instead of %v", name, percent, got, want)
			}
			if got := img.RGBAAt(80, 159); got != (color.RGBA{0x80, 0x80, 0x80, 0xff}) {
				t.Errorf("%s, %d %%: what wasn't read shows %v", name, percent, got)
			}
		}
	}
}

func TestWrongBytesAmidAPictureAreDamage(t *testing.T) {
	jpg := jpegOf(detailed(160, 160))
	for i := len(jpg) / 2; i < len(jpg)/2+60; i++ {
		jpg[i] = 0
	}
	file := pngOf(detailed(160, 160))
	file[len(file)/2] ^= 0x10
	for name, file := range map[string][]byte{"JPEG": jpg, "PNG": file} {
		if found, _ := examined(t, file); !found.Odd || found.Damaged.IsZero() && name == "PNG" {
			t.Errorf("%s: found %+v", name, found)
		}
	}
}

func TestWhatCannotBeShownIsNamed(t *testing.T) {
	ispe := "\x00\x00\x00\x14ispe\x00\x00\x00\x00\x00\x00\x04\x00\x00\x00\x03\x00"
	arithmetic := bytes.Replace(jpegOf(quarterPicture()), []byte{0xff, 0xc0}, []byte{0xff, 0xc9}, 1)
	for name, c := range map[string]struct {
		file          []byte
		ext, says     string
		width, height int
	}{
		"AVIF":          {[]byte("\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1" + ispe), "avif", "is damaged", 1024, 768},
		"HEIC":          {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + ispe), "heic", "is damaged", 1024, 768},
		"JPEG XL":       {[]byte("\xff\x0a\x12\x34\x56\x00\x01"), "jxl", "a JPEG XL picture", 0, 0},
		"TIFF":          {[]byte("II*\x00\x08\x00\x00\x00\x01\x02"), "tif", "is damaged", 0, 0},
		"Photoshop":     {[]byte("8BPS\x00\x01\x00\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x30\x00\x00\x00\x40\x00\x08\x00\x03"), "psd", "a Photoshop picture", 64, 48},
		"arithmetic":    {arithmetic, "jpg", "an unusual kind of JPEG", quarterW, quarterH},
		"a video":       {[]byte("\x00\x00\x00\x20ftypisom\x00\x00\x02\x00"), "mp4", "a video", 0, 0},
		"a PDF":         {[]byte("%PDF-1.7\n"), "pdf", "a PDF", 0, 0},
		"anything":      {[]byte("\x01\x02\xfe\xfd\x03\x04\x99\x98"), "bin", "isn't a kind of picture that is known", 0, 0},
		"zeros":         {make([]byte, 5000), "bin", "isn't a kind of picture that is known", 0, 0},
		"a PNG's head":  {pngOf(quarterPicture())[:40], "png", "nothing of it can be shown", quarterW, quarterH},
		"a JPEG's head": {jpegOf(quarterPicture())[:300], "jpg", "nothing of it can be shown", quarterW, quarterH},
		"a broken SVG":  {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><g>`), "svg", "nothing of it can be shown", 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			found, _ := examined(t, c.file)
			if found.Ext != c.ext || !strings.Contains(found.Unreadable.String(), c.says) || !found.Odd {
				t.Errorf("found %+v: %s", found, found.Unreadable)
			}
			if found.Width != c.width || found.Height != c.height {
				t.Errorf("found %d × %d", found.Width, found.Height)
			}
		})
	}
}

func TestTextIsNoPicture(t *testing.T) {
	for name, file := range map[string]string{
		"nothing": "", "a page": "<!DOCTYPE html><html>sign in</html>", "JSON": `{"error": "expired"}`,
		"a bucket's error": `<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>`, "words": "Access denied.\n",
		"wide text": "\xff\xfe<\x00h\x00t\x00m\x00l\x00>\x00",
	} {
		if found, _ := examined(t, []byte(file)); found.NotPicture.IsZero() {
			t.Errorf("%s is found to be %+v", name, found)
		}
	}
}

// flatJPEG is a grey JPEG of 8 × 8 pixel blocks of these brightnesses, across in
// a row, with a restart marker after each row.
func flatJPEG(across int, levels []uint8) []byte {
	out := []byte{0xff, 0xd8}
	put := func(s string) { out = append(out, s...) }
	put(segment(0xdb, "\x00"+strings.Repeat("\x08", 64)))
	put(segment(0xc0, string([]byte{8, 0, byte(len(levels) / across * 8), 0, byte(across * 8), 1, 1, 0x11, 0})))
	// Twelve codes of four bits for sizes; one code of one bit, the block's end.
	put(segment(0xc4, "\x00"+"\x00\x00\x00\x0c"+strings.Repeat("\x00", 12)+"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b"))
	put(segment(0xc4, "\x10"+"\x01"+strings.Repeat("\x00", 15)+"\x00"))
	put(segment(0xdd, string([]byte{0, byte(across)})))
	put(segment(0xda, string([]byte{1, 1, 0, 0, 63, 0})))
	for i := 0; i < len(levels); i += across {
		if i > 0 {
			out = append(out, 0xff, 0xd0+byte(i/across-1)%8)
		}
		var code uint64
		bits, before := 0, 128
		for _, level := range levels[i : i+across] {
			diff := int(level) - before
			before = int(level)
			size := 0
			for abs := max(diff, -diff); abs > 0; abs >>= 1 {
				size++
			}
			if diff < 0 {
				diff += 1<<size - 1
			}
			code = (code<<4|uint64(size))<<size | uint64(diff)
			code, bits = code<<1, bits+4+size+1
		}
		pad := (8 - bits%8) % 8
		code = code<<pad | (1<<pad - 1)
		for left := bits + pad - 8; left >= 0; left -= 8 {
			if out = append(out, byte(code>>left)); byte(code>>left) == 0xff {
				out = append(out, 0)
			}
		}
	}
	return append(out, 0xff, 0xd9)
}

func TestARestartMarkerEndsTheDamage(t *testing.T) {
	levels := []uint8{10, 20, 30, 40, 60, 70, 80, 90, 110, 120, 130, 140, 200, 210, 220, 230}
	file := flatJPEG(4, levels)
	if found, _ := examined(t, file); found.Odd {
		t.Fatalf("the whole file: %+v", found)
	}
	damaged := bytes.Clone(file)
	for i := bytes.Index(file, []byte{0xff, 0xd0}) + 2; damaged[i] != 0xff; i++ {
		damaged[i] = 0xee // a code that there isn't
	}
	found, img := examined(t, damaged)
	if !found.Odd || found.Damaged.IsZero() || found.Share != 0.75 {
		t.Errorf("found %+v", found)
	}
	for i, want := range levels {
		got := img.RGBAAt(i%4*8+3, i/4*8+3).R
		if i/4 != 1 && got != want {
			t.Errorf("block %d is %d instead of %d", i, got, want)
		}
	}
}
