// Which accounts have a key, as far as is known without asking the keyring.

package access

import (
	"context"

	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/storage"
)

// Presence is whether an account has a key.
type Presence int

// What can be known of a key.
const (
	KeyUnknown Presence = iota // nobody has looked, or the keyring didn't answer
	KeyMissing
	KeyPresent
)

// Presence answers at once: from the environment, this session and what the
// keyring said last. Call it from anywhere.
func (a *Access) Presence(account string) Presence {
	if a.Keys.AtHand(account) {
		return KeyPresent
	}
	present, known := a.Settings.Now().KeysSeen[account]
	switch {
	case !known:
		return KeyUnknown
	case present:
		return KeyPresent
	}
	return KeyMissing
}

// Look asks the keyring about the services of which nothing is known, and
// reports whether one of all has a key. A keyring that can't be read leaves them
// unknown. Never call it on the UI goroutine.
func (a *Access) Look(ctx context.Context) (some bool) {
	for _, service := range a.Services {
		if a.Presence(service.ID) == KeyUnknown {
			if _, err := a.KeyWhere(ctx, service.ID); err != nil {
				return some // the others lie in the same keyring
			}
		}
		some = some || a.Presence(service.ID) == KeyPresent
	}
	return some
}

// saw remembers what the keyring said of an account. What can't be written is
// asked again.
func (a *Access) saw(account string, where storage.KeyWhere) {
	if a.Fixed != nil || where == storage.KeyEnvironment || where == storage.KeySession {
		return // known without the keyring
	}
	if _, service := a.Services.Service(account); !service {
		return
	}
	present := where == storage.KeyKeyring
	if seen, known := a.Settings.Now().KeysSeen[account]; known && seen == present {
		return
	}
	_ = a.Settings.Change(func(s *settings.Settings) {
		if s.KeysSeen == nil {
			s.KeysSeen = map[string]bool{}
		}
		s.KeysSeen[account] = present
	})
}
