// The window's texts in other languages: the English sentence is the key.

package views

import (
	"embed"

	"fyne.io/fyne/v2/lang"
)

// locales holds one file a language, named after it. English lists every text,
// to be copied for a new language; its plurals are used.
//
//go:embed locales
var locales embed.FS

// errLocales is why the translations could not be read.
var errLocales = lang.AddTranslationsFS(locales, "locales")
