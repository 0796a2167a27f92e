// Jobs of a database that was restored.

package jobs

import (
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// settleRestored marks, in a database that was restored, the jobs that weren't
// over: what they send next is looked for first.
func (e *engine) settleRestored() error {
	restored, settled, err := e.cfg.DB.Restored()
	if err != nil || settled {
		return err
	}
	return e.cfg.DB.Settle(func(tx *storage.Tx) error {
		for _, job := range e.jobs {
			if !restored || job.State == providers.Done {
				continue
			}
			marked := *job
			marked.Restored = true
			if err := jobTable.Put(tx, job.ID, marked); err != nil {
				return err
			}
			*job = marked
		}
		return nil
	})
}
