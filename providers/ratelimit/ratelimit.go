// Package ratelimit keeps requests within what a service allows: a limiter
// for each account, shared by all that use it, which learns from what the
// service answers and lets those who wait through in turn.
//
// A limit holds for an endpoint: a method and a path, whatever ids are in it.
// A request counts from when it leaves until a window after its answer, so
// that no window, wherever the service lets it begin, sees more than the limit.
package ratelimit

import (
	"context"
	"strings"
	"sync"
	"time"
)

// window is what services count by.
const window = time.Minute

// Limit is what a service's document says of some of its endpoints.
type Limit struct {
	Method string // "" for any
	Path   string // beginning of the paths, without a slash in front; "" for all
	// PerMinute is how many requests a minute each endpoint takes: one number a
	// plan, the smallest first. The largest is believed until the service
	// refuses.
	PerMinute []int
}

// Limiter holds the requests of one account at one service. It is safe for
// concurrent use and has no goroutine of its own.
type Limiter struct {
	declared []Limit
	scaled   func(time.Duration) time.Duration

	mu        sync.Mutex
	born      time.Time
	raised    time.Time // when a limit was last tried that may be too high
	endpoints map[string]*endpoint
	turns     uint64 // given so far
}

// New returns the limiter of an account. scaled is a wait as the program's
// tempo makes it; nil leaves it as it is.
func New(declared []Limit, scaled func(time.Duration) time.Duration) *Limiter {
	if scaled == nil {
		scaled = func(d time.Duration) time.Duration { return d }
	}
	return &Limiter{declared: declared, scaled: scaled, born: time.Now(), endpoints: map[string]*endpoint{}}
}

// For returns the limiter for one caller: a job by its id, or "" for a person
// who waits in front of it and goes first. tell may be nil.
func (l *Limiter) For(caller string, tell Tell) *Caller {
	return &Caller{limiter: l, name: caller, tell: tell}
}

// Tell is called when a request has waited for some seconds, with the limit
// that it waits for, 0 where only a refusal is known. What it returns is called
// once the wait is over.
type Tell func(perMinute int) (over func())

// Caller is a Limiter as one job or person uses it. A nil Caller never waits.
type Caller struct {
	limiter *Limiter
	name    string
	tell    Tell
}

// Named is the same limiter for another caller; nil of nil.
func (c *Caller) Named(caller string, tell Tell) *Caller {
	if c == nil {
		return nil
	}
	return c.limiter.For(caller, tell)
}

// Busy is that a request would have to wait, which its context forbids.
type Busy struct {
	caller *Caller
	method string
	path   string
}

// Error says so.
func (b *Busy) Error() string { return "the service's limit of requests is used up for now" }

// Wait waits for the request's turn. Its context lets the request go at once.
func (b *Busy) Wait(ctx context.Context) (*Turn, error) {
	return b.caller.wait(ctx, b.method, b.path)
}

type atOnceKey struct{}

// AtOnce returns a context whose requests that change something don't wait:
// they fail with a *Busy. turn, which may be nil, is one that was waited for:
// the first request that it fits takes it; done gives it back where none did.
func AtOnce(ctx context.Context, turn *Turn) (atOnce context.Context, done func()) {
	o := &offer{turn: turn}
	return context.WithValue(ctx, atOnceKey{}, o), o.giveBack
}

// offer is a turn that was waited for and not taken yet.
type offer struct {
	mu   sync.Mutex
	turn *Turn
}

func (o *offer) take(e *endpoint) *Turn {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.turn == nil || o.turn.endpoint != e {
		return nil
	}
	turn := o.turn
	o.turn = nil
	return turn
}

func (o *offer) giveBack() {
	o.mu.Lock()
	turn := o.turn
	o.turn = nil
	o.mu.Unlock()
	turn.Unsent()
}

// Turn waits until a request may leave. It must be ended by one of its
// methods; a nil Turn needn't be. An error is the context's cause, or a *Busy where
// the context is AtOnce's and the request changes something.
func (c *Caller) Turn(ctx context.Context, method, path string, reads bool) (*Turn, error) {
	if c == nil {
		return nil, nil //nolint:nilnil // without a limiter there is nothing to wait for
	}
	offered, atOnce := ctx.Value(atOnceKey{}).(*offer)
	if !atOnce || reads {
		return c.wait(ctx, method, path)
	}
	c.limiter.mu.Lock()
	defer c.limiter.mu.Unlock()
	e := c.limiter.endpoint(method, path)
	if turn := offered.take(e); turn != nil {
		return turn, nil
	}
	if len(e.waiting) > 0 || !e.free(time.Now()) {
		return nil, &Busy{c, method, path}
	}
	return e.give(c.name), nil
}

// wait queues for a turn.
func (c *Caller) wait(ctx context.Context, method, path string) (*Turn, error) {
	l := c.limiter
	l.mu.Lock()
	e := l.endpoint(method, path)
	w := &waiter{caller: c.name, turn: make(chan *Turn, 1)}
	e.waiting = append(e.waiting, w)
	e.serve()
	l.mu.Unlock()
	notice := time.NewTimer(l.scaled(noticeAfter))
	defer notice.Stop()
	for {
		select {
		case turn := <-w.turn:
			return turn, nil
		case <-notice.C:
			if c.tell != nil {
				defer c.tell(e.perMinute())()
			}
		case <-ctx.Done():
			l.mu.Lock()
			defer l.mu.Unlock()
			e.leave(w)
			return nil, context.Cause(ctx)
		}
	}
}

// noticeAfter is how long a request waits before anybody is told.
const noticeAfter = 3 * time.Second

// endpointsMost bounds what is remembered; those that nothing is known of go first.
const endpointsMost = 200

// endpoint is what is known of a request's endpoint; l.mu is held.
func (l *Limiter) endpoint(method, path string) *endpoint {
	name := method + " " + Endpoint(path)
	if e := l.endpoints[name]; e != nil {
		return e
	}
	if len(l.endpoints) >= endpointsMost {
		for old, e := range l.endpoints {
			if e.forgettable(time.Now()) {
				delete(l.endpoints, old)
			}
		}
	}
	e := &endpoint{limiter: l, patience: 1, served: map[string]uint64{}}
	for i, limit := range l.declared {
		if (limit.Method == "" || limit.Method == method) && strings.HasPrefix(path, limit.Path) && len(limit.PerMinute) > 0 {
			e.declared = &l.declared[i]
			e.sure, e.limit = limit.PerMinute[0], limit.PerMinute[len(limit.PerMinute)-1]
			e.sink(l.lowest(e.declared))
			break
		}
	}
	l.endpoints[name] = e
	return e
}

// lowest is the plan that the account was found to have by other endpoints of
// the same kind; 0 where none was.
func (l *Limiter) lowest(declared *Limit) (plan int) {
	for _, e := range l.endpoints {
		if e.declared == declared && e.plan > 0 && (plan == 0 || e.plan < plan) {
			plan = e.plan
		}
	}
	return plan
}

// Endpoint is a path with its ids replaced: segments with a digit or a capital, and
// long ones.
func Endpoint(path string) string {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i, part := range parts {
		if len(part) > 20 || strings.ContainsAny(part, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ%") {
			parts[i] = "{id}"
		}
	}
	return strings.Join(parts, "/")
}
