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
	// refusalBelieved is how long a service may refuse to tell how its own job
	// stands before a person is asked.
	refusalBelieved = 10 * time.Minute
	// limitBelieved is how long a service's limit of requests is waited for at
	// least, however impatient the program: it passes by itself.
	limitBelieved = 15 * time.Minute
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
		if err := s.waiting(ctx, &p, err, wait); err != nil {
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
				return s.standing(err)
			}
			if err := s.waiting(ctx, &p, err, wait); err != nil {
				return err
			}
		}
	}
}

// waiting shows what the job waits for, why and since when, and sleeps.
func (s *steps) waiting(ctx context.Context, p *patience, why error, d time.Duration) error {
	s.Report(providers.Status{
		State: providers.Waiting, Fraction: -1, Note: providers.Say("%v. Trying again by itself.", why),
		Lacks: lacking(why), Since: p.since,
	})
	return s.pause(ctx, d)
}

// lacking is what has to come back before a try can succeed.
func lacking(why error) providers.FailureKind {
	var f *providers.Failure
	if errors.As(why, &f) && (f.Kind == providers.NoNetwork || f.Kind == providers.RateLimited) {
		return f.Kind
	}
	return providers.ServiceTrouble
}

// patience counts tries that failed and says how long to wait before the next.
type patience struct {
	atLeast time.Duration // how long it lasts, however impatient the program
	since   time.Time
	tries   int
	garbled int
}

// standing is how a watch ends that could not be gone on with. While the
// service may be working on what was paid, no refusal to tell how it stands
// makes the job a failed one: a person is asked.
func (s *steps) standing(err error) error {
	var f *providers.Failure
	job, _ := s.engine.job(s.job)
	if !errors.As(err, &f) || f.Ended || f.Kind == providers.NoStorage || !job.Paid {
		return err
	}
	return &askError{Question{
		Message: providers.Say("%s doesn't tell how the job stands, which it accepted and may still be working on: %v", s.service.Title, err),
		Look:    f.Advice, Remedy: f.Remedy,
	}}
}

// whileWatching decides whether a question is worth repeating. A job that the
// service doesn't know may only lag; a refusal to answer says nothing of the
// job.
func (p *patience) whileWatching(s *steps, err error) (time.Duration, bool) {
	var f *providers.Failure
	if !errors.As(err, &f) || f.Ended {
		return 0, false
	}
	wait, ok := p.next(s, f)
	if !f.MayPass() {
		ok = ok && time.Since(p.since) < s.engine.cfg.Scaled(refusalBelieved)
	}
	return wait, ok
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
	most := max(p.atLeast, s.engine.cfg.Patience)
	if f.Kind == providers.RateLimited {
		most = max(most, s.engine.cfg.Scaled(limitBelieved))
	}
	if p.garbled >= garbledMost || time.Since(p.since) >= most {
		return 0, false
	}
	return retry.Backoff(p.tries, f.RetryAfter), true
}
