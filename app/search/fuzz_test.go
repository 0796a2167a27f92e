package search_test

import (
	"testing"

	"github.com/maquette-studio/maquette/app/search"
	"github.com/maquette-studio/maquette/storage/bounds"
)

// FuzzParse looks for what a text holds in that text.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"a fox", "É e\u0301", "İ ß ẞ", "\xff", "  ", "\u2028x", "ﬁ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		bounds.Hold(t, bounds.Text, func() {
			if !search.Parse(typed).In(search.Text(typed)) {
				t.Errorf("%q isn't found in itself", typed)
			}
		})
	})
}
