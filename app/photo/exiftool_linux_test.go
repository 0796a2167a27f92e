package photo_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/storage/realparts"
)

// ofPixels is all that exiftool may find in a copy that leaves: of the file's
// place on the disk, and of the pixels and how they are coded.
var ofPixels = strings.Fields(`ExifTool:* System:* Composite:ImageSize Composite:Megapixels
	File:FileType File:FileTypeExtension File:MIMEType File:ImageWidth File:ImageHeight
	File:EncodingProcess File:BitsPerSample File:ColorComponents File:YCbCrSubSampling
	PNG:ImageWidth PNG:ImageHeight PNG:BitDepth PNG:ColorType PNG:Compression PNG:Filter PNG:Interlace`)

var foundTag = regexp.MustCompile(`(?m)^\[(\S+)\]\s+(\S+)\s*:`)

// beside are the tags that exiftool finds in each of the files, without those
// of pixels.
func beside(t *testing.T, files ...string) map[string][]string {
	t.Helper()
	tags := map[string][]string{}
	args := append([]string{"-a", "-u", "-ee", "-G1", "-s"}, files...)
	for _, about := range strings.Split(realparts.Exiftool(t, args...), "======== ")[1:] {
		file, told, _ := strings.Cut(about, "\n")
		for _, tag := range foundTag.FindAllStringSubmatch(told, -1) {
			name := tag[1] + ":" + tag[2]
			if !slices.Contains(ofPixels, name) && !slices.Contains(ofPixels, tag[1]+":*") {
				tags[file] = append(tags[file], name)
			}
		}
	}
	return tags
}

const secret = "SECRET of the person"

// TestExiftoolFindsNothingButPixels has exiftool write whatever it can into photos of
// every format, and look into the copies.
func TestExiftoolFindsNothingButPixels(t *testing.T) {
	dir := t.TempDir()
	thumbnail := filepath.Join(t.TempDir(), "thumb.jpg")
	if err := os.WriteFile(thumbnail, jpegOf(quarterPicture()), 0o600); err != nil {
		t.Fatal(err)
	}
	marked := func(kind string) string { return kind + "\x00" + secret }
	photos := map[string][]byte{
		"a.jpg": withSegments(jpegOf(quarterPicture()), segment(0xfe, secret), segment(0xe2, "MPF\x00"+exifBlock(binary.LittleEndian, 1)+secret),
			segment(0xe4, marked("what a camera adds")), iccSegment(matrixProfile(displayP3, 2.2))),
		"b.jpg": append(jpegOf(quarterPicture()), secret...),
		"c.png": withChunks(pngOf(quarterPicture()), pngChunk("tEXt", marked("Author")), pngChunk("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"+secret),
			pngChunk("zTXt", "Comment\x00\x00"+deflated(secret)), pngChunk("iCCP", "p\x00\x00"+deflated(matrixProfile(displayP3, 2.2))),
			pngChunk("tIME", "\x07\xea\x01\x01\x00\x00\x00"), pngChunk("pHYs", "\x00\x00\x0b\x13\x00\x00\x0b\x13\x01"), pngChunk("prVt", secret)),
	}
	for _, name := range []string{"cmyk.jpg", "progressive.jpg", "grey.jpg", "sixteen.png", "palette.png", "lossy.webp", "alpha.webp", "located.heic", "several.heic", "picture.avif", "alpha.avif", "lzw.tif", "cmyk.tif"} {
		photos[name] = read(t, name)
	}
	args := []string{
		"-q", "-m", "-n", "-overwrite_original", "-GPSLatitude=48.2", "-GPSLatitudeRef=N", "-GPSLongitude=16.3", "-Artist=" + secret, "-Make=" + secret,
		"-SerialNumber=" + secret, "-UserComment=" + secret, "-XMP:Creator=" + secret, "-IPTC:By-line=" + secret, "-ThumbnailImage<=" + thumbnail,
	}
	for name, content := range photos {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	realparts.Exiftool(t, args...)
	var files []string
	copies := map[string]string{} // by the copy's path, the photo's
	for name := range photos {
		path := filepath.Join(dir, name)
		files = append(files, path)
		for i, edit := range []photo.Options{{}, {Crop: photo.Crop{W: 20, H: 20}, MinEdge: 24}} {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			out, err := photo.Prepare(t.Context(), bytes.NewReader(content), edit)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if bytes.Contains(out.Bytes, []byte("SECRET")) {
				t.Errorf("what leaves of %s holds the secret", name)
			}
			copied := filepath.Join(dir, fmt.Sprintf("copy-%d-of-%s.%s", i, name, out.Ext))
			if err := os.WriteFile(copied, out.Bytes, 0o600); err != nil {
				t.Fatal(err)
			}
			copies[copied] = path
			files = append(files, copied)
		}
	}
	tags := beside(t, files...)
	for copied, path := range copies {
		if !slices.Contains(tags[path], "GPS:GPSLatitude") {
			t.Errorf("%s holds too little to be judged by: %q", path, tags[path])
		}
		if told := tags[copied]; len(told) > 0 {
			t.Errorf("%s tells %q", copied, told)
		}
	}
}
