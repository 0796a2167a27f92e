// Reading the texts that captions come in, whatever wrote them.

package photo

import (
	"encoding/binary"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// captionText is a file's text: UTF-8, UTF-16 with or without a byte order
// mark, or what Windows wrote before those, which is told as foreign. Lines end
// in \n, and the white space around the text is left out. !ok where the file is
// no text.
func captionText(content []byte) (text string, foreign, ok bool) {
	text, foreign, ok = decoded(content)
	if !ok {
		return "", false, false
	}
	text = strings.ReplaceAll(strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n"), "\r", "\n")
	if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' && r != '\f' && r != '\v' }) {
		return "", false, false
	}
	return strings.TrimSpace(text), foreign, true
}

func decoded(content []byte) (text string, foreign, ok bool) {
	order, marked := byteOrder(content)
	switch {
	case order != nil && len(content)%2 != 0:
		return "", false, false
	case order != nil:
		return fromUTF16(content, order)
	case marked || utf8.Valid(content):
		return string(content), false, utf8.Valid(content)
	}
	decoder := charmap.Windows1252.NewDecoder()
	text, err := decoder.String(string(content))
	return text, true, err == nil && !strings.ContainsRune(text, utf8.RuneError)
}

// byteOrder is that of UTF-16: by its mark, or, without one, by where the zeros
// of Latin letters stand; nil where it is another encoding, which marked tells
// to be UTF-8.
func byteOrder(content []byte) (order binary.ByteOrder, marked bool) {
	begins := func(mark string) bool { return strings.HasPrefix(string(content[:min(len(content), 3)]), mark) }
	switch {
	case begins("\xff\xfe"):
		return binary.LittleEndian, true
	case begins("\xfe\xff"):
		return binary.BigEndian, true
	case begins("\xef\xbb\xbf"):
		return nil, true
	}
	var zeros [2]int
	for i, b := range content {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch half := len(content) / 4; {
	case zeros[0] == 0 && zeros[1] > half:
		return binary.LittleEndian, false
	case zeros[1] == 0 && zeros[0] > half:
		return binary.BigEndian, false
	}
	return nil, false
}

func fromUTF16(content []byte, order binary.ByteOrder) (text string, foreign, ok bool) {
	units := make([]uint16, len(content)/2)
	for i := range units {
		units[i] = order.Uint16(content[2*i:])
	}
	runes := utf16.Decode(units)
	return string(runes), false, !slices.Contains(runes, utf8.RuneError)
}
