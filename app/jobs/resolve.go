// A person's answer where only a person can decide.

package jobs

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// Resolution is a person's answer to a job that needs them.
type Resolution struct {
	Resubmit bool   // it is not at the service: send it (again)
	Adopt    string // it is there under this id
	GiveUp   bool   // leave it
	Look     bool   // ask the service once more
	GoOn     bool   // go on although there is a doubt
}

// Valid reports whether exactly one choice was made.
func (r Resolution) Valid() bool {
	n := 0
	for _, chosen := range []bool{r.Resubmit, r.Adopt != "", r.GiveUp, r.Look, r.GoOn} {
		if chosen {
			n++
		}
	}
	return n == 1
}

// Resolve goes on with a job at needs you as the person decided.
func (j *Jobs) Resolve(id string, how Resolution) (Job, error) {
	job, ok := j.Job(id)
	if !ok {
		return Job{}, providers.Errorf("there is no job %s", id)
	}
	if !how.Valid() {
		return Job{}, providers.Errorf("one choice must be made")
	}
	if job.Looking != nil && !job.State.Ended() {
		if job, ok = j.stopLooking(job); !ok {
			return job, providers.Errorf("job %s doesn't look for its request any more: it is %s", id, job.State)
		}
	}
	if job.State != providers.NeedsYou || job.Ask == nil {
		return Job{}, providers.Errorf("job %s doesn't need you: it is %s", id, job.State)
	}
	if how.GiveUp {
		return j.giveUp(job)
	}
	if job.Damaged {
		return Job{}, damagedError(id)
	}
	if j.holds(id) {
		return Job{}, heldError(id)
	}
	task, service, ok := j.cfg.Services.Task(job.Task)
	if !ok {
		return Job{}, providers.Errorf("there is no task %s", job.Task)
	}
	switch {
	case how.GoOn != job.Ask.Doubt && !how.Look:
		return Job{}, providers.Errorf("job %s isn't asked about that", id)
	case how.GoOn:
		return j.agree(job)
	}
	if job.Ask.Accepted() && !how.Look {
		return Job{}, providers.Errorf("job %s was accepted: the service can be asked again, or the job be given up", id)
	}
	step := job.Ask.Step
	if how.Adopt != "" {
		own, refused := j.cfg.Services.OwnID(service.ID, "", how.Adopt)
		if !refused.IsZero() {
			return Job{}, &providers.Failure{
				Kind: providers.InvalidInput, Outcome: providers.NotSent, Field: "adopt",
				Message: refused, Advice: providers.Say("Give the id that %s shows.", service.Title),
			}
		}
		if how.Adopt = own; task.FoundID != nil {
			how.Adopt = task.FoundID(own)
		}
	}
	switch {
	case how.Resubmit:
		return j.goOn(id, nil, func(tx *storage.Tx) error {
			return errors.Join(stepTable.Put(tx, id+"/"+step, stepRecord{Resend: true}), decided(tx, id, step))
		})
	case how.Adopt != "":
		return j.goOn(id, func(job *Job) { job.Paid, job.RemoteID = true, adopted(how.Adopt).ID }, func(tx *storage.Tx) error {
			return errors.Join(adopt(tx, service.ID, id, step, how.Adopt), decided(tx, id, step))
		})
	}
	return j.goOn(id, nil, nil)
}

// stopLooking asks the person at once what became of a request that is still
// looked for; !ok where that was found out meanwhile.
func (j *Jobs) stopLooking(job Job) (asked Job, ok bool) {
	j.mu.Lock()
	l := j.live[job.ID]
	j.mu.Unlock()
	if l != nil {
		l.cancel(errDecidedByPerson)
		<-l.done
	} else {
		j.finish(job.ID, errDecidedByPerson)
	}
	if asked, _ = j.Job(job.ID); asked.State == providers.NeedsYou {
		return asked, true
	}
	j.start(job.ID)
	return asked, false
}

// adopt records that the service's request of that id is this step's.
func adopt(tx *storage.Tx, service, job, step, remote string) error {
	receipt := adopted(remote)
	owner, owned, err := claimTable.Get(tx, service+"/"+receipt.ID)
	if err != nil {
		return err
	}
	if owned && owner.Job != job {
		return &claimedError{receipt.ID, owner.Job}
	}
	rec, _, err := stepTable.Get(tx, job+"/"+step)
	if err != nil {
		return err
	}
	rec.Done, rec.Receipt = true, receipt
	return errors.Join(
		stepTable.Put(tx, job+"/"+step, rec),
		claimTable.Put(tx, service+"/"+receipt.ID, claim{Job: job, Step: step}),
	)
}

// adopted is the receipt of what a person found. Where that is a signed link,
// the whole of it is the answer, which loses its signature in the end; the id,
// which stays, has none.
func adopted(remote string) providers.Receipt {
	receipt := providers.Receipt{ID: string(providers.Unsigned([]byte(remote)))}
	if receipt.ID != remote {
		receipt.Answer, _ = json.Marshal(remote) // a text can always be written
	}
	return receipt
}

// claimedError says that a request at the service is another job's.
type claimedError struct{ remote, job string }

func (c *claimedError) Error() string { return c.Sentence().String() }

// Sentence is what Error says.
func (c *claimedError) Sentence() providers.Sentence {
	return providers.Say("%s belongs to job %s already", c.remote, c.job)
}

// decided notes that nobody needs the damaged records of a job and its step any
// more, since a person said what became of them. Their bytes stay.
func decided(tx *storage.Tx, job, step string) error {
	return errors.Join(storage.Dismiss(tx, jobTable.Name(), job), storage.Dismiss(tx, stepTable.Name(), job+"/"+step))
}

func (j *Jobs) giveUp(job Job) (Job, error) {
	doubt := job.Ask.Doubt
	asked := job.Ask.Step
	err := j.change(job.ID, func(job *Job) error {
		job.Ask, job.Finished = nil, time.Now()
		job.Error = &providers.Failure{
			Kind: providers.UnknownOutcome, Money: providers.MoneyUnknown,
			Message: providers.Say("Given up: it isn't known whether the request was accepted and charged."),
		}
		if doubt {
			job.Error.Kind, job.Error.Money = providers.Interrupted, providers.NotSpent
			job.Error.Message = providers.Say("Given up before anything was paid.")
		}
		return job.move(providers.Failed)
	}, func(tx *storage.Tx) error { return decided(tx, job.ID, asked) })
	if err != nil {
		return Job{}, err
	}
	j.tell(job.ID)
	j.releaseHosted(job.ID)
	job, _ = j.Job(job.ID)
	return job, nil
}
