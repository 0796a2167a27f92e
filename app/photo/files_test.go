package photo_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// Files for the tests, put together byte by byte.

// Colours of the test picture's quarters, left to right, top to bottom. The
// pictures in testdata show the same.
var quarters = [4]color.NRGBA{{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}, {255, 255, 255, 255}}

const quarterW, quarterH = 64, 48

func quarterPicture() *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, quarterW, quarterH))
	for y := range quarterH {
		for x := range quarterW {
			img.SetNRGBA(x, y, quarters[y/(quarterH/2)*2+x/(quarterW/2)])
		}
	}
	return img
}

func jpegOf(img image.Image) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func pngOf(img image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func write(t testing.TB, path string, content []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// segment is one JPEG segment.
func segment(marker byte, body string) string {
	length := binary.BigEndian.AppendUint16(nil, uint16(len(body)+2))
	return string([]byte{0xff, marker}) + string(length) + body
}

// withSegments puts segments right after a JPEG's start.
func withSegments(jpg []byte, segments ...string) []byte {
	out := bytes.Clone(jpg[:2])
	for _, s := range segments {
		out = append(out, s...)
	}
	return append(out, jpg[2:]...)
}

func pngChunk(kind, body string) string {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(b, kind+body...)
	return string(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE([]byte(kind+body))))
}

// withChunks puts chunks right after a PNG's IHDR.
func withChunks(file []byte, chunks ...string) []byte {
	const afterIHDR = 8 + 25
	out := bytes.Clone(file[:afterIHDR])
	for _, c := range chunks {
		out = append(out, c...)
	}
	return append(out, file[afterIHDR:]...)
}

func webpChunk(kind, body string) string {
	b := binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(body)))
	b = append(b, body...)
	if len(body)%2 == 1 {
		b = append(b, 0)
	}
	return string(b)
}

// extendedWebP wraps a simple WebP's one chunk in the extended format.
func extendedWebP(simple []byte, w, h int, flags byte, chunks ...string) []byte {
	header := []byte{flags, 0, 0, 0, byte(w - 1), byte((w - 1) >> 8), 0, byte(h - 1), byte((h - 1) >> 8), 0}
	body := "WEBP" + webpChunk("VP8X", string(header)) + string(simple[12:])
	for _, c := range chunks {
		body += c
	}
	out := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body)))
	return append(out, body...)
}

// exifBlock is a TIFF structure with an orientation and a GPS directory.
func exifBlock(order binary.AppendByteOrder, orientation int) string {
	b := []byte("II*\x00")
	if order.String() == "BigEndian" {
		b = []byte("MM\x00*")
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2)
	b = order.AppendUint16(b, 0x0112)
	b = order.AppendUint16(b, 3)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, uint16(orientation))
	b = order.AppendUint16(b, 0)
	b = order.AppendUint16(b, 0x8825)
	b = order.AppendUint16(b, 4)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint32(b, 38)
	b = order.AppendUint32(b, 0)
	return string(b) + "GPS-52.5200N-13.4050E"
}

func bigPNG(w, h int) []byte {
	ihdr := binary.BigEndian.AppendUint32(nil, uint32(w))
	ihdr = binary.BigEndian.AppendUint32(ihdr, uint32(h))
	ihdr = append(ihdr, 8, 6, 0, 0, 0)
	return []byte("\x89PNG\r\n\x1a\n" + pngChunk("IHDR", string(ihdr)) + pngChunk("IDAT", deflated("")) + pngChunk("IEND", ""))
}

// bigJPEG is a small JPEG whose frame header claims another size.
func bigJPEG(w, h int) []byte {
	b := bytes.Clone(jpegOf(quarterPicture()))
	at := bytes.Index(b, []byte{0xff, 0xc0}) + 5
	binary.BigEndian.PutUint16(b[at:], uint16(h))
	binary.BigEndian.PutUint16(b[at+2:], uint16(w))
	return b
}

func deflated(s string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	if _, err := z.Write([]byte(s)); err != nil {
		panic(err)
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

// matrixProfile is an ICC profile of three primaries and one gamma.
func matrixProfile(primaries [3][3]float64, gamma float64) string {
	type tag struct{ name, data string }
	var tags []tag
	for i, name := range []string{"rXYZ", "gXYZ", "bXYZ"} {
		data := []byte("XYZ \x00\x00\x00\x00")
		for _, v := range primaries[i] {
			data = binary.BigEndian.AppendUint32(data, uint32(int32(math.Round(v*65536))))
		}
		tags = append(tags, tag{name, string(data)})
	}
	curve := binary.BigEndian.AppendUint32([]byte("curv\x00\x00\x00\x00"), 1)
	curve = append(binary.BigEndian.AppendUint16(curve, uint16(math.Round(gamma*256))), 0, 0)
	for _, name := range []string{"rTRC", "gTRC", "bTRC"} {
		tags = append(tags, tag{name, string(curve)})
	}
	header := make([]byte, 128)
	copy(header[12:], "mntrRGB XYZ ")
	copy(header[36:], "acsp")
	table := binary.BigEndian.AppendUint32(nil, uint32(len(tags)))
	offset, content := 128+4+12*len(tags), ""
	for _, tg := range tags {
		table = append(table, tg.name...)
		table = binary.BigEndian.AppendUint32(table, uint32(offset+len(content)))
		table = binary.BigEndian.AppendUint32(table, uint32(len(tg.data)))
		content += tg.data
	}
	whole := string(header) + string(table) + content
	return string(binary.BigEndian.AppendUint32(nil, uint32(len(whole)))) + whole[4:]
}

// displayP3 are that colour space's primaries under D50.
var displayP3 = [3][3]float64{
	{0.515102, 0.241182, -0.001050},
	{0.291965, 0.692236, 0.041882},
	{0.157153, 0.066581, 0.784378},
}

func iccSegment(profile string) string {
	return segment(0xe2, "ICC_PROFILE\x00\x01\x01"+profile)
}
