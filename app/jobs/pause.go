// The pause: a person holds back what would be sent, and what services work on
// is watched and collected all the same.

package jobs

import (
	"context"
	"sync"

	"github.com/maquette-studio/maquette/providers"
)

// pause is over unless a person wants nothing to be sent.
type pause struct {
	mu   sync.Mutex
	over chan struct{} // closed when the pause ends; nil while there is none
}

// set begins or ends the pause.
func (p *pause) set(paused bool) (changed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if paused == (p.over != nil) {
		return false
	}
	if paused {
		p.over = make(chan struct{})
		return true
	}
	close(p.over)
	p.over = nil
	return true
}

// now is closed when the pause ends; nil where there is none.
func (p *pause) now() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.over
}

func (p *pause) on() bool { return p.now() != nil }

// SetPaused begins or ends a pause. While it lasts no job begins a request that
// changes something at a service, nor an upload; what is on its way goes on, what a
// service has accepted is watched and collected, and a lost answer is looked for.
// It is for the whole data directory: see Config.Paused.
func (j *Jobs) SetPaused(paused bool) {
	if !j.pause.set(paused) {
		return
	}
	for _, job := range j.list() {
		if !job.State.Ended() {
			j.tell(job.ID)
		}
	}
}

// Paused reports whether a pause lasts.
func (j *Jobs) Paused() bool { return j.pause.on() }

// untilResumed waits until no pause lasts, and lets it be seen.
func (e *engine) untilResumed(ctx context.Context, id string) error {
	for over := e.pause.now(); over != nil; over = e.pause.now() {
		e.showHeld(id, true)
		select {
		case <-over:
		case <-ctx.Done():
		}
		e.showHeld(id, false)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
	return nil
}

// showHeld notes whether a job is held back.
func (e *engine) showHeld(id string, held bool) {
	e.mu.Lock()
	if delete(e.held, id); held {
		e.held[id] = true
	}
	e.mu.Unlock()
	e.tell(id)
}

// begin waits for a place at the service, and for the end of a pause where
// nothing of the job is at the service yet. A job that is held takes no place from those that are collected.
func (e *engine) begin(ctx context.Context, id string, service *providers.Service, l *live) error {
	for {
		if err := e.takePlace(ctx, service, l); err != nil {
			return err
		}
		if !e.pause.on() || e.mayBeThere(id) {
			return nil
		}
		e.leavePlace(service, l)
		if err := e.untilResumed(ctx, id); err != nil {
			return err
		}
	}
}

// mayBeThere reports whether a service has something of the job, or may have.
func (e *engine) mayBeThere(id string) bool {
	job, _ := e.job(id)
	return job.Paid || e.openIntent(id) != nil
}

// takePlace waits for a place at the service. It and leavePlace are for the
// job's own goroutine.
func (e *engine) takePlace(ctx context.Context, service *providers.Service, l *live) error {
	select {
	case e.places[service.ID] <- struct{}{}:
		l.placed = true
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (e *engine) leavePlace(service *providers.Service, l *live) {
	if l.placed {
		l.placed = false
		<-e.places[service.ID]
	}
}

// hold waits until no pause lasts. The job's place at the service is free
// meanwhile.
func (s *steps) hold(ctx context.Context) error {
	if !s.engine.pause.on() {
		return nil
	}
	s.engine.leavePlace(s.service, s.live)
	if err := s.engine.untilResumed(ctx, s.job); err != nil {
		return err
	}
	return s.engine.takePlace(ctx, s.service, s.live)
}

// heldBack is what a task is told whose request may not leave while a pause lasts.
// It collects what it has at its service, and runs from its top when the pause
// is over, with links that are fresh.
func (s *steps) heldBack() error {
	s.heldUp = true
	return &providers.Failure{
		Kind: providers.Interrupted, Outcome: providers.NotSent, Money: providers.NotSpent,
		Message: providers.Say("Maquette is paused: nothing new is sent"),
		Advice:  providers.Say("End the pause, then do it again. Nothing is lost meanwhile."),
	}
}

// holdUnsent is hold while nothing of the job is at its service.
func (s *steps) holdUnsent(ctx context.Context) error {
	if s.engine.mayBeThere(s.job) {
		return nil
	}
	return s.hold(ctx)
}
