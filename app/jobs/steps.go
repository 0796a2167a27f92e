// The durable steps of a running job: what is on disk of each, and the simplest.

package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/app/retry"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// steps are one running job's durable steps: providers.Steps on disk.
type steps struct {
	engine  *engine
	job     string
	task    *providers.Task
	service *providers.Service
	conn    providers.Conn
	live    *live

	links    []string // that were made for the task's requests
	anew     bool     // links were found not to hold: those that were told before won't do
	heldUp   bool     // a request was held back since the task began at its top
	imported bool     // the request was made elsewhere: no picture needs to be reachable any more
}

var _ providers.Steps = (*steps)(nil)

// stepRecord is what is on disk about a step: that it was about to happen, or
// what came of it.
type stepRecord struct {
	Done    bool              `json:"done"`
	Paid    bool              `json:"paid,omitempty"`
	Sent    time.Time         `json:"sent,omitzero"` // when the request was about to leave
	Receipt providers.Receipt `json:"receipt,omitzero"`

	// ServiceSent is Sent by the service's clock, where that was known.
	ServiceSent time.Time `json:"service_sent,omitzero"`
	// Account is a fingerprint of the key and the address that it left with.
	Account string `json:"account,omitempty"`
	// Silent reports that the request ended in a time-out or an answer that
	// says nothing, so that it may arrive long after.
	Silent bool `json:"silent,omitempty"`
	// Presumed marks a request of a restored database that may have left after
	// the copy was made; when is not known.
	Presumed bool `json:"presumed,omitempty"`
	// Resend reports that a person decided to send the request, again or for the
	// first time: nothing is looked for any more.
	Resend bool `json:"resend,omitempty"`
	// Damaged marks what stands in for a record that can't be read: it isn't
	// known what came of the step.
	Damaged bool `json:"damaged,omitempty"`
}

func (s *steps) key(step string) string { return s.job + "/" + step }

// recall returns what is on disk about a step.
func (s *steps) recall(step string) (rec stepRecord, found bool, err error) {
	err = s.engine.cfg.DB.View(func(tx *storage.Tx) error {
		rec, found, err = stepTable.Get(tx, s.key(step))
		return err
	})
	if err == nil && rec.Damaged && !rec.Done {
		return rec, true, damagedStep(step, rec.Sent)
	}
	return rec, found, s.disk("reading the job's progress", err)
}

// record stores a step together with the job's new state.
func (s *steps) record(step string, rec stepRecord, change func(*Job) error) error {
	return s.store(change, func(tx *storage.Tx) error {
		return stepTable.Put(tx, s.key(step), rec)
	})
}

// forget removes an intent that provably came to nothing.
func (s *steps) forget(step string) error {
	return s.store(func(job *Job) error { job.Looking = nil; return nil }, func(tx *storage.Tx) error {
		return stepTable.Delete(tx, s.key(step))
	})
}

func (s *steps) store(change func(*Job) error, also func(*storage.Tx) error) error {
	if change == nil {
		change = func(*Job) error { return nil }
	}
	err := s.engine.change(s.job, change, also)
	if err == nil {
		s.engine.tell(s.job)
	}
	return s.disk("writing the job's progress", err)
}

// enter moves the job to a state, if it isn't there already.
func (s *steps) enter(state providers.State, also func(*storage.Tx) error) error {
	if job, _ := s.engine.job(s.job); job.State == state && also == nil {
		return nil
	}
	return s.store(entering(state), also)
}

func entering(state providers.State) func(*Job) error {
	return func(job *Job) error {
		if job.Started.IsZero() {
			job.Started = time.Now()
		}
		return job.move(state)
	}
}

// Report shows what the job is doing; only a change of state goes to disk.
func (s *steps) Report(status providers.Status) {
	if status.State != "" && !status.State.Ended() {
		if err := s.enter(status.State, nil); err != nil {
			s.engine.diskTrouble(err)
		}
	}
	s.engine.setStatus(s.job, status)
	s.engine.tell(s.job)
}

// disk makes an error of our own storage a failure that a person can act on.
func (s *steps) disk(doing string, err error) error {
	if err == nil {
		return nil
	}
	if known := (*providers.Failure)(nil); errors.As(err, &known) {
		return err
	}
	return failure.Storage(doing, err)
}

// pause sleeps a scaled time, or until the job is stopped.
func (s *steps) pause(ctx context.Context, d time.Duration) error {
	return retry.Sleep(ctx, s.engine.cfg.Scaled(d))
}

// pauseOrWake is pause that a wake ends early. Only the wait for the next look
// at a job that is fine may be cut short: anybody who knows its path can call
// back, and the other waits spare a service or count tries.
func (s *steps) pauseOrWake(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(s.engine.cfg.Scaled(d))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-s.live.wake:
	case <-timer.C:
	}
	return nil
}

// Step remembers what an idempotent request answered.
func (s *steps) Step(ctx context.Context, step string, do providers.Create) (providers.Receipt, error) {
	rec, found, err := s.recall(step)
	if err != nil || found && rec.Done {
		return rec.Receipt, err
	}
	var receipt providers.Receipt
	err = s.untilAnswered(ctx, repeatableQuestion, func() (err error) {
		if err := s.holdUnsent(ctx); err != nil {
			return err
		}
		receipt, err = do(ctx)
		return err
	})
	if err != nil {
		return receipt, err
	}
	return receipt, s.record(step, stepRecord{Done: true, Receipt: receipt}, nil)
}
