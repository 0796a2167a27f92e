// Package search finds what is listed by words that a person types.
package search

import (
	"strings"

	"github.com/maquette-studio/maquette/storage/filename"
)

// Words are what is looked for.
type Words []string

// Parse reads what a person typed: words, with white space between them.
func Parse(typed string) Words { return strings.Fields(filename.Fold(typed)) }

// Text is texts as In looks into them, folded once: é is found however it is
// composed, and letters in either case.
func Text(texts ...string) string { return filename.Fold(strings.Join(texts, "\n")) }

// In reports whether a Text holds every word.
func (w Words) In(text string) bool {
	for _, word := range w {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}
