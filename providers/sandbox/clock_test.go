// A clock that tests can set ahead.

package sandbox_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/providers/sandbox"
)

// clock is the real time plus what a test adds to it or, once frozen, stands still but for that.
type clock struct {
	ahead  atomic.Int64
	frozen atomic.Pointer[time.Time]
}

func newClock() *clock { return &clock{} }

func (c *clock) now() time.Time {
	now := time.Now()
	if at := c.frozen.Load(); at != nil {
		now = *at
	}
	return now.Add(time.Duration(c.ahead.Load()))
}

func (c *clock) freeze() {
	now := time.Now()
	c.frozen.Store(&now)
}

func (c *clock) advance(d time.Duration) { c.ahead.Add(int64(d)) }

// startFrozen starts a sandbox on whose clock time passes only when the test says so.
func startFrozen(t *testing.T) (*sandbox.Sandbox, *clock) {
	t.Helper()
	c := newClock()
	c.freeze()
	return startAt(t, t.TempDir(), c), c
}

func startAt(t *testing.T, dir string, c *clock) *sandbox.Sandbox {
	t.Helper()
	s, err := sandbox.Start(t.Context(), sandbox.Config{Dir: dir, Pace: 0.05, Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
