// Pictures as phones and cameras put them together, made of those in testdata.

package photo_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/png"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/photo"
)

// number is n in so many bytes, the highest first.
func number(n, size int) string {
	var b []byte
	for i := size - 1; i >= 0; i-- {
		b = append(b, byte(n>>(8*i)))
	}
	return string(b)
}

// phoneItem is one item of a HEIC: its kind, its properties (counted from 1),
// where it lies, and what it refers to.
type phoneItem struct {
	kind       string
	properties []byte
	content    string
	inMeta     bool // the content lies in the box idat
	refers     string
	to         []int
}

// phoneHEIC puts a HEIC together as iPhones do (ISO/IEC 23008-12): four tiles
// behind a grid that is cropped and turned, Display P3, EXIF that says the same
// turning again, a depth map. metaLast puts what describes it behind the pixels.
func phoneHEIC(t *testing.T, metaLast bool) []byte {
	t.Helper()
	single := read(t, "picture.heic")
	boxed := func(kind string) string {
		at := bytes.Index(single, []byte(kind)) - 4
		return string(single[at : at+int(binary.BigEndian.Uint32(single[at:]))])
	}
	tile := boxed("mdat")[8:]
	box := func(kind, body string) string { return boxOf(kind, []byte(body)...) }
	size := func(w, h int) string { return box("ispe", number(0, 4)+number(w, 4)+number(h, 4)) }
	properties := boxed("hvcC") + size(96, 64) + size(180, 120) + box("colr", "prof"+matrixProfile(displayP3, 2.2)) +
		boxOf("irot", 3) + box("auxC", number(0, 4)+"urn:mpeg:hevc:2015:auxid:2\x00")
	items := []phoneItem{
		{"hvc1", []byte{1, 2}, tile, false, "", nil},
		{"hvc1", []byte{1, 2}, tile, false, "", nil},
		{"hvc1", []byte{1, 2}, tile, false, "", nil},
		{"hvc1", []byte{1, 2}, tile, false, "", nil},
		{"grid", []byte{3, 4, 5}, "\x00\x00\x01\x01" + number(180, 2) + number(120, 2), true, "dimg", []int{1, 2, 3, 4}},
		{"hvc1", []byte{1, 2, 6}, tile, false, "auxl", []int{5}},
		{"Exif", nil, number(6, 4) + "Exif\x00\x00" + exifBlock(binary.BigEndian, 6), false, "cdsc", []int{5}},
	}
	var entries, references, associations, inMeta, pixels string
	for i, item := range items {
		entries += box("infe", "\x02\x00\x00\x00"+number(i+1, 2)+number(0, 2)+item.kind+"\x00")
		associations += number(i+1, 2) + number(len(item.properties), 1) + string(item.properties)
		if item.refers != "" {
			to := ""
			for _, n := range item.to {
				to += number(n, 2)
			}
			references += box(item.refers, number(i+1, 2)+number(len(item.to), 2)+to)
		}
	}
	locations := func(start int) (box string) {
		inMeta, pixels = "", ""
		for i, item := range items {
			method, at := 0, start+len(pixels)
			if item.inMeta {
				method, at = 1, len(inMeta)
				inMeta += item.content
			} else {
				pixels += item.content
			}
			box += number(i+1, 2) + number(method, 2) + number(0, 2) + number(1, 2) + number(at, 4) + number(len(item.content), 4)
		}
		return boxOf("iloc", []byte("\x01\x00\x00\x00\x44\x00"+number(len(items), 2)+box)...)
	}
	meta := func(start int) string {
		located := locations(start)
		return box("meta", number(0, 4)+boxed("hdlr")+box("pitm", number(0, 4)+number(5, 2))+box("iinf", number(0, 4)+number(len(items), 2)+entries)+
			box("iprp", box("ipco", properties)+box("ipma", number(0, 4)+number(len(items), 4)+associations))+
			box("iref", number(0, 4)+references)+located+box("idat", inMeta))
	}
	start := boxed("ftyp")
	if metaLast {
		described := meta(len(start) + 8)
		return []byte(start + box("mdat", pixels) + described)
	}
	described := meta(0)
	described = meta(len(start) + len(described) + 8)
	return []byte(start + described + box("mdat", pixels))
}

func TestAPhonesTilesAreOnePictureTurnedOnce(t *testing.T) {
	whole, err := png.Decode(bytes.NewReader(read(t, "picture.png")))
	if err != nil {
		t.Fatal(err)
	}
	tiled := image.NewNRGBA(image.Rect(0, 0, 180, 120))
	for y := range 120 {
		for x := range 180 {
			tiled.Set(x, y, whole.At(x%96, y%64))
		}
	}
	want := turnedPicture(tiled, tiled.Rect, 3, 0)
	for _, metaLast := range []bool{false, true} {
		file := phoneHEIC(t, metaLast)
		info, err := photo.Inspect(t.Context(), bytes.NewReader(file), "IMG_0001.HEIC")
		if err != nil {
			t.Fatalf("described behind its pixels %v: %v", metaLast, err)
		}
		if info.Width != 120 || info.Height != 180 || info.HasAlpha || info.Orientation != 1 {
			t.Errorf("is found to be %+v", info)
		}
		if notes := said(info); !strings.Contains(notes, "where it was taken") || strings.Contains(notes, "transparen") {
			t.Errorf("the notes say %q", notes)
		}
		out, err := photo.Prepare(t.Context(), bytes.NewReader(file), photo.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if out.Width != 120 || out.Height != 180 {
			t.Fatalf("%d × %d pixels are sent", out.Width, out.Height)
		}
		if far := meanDifference(t, out.Bytes, want); far > 25 { // Display P3's colours are stronger
			t.Errorf("off by %.1f of 255 in the mean", far)
		}
		found, img := examined(t, file)
		if found.Odd || found.Width != 120 || img == nil || img.Bounds().Dy() != 180 {
			t.Errorf("as a result it is %+v", found)
		}
	}
}

// What says in other ways that colours are Adobe RGB's: each takes the same
// values to the same stronger ones.
func TestAdobeRGBIsKnownHoweverItIsTold(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 32, 32))
	for i := 0; i < len(img.Pix); i += 4 {
		copy(img.Pix[i:], []byte{100, 150, 100, 255})
	}
	interop := func(order binary.AppendByteOrder, lead string) string {
		entry := func(tag, kind uint16, count uint32, value string) string {
			b := order.AppendUint32(order.AppendUint16(order.AppendUint16(nil, tag), kind), count)
			return string(b) + value
		}
		at := func(n uint32) string { return string(order.AppendUint32(nil, n)) }
		one, end := string(order.AppendUint16(nil, 1)), at(0)
		return lead + at(8) + one + entry(0x8769, 4, 1, at(26)) + end + one + entry(0xa005, 4, 1, at(44)) + end + one + entry(1, 2, 4, "R03\x00") + end
	}
	little, big := interop(binary.LittleEndian, "II*\x00"), interop(binary.BigEndian, "MM\x00*")
	primaries := ""
	for _, n := range []int{31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000} {
		primaries += number(n, 4)
	}
	for name, file := range map[string][]byte{
		"EXIF in a JPEG":       withSegments(jpegOf(img), segment(0xe1, "Exif\x00\x00"+little)),
		"EXIF in a PNG":        withChunks(pngOf(img), pngChunk("eXIf", big)),
		"a PNG's gAMA, cHRM":   withChunks(pngOf(img), pngChunk("gAMA", number(45471, 4)), pngChunk("cHRM", primaries)),
		"its cHRM before gAMA": withChunks(pngOf(img), pngChunk("cHRM", primaries), pngChunk("gAMA", number(45471, 4))),
	} {
		got := preparedPixel(t, file)
		if near := func(a uint8, b int) bool { return int(a) >= b-3 && int(a) <= b+3 }; !near(got.R, 66) || !near(got.G, 151) || !near(got.B, 97) {
			t.Errorf("%s: becomes %v", name, got)
		}
	}
}

func TestTurningsInPNGAndWebPAreFollowed(t *testing.T) {
	want := turnedPicture(quarterPicture(), image.Rect(0, 0, quarterW, quarterH), 3, 0)
	for name, file := range map[string][]byte{
		"a.png":  withChunks(pngOf(quarterPicture()), pngChunk("eXIf", exifBlock(binary.BigEndian, 6))),
		"b.webp": extendedWebP(read(t, "lossless.webp"), quarterW, quarterH, 8, webpChunk("EXIF", exifBlock(binary.LittleEndian, 6))),
		"c.webp": extendedWebP(read(t, "lossless.webp"), quarterW, quarterH, 8, webpChunk("EXIF", "Exif\x00\x00"+exifBlock(binary.LittleEndian, 6))),
	} {
		out, err := photo.Prepare(t.Context(), bytes.NewReader(file), photo.Options{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if out.Width != quarterH || out.Height != quarterW {
			t.Errorf("%s: %d × %d", name, out.Width, out.Height)
		} else if far := meanDifference(t, out.Bytes, want); far > 6 {
			t.Errorf("%s: off by %.1f", name, far)
		}
	}
}

// The files are ImageMagick's: interlaced, with 1, 2 and 4 bits a pixel.
func TestInterlacedPNGsOfFewBitsAreReadExactly(t *testing.T) {
	for _, name := range []string{"interlaced1.png", "interlaced2.png", "interlaced4.png", "interlaced4palette.png"} {
		want, err := png.Decode(bytes.NewReader(read(t, name)))
		if err != nil {
			t.Fatal(err)
		}
		out, err := photo.Prepare(t.Context(), bytes.NewReader(read(t, name)), photo.Options{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if far := meanDifference(t, out.Bytes, want); far != 0 {
			t.Errorf("%s: off by %.2f", name, far)
		}
	}
}

// A grid of tiles, and 12 bits a channel, made by avifenc; TIFFs by tiffcp.
func TestFurtherKindsAreTheSamePicture(t *testing.T) {
	want, err := png.Decode(bytes.NewReader(read(t, "picture.png")))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"twelvebits.avif", "planes.tif", "planes-none.tif", "planes-cmyk.tif", "planes-deep.tif", "reversed.tif"} {
		out, err := photo.Prepare(t.Context(), bytes.NewReader(read(t, name)), photo.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if far := meanDifference(t, out.Bytes, want); far > 6 {
			t.Errorf("%s: off by %.1f", name, far)
		}
	}
}

// A WebP that says it is as large as one can be costs no more than its bytes.
func TestAWebPOfTheLargestSizeIsRefusedWithinBounds(t *testing.T) {
	for _, size := range [][2]int{{16383, 16383}, {16384, 16384}} {
		// Width and height less one, 14 bits each (VP8L).
		bits := uint32(size[0]-1) | uint32(size[1]-1)<<14
		file := []byte("RIFF\x1e\x00\x00\x00WEBPVP8L\x11\x00\x00\x00\x2f" + string(binary.LittleEndian.AppendUint32(nil, bits)) + strings.Repeat("\x00", 13))
		before := allocated()
		if _, err := photo.Inspect(t.Context(), bytes.NewReader(file), "a.webp"); err == nil {
			t.Errorf("%d × %d is taken", size[0], size[1])
		}
		if _, err := photo.Examine(t.Context(), bytes.NewReader(file), ""); err != nil {
			t.Error(err)
		}
		if took := allocated() - before; took > 64<<20 {
			t.Errorf("%d × %d takes %d MB", size[0], size[1], took>>20)
		}
	}
}

// A marker that is missing moves what follows it: no photo to train on, but as a
// result it is kept, and shown as far as it can be read. What stands before a
// JPEG's start makes it none, as it does for other programs.
func TestAJPEGWithoutOneOfItsRestartMarkers(t *testing.T) {
	file := read(t, "norestart.jpg")
	if _, err := photo.Inspect(t.Context(), bytes.NewReader(file), "a.jpg"); err == nil || !strings.Contains(err.Error(), "is damaged") {
		t.Errorf("as a photo: %v", err)
	}
	found, img := examined(t, file)
	if found.Damaged.IsZero() || !found.Unreadable.IsZero() || img == nil || found.Share <= 0 || found.Share >= 1 {
		t.Errorf("as a result it is %+v", found)
	}
}
