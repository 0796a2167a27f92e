package jobs

import (
	"slices"
	"testing"

	"github.com/maquette-studio/maquette/providers"
)

// What may follow each state, written out a second time: a row of the table
// that gains or loses a state fails here.
func TestEveryStateAllowsExactlyWhatItsRowSays(t *testing.T) {
	t.Parallel()
	const (
		queued     = providers.Queued
		preparing  = providers.Preparing
		uploading  = providers.Uploading
		submitting = providers.Submitting
		waiting    = providers.Waiting
		running    = providers.Running
		collecting = providers.Collecting
		done       = providers.Done
		failed     = providers.Failed
		cancelled  = providers.Cancelled
		needsYou   = providers.NeedsYou
	)
	rows := map[providers.State][]providers.State{
		queued:     {queued, preparing, failed, cancelled},
		preparing:  {preparing, uploading, submitting, waiting, running, collecting, done, failed, cancelled, needsYou},
		uploading:  {uploading, submitting, waiting, running, collecting, done, failed, cancelled, needsYou},
		submitting: {uploading, submitting, waiting, running, collecting, done, failed, cancelled, needsYou},
		waiting:    {preparing, uploading, submitting, waiting, running, collecting, done, failed, cancelled, needsYou},
		running:    {uploading, submitting, waiting, running, collecting, done, failed, cancelled, needsYou},
		collecting: {uploading, submitting, waiting, running, collecting, done, failed, cancelled, needsYou},
		needsYou:   {queued, failed, needsYou},
		failed:     {queued, failed},
		cancelled:  {queued, cancelled},
		done:       {done},
	}
	if len(transitions) != len(rows) {
		t.Fatalf("the table has %d rows for %d states", len(transitions), len(rows))
	}
	for from, allowed := range rows {
		for to := range rows {
			job := Job{ID: "j", State: from}
			err := job.move(to)
			switch want := slices.Contains(allowed, to); {
			case (err == nil) != want:
				t.Errorf("%s → %s: %v", from, to, err)
			case want && job.State != to || !want && job.State != from:
				t.Errorf("%s → %s left the job %s", from, to, job.State)
			}
		}
	}
}
