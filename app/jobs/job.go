// A job, and the states it may go through.

package jobs

import (
	"slices"
	"time"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
)

// Job is one paid piece of work, on disk from before its first request until
// a person removes it. What a Job holds is a snapshot: later edits of the form
// or the dataset don't touch it.
type Job struct {
	ID     string           `json:"id"`
	Task   string           `json:"task"`
	State  providers.State  `json:"state"`
	Values providers.Values `json:"values"`
	Photos []photo.Photo    `json:"photos,omitempty"`

	Consent  *Consent  `json:"consent,omitempty"`
	Created  time.Time `json:"created"`
	Started  time.Time `json:"started,omitzero"`
	Finished time.Time `json:"finished,omitzero"`
	RetryOf  string    `json:"retry_of,omitempty"`
	// Callback is the unguessable path at which the service may call back.
	Callback string `json:"callback,omitempty"`

	// Imported marks a job that was started elsewhere: its values are as far
	// as the service repeats them, its photos aren't here.
	Imported bool `json:"brought_in,omitempty"`

	// Restored marks a job that wasn't over in a database that was restored: what
	// it didn't send by then may have been sent since.
	Restored bool `json:"restored,omitempty"`

	// Account is a fingerprint of the key and the address that were set when the
	// job was ordered; "" where none were.
	Account string `json:"account,omitempty"`

	// Damaged marks what stands in for a job whose record can't be read: it
	// never goes on.
	Damaged bool `json:"damaged,omitempty"`

	RemoteID string `json:"remote_id,omitempty"`
	// DeletedThere is when a person had the service delete what the job made.
	DeletedThere time.Time          `json:"deleted_there,omitzero"`
	Paid         bool               `json:"paid"` // a paid request was accepted
	Error        *providers.Failure `json:"error,omitempty"`
	Ask          *Question          `json:"ask,omitempty"`
	// Looking is what is looked for while it isn't known what became of a
	// request.
	Looking *Looking           `json:"looking,omitempty"`
	Note    providers.Sentence `json:"note,omitzero"`

	// Flaw says what is wrong with a picture that was kept as it came.
	Flaw providers.Sentence `json:"flaw,omitzero"`

	Images []string `json:"images,omitempty"`
	Models []string `json:"models,omitempty"`

	// Status is what the job is doing just now; it is not stored, nor is Held.
	Status providers.Status `json:"-"`
	// Held reports that a pause holds it back.
	Held bool `json:"-"`
}

// Consent is a person's statement that the photos may be used for training, as
// package consent keeps it.
type Consent struct {
	Record    string    `json:"record,omitempty"` // its id there
	Statement string    `json:"statement"`
	Given     time.Time `json:"given"`
	By        string    `json:"by,omitempty"`
}

// Question is what only a person can decide: a request left, its answer never
// came, and the service couldn't say whether it was accepted; or it was, and
// the service doesn't say how it stands.
type Question struct {
	Step       string              `json:"step"` // "" where the request was accepted
	Message    providers.Sentence  `json:"message"`
	Look       providers.Sentence  `json:"look,omitzero"`
	Remedy     providers.Remedy    `json:"remedy,omitzero"` // where to look
	Candidates []providers.Receipt `json:"candidates,omitempty"`
	Sent       time.Time           `json:"sent"`
	// Doubt reports that it is asked before anything is paid: the person may
	// let the job go on as it is.
	Doubt bool `json:"doubt,omitempty"`
}

// Accepted reports that the service has the request: a person can have it asked
// again, or give up.
func (q Question) Accepted() bool { return q.Step == "" }

// transitions lists, for each state, the states that may follow. After a kill
// a job keeps its state until its next unfinished step names another.
var transitions = map[providers.State][]providers.State{
	providers.Queued:     {providers.Preparing, providers.Failed, providers.Cancelled},
	providers.Preparing:  thenEnd(providers.Uploading, providers.Submitting, providers.Waiting, providers.Running, providers.Collecting, providers.Done),
	providers.Uploading:  thenEnd(providers.Submitting, providers.Waiting, providers.Running, providers.Collecting, providers.Done),
	providers.Submitting: thenEnd(providers.Uploading, providers.Waiting, providers.Running, providers.Collecting, providers.Done),
	providers.Waiting:    thenEnd(providers.Preparing, providers.Uploading, providers.Submitting, providers.Running, providers.Collecting, providers.Done),
	providers.Running:    thenEnd(providers.Uploading, providers.Submitting, providers.Waiting, providers.Collecting, providers.Done),
	providers.Collecting: thenEnd(providers.Uploading, providers.Submitting, providers.Waiting, providers.Running, providers.Done),
	providers.NeedsYou:   {providers.Queued, providers.Failed},
	providers.Failed:     {providers.Queued},
	providers.Cancelled:  {providers.Queued},
	providers.Done:       {},
}

func thenEnd(states ...providers.State) []providers.State {
	return append(states, providers.Failed, providers.Cancelled, providers.NeedsYou)
}

// mayBecome reports whether a job may go from one state to the other; staying
// is always allowed.
func mayBecome(from, to providers.State) bool {
	return from == to || slices.Contains(transitions[from], to)
}

// move changes the job's state, or says that the change is not allowed.
func (j *Job) move(to providers.State) error {
	if !mayBecome(j.State, to) {
		return providers.Errorf("job %s can't go from %s to %s", j.ID, j.State, to)
	}
	j.State = to
	return nil
}

// Progress is the part done, 0..1; negative when unknown.
func (j Job) Progress() float64 {
	switch {
	case j.State == providers.Done:
		return 1
	case j.State.Ended() || j.State == providers.Queued:
		return 0
	case j.Status.Of > 0:
		return float64(j.Status.Step) / float64(j.Status.Of)
	}
	return j.Status.Fraction
}

// OtherModel is the model to try a job's task with after its service ended the
// job, by the task's own choice of models; "" where there is no other, or
// where another would not help.
func (j Job) OtherModel(task *providers.Task) string {
	if j.State != providers.Failed || j.Error == nil || !j.Error.Ended && j.Error.Kind != providers.RefusedContent || task.Kind != providers.Generate {
		return ""
	}
	for _, field := range task.Fields {
		if field.Key != ModelField || field.Kind != providers.Choice {
			continue
		}
		for _, option := range field.Options {
			if option.Value != j.Values.Text(ModelField) {
				return option.Value
			}
		}
	}
	return ""
}

// ModelField is the key of the models that a service offers to choose from.
const ModelField = "model"

// ExpectedPictures is how many pictures the job's task will bring; 0 where that isn't known.
func (j Job) ExpectedPictures(task *providers.Task) int {
	if task.Pictures == nil {
		return 0
	}
	return task.Pictures(j.Values)
}

// Resumable reports whether Retry goes on with the same request instead of
// making a new one: the service's own job isn't over, or was never begun.
func (j Job) Resumable() bool {
	return !j.Damaged && (j.State == providers.Failed || j.State == providers.Cancelled) && (j.Error == nil || !j.Error.Ended)
}
