// Importing jobs that were started elsewhere, with their results.

package jobs

import (
	"errors"
	"maps"
	"time"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// Import makes a job of each of these unclaimed jobs at a service, as if it had
// been started here: it is watched and its results are kept. Nothing is paid.
// One that was claimed meanwhile is left out.
func (j *Jobs) Import(service string, unclaimed []providers.Remote) ([]Job, error) {
	var jobs []Job
	for _, remote := range unclaimed {
		job, err := j.importOne(service, remote)
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

func (j *Jobs) importOne(serviceID string, remote providers.Remote) (Job, error) {
	task, _, ok := j.cfg.Services.Task(remote.Task)
	if !ok {
		return Job{}, providers.Errorf("there is no task %s", remote.Task)
	}
	job := Job{
		ID: j.ids.Next("j"), Task: task.ID, State: providers.Queued, Values: parseKnown(task.Fields, remote.Values), Created: time.Now(),
		Paid: true, RemoteID: remote.ID, Imported: true,
	}
	err := j.addWith(job, func(tx *storage.Tx) error {
		if err := adopt(tx, serviceID, job.ID, remote.Step, remote.ID); err != nil {
			return err
		}
		return claimTable.Put(tx, serviceID+"/"+remote.ID, claim{Job: job.ID, Step: remote.Step, Imported: true})
	})
	if err != nil {
		return Job{}, failure.Storage("writing the job to disk", err)
	}
	return job, nil
}

// parseKnown reads what a service told of a job's values: no default stands in for
// what it didn't, no range of ours bounds what it did, and what can't be read
// as its field's kind is left out by itself.
func parseKnown(fields []providers.Field, given map[string]any) providers.Values {
	values := providers.Values{}
	for _, field := range fields {
		value, set := given[field.Key]
		switch {
		case !set || value == nil || field.Local:
		case field.Kind == providers.List:
			if items := parseKnownItems(field.Items, value); len(items) > 0 {
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

func parseKnownItems(fields []providers.Field, given any) []providers.Values {
	list, _ := given.([]any)
	var items []providers.Values
	for _, item := range list {
		one, _ := item.(map[string]any)
		if values := parseKnown(fields, one); len(values) > 0 {
			items = append(items, values)
		}
	}
	return items
}

// filled are an imported job's values as its task reads them: defaults stand
// in for what the service didn't tell.
func filled(fields []providers.Field, values providers.Values) providers.Values {
	all, _ := providers.Parse(fields, nil)
	maps.Copy(all, values)
	return all
}
