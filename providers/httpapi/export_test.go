package httpapi

import (
	"net/netip"
	"time"
)

// StallAfter shortens how long a fetcher waits for the next byte.
func (f *Fetcher) StallAfter(d time.Duration) { f.stall = d }

// IsPublic is which addresses a fetcher connects to.
func IsPublic(addr netip.Addr) bool { return isPublic(addr) }
