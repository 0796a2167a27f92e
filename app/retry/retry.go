// Package retry says how long to wait before trying again.
package retry

import (
	"context"
	"math/rand/v2"
	"time"
)

const (
	atFirst = time.Second
	atMost  = time.Minute
)

// Backoff is the wait before try n (from 1): doubling from a second to a
// minute, with jitter so that many jobs don't knock together, and never less
// than what the service asked for.
func Backoff(n int, retryAfter time.Duration) time.Duration {
	d := min(atFirst<<min(n-1, 10), atMost)
	d = d/2 + rand.N(d/2+1)
	return max(d, retryAfter)
}

// Sleep waits, or returns the context's cause when that ends first.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
