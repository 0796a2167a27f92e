// Telling from a file's first bytes what it is, and naming what it is not.

package photo

import (
	"bytes"
	"unicode/utf8"

	"github.com/maquette-studio/maquette/providers"
)

// The formats that are read.
const (
	formatJPEG = "jpeg"
	formatPNG  = "png"
	formatWebP = "webp"
)

// sniffLen is how many leading bytes sniff needs at most.
const sniffLen = 1024

var extensionOf = map[string]string{formatJPEG: "jpg", formatPNG: "png", formatWebP: "webp"}

var formatNames = map[string]string{formatJPEG: "JPEG", formatPNG: "PNG", formatWebP: "WebP"}

// signatures of what people drop by mistake. Pictures are told to be saved
// anew; the rest is named for what it seems to be.
var signatures = []struct {
	prefix  string
	what    providers.Sentence
	picture bool
}{
	{"GIF87a", providers.Say("a GIF"), true},
	{"GIF89a", providers.Say("a GIF"), true},
	{"II*\x00", providers.Say("a TIFF"), true},
	{"MM\x00*", providers.Say("a TIFF"), true},
	{"II+\x00", providers.Say("a TIFF"), true},
	{"MM\x00+", providers.Say("a TIFF"), true},
	{"8BPS", providers.Say("a Photoshop"), true},
	{"\x00\x00\x00\x0cJXL ", providers.Say("a JPEG XL"), true},
	{"\xff\x0a", providers.Say("a JPEG XL"), true},
	{"\x00\x00\x00\x0cjP  ", providers.Say("a JPEG 2000"), true},
	{"gimp xcf", providers.Say("a GIMP"), true},
	{"%PDF", providers.Say("a PDF"), false},
	{"PK\x03\x04", providers.Say("a ZIP archive"), false},
	{"\x1f\x8b", providers.Say("a compressed archive"), false},
	{"Rar!", providers.Say("a RAR archive"), false},
	{"7z\xbc\xaf", providers.Say("a 7-Zip archive"), false},
	{"\x1aE\xdf\xa3", providers.Say("a video"), false},
	{"\x7fELF", providers.Say("a program"), false},
	{"MZ", providers.Say("a program"), false},
	{"ID3", providers.Say("music"), false},
	{"SQLite format 3", providers.Say("a database"), false},
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
	}
	for _, s := range signatures {
		if !bytes.HasPrefix(head, []byte(s.prefix)) {
			continue
		}
		if s.picture {
			return "", saveAnew(s.what)
		}
		return "", looksLike(s.what)
	}
	if why := sniffBoxed(head); why != nil {
		return "", why
	}
	// "BM" alone would match prose; a bitmap also has four reserved zero bytes.
	if len(head) >= 14 && string(head[:2]) == "BM" && string(head[6:10]) == "\x00\x00\x00\x00" {
		return "", saveAnew(providers.Say("a BMP"))
	}
	return "", sniffText(head)
}

func saveAnew(what providers.Sentence) *Rejected {
	return rejected("is %s picture; save it as JPEG or PNG", what)
}

func looksLike(what providers.Sentence) *Rejected {
	return rejected("is not a picture (it looks like %s)", what)
}

// sniffBoxed tells the members of the ISO media family apart by their brands.
func sniffBoxed(head []byte) *Rejected {
	if len(head) < 12 || string(head[4:8]) != "ftyp" {
		return nil
	}
	brands := head[8:min(len(head), 64)]
	switch major := string(head[8:12]); major {
	case "avif", "avis":
		return saveAnew(providers.Say("an AVIF"))
	case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1":
		if bytes.Contains(brands, []byte("avif")) {
			return saveAnew(providers.Say("an AVIF"))
		}
		return saveAnew(providers.Say("a HEIC"))
	}
	return looksLike(providers.Say("a video"))
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
	case isText(head):
		return looksLike(providers.Say("text"))
	}
	return rejected("is not a picture")
}

func isText(head []byte) bool {
	for len(head) > 0 {
		r, size := utf8.DecodeRune(head)
		if r == utf8.RuneError && size == 1 && len(head) >= utf8.UTFMax {
			return false
		}
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f' {
			return false
		}
		head = head[size:]
	}
	return true
}
