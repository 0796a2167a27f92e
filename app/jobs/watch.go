// Asking again: polling a service, and waiting out what may pass.

package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/maquette-studio/maquette/app/retry"
	"github.com/maquette-studio/maquette/providers"
)

const (
	// lagBelieved is how long a service may not know its own new job yet.
	lagBelieved = 2 * time.Minute
	// garbledMost is how many unreadable answers in a row are waited out.
	garbledMost = 6
)

// untilAnswered repeats do while it fails in a way that waiting may mend and
// that mayRepeat allows.
func (s *steps) untilAnswered(ctx context.Context, mayRepeat func(*providers.Failure) bool, do func() error) error {
	var p patience
	for {
		err := do()
		var f *providers.Failure
		if err == nil || ctx.Err() != nil || !errors.As(err, &f) || !f.MayPass() || !mayRepeat(f) {
			return err
		}
		wait, ok := p.next(s, f)
		if !ok {
			return err
		}
		if err := s.waiting(ctx, err, wait); err != nil {
			return err
		}
	}
}

// repeatableSend allows a request again that provably changed nothing.
func repeatableSend(f *providers.Failure) bool {
	return f.Outcome == providers.NotSent || f.Kind == providers.RateLimited
}

// repeatableQuestion allows a request again that changes nothing.
func repeatableQuestion(f *providers.Failure) bool { return !f.Ended }

// Watch polls until the service is done.
func (s *steps) Watch(ctx context.Context, pace providers.Pace, poll func(context.Context) (providers.Status, error)) error {
	every := pace.First
	var p patience
	for {
		status, err := poll(ctx)
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err == nil:
			p = patience{}
			s.Report(status)
			if status.Done {
				return nil
			}
			if err := s.pauseOrWake(ctx, every); err != nil {
				return err
			}
			every = min(every+every/2, pace.Most)
		default:
			wait, ok := p.whileWatching(s, err)
			if !ok {
				return err
			}
			if err := s.waiting(ctx, err, wait); err != nil {
				return err
			}
		}
	}
}

// waiting shows why the job waits and sleeps.
func (s *steps) waiting(ctx context.Context, why error, d time.Duration) error {
	s.Report(providers.Status{State: providers.Waiting, Fraction: -1, Note: providers.Say("%v. Trying again by itself.", why)})
	return s.pause(ctx, d)
}

// patience counts tries that failed and says how long to wait before the next.
type patience struct {
	since   time.Time
	tries   int
	garbled int
}

// whileWatching decides whether a poll is worth repeating. A job that the
// service doesn't know yet may only lag.
func (p *patience) whileWatching(s *steps, err error) (time.Duration, bool) {
	var f *providers.Failure
	if !errors.As(err, &f) || f.Ended {
		return 0, false
	}
	if f.Kind == providers.NotFound {
		wait, ok := p.next(s, f)
		return wait, ok && time.Since(p.since) < s.engine.cfg.Scaled(lagBelieved)
	}
	if !f.MayPass() {
		return 0, false
	}
	return p.next(s, f)
}

func (p *patience) next(s *steps, f *providers.Failure) (time.Duration, bool) {
	if p.since.IsZero() {
		p.since = time.Now()
	}
	p.tries++
	p.garbled++
	if !f.Garbled {
		p.garbled = 0
	}
	if p.garbled >= garbledMost || time.Since(p.since) >= s.engine.cfg.Patience {
		return 0, false
	}
	return retry.Backoff(p.tries, f.RetryAfter), true
}
