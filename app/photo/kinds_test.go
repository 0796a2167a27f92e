package photo_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"golang.org/x/image/tiff"

	"github.com/maquette-studio/maquette/app/photo"
)

// rawTIFF is a TIFF's head with such tags and values.
func rawTIFF(tagsAndValues ...int) []byte {
	b := []byte("II*\x00\x08\x00\x00\x00")
	b = binary.LittleEndian.AppendUint16(b, uint16(len(tagsAndValues)/2))
	for i := 0; i < len(tagsAndValues); i += 2 {
		b = binary.LittleEndian.AppendUint16(b, uint16(tagsAndValues[i]))
		b = binary.LittleEndian.AppendUint16(b, 4)
		b = binary.LittleEndian.AppendUint32(b, 1)
		b = binary.LittleEndian.AppendUint32(b, uint32(tagsAndValues[i+1]))
	}
	return append(b, make([]byte, 64)...)
}

// otherKinds are made by heif-enc, avifenc and ImageMagick of picture.png.
var otherKinds = []struct {
	name, ext, sentAs string
	alpha             bool
}{
	{"picture.heic", "heic", "jpg", false},
	{"chroma444.heic", "heic", "jpg", false},
	{"tenbits.heic", "heic", "jpg", false},
	{"several.heic", "heic", "jpg", false},
	{"located.heic", "heic", "jpg", false},
	{"picture.avif", "avif", "jpg", false},
	{"tenbits.avif", "avif", "jpg", false},
	{"moving.avif", "avif", "jpg", false},
	{"alpha.avif", "avif", "png", true},
	{"lzw.tif", "tif", "jpg", false},
	{"tiled.tif", "tif", "jpg", false},
	{"deep.tif", "tif", "jpg", false},
	{"palette.tif", "tif", "jpg", false},
	{"pages.tif", "tif", "jpg", false},
	{"cmyk.tif", "tif", "jpg", false},
	{"alpha.tif", "tif", "png", true},
}

func TestPhonesAndScannersKindsAreReadAndSentAsTheServicesTakeThem(t *testing.T) {
	want, err := png.Decode(bytes.NewReader(read(t, "picture.png")))
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range otherKinds {
		t.Run(kind.name, func(t *testing.T) {
			file := read(t, kind.name)
			info, err := photo.Inspect(t.Context(), bytes.NewReader(file), kind.name)
			if err != nil {
				t.Fatal(err)
			}
			if info.Ext != kind.ext || info.Width != 96 || info.Height != 64 || info.HasAlpha != kind.alpha {
				t.Errorf("is found to be %+v", info)
			}
			if notes := said(info); !strings.Contains(notes, "will be sent as "+map[string]string{"jpg": "JPEG", "png": "PNG"}[kind.sentAs]) {
				t.Errorf("the notes say %q", notes)
			}
			out, err := photo.Prepare(t.Context(), bytes.NewReader(file), photo.Options{})
			if err != nil {
				t.Fatal(err)
			}
			sent := photo.Photo{Ext: info.Ext, HasAlpha: info.HasAlpha}.EditedExt()
			if out.Ext != kind.sentAs || sent != kind.sentAs {
				t.Errorf("is sent as %s and told to be %s", out.Ext, sent)
			}
			for _, secret := range []string{"Exif", "ICC_PROFILE", "http://ns.adobe.com"} {
				if bytes.Contains(out.Bytes, []byte(secret)) {
					t.Errorf("what is sent holds %q", secret)
				}
			}
			if far := meanDifference(t, out.Bytes, want); far > 6 {
				t.Errorf("its colours are off by %.1f of 255 in the mean", far)
			}
			if _, err := photo.Thumbnail(t.Context(), bytes.NewReader(file), 32); err != nil {
				t.Error(err)
			}
			found, err := photo.Examine(t.Context(), bytes.NewReader(file), "")
			if err != nil || found.Odd || !found.Unreadable.IsZero() || found.Ext != kind.ext || found.Width != 96 {
				t.Errorf("as a result it is %+v, %v", found, err)
			}
		})
	}
}

func said(info photo.Info) string {
	var all []string
	for _, note := range info.Notes {
		all = append(all, note.String())
	}
	return strings.Join(all, "; ")
}

// meanDifference leaves transparent parts out.
func meanDifference(t *testing.T, file []byte, want image.Image) float64 {
	t.Helper()
	img, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	sum, n := 0, 0
	for y := range want.Bounds().Dy() {
		for x := range want.Bounds().Dx() {
			a, b := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA), color.NRGBAModel.Convert(want.At(x, y)).(color.NRGBA)
			if a.A < 0xff {
				continue
			}
			for _, d := range []int{int(a.R) - int(b.R), int(a.G) - int(b.G), int(a.B) - int(b.B)} {
				sum += max(d, -d)
			}
			n += 3
		}
	}
	return float64(sum) / float64(n)
}

func TestTheFilesOwnTurningCounts(t *testing.T) {
	info, err := photo.Inspect(t.Context(), bytes.NewReader(read(t, "turned.avif")), "turned.avif")
	if err != nil || info.Width != 64 || info.Height != 96 {
		t.Errorf("is found to be %+v, %v", info, err)
	}
}

func TestALocationInAHEICIsTold(t *testing.T) {
	info, err := photo.Inspect(t.Context(), bytes.NewReader(read(t, "located.heic")), "located.heic")
	if err != nil || !strings.Contains(said(info), "where it was taken") {
		t.Errorf("the notes say %q, %v", said(info), err)
	}
}

func TestWideColoursAndBrightLightAreConverted(t *testing.T) {
	plain, wide := preparedPixel(t, read(t, "picture.avif")), preparedPixel(t, read(t, "p3.avif"))
	if wide.G <= plain.G {
		t.Errorf("Display P3's green is %v, sRGB's %v", wide, plain)
	}
	info, err := photo.Inspect(t.Context(), bytes.NewReader(read(t, "pq.avif")), "pq.avif")
	if err != nil || !strings.Contains(said(info), "high dynamic range") {
		t.Errorf("the notes say %q, %v", said(info), err)
	}
}

// preparedPixel is one of the green part.
func preparedPixel(t *testing.T, file []byte) color.NRGBA {
	t.Helper()
	out, err := photo.Prepare(t.Context(), bytes.NewReader(file), photo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	img, _, err := image.Decode(bytes.NewReader(out.Bytes))
	if err != nil {
		t.Fatal(err)
	}
	return color.NRGBAModel.Convert(img.At(20, 15)).(color.NRGBA)
}

func TestWhatAPNGSaysOfItsColoursIsHonoured(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 32, 32))
	for i := 0; i < len(img.Pix); i += 4 {
		copy(img.Pix[i:], []byte{100, 150, 100, 255})
	}
	first := func(chunks ...string) color.NRGBA { return preparedPixel(t, withChunks(pngOf(img), chunks...)) }
	if got := first(pngChunk("cICP", "\x0c\x0d\x00\x01")); got.G <= 150 || got.R >= 100 {
		t.Errorf("Display P3 by cICP becomes %v", got)
	}
	if got := first(pngChunk("gAMA", "\x00\x01\x86\xa0")); got.G < 195 || got.G > 205 {
		t.Errorf("linear light becomes %v", got)
	}
	if got := first(pngChunk("sRGB", "\x00"), pngChunk("gAMA", "\x00\x01\x86\xa0")); got.G != 150 {
		t.Errorf("sRGB becomes %v", got)
	}
}

func TestAWrongChecksumOfATextIsAWarning(t *testing.T) {
	text := []byte(pngChunk("tEXt", "Comment\x00made by hand"))
	text[len(text)-1] ^= 1
	info, err := photo.Inspect(t.Context(), bytes.NewReader(withChunks(pngOf(quarterPicture()), string(text))), "a.png")
	if err != nil || !strings.Contains(said(info), "wrong checksum") {
		t.Errorf("the notes say %q, %v", said(info), err)
	}
}

func TestCMYKIsConvertedForTheServices(t *testing.T) {
	out, err := photo.Prepare(t.Context(), bytes.NewReader(read(t, "cmyk.jpg")), photo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(out.Bytes))
	if err != nil {
		t.Fatal(err)
	}
	if _, rgb := img.(*image.YCbCr); !rgb {
		t.Errorf("what is sent is a %T", img)
	}
}

func TestEveryDecoderEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, kind := range otherKinds {
		if _, err := photo.Inspect(ctx, bytes.NewReader(read(t, kind.name)), kind.name); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", kind.name, err)
		}
	}
}

// A picture that takes more memory at once than those that can be drawn row by
// row may, and one that can't be drawn at all.
func TestALargeTIFFIsDrawnAndADamagedOneIsRefusedInWords(t *testing.T) {
	var large bytes.Buffer
	if err := tiff.Encode(&large, image.NewGray(image.Rect(0, 0, 4000, 3600)), &tiff.Options{Compression: tiff.Deflate}); err != nil {
		t.Fatal(err)
	}
	img, err := photo.Thumbnail(t.Context(), bytes.NewReader(large.Bytes()), 128)
	if err != nil || img.Bounds().Dx() != 128 {
		t.Errorf("a picture of 14 megapixels: %v", err)
	}
	_, err = photo.Thumbnail(t.Context(), bytes.NewReader(rawTIFF(256, 20_000, 257, 20_000, 258, 8, 259, 1, 262, 1)), 128)
	if err == nil || err.Error() == "" {
		t.Errorf("a picture without its pixels: %v", err)
	}
}

// withProperties gives the only picture of a HEIC or AVIF more properties, each
// a whole box.
func withProperties(file []byte, properties ...string) []byte {
	grow := len(strings.Join(properties, "")) + len(properties)
	boxes := map[string]int{"meta": grow, "iprp": grow, "ipco": grow - len(properties), "ipma": len(properties)}
	out := bytes.Clone(file)
	for kind, by := range boxes {
		at := bytes.Index(out, []byte(kind)) - 4
		binary.BigEndian.PutUint32(out[at:], binary.BigEndian.Uint32(out[at:])+uint32(by))
	}
	// What follows moves, and the table of places says where to.
	pixels := binary.BigEndian.AppendUint32(nil, uint32(bytes.Index(out, []byte("mdat"))+4))
	_, places, _ := bytes.Cut(out, []byte("iloc"))
	place := len(out) - len(places) + bytes.Index(places, pixels)
	binary.BigEndian.PutUint32(out[place:], binary.BigEndian.Uint32(out[place:])+uint32(grow))
	ipma := bytes.Index(out, []byte("ipma")) - 4
	first := 1
	for at := bytes.Index(out, []byte("ipco")) + 4; at < ipma; at += int(binary.BigEndian.Uint32(out[at:])) {
		first++
	}
	count := ipma + 8 + 4 + 4 + 2
	end := count + 1 + int(out[count])
	out[count] += byte(len(properties))
	var indices []byte
	for i := range properties {
		indices = append(indices, 0x80|byte(first+i))
	}
	return bytes.Join([][]byte{out[:ipma], []byte(strings.Join(properties, "")), out[ipma:end], indices, out[end:]}, nil)
}

func boxOf(kind string, body ...byte) string {
	return string(binary.BigEndian.AppendUint32(nil, uint32(8+len(body)))) + kind + string(body)
}

// aperture leaves so many pixels, their middle so far off the picture's.
func aperture(width, height, right, down int32) string {
	var body []byte
	for _, n := range []int32{width, height, right, down} {
		body = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(body, uint32(n)), 1)
	}
	return boxOf("clap", body...)
}

// Turned against the clock by quarters, then mirrored: 0 swaps top and bottom,
// 1 left and right (ISO/IEC 23008-12, 6.5.10 and 6.5.12).
func TestPhonesTurnMirrorAndCropInTheFile(t *testing.T) {
	whole, err := png.Decode(bytes.NewReader(read(t, "picture.png")))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"picture.heic", "picture.avif"} {
		file := read(t, name)
		for quarters := range byte(4) {
			for mirror := range byte(3) {
				properties := []string{aperture(60, 40, -8, 2), boxOf("irot", quarters)}
				if mirror > 0 {
					properties = append(properties, boxOf("imir", mirror-1))
				}
				want := turnedPicture(whole, image.Rect(10, 14, 70, 54), int(quarters), int(mirror))
				out, err := photo.Prepare(t.Context(), bytes.NewReader(withProperties(file, properties...)), photo.Options{})
				if err != nil {
					t.Fatalf("%s, %d quarters, mirror %d: %v", name, quarters, mirror, err)
				}
				if out.Width != want.Bounds().Dx() || out.Height != want.Bounds().Dy() {
					t.Errorf("%s, %d quarters, mirror %d: %d × %d", name, quarters, mirror, out.Width, out.Height)
				} else if far := meanDifference(t, out.Bytes, want); far > 6 {
					t.Errorf("%s, %d quarters, mirror %d: off by %.1f", name, quarters, mirror, far)
				}
			}
		}
	}
}

// turnedPicture does what the properties say, pixel by pixel.
func turnedPicture(img image.Image, part image.Rectangle, quarters, mirror int) image.Image {
	w, h := part.Dx(), part.Dy()
	at := func(x, y int) color.Color { return img.At(part.Min.X+x, part.Min.Y+y) }
	for range quarters {
		before, width := at, w
		at = func(x, y int) color.Color { return before(width-1-y, x) }
		w, h = h, w
	}
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			switch mirror {
			case 1:
				out.Set(x, y, at(x, h-1-y))
			case 2:
				out.Set(x, y, at(w-1-x, y))
			default:
				out.Set(x, y, at(x, y))
			}
		}
	}
	return out
}

func TestACropThatMakesNoSenseIsPassedOver(t *testing.T) {
	for _, name := range []string{"picture.avif"} { // libheif calls such a HEIC damaged
		for _, box := range []string{aperture(0, 5, 0, 0), aperture(-5, 5, 0, 0), aperture(500, 5, 0, 0), boxOf("clap", make([]byte, 32)...)} {
			info, err := photo.Inspect(t.Context(), bytes.NewReader(withProperties(read(t, name), box)), name)
			if err != nil || info.Width != 96 || info.Height != 64 {
				t.Errorf("%s: %+v, %v", name, info, err)
			}
		}
	}
}
