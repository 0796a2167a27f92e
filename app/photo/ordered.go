// Whether what a service sent is of the kind that it was asked for.

package photo

import (
	"cmp"
	"strings"

	"github.com/maquette-studio/maquette/providers"
)

// Misplaced says why an SVG graphic isn't drawn that came where something else
// was ordered, and of a picture made of pixels that an SVG was ordered; empty
// where nothing is amiss.
func Misplaced(ext, ordered string) providers.Sentence {
	switch {
	case ordered == "" || (ext == ExtVector) == (ordered == ExtVector):
		return providers.Sentence{}
	case ext != ExtVector:
		return providers.Say("A %s picture came where an SVG graphic was ordered.", strings.ToUpper(ext))
	case ordered == providers.Pixels:
		return providers.Say("An SVG graphic came where a picture made of pixels was ordered. It is kept as it came, and not drawn.")
	}
	return providers.Say("An SVG graphic came where a %s was ordered. It is kept as it came, and not drawn.", orderedName(ordered))
}

// orderedName is what people call the files of an extension.
func orderedName(ext string) string {
	return cmp.Or(formatNames[formatOf[strings.ToLower(ext)]], strings.ToUpper(ext))
}
