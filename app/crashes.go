// What is said of a crash at the next start.

package app

import (
	"github.com/maquette-studio/maquette/app/crash"
	"github.com/maquette-studio/maquette/providers"
)

// TroubleCrash is the code of the trouble that the program broke before.
const TroubleCrash = "crash"

// tellCrash says, once, where the report of a crash lies.
func (s *Studio) tellCrash() {
	reports := crash.News(s.layout.Crashes)
	if len(reports) == 0 {
		return
	}
	s.Troubles.Set(TroubleCrash, providers.Say("Maquette broke before"), providers.Say(
		"Jobs go on where they stood. What it was doing is written down in %s, without keys, texts or names of files; it was sent to nobody.", reports[len(reports)-1]))
}
