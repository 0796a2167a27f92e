// Package ids makes the names of jobs and datasets: short enough to type, in
// the order of time, never made twice.
package ids

import (
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Source makes ids that sort by time, even when the clock stands still or goes
// back while the program runs. The zero Source is ready for use.
type Source struct {
	mu   sync.Mutex
	last int64
}

// Next returns a prefix, nine base-36 digits of milliseconds and three random
// characters.
func (s *Source) Next(prefix string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = max(time.Now().UnixMilli(), s.last+1)
	stamp := strconv.FormatInt(s.last, 36)
	return fmt.Sprintf("%s%09s%s", prefix, stamp, strings.ToLower(rand.Text()[:3]))
}
