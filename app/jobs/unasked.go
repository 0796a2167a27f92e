// Jobs that can't be gone on with here, while their service may be working.

package jobs

import (
	"context"
	"errors"
	"strings"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// unasked is how a job ends whose service can't be asked from here, for want of
// a key or of a bucket: a failed one where nothing was sent. What was paid, or
// may have been, isn't over by that: a person is asked.
func (e *engine) unasked(ctx context.Context, job Job, service *providers.Service, why error) error {
	if ctx.Err() != nil || errors.Is(why, context.Canceled) {
		return why
	}
	f := failure.Of(why, providers.Interrupted)
	step, rec, open := e.openStep(job.ID)
	switch {
	case open:
		return &askError{Question{
			Step: step, Sent: rec.Sent, Look: f.Advice, Remedy: f.Remedy,
			Message: providers.Say("A request left for %s and no answer came that tells whether it was accepted and charged, nor can it be asked now: %v", service.Title, f),
		}}
	case job.Paid:
		return &askError{Question{
			Look: f.Advice, Remedy: f.Remedy,
			Message: providers.Say("%s can't be asked now how the job stands, which it accepted and may still be working on: %v", service.Title, f),
		}}
	}
	return why
}

// openStep is a job's paid request that has no answer.
func (e *engine) openStep(id string) (step string, open stepRecord, found bool) {
	_ = e.cfg.DB.View(func(tx *storage.Tx) error {
		return stepTable.Each(tx, id+"/", func(key string, rec stepRecord) error {
			if rec.Paid && !rec.Done {
				step, open, found = strings.TrimPrefix(key, id+"/"), rec, true
			}
			return nil
		})
	})
	return step, open, found
}
