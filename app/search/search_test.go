package search_test

import (
	"testing"

	"github.com/maquette-studio/maquette/app/search"
)

func TestWordsAreFoundHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		typed, text string
		found       bool
	}{
		{"", "a fox", true},
		{"Été", "l'e\u0301te\u0301 indien", true},
		{"e\u0301te\u0301", "L'ÉTÉ", true},
		{"ete", "l'été", false},
		{"STRASSE fox", "A fox in the Straße", true},
		{"fox owl", "a fox", false},
	} {
		if got := search.Parse(row.typed).In(search.Text("none", row.text)); got != row.found {
			t.Errorf("%q in %q: %v", row.typed, row.text, got)
		}
	}
}
