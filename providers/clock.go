// A service's clock, as its answers tell it.

package providers

import (
	"sync"
	"time"
)

// clockBelieved is how long a reading of a service's clock is believed.
const clockBelieved = time.Hour

// Clock is a service's clock. It goes on by this computer's monotonic clock
// from the Date of an answer, so that setting this computer's clock doesn't
// move it. Good to a second or two. The zero Clock is ready for use, by many.
type Clock struct {
	mu   sync.Mutex
	date time.Time // what the service said
	at   time.Time // when it did, with the monotonic clock
}

// Note takes the Date of an answer that just came.
func (c *Clock) Note(date time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.date, c.at = date, time.Now()
}

// Now is the time at the service; !known where it didn't say within an hour.
func (c *Clock) Now() (now time.Time, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	since := time.Since(c.at)
	if c.at.IsZero() || since > clockBelieved {
		return time.Time{}, false
	}
	return c.date.Add(since), true
}
