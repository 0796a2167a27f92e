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

func TestTheOtherModelIsOfferedOnlyWhereItMayHelp(t *testing.T) {
	t.Parallel()
	task := &providers.Task{Kind: providers.Generate, Fields: []providers.Field{
		{Key: ModelField, Kind: providers.Choice, Options: []providers.Option{{Value: "large"}, {Value: "flash"}}},
	}}
	job := func(state providers.State, failure *providers.Failure) Job {
		return Job{State: state, Error: failure, Values: providers.Values{ModelField: "large"}}
	}
	refused := &providers.Failure{Kind: providers.RefusedContent}
	for name, row := range map[string]struct {
		job  Job
		task *providers.Task
		want string
	}{
		"refused content":      {job(providers.Failed, refused), task, "flash"},
		"ended by the service": {job(providers.Failed, &providers.Failure{Kind: providers.ServiceTrouble, Ended: true}), task, "flash"},
		"a refused key":        {job(providers.Failed, &providers.Failure{Kind: providers.BadKey}), task, ""},
		"done":                 {job(providers.Done, nil), task, ""},
		"no models":            {job(providers.Failed, refused), &providers.Task{Kind: providers.Generate}, ""},
		"a training":           {job(providers.Failed, refused), &providers.Task{Kind: providers.Train, Fields: task.Fields}, ""},
	} {
		if got := row.job.OtherModel(row.task); got != row.want {
			t.Errorf("%s: %q, want %q", name, got, row.want)
		}
	}
}

func TestAJobSaysHowManyPicturesToExpect(t *testing.T) {
	t.Parallel()
	job := Job{Values: providers.Values{"count": int64(3)}}
	counting := &providers.Task{Pictures: func(v providers.Values) int { return int(v.Int("count")) }}
	if got := job.ExpectedPictures(counting); got != 3 {
		t.Errorf("%d pictures are expected", got)
	}
	if got := job.ExpectedPictures(&providers.Task{}); got != 0 {
		t.Errorf("%d pictures are expected of a task that doesn't say", got)
	}
}

func TestAPictureTakesNoOthersID(t *testing.T) {
	for want, images := range map[string][]string{
		"j-01": nil,
		"j-03": {"j-01", "j-02"},
		"j-04": {"j-01", "j-03"}, // restored: the second was deleted
		"j-05": {"j-02", "j-03", "j-04"},
	} {
		if got := nextPicture(Job{ID: "j", Images: images}); got != want {
			t.Errorf("after %v comes %s instead of %s", images, got, want)
		}
	}
}
