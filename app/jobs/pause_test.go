package jobs_test

import (
	"context"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// held waits until a job is held back by the pause.
func (r *room) held(t *testing.T, id string, state providers.State) {
	t.Helper()
	waitFor(t, func() bool { job, _ := r.Job(id); return job.Held && job.State == state })
}

func TestAPausedEngineSendsNothingUntilItIsResumed(t *testing.T) {
	t.Parallel()
	dir, service := t.TempDir(), &fakeService{}
	r := open(t, dir, service)
	r.SetPaused(true)
	first, second := r.start(t), r.start(t)
	r.held(t, first.ID, providers.Queued)
	r.held(t, second.ID, providers.Queued)
	noError(t, r.Cancel(second.ID))
	if job, _ := r.Job(second.ID); job.State != providers.Cancelled || job.Held || job.Paid {
		t.Errorf("cancelled, a job that was held is %+v", job)
	}
	r.close()

	again := openPaused(t, dir, service)
	again.ResumeAll()
	again.held(t, first.ID, providers.Queued)
	if service.paid() != 0 {
		t.Fatalf("%d requests left while it was paused", service.paid())
	}
	again.SetPaused(false)
	if job := again.ended(t, first.ID, providers.Done); job.Held || service.paid() != 1 {
		t.Errorf("resumed: %d requests, held is %v", service.paid(), job.Held)
	}
}

func TestAPauseHoldsAJobRightBeforeItsRequest(t *testing.T) {
	t.Parallel()
	service := &fakeService{hold: make(chan struct{})}
	r := open(t, t.TempDir(), service)
	job := r.start(t)
	waitFor(t, func() bool { now, _ := r.Job(job.ID); return now.State == providers.Preparing })
	r.SetPaused(true)
	close(service.hold)
	r.held(t, job.ID, providers.Preparing)
	if service.paid() != 0 {
		t.Error("the request left")
	}
	r.SetPaused(false)
	r.ended(t, job.ID, providers.Done)
}

// What a service works on is watched and collected, however many jobs are held.
func TestWhatIsUnderWayIsCollectedDuringAPause(t *testing.T) {
	t.Parallel()
	finished := make(chan struct{})
	dir, service := t.TempDir(), &fakeService{}
	service.poll = func(context.Context) (providers.Status, error) {
		select {
		case <-finished:
			return providers.Status{State: providers.Running, Done: true}, nil
		default:
			return providers.Status{State: providers.Running, Fraction: 0.5}, nil
		}
	}
	r := open(t, dir, service)
	begun := r.start(t)
	waitFor(t, func() bool { job, _ := r.Job(begun.ID); return job.State == providers.Running })
	r.SetPaused(true)
	for range 20 {
		r.start(t)
	}
	r.close()

	again := openPaused(t, dir, service)
	again.ResumeAll()
	close(finished)
	again.ended(t, begun.ID, providers.Done)
	if service.paid() != 1 {
		t.Errorf("%d requests", service.paid())
	}
}

// A lost answer is looked for all the same: asking pays nothing. Only what would
// be sent again waits.
func TestALostAnswerIsLookedForDuringAPause(t *testing.T) {
	t.Parallel()
	service := &fakeService{lose: true, lags: 50 * time.Millisecond}
	r := open(t, t.TempDir(), service)
	service.during = func() { r.SetPaused(true) }
	job := r.ended(t, r.start(t).ID, providers.Done)
	if job.RemoteID != "r1" || service.paid() != 1 {
		t.Errorf("%d requests, adopted %q", service.paid(), job.RemoteID)
	}
}

func TestOnlyAPhotoOnItsWayCountsAsAnUpload(t *testing.T) {
	t.Parallel()
	on, over := make(chan struct{}), make(chan struct{})
	place := &slowPlace{on: on, over: over}
	service := &fakeService{hosts: true}
	r := openWith(t, t.TempDir(), service, func(c *jobs.Config) { c.Place = place })
	job := r.start(t)
	<-on
	if !r.Uploading() {
		t.Error("a photo on its way to the bucket isn't an upload")
	}
	if now, _ := r.Job(job.ID); now.State != providers.Uploading {
		t.Errorf("the job is %s meanwhile", now.State)
	}
	r.SetPaused(true)
	close(over)
	r.held(t, job.ID, providers.Uploading)
	if r.Uploading() {
		t.Error("a job that is held would be cut")
	}
	r.SetPaused(false)
	r.ended(t, job.ID, providers.Done)
}

// slowPlace takes a photo when it is told to.
type slowPlace struct {
	nobody
	on, over chan struct{}
}

func (p *slowPlace) Ready(context.Context) error                       { return nil }
func (p *slowPlace) NewName(string) string                             { return "name" }
func (p *slowPlace) Reserve(*storage.Tx, string, string, string) error { return nil }
func (p *slowPlace) Link(context.Context, string) (string, error) {
	return "https://fake.example.com/name", nil
}
func (p *slowPlace) CheckFile(context.Context, string) error { return nil }

func (p *slowPlace) Put(context.Context, string, string, []byte) error {
	close(p.on)
	<-p.over
	return nil
}

// Of several requests of a job those that were accepted are collected while the
// rest is held.
func TestABatchIsCollectedAsFarAsItWasAccepted(t *testing.T) {
	t.Parallel()
	service := &fakeService{twice: true}
	r := open(t, t.TempDir(), service)
	service.during = func() { r.SetPaused(true) }
	job := r.start(t)
	waitFor(t, func() bool { now, _ := r.Job(job.ID); return now.Held })
	if service.paid() != 1 || service.collected.Load() != 1 {
		t.Errorf("%d requests left, %d were collected", service.paid(), service.collected.Load())
	}
	r.SetPaused(false)
	waitFor(t, func() bool { now, _ := r.Job(job.ID); return now.Held || now.State == providers.Done })
	r.SetPaused(false)
	r.ended(t, job.ID, providers.Done)
	if service.paid() != 2 {
		t.Errorf("%d requests in the end", service.paid())
	}
}
