// Deleting what a job made at its service. What was kept here stays.

package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// DeletableThere reports whether a job is over and its service can delete what
// it made there.
func (s *Studio) DeletableThere(job Job) bool {
	_, service, ok := s.Task(job.Task)
	over := job.State == providers.Done || job.State == providers.Failed && !job.Resumable()
	return ok && service.Delete != nil && over && job.Paid && job.DeletedThere.IsZero()
}

// DeleteThere deletes what the job made at its service. What is gone there
// already counts as deleted; after a failure the rest can be deleted by
// another try.
func (s *Studio) DeleteThere(ctx context.Context, id string) error {
	job, ok := s.Job(id)
	if !ok {
		return fmt.Errorf("there is no job %s", id)
	}
	if !s.DeletableThere(job) {
		return &providers.Failure{
			Kind: providers.InvalidInput, Money: providers.NotSpent, Outcome: providers.NotSent,
			Message: "There is nothing of this job that could be deleted at its service",
		}
	}
	_, service, _ := s.Task(job.Task)
	remote, err := s.ownedBy(service.ID, id)
	if err != nil {
		return storageFailure("reading what the job made", err)
	}
	conn, err := s.Conn(ctx, service)
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
	err = s.engine.change(id, func(job *Job) error {
		job.DeletedThere = time.Now()
		return nil
	}, nil)
	if err != nil {
		return storageFailure("writing down what was deleted", err)
	}
	s.engine.tell(id)
	return nil
}

// ownedBy lists the ids at the service that a job owns.
func (s *Studio) ownedBy(service, job string) (remote []string, err error) {
	err = s.db.View(func(tx *storage.Tx) error {
		return claimTable.Each(tx, service+"/", func(key string, c claim) error {
			if c.Job == job {
				remote = append(remote, strings.TrimPrefix(key, service+"/"))
			}
			return nil
		})
	})
	return remote, err
}
