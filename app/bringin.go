// Bringing in jobs that were started elsewhere, with their results.

package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// BringIn makes a job of each of these jobs at the service, as if it had been
// started here: it is watched and its results are kept. Nothing is paid. The
// ids are the service's own. One that is no stranger, or not any more, is left
// out: there are fewer jobs than ids by as many.
func (s *Studio) BringIn(ctx context.Context, serviceID string, ids []string) ([]Job, error) {
	strangers, err := s.Strangers(ctx, serviceID)
	if err != nil {
		return nil, err
	}
	var jobs []Job
	for _, id := range ids {
		at := slices.IndexFunc(strangers, func(r providers.Remote) bool { return r.ID == id })
		if at < 0 {
			continue
		}
		job, err := s.bringIn(serviceID, strangers[at])
		if claimed := (*claimedError)(nil); errors.As(err, &claimed) {
			continue
		}
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
	job := Job{
		ID: s.ids.next("j"), Task: task.ID, State: providers.Queued, Values: told(task.Fields, remote.Values), Created: time.Now(),
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

// told reads what a service told of a job's values: no default stands in for
// what it didn't, no range of ours bounds what it did, and what can't be read
// as its field's kind is left out by itself.
func told(fields []providers.Field, given map[string]any) providers.Values {
	values := providers.Values{}
	for _, field := range fields {
		value, set := given[field.Key]
		switch {
		case !set || value == nil || field.Local:
		case field.Kind == providers.List:
			if items := toldItems(field.Items, value); len(items) > 0 {
				values[field.Key] = items
			}
		default:
			bare := providers.Field{Key: field.Key, Kind: field.Kind, Open: true}
			read, _ := providers.Parse([]providers.Field{bare}, map[string]any{field.Key: value})
			maps.Copy(values, read)
		}
	}
	return values
}

func toldItems(fields []providers.Field, given any) []providers.Values {
	list, _ := given.([]any)
	var items []providers.Values
	for _, item := range list {
		one, _ := item.(map[string]any)
		if values := told(fields, one); len(values) > 0 {
			items = append(items, values)
		}
	}
	return items
}

// filled are a brought-in job's values as its task reads them: defaults stand
// in for what the service didn't tell.
func filled(fields []providers.Field, values providers.Values) providers.Values {
	all, _ := providers.Parse(fields, nil)
	maps.Copy(all, values)
	return all
}
