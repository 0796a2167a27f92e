// Waiting for a service's limit of requests.

package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/ratelimit"
)

// inTurn calls do with a context whose request doesn't wait for the service's
// limits, and again each time its turn has come: what is on disk of a request
// must not lie there while it waits.
func inTurn(ctx context.Context, do func(context.Context) error) error {
	var turn *ratelimit.Turn
	for {
		atOnce, done := ratelimit.AtOnce(ctx, turn)
		err := do(atOnce)
		done()
		var busy *ratelimit.Busy
		if !errors.As(err, &busy) {
			return err
		}
		if turn, err = busy.Wait(ctx); err != nil {
			return err
		}
	}
}

// waitsForLimit shows that a request waits for its turn, and afterwards what
// was shown before.
func (s *steps) waitsForLimit(perMinute int) (over func()) {
	job, ok := s.engine.job(s.job)
	if !ok || job.State.Ended() {
		return func() {}
	}
	note := providers.Say("Waiting for %s, which asks for fewer requests", s.service.Title)
	if perMinute > 0 {
		note = providers.Say("Waiting for %s's limit of %d requests a minute", s.service.Title, perMinute)
	}
	before := job.Status
	s.engine.setStatus(s.job, providers.Status{
		State: job.State, Fraction: before.Fraction, Note: note, Lacks: providers.RateLimited, Since: time.Now(),
	})
	s.engine.tell(s.job)
	return func() {
		if job, _ := s.engine.job(s.job); job.Status.Note.Equal(note) {
			s.engine.setStatus(s.job, before)
			s.engine.tell(s.job)
		}
	}
}
