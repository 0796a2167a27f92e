// Answers to paid requests that can't be written down, because the disk is
// full: they are kept in memory, shown, and written as soon as there is room.

package jobs

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/maquette-studio/maquette/app/retry"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// Unwritten is a request that a service accepted and that is not on disk: were
// the program to end, only its id would tell.
type Unwritten struct {
	Job     string
	Service string // its title
	ID      string // at the service
}

// Sentence says so, with the id.
func (u Unwritten) Sentence() providers.Sentence {
	return providers.Say("%s accepted the request as %s, and that could not be written down.", u.Service, u.ID)
}

// Parting is what the program says of it as it ends.
func (u Unwritten) Parting() error {
	return providers.Errorf("%v Note the id: nothing else will tell what was paid.", u.Sentence())
}

// Trouble is the code of the trouble that shows it.
func (u Unwritten) Trouble() string { return "unwritten/" + u.Job }

// writeAgain is how often at most it is tried again.
const writeAgain = 15 * time.Second

// Unwritten are the answers that are not on disk yet, oldest first.
func (j *Jobs) Unwritten() []Unwritten {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.unwritten)
}

// holds reports whether an answer of a job is not on disk yet.
func (e *engine) holds(job string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.ContainsFunc(e.unwritten, func(u Unwritten) bool { return u.Job == job })
}

// heldError is why nothing is decided about a job whose answer is not on disk
// yet: what goes on would not know of it, and might send its request again.
func heldError(id string) error {
	return &providers.Failure{
		Kind: providers.NoStorage, Outcome: providers.NotSent, Money: providers.Spent,
		Message: providers.Say("What the service answered job %s could not be written down yet", id),
		Advice:  providers.Say("Free some space on the disk, then try again; nothing was sent."),
	}
}

// untilWritten writes the answer to a request. Where the disk doesn't let it,
// the answer is kept in memory and tried again for as long as the program runs,
// even when a person cancels the job.
func (s *steps) untilWritten(ctx context.Context, receipt providers.Receipt, write func() error) error {
	err := write()
	if err == nil || !isStorage(err) {
		return err
	}
	held := Unwritten{Job: s.job, Service: s.service.Title, ID: receipt.ID}
	written := make(chan error, 1)
	s.engine.hold(held)
	s.engine.work.Go(func() { written <- s.keepWriting(held, write) })
	select {
	case err := <-written:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// keepWriting tries until the answer is on disk; when the program ends it is
// left among the unwritten.
func (s *steps) keepWriting(held Unwritten, write func() error) error {
	e := s.engine
	for try := 1; ; try++ {
		e.cfg.Troubles.Set(held.Trouble(), held.Sentence(), providers.Say("Free some space on the disk: it is written down as soon as there is room."))
		e.setStatus(s.job, providers.Status{State: providers.Submitting, Fraction: -1, Note: providers.Say(
			"%s Free some space on the disk: then the job goes on by itself.", held.Sentence())})
		e.tell(s.job)
		// A last time when the program ends.
		ending := retry.Sleep(e.ctx, min(e.cfg.Scaled(retry.Backoff(try, 0)), writeAgain))
		err := write()
		if err == nil || !isStorage(err) {
			e.release(held)
			return err
		}
		if ending != nil {
			return ending
		}
	}
}

func (e *engine) hold(u Unwritten) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.unwritten = append(e.unwritten, u)
}

func (e *engine) release(u Unwritten) {
	e.mu.Lock()
	e.unwritten = slices.DeleteFunc(e.unwritten, func(other Unwritten) bool { return other == u })
	e.mu.Unlock()
	e.cfg.Troubles.Clear(u.Trouble())
	e.cfg.Troubles.Clear("disk")
}

// untilRoom repeats what keeps a paid result while the disk has no room for
// it, as patiently as the program is.
func (s *steps) untilRoom(ctx context.Context, keep func() error) error {
	since := time.Now()
	for try := 1; ; try++ {
		err := keep()
		if err == nil || !isStorage(err) || ctx.Err() != nil || time.Since(since) >= s.engine.cfg.Patience {
			return err
		}
		s.engine.setStatus(s.job, providers.Status{State: providers.Collecting, Fraction: -1, Note: providers.Say("%v. Trying again by itself.", err)})
		s.engine.tell(s.job)
		if err := retry.Sleep(ctx, min(s.engine.cfg.Scaled(retry.Backoff(try, 0)), writeAgain)); err != nil {
			return err
		}
	}
}

// end changes a job that came to its end. Where the disk has no room, the end
// is shown all the same and written as soon as there is: until then the next
// start would go on with the job.
func (e *engine) end(id string, fn func(*Job) error) error {
	err := e.change(id, fn, nil)
	if err == nil || !errors.Is(err, storage.ErrDiskFull) && !errors.Is(err, storage.ErrReadOnly) {
		return err
	}
	e.changing.Lock()
	defer e.changing.Unlock()
	next, _ := e.job(id)
	if moving := fn(&next); moving != nil {
		return moving
	}
	e.mu.Lock()
	e.jobs[id] = &next
	e.statuses[id] = providers.Status{State: next.State, Fraction: -1}
	e.mu.Unlock()
	e.work.Go(func() {
		for try := 1; retry.Sleep(e.ctx, min(e.cfg.Scaled(retry.Backoff(try, 0)), writeAgain)) == nil; try++ {
			if e.change(id, func(*Job) error { return nil }, nil) == nil {
				e.cfg.Troubles.Clear("disk")
				return
			}
		}
	})
	return err
}

func isStorage(err error) bool {
	var f *providers.Failure
	return errors.As(err, &f) && f.Kind == providers.NoStorage
}
