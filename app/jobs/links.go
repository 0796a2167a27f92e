// Links in answers that are kept: once a job has everything, what gives access
// to it at the service has no use here any more.

package jobs

import (
	"bytes"
	"errors"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// withoutSignatures takes the queries of signed links out of what is kept of a
// job that is done.
func withoutSignatures(tx *storage.Tx, job string) error {
	changed := map[string]stepRecord{}
	err := stepTable.Each(tx, job+"/", func(key string, rec stepRecord) error {
		if answer := providers.Unsigned(rec.Receipt.Answer); !bytes.Equal(answer, rec.Receipt.Answer) {
			rec.Receipt.Answer = answer
			changed[key] = rec
		}
		return nil
	})
	_, err = storage.Unreadable(err) // what can't be read is told elsewhere
	for key, rec := range changed {
		err = errors.Join(err, stepTable.Put(tx, key, rec))
	}
	return err
}

// DropSignatures does this for all jobs that were done before it was done at
// their end.
func (j *Jobs) DropSignatures() error {
	return j.cfg.DB.Update(func(tx *storage.Tx) error {
		var err error
		for _, job := range j.list() {
			if job.State == providers.Done {
				err = errors.Join(err, withoutSignatures(tx, job.ID))
			}
		}
		return err
	})
}
