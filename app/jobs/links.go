// Links in answers that are kept: once nothing needs what they lead to, what
// gives access to it at the service has no use here any more.

package jobs

import (
	"bytes"
	"encoding/json"
	"errors"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// withoutSignatures takes the queries of signed links out of what is kept of a
// job that is over, as far as nothing needs them.
func withoutSignatures(tx *storage.Tx, job Job) error {
	changed, err := signed(tx, job)
	for key, rec := range changed {
		err = errors.Join(err, stepTable.Put(tx, key, rec))
	}
	return err
}

// signed are the steps of a job that is over whose answers hold signed links
// that nothing needs, without their queries:
//
//   - all of them where the job is done, or its service's own job is over, so
//     that trying again makes a new one;
//   - those in answers that cost nothing, and those that have ended by
//     themselves, where it may be gone on with. What was paid for and not
//     fetched may be behind the others, and nowhere else.
func signed(tx *storage.Tx, job Job) (map[string]stepRecord, error) {
	if !job.State.Ended() || job.State == providers.NeedsYou {
		return nil, nil
	}
	over := job.State == providers.Done || !job.Resumable()
	changed := map[string]stepRecord{}
	err := stepTable.Each(tx, job.ID+"/", func(key string, rec stepRecord) error {
		answer := providers.WithoutEnded(rec.Receipt.Answer, time.Now())
		if over || !rec.Paid {
			answer = providers.Unsigned(rec.Receipt.Answer)
		}
		if !bytes.Equal(answer, rec.Receipt.Answer) {
			rec.Receipt.Answer = json.RawMessage(answer)
			changed[key] = rec
		}
		return nil
	})
	_, err = storage.Unreadable(err) // what can't be read is told elsewhere
	return changed, err
}

// DropSignatures does this for all jobs: those that were over before it was
// done at their end, and those with links that have ended since. Where there is
// nothing to do, nothing is written.
func (j *Jobs) DropSignatures() error {
	var due []string
	err := j.cfg.DB.View(func(tx *storage.Tx) error {
		var all error
		for _, job := range j.list() {
			changed, err := signed(tx, job)
			if all = errors.Join(all, err); len(changed) > 0 {
				due = append(due, job.ID)
			}
		}
		return all
	})
	if len(due) == 0 {
		return err
	}
	return errors.Join(err, j.cfg.DB.Update(func(tx *storage.Tx) error {
		var all error
		for _, id := range due {
			if job, found := j.Job(id); found { // as it is by now
				all = errors.Join(all, withoutSignatures(tx, job))
			}
		}
		return all
	}))
}

// unsigned are candidates without what signs their links: a person knows them
// by their titles, and adopts one by its id.
func unsigned(candidates []providers.Receipt) []providers.Receipt {
	plain := make([]providers.Receipt, len(candidates))
	for i, candidate := range candidates {
		candidate.Answer = providers.Unsigned(candidate.Answer)
		plain[i] = candidate
	}
	return plain
}
