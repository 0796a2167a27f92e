// Text from outside, made fit to be shown: what a service, a proxy, a file or
// a stranger says stands in sentences, records and labels, and may be anything.

package providers

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostShown bounds what a sentence quotes, characters: a window's worth.
const mostShown = 2000

// Shown is a text as it may be shown anywhere: without what moves a cursor,
// colours a terminal or turns the direction of what follows, in valid UTF-8,
// with the queries of signed links left out, and of a bounded length. Line
// breaks and tabs stay.
func Shown(text string) string {
	if len(text) > mostShown*utf8.UTFMax {
		text = text[:mostShown*utf8.UTFMax]
	}
	if strings.Contains(text, "://") {
		text = signedLink.ReplaceAllString(text, "$1")
	}
	text = WithoutControls(strings.ToValidUTF8(text, "\uFFFD"))
	if utf8.RuneCountInString(text) > mostShown {
		text = string([]rune(text)[:mostShown]) + "…"
	}
	return text
}

// mostLine bounds a name, a title or a state, characters: more than any line of
// a window shows.
const mostLine = 500

// Line is a text as a line may show it: Shown, with spaces in place of line
// breaks and tabs, and no longer than any line.
func Line(text string) string {
	line := strings.Join(strings.Fields(Shown(text)), " ")
	if utf8.RuneCountInString(line) > mostLine {
		line = string([]rune(line)[:mostLine]) + "…"
	}
	return line
}

// WithoutControls is a text without what is Unprintable.
func WithoutControls(text string) string {
	if !strings.ContainsFunc(text, Unprintable) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if Unprintable(r) {
			return -1
		}
		return r
	}, text)
}

// SameText reports whether a service repeats a text that was sent to it: what
// comes in has lost what is Unprintable, and services trim.
func SameText(sent, repeated string) bool {
	return strings.TrimSpace(WithoutControls(sent)) == strings.TrimSpace(WithoutControls(repeated))
}

// Unprintable reports whether a character does something else than being
// shown: the controls of ASCII and of ISO 8859 (C0, DEL, C1) but for the line
// break and the tab, and Unicode's overrides, embeddings and isolates of the
// writing direction and its line and paragraph separators (UAX #9, UAX #14).
func Unprintable(r rune) bool {
	switch {
	case r == '\n', r == '\t':
		return false
	case r >= 0x2028 && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return true
	}
	return unicode.Is(unicode.Cc, r)
}
