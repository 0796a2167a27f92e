// The first start: nothing is here yet, and nobody has been welcomed.

package app

import (
	"context"
	"time"

	"github.com/maquette-studio/maquette/app/settings"
)

// keyringGlance is how long a first start waits for the keyring, whose unlock
// dialog may stand open.
const keyringGlance = 4 * time.Second

// FirstStart reports whether a person begins here: there is no key, job,
// picture, photo, model or bucket, and the welcome wasn't left before. What is
// there once ends it for good. It may ask the keyring: never call it on the UI
// goroutine.
func (s *Studio) FirstStart(ctx context.Context) bool {
	if s.Demo() || s.Settings.Now().Welcomed {
		return false
	}
	if !s.bare() {
		_ = s.EndWelcome() // what can't be written is found again
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, keyringGlance)
	defer cancel()
	if s.Access.Look(ctx) {
		_ = s.EndWelcome()
		return false
	}
	return true
}

// bare reports whether nothing was made or gathered here.
func (s *Studio) bare() bool {
	return len(s.Jobs.List()) == 0 && len(s.Library.Search("")) == 0 && len(s.Library.Trash()) == 0 &&
		len(s.Datasets.EveryPhoto()) == 0 && len(s.Models.List()) == 0 && !s.Place.Named() && len(s.Troubles.List()) == 0
}

// EndWelcome remembers that the welcome was left. It writes to the disk: never
// call it on the UI goroutine.
func (s *Studio) EndWelcome() error {
	return s.Settings.Change(func(set *settings.Settings) { set.Welcomed = true })
}
