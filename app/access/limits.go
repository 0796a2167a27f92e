// The limits of services: one limiter an account, shared by all that use it.

package access

import (
	"sync"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/ratelimit"
)

// limiters are those of the accounts that were used since the program began.
type limiters struct {
	mu  sync.Mutex
	all map[account]*ratelimit.Limiter
}

// account is a key at an address of a service.
type account struct{ service, address, key string }

// of returns the limiter of the account that conn reaches.
func (l *limiters) of(service *providers.Service, conn providers.Conn, scaled func(time.Duration) time.Duration) *ratelimit.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := account{service.ID, conn.BaseURL, conn.Key}
	if l.all[at] == nil {
		if l.all == nil {
			l.all = map[account]*ratelimit.Limiter{}
		}
		l.all[at] = ratelimit.New(service.Limits, scaled)
	}
	return l.all[at]
}
