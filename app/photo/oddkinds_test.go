package photo_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/photo"
)

// patched is a JPEG whose frame is called another kind, of another precision.
func patched(file []byte, marker, precision byte) []byte {
	out := bytes.Clone(file)
	at := bytes.Index(out, []byte{0xff, 0xc0})
	out[at+1], out[at+4] = marker, precision
	return out
}

// apart says that a TIFF's colours lie in planes.
func apart(file []byte) []byte {
	out := bytes.Clone(file)
	planar := binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, 284|3<<16), 1)
	at := bytes.Index(out, planar)
	out[at+8] = 2
	return out
}

// What can't be read isn't called damaged, and is named.
func TestUnusualKindsAreNamed(t *testing.T) {
	plain := jpegOf(quarterPicture())
	for name, row := range map[string]struct {
		file            []byte
		photo, finding  string
		refusedAsPhotos bool
	}{
		"arithmetic.jpg":   {patched(plain, 0xc9, 8), "unusual kind of JPEG", "unusual kind of JPEG", true},
		"lossless.jpg":     {patched(plain, 0xc3, 8), "unusual kind of JPEG", "unusual kind of JPEG", true},
		"twelve-bits.jpg":  {patched(plain, 0xc1, 12), "unusual kind of JPEG", "", true},
		"planes.tif":       {apart(read(t, "lzw.tif")), "unusual kind of TIFF", "unusual kind of TIFF", true},
		"jpeg-inside.tif":  {rawTIFF(256, 64, 257, 64, 258, 8, 259, 7, 262, 1, 273, 8, 277, 1, 278, 64, 279, 9), "unusual kind of TIFF", "unusual kind of TIFF", true},
		"lab.tif":          {rawTIFF(256, 64, 257, 64, 258, 8, 259, 1, 262, 8, 273, 8, 277, 1, 278, 64, 279, 4096), "unusual kind of TIFF", "unusual kind of TIFF", true},
		"huge.tif":         {rawTIFF(256, 90_000, 257, 90_000, 258, 8, 259, 1, 262, 1, 273, 8, 277, 1, 278, 64, 279, 9), "is 90000 × 90000 pixels", "too large", true},
		"huge.heic":        {resized(read(t, "picture.heic"), 60_000, 60_000), "is 60000 × 60000 pixels", "too large", true},
		"big.tif":          {[]byte("II+\x00\x08\x00\x00\x00\x10\x00\x00\x00\x00\x00\x00\x00"), "BigTIFF", "BigTIFF", true},
		"animated.png":     {withChunks(pngOf(quarterPicture()), pngChunk("acTL", "\x00\x00\x00\x02\x00\x00\x00\x00")), "is animated", "", true},
		"short.bmp":        {append([]byte("BM\x46\x00\x00\x00\x00\x00\x00\x00\x1a\x00\x00\x00\x0c\x00\x00\x00\x08\x00\x08\x00\x01\x00\x18\x00"), make([]byte, 200)...), "a BMP", "unusual kind of BMP", true},
		"tail.jpg":         {append(bytes.Clone(plain), []byte("what a phone adds: a film")...), "", "", false},
		"led-in.jpg":       {append([]byte("\r\n\r\n"), plain...), "is not a picture", "isn't a kind of picture", true},
		"jpeg 2000.j2k":    {[]byte("\xff\x4f\xff\x51\x00\x2f"), "a JPEG 2000", "a JPEG 2000", true},
		"icon.ico":         {[]byte("\x00\x00\x01\x00\x01\x00\x10\x10"), "an ICO", "an ICO", true},
		"texture.dds":      {[]byte("DDS \x7c\x00\x00\x00"), "a DDS", "a DDS", true},
		"light.exr":        {[]byte("v/1\x01\x02\x00\x00\x00"), "an OpenEXR", "an OpenEXR", true},
		"film.avi":         {[]byte("RIFF\x00\x00\x01\x00AVI LIST"), "a video", "a video", true},
		"film.mov":         {[]byte("\x00\x00\x00\x08wide\x00\x00\x10\x00mdat"), "a video", "a video", true},
		"drawing.eps":      {[]byte("%!PS-Adobe-3.0 EPSF-3.0\n"), "a PostScript", "a PostScript", true},
		"photograph.pgm":   {[]byte("P5\n8 8\n255\n" + strings.Repeat("a", 64)), "a PNM", "a PNM", true},
		"a layered one":    {[]byte("gimp xcf v011\x00"), "a GIMP", "a GIMP", true},
		"in a new way.jxl": {[]byte("\xff\x0a\xfa\x1f"), "a JPEG XL", "a JPEG XL", true},
	} {
		_, err := photo.Inspect(t.Context(), bytes.NewReader(row.file), name)
		if (err != nil) != row.refusedAsPhotos || err != nil && !strings.Contains(err.Error(), row.photo) {
			t.Errorf("%s: %v", name, err)
		}
		found, err := photo.Examine(t.Context(), bytes.NewReader(row.file), "")
		if said := found.Unreadable.String() + found.NotPicture.String(); err != nil || !strings.Contains(said, row.finding) || row.finding == "" && said != "" {
			t.Errorf("%s is found to be %+v, %v", name, found, err)
		}
		if found.Odd && strings.Contains(row.finding, "too large") {
			t.Errorf("%s is fetched again", name)
		}
	}
}

func TestWhatIsFoundOfAnUnusualPictureHasASize(t *testing.T) {
	found, err := photo.Examine(t.Context(), bytes.NewReader(apart(read(t, "lzw.tif"))), "")
	if err != nil || found.Width != 96 || found.Height != 64 {
		t.Errorf("found %+v, %v", found, err)
	}
}

// Whatever stands in a folder under a picture's name is taken or named, in any
// case of its letters; what is no picture by its name is counted or passed over.
func TestEveryPictureInAFolderIsTakenOrNamed(t *testing.T) {
	dir := t.TempDir()
	put := func(content []byte, names ...string) {
		for _, name := range names {
			if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	taken := []string{"a.JPE", "b.jfif", "c.APNG", "d.Hif", "e.avifs", "f.heics", "g.TIFF", "h.PNG"}
	put(jpegOf(quarterPicture()), taken...)
	named := map[string]string{
		"a.gif": "GIF89a", "b.ICO": "\x00\x00\x01\x00\x01\x00", "c.jp2": "\xff\x4f\xff\x51", "d.exr": "v/1\x01", "e.svg": "<svg/>", "f.ppm": "P6\n8 8\n", "g.tga": "\x00\x00\x02",
	}
	for name, content := range named {
		put([]byte(content), name)
	}
	counted := []string{"x.CR2", "x.cr3", "x.NEF", "x.arw", "x.dng", "x.RAF", "x.orf", "x.rw2", "y.mp4", "y.MOV", "z.psd", "z.xcf", "z.PDF"}
	put([]byte("x"), counted...)
	files, problems := photo.Gather(t.Context(), []string{dir})
	if len(files) != len(taken) {
		t.Errorf("taken are %q", files)
	}
	said := ""
	for _, p := range problems {
		said += p.Error() + "\n"
	}
	for name := range named {
		if !strings.Contains(said, name+" is") {
			t.Errorf("%s is passed over: %s", name, said)
		}
	}
	for _, want := range []string{"camera RAW files (8)", "videos (2)", "drawing programs (3"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q isn't said: %s", want, said)
		}
	}
}

// Directories that lead back to themselves, as in damaged EXIF.
func TestDirectoriesThatLeadInCirclesEnd(t *testing.T) {
	loop := "Exif\x00\x00II*\x00\x08\x00\x00\x00\x03\x00"
	for _, tag := range []uint16{0x8769, 0x8825, 0xa005} {
		entry := binary.LittleEndian.AppendUint16(nil, tag)
		loop += string(append(entry, "\x04\x00\x01\x00\x00\x00\x08\x00\x00\x00"...))
	}
	loop += "\x08\x00\x00\x00" // the next directory is this one
	info, err := photo.Inspect(t.Context(), bytes.NewReader(withSegments(jpegOf(quarterPicture()), segment(0xe1, loop))), "a.jpg")
	if err != nil || info.Orientation != 1 {
		t.Errorf("%+v, %v", info, err)
	}
	tiff := read(t, "lzw.tif")
	if at := int(binary.LittleEndian.Uint32(tiff[4:])); at > 0 {
		end := at + 2 + 12*int(binary.LittleEndian.Uint16(tiff[at:]))
		binary.LittleEndian.PutUint32(tiff[end:], uint32(at))
	}
	if _, err := photo.Inspect(t.Context(), bytes.NewReader(tiff), "a.tif"); err != nil {
		t.Error(err)
	}
}

// A GIF of 100,000 frames is shown by its first.
func TestAGIFOfManyFramesTakesLittle(t *testing.T) {
	frame := "\x21\xf9\x04\x00\x01\x00\x00\x00\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00"
	file := []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\x00\x00\x00\x00\x00" + strings.Repeat(frame, 100_000) + ";")
	before := allocated()
	found, img := examined(t, file)
	if found.Odd || img == nil || found.Width != 1 {
		t.Errorf("found %+v", found)
	}
	if took := allocated() - before; took > 64<<20 {
		t.Errorf("took %d MB", took>>20)
	}
}
