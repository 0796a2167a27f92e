// The pause of the whole studio: nothing new is sent or uploaded until a person
// ends it, over restarts too.

package app

import (
	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/providers"
)

// SetPaused begins or ends the pause, at once. The error is why it couldn't be
// written down: then it lasts until the program ends. It writes to the disk.
func (s *Studio) SetPaused(paused bool) error {
	s.Jobs.SetPaused(paused)
	return s.Settings.Change(func(set *settings.Settings) { set.Paused = paused })
}

// Paused reports whether the pause lasts.
func (s *Studio) Paused() bool { return s.Jobs.Paused() }

// heldBack is why nothing is begun outside of jobs that uploads or is paid; nil
// where no pause lasts.
func (s *Studio) heldBack() error {
	if !s.Paused() {
		return nil
	}
	return &providers.Failure{
		Kind: providers.Interrupted, Outcome: providers.NotSent, Money: providers.NotSpent,
		Message: providers.Say("Maquette is paused: nothing new is sent"),
		Advice:  providers.Say("End the pause, then do it again. Nothing is lost meanwhile."),
	}
}
