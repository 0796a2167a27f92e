// One endpoint: what it takes, who waits for it, and what its answers teach.

package ratelimit

import (
	"slices"
	"time"
)

// endpoint is guarded by its limiter's lock.
type endpoint struct {
	limiter  *Limiter
	declared *Limit // nil where the document says nothing

	limit int // requests a window; 0 while none is known
	sure  int // so many are known to pass: beyond it one request at a time finds out
	plan  int // the plan's number that a refusal showed; 0 before any

	used     []time.Time // when requests that were answered cease to count, soonest first
	inFlight int
	blocked  time.Time // nothing leaves before
	left     int       // requests that the service said are left until renewed
	renewed  time.Time

	refused time.Time // the last refusal
	strikes int       // refusals in a row
	// patience is how many windows pass before a higher limit is tried, which
	// doubles with each refusal.
	patience int
	raise    time.Time // when one may be tried

	waiting []*waiter
	served  map[string]uint64 // when each of those who wait last had a turn
	person  bool              // the last turn was a person's
	timer   *time.Timer
}

// waiter is a request that waits for its turn.
type waiter struct {
	caller string
	turn   chan *Turn // holds one
}

// perMinute is the limit that is waited for, 0 where none is known.
func (e *endpoint) perMinute() int {
	e.limiter.mu.Lock()
	defer e.limiter.mu.Unlock()
	return e.limit
}

// expire forgets what doesn't count any more.
func (e *endpoint) expire(now time.Time) {
	n := 0
	for n < len(e.used) && !e.used[n].After(now) {
		n++
	}
	e.used = slices.Delete(e.used, 0, n)
}

// free reports whether a request may leave now.
func (e *endpoint) free(now time.Time) bool {
	_, free := e.next(now)
	return free
}

// next is when a request may leave at the earliest; zero where an answer has
// to come before that is known.
func (e *endpoint) next(now time.Time) (at time.Time, free bool) {
	e.expire(now)
	switch {
	case now.Before(e.blocked):
		return e.blocked, false
	case now.Before(e.renewed) && e.left <= 0:
		return e.renewed, false
	case e.inFlight > 0 && e.careful(now):
		return time.Time{}, false
	case e.limit == 0 || len(e.used)+e.inFlight < e.limit:
		return now, true
	case len(e.used) > 0:
		return e.used[0], false
	}
	return time.Time{}, false
}

// careful reports whether one request at a time leaves, so that a refusal is
// one and not many: it isn't known what left before this program began, or the
// limit is only believed.
func (e *endpoint) careful(now time.Time) bool {
	w := e.limiter.scaled(window)
	if !e.refused.IsZero() && now.Sub(e.blocked) < w {
		return true
	}
	return e.declared != nil && (now.Sub(e.limiter.born) < w || len(e.used)+e.inFlight >= e.sure)
}

// serve gives turns to those who wait, as far as there are any.
func (e *endpoint) serve() {
	if e.timer != nil {
		e.timer.Stop()
		e.timer = nil
	}
	for len(e.waiting) > 0 {
		now := time.Now()
		at, free := e.next(now)
		if !free && e.tryMore(now) {
			continue
		}
		if !free {
			if !at.IsZero() {
				e.timer = time.AfterFunc(at.Sub(now), func() {
					e.limiter.mu.Lock()
					defer e.limiter.mu.Unlock()
					e.serve()
				})
			}
			return
		}
		w := e.choose()
		e.remove(w)
		w.turn <- e.give(w.caller)
	}
}

// choose picks who is next: a person, but not twice in a row while jobs wait; of
// the jobs the one whose last turn is the longest ago.
func (e *endpoint) choose() *waiter {
	var person, job *waiter
	for _, w := range e.waiting {
		switch {
		case w.caller == "" && person == nil:
			person = w
		case w.caller != "" && (job == nil || e.served[w.caller] < e.served[job.caller]):
			job = w
		}
	}
	if person != nil && (job == nil || !e.person) {
		return person
	}
	return job
}

func (e *endpoint) give(caller string) *Turn {
	e.limiter.turns++
	e.inFlight++
	e.left--
	e.person = caller == ""
	e.served[caller] = e.limiter.turns
	if len(e.served) > endpointsMost { // jobs long over
		for name, turn := range e.served {
			if turn+endpointsMost/2 < e.limiter.turns {
				delete(e.served, name)
			}
		}
	}
	return &Turn{endpoint: e}
}

func (e *endpoint) remove(w *waiter) {
	e.waiting = slices.DeleteFunc(e.waiting, func(other *waiter) bool { return other == w })
}

// leave ends a wait; a turn that was given meanwhile is given back.
func (e *endpoint) leave(w *waiter) {
	e.remove(w)
	select {
	case <-w.turn:
		e.inFlight--
	default:
	}
	e.serve()
}

func (e *endpoint) forgettable(now time.Time) bool {
	e.expire(now)
	return e.refused.IsZero() && e.inFlight == 0 && len(e.used) == 0 && len(e.waiting) == 0
}
