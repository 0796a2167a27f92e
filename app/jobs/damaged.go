// Jobs whose records on this computer's disk can't be read: never sent again,
// shown with what is known of them, and left to a person.

package jobs

import (
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// load reads every job into memory.
func (e *engine) load() error {
	bad, err := e.read()
	if err != nil {
		return err
	}
	if len(bad) > 0 {
		if err := e.standIn(bad); err != nil {
			return err
		}
	}
	e.order = e.order[:0]
	for id := range e.jobs {
		e.order = append(e.order, id)
	}
	slices.Sort(e.order)
	return nil
}

// read takes what can be read into memory and returns the rest.
func (e *engine) read() (bad []*storage.RecordError, err error) {
	err = e.cfg.DB.View(func(tx *storage.Tx) error {
		return errors.Join(
			jobTable.Each(tx, "", func(id string, job Job) error { e.jobs[id] = &job; return nil }),
			stepTable.Each(tx, "", func(string, stepRecord) error { return nil }),
			claimTable.Each(tx, "", func(string, claim) error { return nil }),
		)
	})
	return storage.Unreadable(err)
}

// standIn moves records that can't be read into quarantine, and puts in the
// place of each what keeps everything that may have been paid from being paid
// again.
func (e *engine) standIn(bad []*storage.RecordError) error {
	changed := map[string]*Job{}
	edit := func(id string) *Job {
		if changed[id] == nil {
			job := *e.jobs[id]
			changed[id] = &job
		}
		return changed[id]
	}
	err := e.cfg.DB.Update(func(tx *storage.Tx) error {
		for _, one := range bad {
			if err := storage.Quarantine(tx, one); err != nil {
				return err
			}
			var err error
			switch one.Table {
			case jobTable.Name():
				job := unreadableJob(one)
				if e.jobs[job.ID] == nil {
					changed[job.ID] = &job
				}
			case stepTable.Name():
				err = e.standInStep(tx, one, edit)
			case claimTable.Name():
				err = claimTable.Put(tx, one.Key, claim{})
			}
			if err != nil {
				return err
			}
		}
		for id, job := range changed {
			if err := jobTable.Put(tx, id, *job); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for id, job := range changed {
		e.jobs[id] = job
	}
	return nil
}

// standInStep keeps a step whose record can't be read from being made again:
// a person is asked what became of it. Where not even its job is known, what
// any job sends next is looked for first.
func (e *engine) standInStep(tx *storage.Tx, bad *storage.RecordError, edit func(id string) *Job) error {
	id, step, _ := strings.Cut(bad.Key, "/")
	if e.jobs[id] == nil {
		for other, job := range e.jobs {
			if job.State != providers.Done {
				edit(other).Restored = true
			}
		}
		return nil
	}
	job := e.jobs[id]
	if err := stepTable.Put(tx, bad.Key, stepRecord{Paid: true, Sent: job.Created, Damaged: true}); err != nil {
		return err
	}
	if job.State != providers.Done {
		job = edit(id)
		// Its key may be what was changed: then the step itself is missing.
		job.Restored = true
		ask := damagedStep(step, job.Created)
		job.State, job.Ask, job.Error, job.Looking = providers.NeedsYou, &ask.question, ask.failure(), nil
	}
	return nil
}

// StandsIn reports whether a record is one that took a damaged one's place, and
// tells no more than that.
func StandsIn(table string, record []byte) bool {
	var marked struct {
		Damaged bool   `json:"damaged"`
		Job     string `json:"job"`
	}
	err := json.Unmarshal(record, &marked)
	switch table {
	case jobTable.Name(), stepTable.Name():
		return err != nil || marked.Damaged
	case claimTable.Name():
		return err != nil || marked.Job == ""
	}
	return false
}

func damagedStep(step string, sent time.Time) *askError {
	return &askError{Question{
		Step: step, Sent: sent,
		Message: providers.Say("The record of what this job sent is damaged on this computer's disk: it isn't known whether it was accepted and charged. Nothing was sent again."),
		Look:    providers.Say("Have everything checked and repaired, which looks into the backups, or look at the service's own site."),
	}}
}

// unreadableJob is what is known of a job whose record can't be read.
func unreadableJob(bad *storage.RecordError) Job {
	job := salvage(bad.Raw)
	job.ID = bad.Key
	job.Damaged, job.State, job.Looking = true, providers.NeedsYou, nil
	if job.Finished.IsZero() {
		job.Finished = time.Now()
	}
	message := providers.Say("This job's record is damaged on this computer's disk. Nothing is sent again.")
	advice := providers.Say("Have everything checked and repaired, which looks into the backups; else look at the service's own site and give it up here. What it made before stays.")
	job.Ask = &Question{Message: message, Look: advice, Sent: job.Created}
	job.Error = &providers.Failure{Kind: providers.Interrupted, Message: message, Advice: advice, Money: providers.MoneyUnknown, Ended: true}
	return job
}

// known finds single members in what is left of a record.
var known = regexp.MustCompile(`"(task|remote_id|created|paid)":\s*("([^"\\]*)"|true)`)

// salvage reads what it can of a job's damaged record.
func salvage(raw []byte) (job Job) {
	if json.Unmarshal(raw, &job) == nil {
		return job
	}
	job = Job{}
	seen := map[string]bool{}
	for _, found := range known.FindAllSubmatch(raw, -1) {
		name, value := string(found[1]), strings.ToValidUTF8(string(found[3]), "\uFFFD")
		if seen[name] {
			continue
		}
		seen[name] = true
		switch name {
		case "task":
			job.Task = value
		case "remote_id":
			job.RemoteID = value
		case "paid":
			job.Paid = true
		case "created":
			job.Created, _ = time.Parse(time.RFC3339Nano, value)
		}
	}
	return job
}

// damagedError says why a job can't go on.
func damagedError(id string) error {
	return &providers.Failure{
		Kind: providers.InvalidInput, Outcome: providers.NotSent, Money: providers.NotSpent,
		Message: providers.Say("The record of job %s is damaged: it can't go on by itself", id),
		Advice:  providers.Say("Have everything checked and repaired, give it up, or make the order anew; nothing was sent."),
	}
}

// Restore puts back, from a backup, a record that is in quarantine, and what
// made is of its job: the pictures and models that are here. The job goes on
// once it is resumed; what it sends next is looked for first. It returns whether the
// record was one of the jobs'.
func (j *Jobs) Restore(q storage.Quarantined, record []byte, made func(job string) (images, models []string)) (ours bool, err error) {
	switch q.Table {
	case jobTable.Name():
		return true, j.restoreJob(q, record, made)
	case stepTable.Name():
		return true, j.restoreStep(q, record)
	case claimTable.Name():
		return true, j.cfg.DB.Update(func(tx *storage.Tx) error {
			return errors.Join(claimTable.Delete(tx, q.Key), storage.Repair(tx, q, record))
		})
	}
	return false, nil
}

func (j *Jobs) restoreJob(q storage.Quarantined, record []byte, made func(job string) (images, models []string)) error {
	var job Job
	if err := json.Unmarshal(record, &job); err != nil {
		return err
	}
	job.Restored = job.State != providers.Done
	images, models := made(job.ID)
	job.Images, job.Models = withAll(job.Images, images), withAll(job.Models, models)
	err := j.cfg.DB.Update(func(tx *storage.Tx) error {
		return errors.Join(jobTable.Put(tx, job.ID, job), storage.MarkRepaired(tx, q))
	})
	if err != nil {
		return err
	}
	j.show(job)
	return nil
}

func withAll(list, more []string) []string {
	list = slices.Clone(list)
	for _, one := range more {
		if !slices.Contains(list, one) {
			list = append(list, one)
		}
	}
	return list
}

func (j *Jobs) restoreStep(q storage.Quarantined, record []byte) error {
	id, step, _ := strings.Cut(q.Key, "/")
	asked := func(job Job) bool { return job.State == providers.NeedsYou && job.Ask != nil && job.Ask.Step == step }
	put := func(tx *storage.Tx) error {
		return errors.Join(stepTable.Delete(tx, q.Key), storage.Repair(tx, q, record))
	}
	if job, ok := j.Job(id); !ok || !asked(job) {
		return j.cfg.DB.Update(put)
	}
	err := j.change(id, func(job *Job) error {
		job.Error, job.Ask, job.Finished, job.Restored = nil, nil, time.Time{}, true
		return job.move(providers.Queued)
	}, put)
	if err == nil {
		j.tell(id)
	}
	return err
}

// show lists a job whose record is on disk.
func (e *engine) show(job Job) {
	e.mu.Lock()
	if e.jobs[job.ID] == nil {
		at, _ := slices.BinarySearch(e.order, job.ID)
		e.order = slices.Insert(e.order, at, job.ID)
	}
	e.jobs[job.ID] = &job
	e.mu.Unlock()
	e.tell(job.ID)
}
