// What answers teach: a turn's end.

package ratelimit

import (
	"slices"
	"time"
)

// patienceMost bounds how many windows a higher limit is not tried for.
const patienceMost = 64

// Turn is a request that may leave, or left. A nil Turn does nothing.
type Turn struct{ endpoint *endpoint }

// Answered ends the turn of a request that the service took, or that may have
// arrived.
func (t *Turn) Answered() {
	t.end(func(e *endpoint, now time.Time) {
		e.strikes = 0
		e.used = append(e.used, now.Add(e.limiter.scaled(window)))
		// Where the service counts from minute to minute, a window of ours holds
		// what two of its own let pass.
		e.sure = max(e.sure, len(e.used)/2)
	})
}

// Unsent ends the turn of a request that didn't leave.
func (t *Turn) Unsent() { t.end(func(*endpoint, time.Time) {}) }

// Left is what the service says of itself: so many requests are left until it
// counts anew after some time. It doesn't end the turn.
func (t *Turn) Left(requests int, renewed time.Duration) {
	if t == nil {
		return
	}
	e := t.endpoint
	e.limiter.mu.Lock()
	defer e.limiter.mu.Unlock()
	// Those on their way may not be counted yet.
	e.left = max(requests, 0) - (e.inFlight - 1)
	e.renewed = time.Now().Add(e.limiter.scaled(renewed))
}

// Refused ends the turn of a request that was too many; after is how long the
// service asks to wait, 0 where it doesn't say.
func (t *Turn) Refused(after time.Duration) {
	t.end(func(e *endpoint, now time.Time) {
		w := e.limiter.scaled(window)
		again := !e.refused.IsZero() && now.Sub(e.refused) < w
		e.strikes++
		e.refused = now
		e.patience = min(2*e.patience, patienceMost)
		e.raise = now.Add(time.Duration(e.patience) * w)
		e.learn(now)
		pause := e.limiter.scaled(after)
		switch {
		case e.declared != nil && (after <= 0 || again):
			pause = max(pause, w)
		case e.declared == nil && (after <= 0 || again):
			pause = max(pause, min(e.limiter.scaled(time.Second<<min(e.strikes, 10)), w))
		}
		if until := now.Add(pause); until.After(e.blocked) {
			e.blocked = until
		}
	})
}

func (t *Turn) end(teach func(e *endpoint, now time.Time)) {
	if t == nil {
		return
	}
	e := t.endpoint
	e.limiter.mu.Lock()
	defer e.limiter.mu.Unlock()
	e.inFlight--
	now := time.Now()
	e.expire(now)
	teach(e, now)
	e.serve()
}

// learn lowers the limit to what passed within the last window. Where the
// document names the plans' limits it is one of those, and holds for every
// endpoint of the kind.
func (e *endpoint) learn(now time.Time) {
	passed := len(e.used)
	if e.declared == nil {
		if passed > 0 {
			e.limit, e.sure = passed, passed
		}
		return
	}
	plans := e.declared.PerMinute
	plan := plans[0]
	for _, p := range plans {
		if p <= passed {
			plan = p
		}
	}
	// Less than any plan's: somebody else uses the account too, or did before
	// this program began.
	known := now.Sub(e.limiter.born) >= e.limiter.scaled(window)
	likely := passed >= plan/2
	if passed < plan && (known || likely) {
		plan = max(1, passed)
	}
	if !likely {
		e.sink(plan)
		return
	}
	for _, other := range e.limiter.endpoints {
		if other.declared == e.declared {
			other.sink(plan)
		}
	}
}

// sink lowers the limit to a plan's, 0 for none.
func (e *endpoint) sink(plan int) {
	if plan == 0 {
		return
	}
	e.plan = plan
	e.limit = min(e.limit, plan)
	e.sure = min(e.sure, e.limit)
	if e.raise.IsZero() {
		e.patience = 2
		e.raise = time.Now().Add(2 * e.limiter.scaled(window))
	}
}

// tryMore raises a limit that is used up and was kept to for long enough, one
// endpoint a window: a higher plan must not be held to a lower one's limit.
func (e *endpoint) tryMore(now time.Time) bool {
	w := e.limiter.scaled(window)
	full := e.limit > 0 && len(e.used)+e.inFlight >= e.limit && !now.Before(e.blocked) && (!now.Before(e.renewed) || e.left > 0)
	if !full || e.careful(now) && e.inFlight > 0 || now.Before(e.raise) || now.Sub(e.limiter.raised) < w || now.Sub(e.limiter.born) < w {
		return false
	}
	e.limiter.raised, e.raise = now, now.Add(w)
	e.sure = e.limit
	e.limit = e.higher()
	return true
}

// higher is the next limit to try: the next plan's, or a quarter more.
func (e *endpoint) higher() int {
	if e.declared != nil {
		if i := slices.IndexFunc(e.declared.PerMinute, func(p int) bool { return p > e.limit }); i >= 0 {
			return e.declared.PerMinute[i]
		}
	}
	return e.limit + max(1, e.limit/4)
}
