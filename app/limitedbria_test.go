// A Bria that takes its time, counts every request, and refuses those beyond
// its limit.

package app_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// limitedBria trains one model a job, with captions that come after a
// minute of the tests and a training of two.
type limitedBria struct {
	perMinute  int
	sliding    bool
	retryAfter string

	mu       sync.Mutex
	ids      int
	born     map[string]time.Time
	passed   map[string][]time.Time
	refused  []time.Time
	requests int
	started  map[string]int
}

func (b *limitedBria) start(t *testing.T) (url string) {
	b.born, b.passed, b.started = map[string]time.Time{}, map[string][]time.Time{}, map[string]int{}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	return server.URL
}

var digits = regexp.MustCompile(`\d+`)

// minute is when the service's minute that a time lies in began.
func (b *limitedBria) minute(at time.Time) time.Time {
	if b.sliding {
		return at.Add(1 - minuteOfTests)
	}
	return at.Truncate(minuteOfTests)
}

func (b *limitedBria) passes(endpoint string, now time.Time) bool {
	n := 0
	for _, at := range b.passed[endpoint] {
		if !at.Before(b.minute(now)) {
			n++
		}
	}
	if n < b.perMinute {
		b.passed[endpoint] = append(b.passed[endpoint], now)
		return true
	}
	b.refused = append(b.refused, now)
	return false
}

func (b *limitedBria) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.requests++
	now := time.Now()
	w.Header().Set("Content-Type", "application/json")
	if !b.passes(r.Method+" "+digits.ReplaceAllString(r.URL.Path, "{id}"), now) {
		if b.retryAfter != "" {
			w.Header().Set("Retry-After", b.retryAfter)
		}
		w.WriteHeader(http.StatusTooManyRequests)
		fmt.Fprint(w, `{"message": "Request limit exceeded. Your account has reached its maximum allowed requests."}`)
		return
	}
	id := digits.FindString(r.URL.Path)
	old := now.Sub(b.born[id])
	caption, source := `null`, "pending"
	if old > minuteOfTests {
		caption, source = `"a fennec"`, "automatic"
	}
	status := "InProgress"
	if old > 2*minuteOfTests {
		status = "Completed"
	}
	switch {
	case strings.HasSuffix(r.URL.Path, "start_training"):
		b.started[id]++
		b.born[id] = now
		fmt.Fprintf(w, `{"id": %s, "status": "InProgress"}`, id)
	case r.Method == http.MethodPost && r.URL.Path != "":
		b.ids++
		b.born[fmt.Sprint(b.ids)] = now
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, `{"id": %d, "status": "created", "caption": null, "caption_source": "pending"}`, b.ids)
	case strings.HasSuffix(r.URL.Path, "/images"):
		fmt.Fprintf(w, `[{"id": 1001, "caption": %s, "caption_source": %q}]`, caption, source)
	case strings.Contains(r.URL.Path, "/models/"):
		fmt.Fprintf(w, `{"id": %s, "status": %q, "training_version": "light"}`, id, status)
	case strings.HasSuffix(r.URL.Path, "/projects"):
		fmt.Fprint(w, `[]`)
	default:
		fmt.Fprintf(w, `{"id": %s, "status": "completed"}`, id)
	}
}

// mostRefused is how many requests were refused in the worst of the service's
// minutes.
func (b *limitedBria) mostRefused() (most int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, last := range b.refused {
		n := 0
		for _, at := range b.refused {
			if !at.Before(b.minute(last)) && !at.After(last) {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}
