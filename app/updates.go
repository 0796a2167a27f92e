// The look for a newer release.

package app

import (
	"context"

	"github.com/maquette-studio/maquette/app/release"
)

// LookForUpdates asks the project's site, because a person wants to know.
func (s *Studio) LookForUpdates(ctx context.Context) (release.Found, error) {
	return release.Look(ctx, s.cfg.Env)
}
