// How the person's language writes texts, numbers and times.

package kit

import (
	"reflect"
	"strings"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2/lang"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// tongue is a language's ways.
type tongue struct {
	printer *message.Printer
	times   timeLayouts
	marks   punctuation
}

// punctuation is what stands between texts that are put together here: a comma
// of a list, between sentences' parts, at a sentence's end, before what explains,
// and between the name of a thing and what is said of it.
type punctuation struct{ comma, semicolon, stop, colon, of string }

var western = punctuation{", ", "; ", ".", ": ", " "}

var marks = map[string]punctuation{
	"fr": {", ", "\u00a0; ", ".", "\u00a0: ", " "},
	"ja": {"、", "；", "。", "：", "："},
	"zh": {"、", "；", "。", "：", "："},
}

// timeLayouts are time.Format's layouts of a language. Months are numbers where
// their names would need a grammar.
type timeLayouts struct {
	day, year string // of this year, and of any
}

var layouts = map[string]timeLayouts{
	"en": {"2 Jan", "2 Jan 2006"},
	"de": {"02.01.", "02.01.2006"},
	"fr": {"02/01", "02/01/2006"},
	"es": {"02/01", "02/01/2006"},
	"pt": {"02/01", "02/01/2006"},
	"ja": {"01/02", "2006/01/02"},
	"zh": {"01-02", "2006-01-02"},
}

var spoken atomic.Pointer[tongue]

func init() { Speak(language.English) }

// Speak sets the language that numbers and times are written in from now on;
// lang has its texts. One whose times aren't known writes them as 2006-01-02.
func Speak(tag language.Tag) {
	base, _ := tag.Base()
	times, ok := layouts[base.String()]
	if !ok {
		times = timeLayouts{"01-02", time.DateOnly}
	}
	points, ok := marks[base.String()]
	if !ok {
		points = western
	}
	spoken.Store(&tongue{message.NewPrinter(tag), times, points})
}

// Listed is a list on one line: a, b, c.
func Listed(parts ...string) string { return strings.Join(parts, spoken.Load().marks.comma) }

// Parted puts sentences' parts on one line: a; b; c.
func Parted(parts ...string) string { return strings.Join(parts, spoken.Load().marks.semicolon) }

// Explained is a text and what explains it.
func Explained(text, by string) string { return text + spoken.Load().marks.colon + by }

// SaidOf is what is said of a thing: the prompt is required.
func SaidOf(thing, said string) string { return thing + spoken.Load().marks.of + said }

// Ended is a text with a full stop at its end, if it has none.
func Ended(text string) string {
	if text == "" || strings.HasSuffix(text, ".") || strings.HasSuffix(text, "。") {
		return text
	}
	return text + spoken.Load().marks.stop
}

// Sentences puts whole sentences on one line.
func Sentences(all ...string) string {
	between := " "
	if spoken.Load().marks.stop == "。" {
		between = ""
	}
	for i := range all {
		all[i] = Ended(all[i])
	}
	return strings.Join(all, between)
}

// Local is an English text in the person's language. A text that isn't listed
// stays as it is, whatever it holds: others' words may look like a template.
func Local(english string) string {
	if strings.Contains(english, "{{") {
		return english
	}
	return lang.L(english)
}

// Sprintf is fmt's, with decimals as the language writes them. Whole numbers
// have no separators: most are sizes, codes and ids.
func Sprintf(format string, args ...any) string {
	plain := make([]any, len(args))
	for i, arg := range args {
		plain[i] = arg
		if v := reflect.ValueOf(arg); v.CanInt() {
			plain[i] = number.Decimal(v.Int(), number.NoSeparator())
		}
	}
	return spoken.Load().printer.Sprintf(format, plain...)
}

// Number is a count with its thousands apart: 1,204.
func Number(n int) string { return spoken.Load().printer.Sprint(number.Decimal(n)) }

// CountOf is a count with its noun; many has a %d for it, whose thousands are
// kept apart.
func CountOf(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return spoken.Load().printer.Sprintf(many, n)
}

// Moment is a time as a person reads it: the hour alone when it is today.
func Moment(t, now time.Time) string {
	t, now = t.Local(), now.Local()
	times := spoken.Load().times
	switch {
	case t.Format(time.DateOnly) == now.Format(time.DateOnly):
		return t.Format("15:04")
	case t.Year() == now.Year():
		return t.Format(times.day + " 15:04")
	}
	return t.Format(times.year + " 15:04")
}

// ExactMoment tells apart what was in the same minute.
func ExactMoment(t time.Time) string { return t.Local().Format(spoken.Load().times.day + " 15:04:05") }

// DayAndTime is a time with its whole date.
func DayAndTime(t time.Time) string { return t.Local().Format(spoken.Load().times.year + " 15:04") }
