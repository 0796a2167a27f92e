// What tests reach inside for: the clock and the Luma balance.

package sandbox

import (
	"context"
	"time"
)

// StartAt is Start with a clock of the test's own.
func StartAt(ctx context.Context, cfg Config, now func() time.Time) (*Sandbox, error) {
	return start(ctx, cfg, now)
}

// SetLumaBalance gives the Luma account a balance in US cents, before its generations.
func (s *Sandbox) SetLumaBalance(cents float64) { s.service("luma").(*luma).balance = cents }
