// Telling from a file's first bytes what it is, and naming what it is not.

package photo

import (
	"bytes"
	"slices"

	"github.com/maquette-studio/maquette/providers"
)

// The formats that are read.
const (
	formatJPEG = "jpeg"
	formatPNG  = "png"
	formatWebP = "webp"
	formatHEIC = "heic"
	formatAVIF = "avif"
	formatTIFF = "tiff"
)

// sniffLen is how many leading bytes sniff needs at most.
const sniffLen = 1024

var extensionOf = map[string]string{
	formatJPEG: "jpg", formatPNG: "png", formatWebP: "webp", formatHEIC: "heic", formatAVIF: "avif", formatTIFF: "tif",
}

var formatNames = map[string]string{
	formatJPEG: "JPEG", formatPNG: "PNG", formatWebP: "WebP", formatHEIC: "HEIC", formatAVIF: "AVIF", formatTIFF: "TIFF",
}

// signatures of what people drop by mistake. Pictures are told to be saved
// anew; the rest is named for what it seems to be.
var signatures = []struct {
	prefix  string
	ext     string
	what    providers.Sentence
	picture bool
}{
	{"GIF87a", "gif", providers.Say("a GIF"), true},
	{"GIF89a", "gif", providers.Say("a GIF"), true},
	{"II+\x00", "tif", providers.Say("a BigTIFF"), true},
	{"MM\x00+", "tif", providers.Say("a BigTIFF"), true},
	{"8BPS", "psd", providers.Say("a Photoshop"), true},
	{"\x00\x00\x00\x0cJXL ", "jxl", providers.Say("a JPEG XL"), true},
	{"\xff\x0a", "jxl", providers.Say("a JPEG XL"), true},
	{"\x00\x00\x00\x0cjP  ", "jp2", providers.Say("a JPEG 2000"), true},
	{"\xff\x4f\xff\x51", "jp2", providers.Say("a JPEG 2000"), true},
	{"II\xbc\x01", "jxr", providers.Say("a JPEG XR"), true},
	{"gimp xcf", "xcf", providers.Say("a GIMP"), true},
	{"\x00\x00\x01\x00", "ico", providers.Say("an ICO"), true},
	{"icns", "icns", providers.Say("an ICNS"), true},
	{"qoif", "qoi", providers.Say("a QOI"), true},
	{"DDS ", "dds", providers.Say("a DDS"), true},
	{"v/1\x01", "exr", providers.Say("an OpenEXR"), true},
	{"#?RADIANCE", "hdr", providers.Say("a Radiance HDR"), true},
	{"\x0a\x05\x01", "pcx", providers.Say("a PCX"), true},
	{"P4\n", "pbm", providers.Say("a PNM"), true},
	{"P5\n", "pgm", providers.Say("a PNM"), true},
	{"P6\n", "ppm", providers.Say("a PNM"), true},
	{"\x8aMNG", "mng", providers.Say("an MNG"), true},
	{"\x8bJNG", "jng", providers.Say("a JNG"), true},
	{"AT&TFORM", "djvu", providers.Say("a DjVu"), true},
	{"%!PS", "eps", providers.Say("a PostScript"), true},
	{"%PDF", "pdf", providers.Say("a PDF"), false},
	{"PK\x03\x04", "zip", providers.Say("a ZIP archive"), false},
	{"\x1f\x8b", "gz", providers.Say("a compressed archive"), false},
	{"Rar!", "rar", providers.Say("a RAR archive"), false},
	{"7z\xbc\xaf", "7z", providers.Say("a 7-Zip archive"), false},
	{"\x1aE\xdf\xa3", "mkv", providers.Say("a video"), false},
	{"\x7fELF", "bin", providers.Say("a program"), false},
	{"MZ", "bin", providers.Say("a program"), false},
	{"\x00\x00\x01\xba", "mpg", providers.Say("a video"), false},
	{"\x00\x00\x01\xb3", "mpg", providers.Say("a video"), false},
	{"FLV\x01", "flv", providers.Say("a video"), false},
	{"0&\xb2u\x8ef\xcf\x11", "wmv", providers.Say("a video"), false},
	{"ID3", "mp3", providers.Say("music"), false},
	{"SQLite format 3", "bin", providers.Say("a database"), false},
}

// sniff names the format of a file that starts with head, or says what the
// file is instead.
func sniff(head []byte) (format string, why *Rejected) {
	switch {
	case len(head) == 0:
		return "", rejected("is empty")
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return formatJPEG, nil
	case bytes.HasPrefix(head, []byte(pngSignature)):
		return formatPNG, nil
	case len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
		return formatWebP, nil
	case cameraRaw(head):
		return "", rawPicture()
	case bytes.HasPrefix(head, []byte("II*\x00")), bytes.HasPrefix(head, []byte("MM\x00*")):
		return formatTIFF, nil
	}
	if format := boxedFormat(head); format != "" {
		return format, nil
	}
	if kind := otherKind(head); kind.ext != "" {
		if kind.picture {
			return "", saveAnew(kind.what)
		}
		return "", looksLike(kind.what)
	}
	return "", sniffText(head)
}

func saveAnew(what providers.Sentence) *Rejected {
	return rejected("is %s picture; save it as JPEG or PNG", what)
}

func looksLike(what providers.Sentence) *Rejected {
	return rejected("is not a picture (it looks like %s)", what)
}

// kind is what a file is that is not one of the formats above.
type kind struct {
	ext     string // "" where it isn't known
	what    providers.Sentence
	picture bool
}

// otherKind names a file by its first bytes.
func otherKind(head []byte) kind {
	for _, s := range signatures {
		if bytes.HasPrefix(head, []byte(s.prefix)) {
			return kind{s.ext, s.what, s.picture}
		}
	}
	// "BM" alone would match prose; a bitmap also has four reserved zero bytes.
	if len(head) >= 14 && string(head[:2]) == "BM" && string(head[6:10]) == "\x00\x00\x00\x00" {
		return kind{"bmp", providers.Say("a BMP"), true}
	}
	if len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "AVI " {
		return kind{"avi", providers.Say("a video"), false}
	}
	if len(head) >= 12 && slices.Contains(movieBoxes, string(head[4:8])) {
		return kind{"mp4", providers.Say("a video"), false}
	}
	return kind{}
}

// movieBoxes begin films: old QuickTime files have no ftyp.
var movieBoxes = []string{"ftyp", "moov", "mdat", "wide", "skip", "free", "pnot"}

// boxedFormat tells the pictures of the ISO media family by their brands; ""
// for the others.
func boxedFormat(head []byte) string {
	if len(head) < 12 || string(head[4:8]) != "ftyp" {
		return ""
	}
	brands := head[8:min(len(head), 64)]
	switch major := string(head[8:12]); major {
	case "avif", "avis":
		return formatAVIF
	case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "mif2":
		if bytes.Contains(brands, []byte("avif")) {
			return formatAVIF
		}
		return formatHEIC
	}
	return ""
}

func sniffText(head []byte) *Rejected {
	lower := bytes.ToLower(bytes.TrimLeft(head, "\ufeff \t\r\n"))
	isXML := bytes.HasPrefix(lower, []byte("<?xml")) || bytes.HasPrefix(lower, []byte("<!--"))
	switch {
	case bytes.HasPrefix(lower, []byte("<svg")), isXML && bytes.Contains(lower, []byte("<svg")):
		return saveAnew(providers.Say("an SVG"))
	case bytes.HasPrefix(lower, []byte("<!doctype html")), bytes.HasPrefix(lower, []byte("<html")):
		return looksLike(providers.Say("a web page"))
	case len(bytes.Trim(head, "\x00")) == 0:
		return rejected("is not a picture (it holds nothing but zeros)")
	case providers.IsText(head):
		return looksLike(providers.Say("text"))
	}
	return rejected("is not a picture")
}
