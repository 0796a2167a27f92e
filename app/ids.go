package app

import (
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// ids makes names that sort by time, even when the clock stands still or goes
// back while the program runs.
type ids struct {
	mu   sync.Mutex
	last int64
}

// next returns a prefix, nine base-36 digits of milliseconds and three random
// characters: short enough to type, never made twice.
func (i *ids) next(prefix string) string {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.last = max(time.Now().UnixMilli(), i.last+1)
	stamp := strconv.FormatInt(i.last, 36)
	return fmt.Sprintf("%s%09s%s", prefix, stamp, strings.ToLower(rand.Text()[:3]))
}
