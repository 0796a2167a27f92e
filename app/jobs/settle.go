// What becomes of a paid request whose answer was lost: it is looked for until
// it is found, or until it can't arrive any more.

package jobs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// A proxy or a service may hold a request for long after it gave up on its
// answer, and a list may lag. So long is a request looked for before its
// absence is believed.
const (
	absentAfterReset   = 3 * time.Minute  // the connection was closed, or the program was
	absentAfterSilence = 10 * time.Minute // a time-out, a 5xx, or an answer that says nothing
	absentIfFree       = time.Minute      // what costs nothing
	// A list that lacks what is known to be there is waited for so many times
	// as long, and then a person is asked.
	lagPatience = 2

	// listedFor is how long a service's list shows what was made there.
	listedFor = 24 * time.Hour

	lookFirst = 2 * time.Second
	lookMost  = 15 * time.Second
	// clockTime bounds the question for a service's clock.
	clockTime = 10 * time.Second
)

// Looking is what a job looks for while it isn't known what became of a
// request.
type Looking struct {
	Step string    `json:"step"`
	Sent time.Time `json:"sent"`
	// Until is when its absence is believed, by this computer's clock.
	Until time.Time `json:"until"`
}

// settle finds out what became of a request whose answer never came: adopted,
// provably absent, or a question for a person.
func (s *steps) settle(ctx context.Context, step string, rec stepRecord, find providers.Find) (receipt providers.Receipt, absent bool, err error) {
	if rec.Account != "" && rec.Account != accountOf(s.conn) {
		return receipt, false, s.askAccount(step, rec)
	}
	wait := s.engine.cfg.Late(absenceAfter(rec))
	began, every := time.Now(), lookFirst
	p := patience{atLeast: lagPatience * wait}
	for {
		finding, err := s.look(ctx, &p, step, rec, find, s.until(rec, began, wait))
		if err != nil {
			return receipt, false, err
		}
		matches, taken, err := s.unclaimed(finding.Matches)
		if err != nil {
			return receipt, false, err
		}
		maybe, imported, err := s.unclaimed(finding.Maybe)
		if err != nil {
			return receipt, false, err
		}
		gone, known := s.sinceSent(rec, began)
		lags := s.lags(rec, finding)
		switch {
		case len(matches) == 1 && len(maybe) == 0:
			return matches[0], false, s.accept(ctx, step, rec, matches[0])
		case len(matches)+len(maybe) > 0 || !finding.Complete || taken || imported || !known:
			return receipt, false, s.ask(step, rec, finding, append(matches, maybe...))
		case gone >= wait && !lags && s.clockJumped(rec):
			return receipt, false, s.ask(step, rec, finding, nil)
		case gone >= wait && !lags:
			return receipt, true, s.forget(step)
		case gone >= lagPatience*wait:
			return receipt, false, s.ask(step, rec, finding, nil)
		}
		if err := s.pause(ctx, every); err != nil {
			return receipt, false, err
		}
		every = min(every+every/2, lookMost)
	}
}

// look asks the service once, and shows what is looked for and how long.
// A service that can't, or won't, show what it has is asked for a long time;
// then a person is, since the request may well be there.
func (s *steps) look(ctx context.Context, p *patience, step string, rec stepRecord, find providers.Find, until time.Time) (finding providers.Finding, err error) {
	looking := &Looking{Step: step, Sent: rec.Sent, Until: until}
	job, _ := s.engine.job(s.job)
	if job.Looking != nil && job.Looking.Step == step && job.Looking.Sent.Equal(rec.Sent) && until.Sub(job.Looking.Until).Abs() < clockRounds {
		looking = job.Looking
	} else {
		if err := s.store(func(job *Job) error { job.Looking = looking; return nil }, nil); err != nil {
			return finding, err
		}
	}
	s.Report(providers.Status{State: providers.Submitting, Fraction: -1, Note: providers.Say(
		"No answer came. Looking at %s for the request until %s: it may still arrive, and is not sent again before.",
		s.service.Title, looking.Until.Local().Format(time.TimeOnly))})
	for {
		finding, err = find(ctx, providers.Intent{Sent: rec.Sent, ServiceSent: rec.ServiceSent})
		var f *providers.Failure
		if err == nil {
			*p = patience{atLeast: p.atLeast}
		}
		if err == nil || ctx.Err() != nil || !errors.As(err, &f) || f.Kind == providers.NoStorage {
			return finding, err
		}
		wait, ok := p.whileWatching(s, err)
		if !ok && !rec.Paid {
			return finding, err
		}
		if !ok {
			return finding, s.askUntold(step, rec, f)
		}
		if err := s.waiting(ctx, p, err, wait); err != nil {
			return finding, err
		}
	}
}

// until is when the absence of a request is believed, by this computer's clock.
func (s *steps) until(rec stepRecord, began time.Time, wait time.Duration) time.Time {
	gone, _ := s.sinceSent(rec, began)
	if gone >= wait {
		return began.Add(wait)
	}
	return time.Now().Add(wait - gone)
}

func absenceAfter(rec stepRecord) time.Duration {
	switch {
	case !rec.Paid:
		return absentIfFree
	case rec.Silent:
		return absentAfterSilence
	}
	return absentAfterReset
}

// clockTolerance is how much two clocks may differ that are taken for right: an
// answer's Date counts whole seconds, and clocks are set by small steps.
const clockTolerance = 2 * time.Minute

// clockRounds is by how much the end of a look may seem to move, because an
// answer's Date counts whole seconds and takes its time to come.
const clockRounds = 5 * time.Second

// sinceSent is how long ago the request left at least. As long as this program
// looks is certain. Beyond that it is believed only where this computer's clock
// and the service's agree: either may have been set meanwhile, and any machine
// on the way may write a wrong Date. !known where only this computer's clock
// tells, and it went back.
func (s *steps) sinceSent(rec stepRecord, began time.Time) (gone time.Duration, known bool) {
	looked := time.Since(began)
	if rec.Presumed {
		return looked, true
	}
	here := time.Since(rec.Sent)
	now, known := s.conn.Clock.Now()
	if !known || rec.ServiceSent.IsZero() {
		return looked, here >= 0
	}
	return max(looked, min(here, now.Sub(rec.ServiceSent))), true
}

// clockJumped reports whether the service's clock and this computer's stand
// otherwise to each other than when the request left. Then one of them was
// wrong, and the request may have been looked for at the wrong time.
func (s *steps) clockJumped(rec stepRecord) bool {
	now, known := s.conn.Clock.Now()
	if !known || rec.ServiceSent.IsZero() {
		return false
	}
	jump := now.Sub(rec.ServiceSent) - time.Now().Round(0).Sub(rec.Sent)
	return jump.Abs() > clockTolerance
}

// lags reports whether the service's list lacks jobs that are known to be
// there: those that this task made since the request left, or, where nothing
// is listed, lately.
func (s *steps) lags(rec stepRecord, finding providers.Finding) bool {
	if finding.Listed == nil {
		return false
	}
	lacks := false
	_ = s.engine.cfg.DB.View(func(tx *storage.Tx) error {
		for _, job := range s.engine.list() {
			over := job.State.Ended() && time.Since(job.Finished) > listedFor
			if job.Task != s.task.ID || job.ID == s.job || !job.Paid || over || !job.DeletedThere.IsZero() {
				continue
			}
			err := stepTable.Each(tx, job.ID+"/", func(_ string, other stepRecord) error {
				due := other.Sent.After(rec.Sent) || len(finding.Listed) == 0 && time.Since(other.Sent) < listedFor
				lacks = lacks || other.Paid && other.Done && due && other.Receipt.ID != "" && !slices.Contains(finding.Listed, other.Receipt.ID)
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return lacks
}

// readClock asks the service for its time, by its free check of the key, where
// that isn't known: what is sent next is looked for by it.
func (s *steps) readClock(ctx context.Context) {
	if _, known := s.conn.Clock.Now(); known || s.service.CheckKey == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, clockTime)
	defer cancel()
	// Whatever it answers, its Date is all that is wanted; without it this
	// computer's clock stands in.
	_, _ = s.service.CheckKey(ctx, s.conn)
}

// askAccount asks a person who changed the key or the address: looked for
// elsewhere, the request is never found.
func (s *steps) askAccount(step string, rec stepRecord) error {
	return &askError{Question{
		Step: step, Sent: rec.Sent,
		Message: providers.Say("A request left for %s with another key or address than those that are set now, and no answer came that tells whether it was accepted and charged.", s.service.Title),
		Look:    providers.Say("Set the key and the address as they were and ask again, or look at that account on the service's own site."),
	}}
}

// askUntold asks a person about a request that the service doesn't let be
// looked for.
func (s *steps) askUntold(step string, rec stepRecord, why *providers.Failure) error {
	return &askError{Question{
		Step: step, Sent: rec.Sent, Remedy: why.Remedy,
		Message: providers.Say("A request left for %s and no answer came that tells whether it was accepted and charged, nor does it show what it has: %v", s.service.Title, why),
		Look:    why.Advice,
	}}
}

// accountOf tells one account at one address from others, and nothing of the
// key.
func accountOf(conn providers.Conn) string {
	sum := sha256.Sum256([]byte(conn.BaseURL + "\x00" + conn.Key))
	return hex.EncodeToString(sum[:8])
}
