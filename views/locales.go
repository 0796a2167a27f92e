// The window's texts in its languages: the English sentence is the key.

package views

import (
	"embed"
	"errors"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"github.com/jeandeaual/go-locale"
	"golang.org/x/text/language"

	"github.com/maquette-studio/maquette/views/kit"
)

// locales holds one file a language, named after its tag. English lists every
// text, to be copied for a new language.
//
//go:embed locales
var locales embed.FS

// tongue is a language that the window speaks.
type tongue struct {
	tag  string // BCP 47, also its file's name
	name string // as those who speak it call it
}

// languages are those that the window speaks, English first. Each is complete,
// which a test holds: there is no half of one.
var languages = []tongue{
	{"en", "English"}, {"de", "Deutsch"}, {"es", "Español"}, {"fr", "Français"}, {"pt-BR", "Português (Brasil)"}, {"ja", "日本語"}, {"zh-Hans", "简体中文"},
}

// fyneWords are what Fyne's own parts say in this window: the menu of a text
// field, and that of the program.
var fyneWords = []string{"Cut", "Copy", "Paste", "Select all", "Undo", "Redo", "Quit"}

// speak has the window in a language from now on: the one chosen by its tag, or
// for "" the one nearest to the system's. Widgets keep the texts they have.
func speak(chosen string) error {
	tag := spokenFor(chosen, systemLocales())
	content, err := locales.ReadFile("locales/" + tag + ".json")
	if err != nil {
		return err
	}
	kit.Speak(language.MustParse(tag))
	return toldFyne(content)
}

// toldFyne hands Fyne the texts. It knows no choice but only the system's
// language, so that one is said to be the one chosen; English, which it falls back to, too.
func toldFyne(content []byte) error {
	var errs []error
	for _, locale := range slices.Compact([]fyne.Locale{lang.SystemLocale(), "en"}) {
		errs = append(errs, lang.AddTranslationsForLocale(content, locale))
	}
	return errors.Join(errs...)
}

// spokenFor is the tag of the language to speak: the one chosen, where the
// window speaks it, or the nearest to the system's, most wanted first; else English.
func spokenFor(chosen string, system []string) string {
	var offered []language.Tag
	for _, tongue := range languages {
		if tongue.tag == chosen {
			return chosen
		}
		offered = append(offered, language.MustParse(tongue.tag))
	}
	matcher := language.NewMatcher(offered)
	for _, name := range system {
		wanted, err := language.Parse(name)
		if err != nil {
			continue
		}
		if _, at, sure := matcher.Match(wanted); sure != language.No {
			return languages[at].tag
		}
	}
	return languages[0].tag
}

// systemLocales are the languages that the system is set to, most wanted first.
func systemLocales() []string {
	names, err := locale.GetLocales()
	if err != nil {
		return nil
	}
	for i, name := range names {
		names[i] = strings.ReplaceAll(name, "_", "-")
	}
	return names
}

// nameOf is a language as those who speak it call it.
func nameOf(tag string) string {
	for _, tongue := range languages {
		if tongue.tag == tag {
			return tongue.name
		}
	}
	return tag
}
