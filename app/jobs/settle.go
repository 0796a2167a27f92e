// What becomes of a paid request whose answer was lost: it is looked for until
// it is found, or until it can't arrive any more.

package jobs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
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
	for {
		finding, err := s.look(ctx, step, rec, find, wait)
		if err != nil {
			return receipt, false, err
		}
		matches, taken, err := s.unclaimed(finding.Matches)
		if err != nil {
			return receipt, false, err
		}
		gone, known := s.sinceSent(rec, began)
		lags := s.lags(rec, finding)
		switch {
		case len(matches) == 1:
			return matches[0], false, s.accept(ctx, step, rec, matches[0])
		case len(matches) > 1 || !finding.Complete || taken || !known:
			return receipt, false, s.ask(step, rec, finding, matches)
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
func (s *steps) look(ctx context.Context, step string, rec stepRecord, find providers.Find, wait time.Duration) (finding providers.Finding, err error) {
	looking := &Looking{Step: step, Sent: rec.Sent, Until: rec.Sent.Add(wait)}
	if job, _ := s.engine.job(s.job); job.Looking == nil || *job.Looking != *looking {
		if err := s.store(func(job *Job) error { job.Looking = looking; return nil }, nil); err != nil {
			return finding, err
		}
	}
	s.Report(providers.Status{State: providers.Submitting, Fraction: -1, Note: providers.Say(
		"No answer came. Looking at %s for the request until %s: it may still arrive, and is not sent again before.",
		s.service.Title, looking.Until.Local().Format(time.TimeOnly))})
	err = s.untilAnswered(ctx, repeatableQuestion, func() (err error) {
		finding, err = find(ctx, providers.Intent{Sent: rec.Sent, ServiceSent: rec.ServiceSent})
		return err
	})
	return finding, err
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

// sinceSent is how long ago the request left: by the service's clock where it
// was known then and is known now, so that this computer's may be set; else by
// this computer's, unless it went back.
func (s *steps) sinceSent(rec stepRecord, began time.Time) (gone time.Duration, known bool) {
	if now, known := s.conn.Clock.Now(); known && !rec.ServiceSent.IsZero() {
		// As long as this program looks is certain, whatever the clocks say.
		return max(now.Sub(rec.ServiceSent), time.Since(began)), true
	}
	gone = time.Since(rec.Sent)
	return max(gone, time.Since(began)), gone >= 0
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

// accountOf tells one account at one address from others, and nothing of the
// key.
func accountOf(conn providers.Conn) string {
	sum := sha256.Sum256([]byte(conn.BaseURL + "\x00" + conn.Key))
	return hex.EncodeToString(sum[:8])
}
