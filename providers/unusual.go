// What is sent although nobody has said that it works, and texts that say nothing.

package providers

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Unusual says which values lie outside of what is known to work, where no document of the service sets a limit: they
// are sent as they are, and the service may refuse them.
func Unusual(fields []Field, values Values) []Problem {
	var told []Problem
	for _, f := range fields {
		value, set := values[f.Key]
		if !set {
			continue
		}
		if items, list := value.([]Values); list {
			for i, item := range items {
				told = append(told, inList(f.Key, i, Unusual(f.Items, item))...)
			}
			value = len(items)
		}
		if n, err := toFloat(value); err == nil && f.Soft && f.outside(n) {
			told = append(told, Problem{f.Key, Say("%s is outside of %s to %s, which is what is known to work; no document sets a limit, and the service may refuse it", number(n), number(f.Min), number(f.Max))})
		}
	}
	return told
}

// Unusual says what of the values nobody has said to work, field by field and
// across them: it is sent.
func (t *Task) Unusual(values Values) []Problem {
	told := Unusual(t.Fields, values)
	if t.Doubt != nil {
		told = append(told, t.Doubt(values)...)
	}
	return told
}

// inList are the problems of a list's item, at the list's field.
func inList(key string, at int, problems []Problem) []Problem {
	told := make([]Problem, len(problems))
	for i, p := range problems {
		told[i] = Problem{fmt.Sprintf("%s[%d].%s", key, at, p.Field), p.Message}
	}
	return told
}

// outside reports whether a number lies beyond Min and Max.
func (f Field) outside(n float64) bool { return f.Bounded() && (n < f.Min || n > f.Max) }

// invisible are the characters that Unicode counts as letters, symbols or formats and that show nothing.
var invisible = []rune{'\u00ad', '\u034f', '\u115f', '\u1160', '\u17b4', '\u17b5', '\u2800', '\u3164', '\uffa0'}

// Blank reports whether a text shows nothing: it is empty, or holds spaces and invisible characters only.
func Blank(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Variation_Selector, r) && !slices.Contains(invisible, r)
	})
}

// isRequiredText reports that the field has to hold words: an empty text isn't
// the same as none given, which takes the default.
func (f Field) isRequiredText() bool { return f.Required && (f.Kind == Prompt || f.Kind == Text) }
