// Files that are told by how they begin: SVG graphics, and text.

package providers

import (
	"bytes"
	"encoding/xml"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"
)

// IsVector reports whether a file that starts with head is an SVG graphic.
func IsVector(head []byte) bool {
	decoder := xml.NewDecoder(bytes.NewReader(head))
	decoder.CharsetReader = AsIs
	for {
		token, err := decoder.RawToken()
		if err != nil {
			return false
		}
		switch token := token.(type) {
		case xml.StartElement:
			return token.Name.Local == "svg"
		case xml.CharData:
			if len(bytes.TrimLeft(token, "\ufeff \t\r\n")) > 0 {
				return false
			}
		}
	}
}

// AsIs is an xml.Decoder's CharsetReader that reads any declared character set
// as bytes: for where only ASCII matters.
func AsIs(_ string, r io.Reader) (io.Reader, error) { return r, nil }

// IsText reports whether a file that starts with head is text: UTF-8 without
// control characters, UTF-16 by its mark, or HTML or XML in whatever character
// set. An empty file is text too.
func IsText(head []byte) bool {
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return true
	}
	sniffed := http.DetectContentType(head)
	return isPlain(head) || strings.HasPrefix(sniffed, "text/html") || strings.HasPrefix(sniffed, "text/xml")
}

func isPlain(head []byte) bool {
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
