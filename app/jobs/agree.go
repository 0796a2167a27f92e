// Doubts that a person has to clear before something is paid.

package jobs

import (
	"context"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// Agree stops the job at needs you while there is a doubt that nobody has
// agreed to go on with.
func (s *steps) Agree(ctx context.Context, step string, look func(context.Context) (providers.Doubt, error)) error {
	rec, found, err := s.recall(step)
	if err != nil || found && rec.Done {
		return err
	}
	doubt, err := look(ctx)
	if err != nil || doubt.Message.IsZero() {
		return err
	}
	return &askError{Question{Step: step, Message: doubt.Message, Look: doubt.Look, Doubt: true}}
}

// agree goes on with a job although there is a doubt.
func (j *Jobs) agree(job Job) (Job, error) {
	return j.goOn(job.ID, nil, func(tx *storage.Tx) error {
		return stepTable.Put(tx, job.ID+"/"+job.Ask.Step, stepRecord{Done: true})
	})
}
