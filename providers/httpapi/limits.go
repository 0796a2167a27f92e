// Turns: when a request may leave, and what its answer says of the service's
// limits.

package httpapi

import (
	"context"
	"errors"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/ratelimit"
)

// turn waits until the request may leave.
func (c *Client) turn(ctx context.Context, method string, target *url.URL) (*ratelimit.Turn, *providers.Failure) {
	reads := providers.Request{Method: method}.Reads()
	if c.options.Conn.Record != nil && !reads {
		return nil, nil // it is written down
	}
	base, _ := url.Parse(c.options.Conn.BaseURL)
	path := strings.TrimPrefix(strings.TrimPrefix(target.Path, strings.TrimRight(base.Path, "/")), "/")
	turn, err := c.options.Conn.Limits.Turn(ctx, method, path, reads)
	if err == nil {
		return turn, nil
	}
	var busy *ratelimit.Busy
	if !errors.As(err, &busy) {
		return nil, c.interrupted(ctx, providers.NotSent)
	}
	failure := c.notSent(providers.RateLimited, providers.Say("its limit of requests is used up for now"), busy)
	failure.Advice, failure.Remedy = advice[providers.RateLimited], providers.Remedy{}
	return nil, failure
}

// endTurn learns from an answer, nil where none came.
func (c *Client) endTurn(turn *ratelimit.Turn, response *http.Response, sent bool) {
	switch {
	case response == nil && !sent:
		turn.Unsent()
	case response == nil:
		turn.Answered()
	default:
		now := c.ServiceTime(time.Now())
		if left, renewed, said := quota(response.Header, now); said {
			turn.Left(left, renewed)
		}
		if response.StatusCode == http.StatusTooManyRequests {
			turn.Refused(retryAfter(response.Header.Get("Retry-After"), now))
			return
		}
		turn.Answered()
	}
}

// limited reports whether the next request after a failure waits for its turn.
func (c *Client) limited(failure *providers.Failure) bool {
	return c.options.Conn.Limits != nil && failure.Status == http.StatusTooManyRequests
}

// quota reads how many requests a service says are left, and when it counts
// anew: X-RateLimit-Remaining and -Reset, RateLimit-Remaining and -Reset, or
// RateLimit in either of its forms.
func quota(header http.Header, now time.Time) (left int, renewed time.Duration, said bool) {
	for _, prefix := range []string{"X-RateLimit-", "X-Rate-Limit-", "RateLimit-"} {
		left, ok := count(header.Get(prefix + "Remaining"))
		after, known := reset(header.Get(prefix+"Reset"), now)
		if ok && known {
			return left, after, true
		}
	}
	members := map[string]string{}
	for member := range strings.FieldsFuncSeq(header.Get("RateLimit"), func(r rune) bool { return r == ',' || r == ';' }) {
		name, value, _ := strings.Cut(strings.TrimSpace(member), "=")
		members[strings.ToLower(name)] = value
	}
	for _, names := range [][2]string{{"remaining", "reset"}, {"r", "t"}} {
		left, ok := count(members[names[0]])
		after, known := reset(members[names[1]], now)
		if ok && known {
			return left, after, true
		}
	}
	return 0, 0, false
}

func count(text string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	return n, err == nil && n >= 0
}

// reset reads when a limit is renewed: in seconds from now, as a Unix time in
// seconds or milliseconds, or as a date. It is capped like Retry-After.
func reset(text string, now time.Time) (time.Duration, bool) {
	text = strings.TrimSpace(text)
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil {
		at, err := http.ParseTime(text)
		return min(at.Sub(now), longestRetryAfter), err == nil && at.After(now)
	}
	const aTime, inMilliseconds = 1e8, 1e11
	switch {
	case seconds >= inMilliseconds:
		seconds = seconds/1000 - float64(now.UnixMilli())/1000
	case seconds >= aTime:
		seconds -= float64(now.UnixMilli()) / 1000
	}
	if !(seconds > 0) || math.IsInf(seconds, 0) {
		return 0, false
	}
	return time.Duration(min(seconds, longestRetryAfter.Seconds()) * float64(time.Second)), true
}
