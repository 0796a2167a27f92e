// Deleting what a job made at its service. What was kept here stays.

package jobs

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// DeletableThere reports whether a job is over and its service can delete what
// it made there.
func (j *Jobs) DeletableThere(job Job) bool {
	_, service, ok := j.cfg.Services.Task(job.Task)
	over := job.State == providers.Done || job.State == providers.Failed && !job.Resumable()
	return ok && service.Delete != nil && over && job.Paid && job.DeletedThere.IsZero()
}

// DeleteThere deletes what the job made at its service. What is gone there
// already counts as deleted; after a failure the rest can be deleted by
// another try.
func (j *Jobs) DeleteThere(ctx context.Context, id string) error {
	job, ok := j.Job(id)
	if !ok {
		return providers.Errorf("there is no job %s", id)
	}
	if !j.DeletableThere(job) {
		return &providers.Failure{
			Kind: providers.InvalidInput, Money: providers.NotSpent, Outcome: providers.NotSent,
			Message: providers.Say("There is nothing of this job that could be deleted at its service"),
		}
	}
	_, service, _ := j.cfg.Services.Task(job.Task)
	remote, err := j.ownedBy(service.ID, id)
	if err != nil {
		return failure.Storage("reading what the job made", err)
	}
	conn, err := j.cfg.Conn(ctx, service)
	if err != nil {
		return err
	}
	for _, made := range remote {
		err := service.Delete(ctx, conn, made)
		var failure *providers.Failure
		if errors.As(err, &failure) && failure.Kind == providers.NotFound {
			continue
		}
		if err != nil {
			return err
		}
	}
	err = j.change(id, func(job *Job) error {
		job.DeletedThere = time.Now()
		return nil
	}, nil)
	if err != nil {
		return failure.Storage("writing down what was deleted", err)
	}
	j.tell(id)
	return nil
}

// ownedBy lists the ids at the service that a job owns.
func (j *Jobs) ownedBy(service, job string) (remote []string, err error) {
	err = j.cfg.DB.View(func(tx *storage.Tx) error {
		return claimTable.Each(tx, service+"/", func(key string, c claim) error {
			if c.Job == job {
				remote = append(remote, strings.TrimPrefix(key, service+"/"))
			}
			return nil
		})
	})
	return remote, err
}
