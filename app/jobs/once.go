// Requests that are made at most once, and what becomes of a lost answer.

package jobs

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

const (
	// answerGrace is how long a closing program still waits for the answer to
	// a request that is already on its way.
	answerGrace = 3 * time.Second
	resendMost  = 3
)

// askError stops a job at needs you.
type askError struct{ question Question }

func (a *askError) Error() string { return a.question.Message.String() }

// Sentence is what Error says.
func (a *askError) Sentence() providers.Sentence { return a.question.Message }

func (a *askError) failure() *providers.Failure {
	if a.question.Doubt {
		return &providers.Failure{
			Kind: providers.Interrupted, Message: a.question.Message, Money: providers.NotSpent,
			Advice: providers.Say("%s Then choose: go on as it is, wait on, or give up.", a.question.Look),
		}
	}
	if a.question.Accepted() {
		return &providers.Failure{
			Kind: providers.ServiceTrouble, Message: a.question.Message, Money: providers.Spent, Remedy: a.question.Remedy,
			Advice: providers.Say("%s Then ask again, which pays nothing, or give up.", a.question.Look),
		}
	}
	return &providers.Failure{
		Kind: providers.UnknownOutcome, Message: a.question.Message, Money: providers.MoneyUnknown,
		Advice: providers.Say("%s Then choose: it is there (adopt it), it is not there (send again), or give up.",
			a.question.Look.Or(providers.Say("Look at the service's own site."))),
		Remedy: a.question.Remedy,
	}
}

// Once makes a paid request at most once.
func (s *steps) Once(ctx context.Context, step string, find providers.Find, create providers.Create) (providers.Receipt, error) {
	return s.once(ctx, step, true, find, create)
}

// Ensure makes a free request at most once.
func (s *steps) Ensure(ctx context.Context, step string, find providers.Find, create providers.Create) (providers.Receipt, error) {
	return s.once(ctx, step, false, find, create)
}

func (s *steps) once(ctx context.Context, step string, paid bool, find providers.Find, create providers.Create) (providers.Receipt, error) {
	rec, found, err := s.recall(step)
	if err != nil || found && rec.Done {
		return rec.Receipt, err
	}
	if rec.Resend {
		found = false
	}
	if job, _ := s.engine.job(s.job); !found && !rec.Resend && paid && job.Restored {
		// It may have left after the copy was made that was restored.
		rec, found = stepRecord{Paid: true, Sent: job.Created, Account: job.Account, Presumed: true}, true
		if err := s.record(step, rec, entering(providers.Submitting)); err != nil {
			return providers.Receipt{}, err
		}
	}
	for range resendMost {
		if !found {
			rec = stepRecord{Paid: paid, Sent: time.Now()}
			var receipt providers.Receipt
			if rec, receipt, err = s.send(ctx, step, rec, create); err == nil {
				return receipt, s.accept(ctx, step, rec, receipt)
			}
			if !unclear(err) {
				return receipt, err
			}
		}
		receipt, absent, err := s.settle(ctx, step, rec, find)
		if err != nil || !absent {
			return receipt, err
		}
		found = false
	}
	return providers.Receipt{}, &providers.Failure{
		Kind: providers.ServiceTrouble, Money: providers.NotSpent,
		Message: providers.Say("%s took the request %d times without accepting it", s.service.Title, resendMost),
		Advice:  providers.Say("The service's list shows that nothing was accepted. Try again later."),
	}
}

// send puts the intent on disk and makes the request, again where it never
// left or the service asked to wait. It returns an unclear failure with the
// intent still on disk, any other with the intent gone.
func (s *steps) send(ctx context.Context, step string, rec stepRecord, create providers.Create) (sent stepRecord, receipt providers.Receipt, err error) {
	if s.engine.pause.on() {
		return rec, receipt, s.heldBack()
	}
	if rec.Paid {
		s.readClock(ctx)
		if prove := s.engine.cfg.Prove; prove != nil {
			if err := prove(ctx, s.service, s.conn); err != nil {
				return rec, receipt, err
			}
		}
	}
	rec.Account = accountOf(s.conn)
	err = s.untilAnswered(ctx, repeatableSend, func() error {
		if err := s.linksHold(ctx, rec); err != nil {
			return err
		}
		return inTurn(ctx, func(ctx context.Context) error {
			rec, receipt, err = s.sendNow(ctx, step, rec, create)
			return err
		})
	})
	return rec, receipt, err
}

// sendNow makes the request with its intent on disk, unless it would have to
// wait for the service's limits or a pause lasts.
func (s *steps) sendNow(ctx context.Context, step string, rec stepRecord, create providers.Create) (stepRecord, providers.Receipt, error) {
	gate := s.engine.submitting[s.service.ID]
	select {
	case gate <- struct{}{}:
		defer func() { <-gate }()
	case <-ctx.Done():
		return rec, providers.Receipt{}, context.Cause(ctx)
	}
	if s.engine.pause.on() {
		return rec, providers.Receipt{}, s.heldBack()
	}
	rec.Sent = time.Now()
	rec.ServiceSent, _ = s.conn.Clock.Now()
	if err := s.record(step, rec, entering(providers.Submitting)); err != nil {
		return rec, providers.Receipt{}, err
	}
	if rec.Paid {
		if err := s.engine.cfg.DB.Depart(); err != nil {
			return rec, providers.Receipt{}, errors.Join(s.disk("noting that a request leaves", err), s.forget(step))
		}
	}
	inFlight, release := outlive(ctx, answerGrace)
	defer release()
	over := s.engine.sends(s.job)
	receipt, err := create(inFlight)
	over()
	switch {
	case err == nil:
		return rec, receipt, nil
	case unclear(err):
		rec.Silent = silent(err)
		return rec, receipt, errors.Join(err, s.record(step, rec, nil))
	}
	return rec, receipt, errors.Join(err, s.forget(step))
}

// silent reports whether a request whose outcome is unclear may arrive long
// after it was given up: all but a connection that was closed.
func silent(err error) bool {
	var f *providers.Failure
	return errors.As(err, &f) && (f.Status != 0 || errors.Is(err, context.DeadlineExceeded) || f.Kind == providers.ServiceTrouble)
}

// outlive returns a context that ends a grace period after its parent, so that
// an answer already on its way can still be written down.
func outlive(ctx context.Context, grace time.Duration) (context.Context, func()) {
	detached, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return detached, func() { stop(); cancel() }
}

// unclear reports whether the request behind err may have been accepted: all
// but what the service refused and what never left.
func unclear(err error) bool {
	var f *providers.Failure
	if errors.As(err, &f) {
		return f.Outcome != providers.Refused && f.Outcome != providers.NotSent && f.Kind != providers.NoStorage
	}
	return true
}

// accept writes the answer to disk: from here on the request is never made
// again.
func (s *steps) accept(ctx context.Context, step string, rec stepRecord, receipt providers.Receipt) error {
	rec.Done, rec.Receipt = true, receipt
	return s.untilWritten(ctx, receipt, func() error {
		return s.store(func(job *Job) error {
			job.Looking = nil
			job.Paid = job.Paid || rec.Paid
			job.RemoteID = cmp.Or(job.RemoteID, receipt.ID)
			if job.State.Ended() { // a person cancelled it meanwhile
				return nil
			}
			return entering(providers.Waiting)(job)
		}, func(tx *storage.Tx) error {
			if err := claimTable.Put(tx, s.service.ID+"/"+receipt.ID, claim{Job: s.job, Step: step}); err != nil {
				return err
			}
			return stepTable.Put(tx, s.key(step), rec)
		})
	})
}

func (s *steps) ask(step string, rec stepRecord, finding providers.Finding, matches []providers.Receipt) error {
	message := providers.Say("A request left for %s and no answer came that tells whether it was accepted and charged.", s.service.Title)
	if len(matches) > 1 {
		message = providers.Say("A request left for %s and no answer came that tells what became of it. The service has %d that could be it.", s.service.Title, len(matches))
	}
	return &askError{Question{
		Step: step, Message: message, Look: finding.Look, Remedy: finding.Remedy, Candidates: unsigned(matches), Sent: rec.Sent,
	}}
}

// unclaimed leaves out the requests that jobs of this studio already own.
// taken reports that a person imported one of them, which may be
// the one that is looked for.
func (s *steps) unclaimed(matches []providers.Receipt) (free []providers.Receipt, taken bool, err error) {
	err = s.engine.cfg.DB.View(func(tx *storage.Tx) error {
		for _, match := range matches {
			owner, owned, err := claimTable.Get(tx, s.service.ID+"/"+match.ID)
			if err != nil {
				return err
			}
			taken = taken || owned && owner.Imported
			if !owned && !slices.ContainsFunc(free, func(r providers.Receipt) bool { return r.ID == match.ID }) {
				free = append(free, match)
			}
		}
		return nil
	})
	return free, taken, s.disk("reading which requests are known", err)
}
