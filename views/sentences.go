// What the app says, in the person's language.

package views

import (
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// say is a sentence in the person's language.
func say(s providers.Sentence) string { return s.In(kit.Local, kit.Sprintf) }

// sayAll are several.
func sayAll(all []providers.Sentence) []string {
	said := make([]string, len(all))
	for i, s := range all {
		said[i] = say(s)
	}
	return said
}

// sayError is what an error says, in the person's language.
func sayError(err error) string { return say(providers.SentenceOf(err)) }
