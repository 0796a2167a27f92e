// A limit of requests: so many a minute at each endpoint, as the services count.

package sandbox

import (
	"net/http"
	"strings"
	"sync"
	"time"
)

// limits remember when requests passed, by rule and endpoint.
type limits struct {
	mu     sync.Mutex
	passed map[endpointOf][]time.Time
}

type endpointOf struct {
	rule     *action
	endpoint string
}

// take reports whether a request still passes in the minute before now.
func (l *limits) take(rule *action, r *http.Request, now time.Time, minute time.Duration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.passed == nil {
		l.passed = map[endpointOf][]time.Time{}
	}
	at := endpointOf{rule, r.Method + " " + withoutIDs(r.URL.Path)}
	passed := l.passed[at]
	for len(passed) > 0 && now.Sub(passed[0]) >= minute {
		passed = passed[1:]
	}
	allowed := len(passed) < rule.most
	if allowed {
		passed = append(passed, now)
	}
	l.passed[at] = passed
	return allowed
}

// withoutIDs is a path with its ids, which have digits, made one.
func withoutIDs(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if strings.ContainsAny(part, "0123456789") && part != "v1" {
			parts[i] = "{id}"
		}
	}
	return strings.Join(parts, "/")
}
