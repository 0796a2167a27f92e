// Stopping jobs and going on with them.

package jobs

import (
	"context"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// CancelConsequence says, before a person cancels, what that does.
func (j *Jobs) CancelConsequence(job Job) providers.Sentence {
	task, service, ok := j.cfg.Services.Task(job.Task)
	switch {
	case !ok || !job.Paid && job.State != providers.Submitting:
		return providers.Say("Nothing has been paid yet; nothing will be.")
	case task.Cancel == providers.CancelStopsWork:
		return providers.Say("%s stops the work.", service.Title)
	}
	return providers.Say("%s can't be told to stop: it goes on and charges. Maquette only stops waiting; trying again goes on waiting and fetches the results.", service.Title)
}

// Cancel stops a job, as CancelConsequence says. An error means that the job is
// not cancelled, or that it is but its service could not be told to stop.
func (j *Jobs) Cancel(id string) error {
	job, ok := j.Job(id)
	if !ok {
		return providers.Errorf("there is no job %s", id)
	}
	if job.State.Ended() {
		return providers.Errorf("job %s has ended already: it is %s", id, job.State)
	}
	j.mu.Lock()
	l := j.live[id]
	j.mu.Unlock()
	if l == nil {
		j.finish(id, errCancelledByPerson)
	} else {
		l.cancel(errCancelledByPerson)
		<-l.done
	}
	err := j.stopWork(id)
	j.tell(id)
	return err
}

// Retry goes on with a job that failed or was cancelled. Where the service's
// own job is over, it makes a new job with the same values, which may be paid;
// the returned job says which.
func (j *Jobs) Retry(ctx context.Context, id string) (Job, []providers.Problem, error) {
	job, ok := j.Job(id)
	switch {
	case !ok:
		return Job{}, nil, providers.Errorf("there is no job %s", id)
	case job.State != providers.Failed && job.State != providers.Cancelled:
		return Job{}, nil, providers.Errorf("job %s is %s; only failed and cancelled jobs can be retried", id, job.State)
	case job.Damaged:
		return Job{}, nil, damagedError(id)
	case j.holds(id):
		return Job{}, nil, heldError(id)
	case job.Resumable():
		job, err := j.goOn(id, nil, nil)
		return job, nil, err
	}
	again, problems, err := j.Start(ctx, Order{Task: job.Task, Values: job.Values, Photos: job.Photos, Consent: job.Consent != nil})
	if err != nil || len(problems) > 0 {
		return again, problems, err
	}
	err = j.change(again.ID, func(job *Job) error { job.RetryOf = id; return nil }, nil)
	again.RetryOf = id
	return again, nil, err
}

// goOn queues an ended job again, in one transaction with whatever else must
// become true.
func (j *Jobs) goOn(id string, change func(*Job), also func(*storage.Tx) error) (Job, error) {
	err := j.change(id, func(job *Job) error {
		job.Error, job.Ask, job.Finished = nil, nil, time.Time{}
		if change != nil {
			change(job)
		}
		return job.move(providers.Queued)
	}, func(tx *storage.Tx) error {
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
		}
		return j.cfg.Place.Need(tx, id)
	})
	if err != nil {
		return Job{}, err
	}
	j.tell(id)
	j.start(id)
	job, _ := j.Job(id)
	return job, nil
}

func (e *engine) isLive(id string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.live[id] != nil
}
