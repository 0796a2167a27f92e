// When two names, or two words, are the same.

package filename

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold writes a text such that two ways of writing the same are equal: composed
// or with combining accents, in large or small letters (Unicode's full case
// folding). File systems that don't tell cases or compositions apart take names
// for the same only if these are. Accents stay: é isn't e.
func Fold(text string) string {
	if isASCII(text) {
		return strings.ToLower(text)
	}
	text = cases.Fold().String(norm.NFC.String(text))
	return norm.NFC.String(text)
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}
