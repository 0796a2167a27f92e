// Jobs that a service knows and this studio doesn't: listed, and brought in
// with their results.

package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// inFlightSlack covers the clocks of this computer and the service: what the
// service accepted after a request of ours left, less this, may be that one.
const inFlightSlack = 2 * time.Minute

// Strangers lists the jobs at a service that no job here owns, newest first.
// What may be the outcome of a request that is just on its way, or that waits
// for a person's decision, is left out.
func (s *Studio) Strangers(ctx context.Context, serviceID string) ([]providers.Remote, error) {
	service, ok := s.Service(serviceID)
	if !ok {
		return nil, fmt.Errorf("there is no service %s", serviceID)
	}
	if service.Known == nil {
		return nil, &providers.Failure{
			Kind: providers.InvalidInput, Money: providers.NotSpent, Outcome: providers.NotSent,
			Message: service.Title + " offers no list of its jobs",
		}
	}
	conn, err := s.Conn(ctx, service)
	if err != nil {
		return nil, err
	}
	all, err := service.Known(ctx, conn)
	if err != nil {
		return nil, err
	}
	var strangers []providers.Remote
	err = s.db.View(func(tx *storage.Tx) error {
		open, candidates, err := s.undecided(tx, serviceID)
		if err != nil {
			return err
		}
		for _, remote := range all {
			_, owned, err := claimTable.Get(tx, serviceID+"/"+remote.ID)
			if err != nil {
				return err
			}
			mayBeOurs := !open.IsZero() && (remote.Time.IsZero() || remote.Time.After(open.Add(-inFlightSlack)))
			if !owned && !mayBeOurs && !candidates[remote.ID] {
				strangers = append(strangers, remote)
			}
		}
		return nil
	})
	if err != nil {
		return nil, storageFailure("reading which jobs are known", err)
	}
	slices.SortFunc(strangers, func(a, b providers.Remote) int { return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(a.ID, b.ID)) })
	return strangers, nil
}

// undecided says since when a paid request of ours is on its way to the
// service, zero for none, and which of the service's jobs a person is asked about.
func (s *Studio) undecided(tx *storage.Tx, serviceID string) (open time.Time, candidates map[string]bool, err error) {
	candidates = map[string]bool{}
	for _, job := range s.engine.list() {
		if _, service, ok := s.Task(job.Task); !ok || service.ID != serviceID {
			continue
		}
		if job.Ask != nil {
			for _, c := range job.Ask.Candidates {
				candidates[c.ID] = true
			}
		}
		if job.State.Ended() {
			continue
		}
		err = stepTable.Each(tx, job.ID+"/", func(_ string, rec stepRecord) error {
			if rec.Paid && !rec.Done && (open.IsZero() || rec.Sent.Before(open)) {
				open = rec.Sent
			}
			return nil
		})
		if err != nil {
			return open, candidates, err
		}
	}
	return open, candidates, nil
}

// BringIn makes a job of each of these jobs at the service, as if it had been
// started here: it is watched and its results are kept. Nothing is paid. The
// ids are the service's own; one that isn't a stranger is an error, before
// anything is brought in.
func (s *Studio) BringIn(ctx context.Context, serviceID string, ids []string) ([]Job, error) {
	strangers, err := s.Strangers(ctx, serviceID)
	if err != nil {
		return nil, err
	}
	var chosen []providers.Remote
	for _, id := range ids {
		at := slices.IndexFunc(strangers, func(r providers.Remote) bool { return r.ID == id })
		if at < 0 {
			return nil, &providers.Failure{
				Kind: providers.NotFound, Money: providers.NotSpent, Outcome: providers.NotSent,
				Message: "There is no job " + id + " at the service that could be brought in",
				Advice:  "List them with: maquette jobs import " + serviceID,
			}
		}
		chosen = append(chosen, strangers[at])
	}
	var jobs []Job
	for _, remote := range chosen {
		job, err := s.bringIn(serviceID, remote)
		if err != nil {
			return jobs, err
		}
		jobs = append(jobs, job)
	}
	return jobs, nil
}

func (s *Studio) bringIn(serviceID string, remote providers.Remote) (Job, error) {
	task, _, ok := s.Task(remote.Task)
	if !ok {
		return Job{}, fmt.Errorf("there is no task %s", remote.Task)
	}
	raw := map[string]any{}
	for _, field := range task.Fields {
		if value, told := remote.Values[field.Key]; told {
			raw[field.Key] = value
		}
	}
	values, _ := providers.Parse(task.Fields, raw) // what can't be read is left out
	job := Job{
		ID: s.ids.next("j"), Task: task.ID, State: providers.Queued, Values: values, Created: time.Now(),
		Paid: true, RemoteID: remote.ID, BroughtIn: true,
	}
	err := s.engine.addWith(job, func(tx *storage.Tx) error {
		if err := adopt(tx, serviceID, job.ID, remote.Step, remote.ID); err != nil {
			return err
		}
		return claimTable.Put(tx, serviceID+"/"+remote.ID, claim{Job: job.ID, Step: remote.Step, BroughtIn: true})
	})
	if err != nil {
		return Job{}, storageFailure("writing the job to disk", err)
	}
	return job, nil
}
