// What scripts read of a job.

package cli

import (
	"time"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
)

// line is a job as scripts read it.
type line struct {
	ID       string          `json:"id"`
	Task     string          `json:"task"`
	State    providers.State `json:"state"`
	Progress float64         `json:"progress"` // 0..1, 0 while unknown
	RemoteID string          `json:"remote_id"`
	Error    *failureLine    `json:"error"`
	Created  time.Time       `json:"created"`
	Started  *time.Time      `json:"started"`
	Finished *time.Time      `json:"finished"`
	Images   []string        `json:"images"`
	Models   []string        `json:"models"`

	Files   []string         `json:"files,omitempty"` // paths of the results, in a command that waited for them
	Note    string           `json:"note,omitempty"`
	Step    int              `json:"step,omitempty"` // photo 3
	Of      int              `json:"of,omitempty"`   // of 12
	Left    float64          `json:"seconds_left,omitempty"`
	Paid    bool             `json:"paid"`
	Held    bool             `json:"held,omitempty"` // by a pause
	Ask     *questionLine    `json:"ask,omitempty"`
	Looking *jobs.Looking    `json:"looking,omitempty"` // while it isn't known what became of a request
	RetryOf string           `json:"retry_of,omitempty"`
	Consent *jobs.Consent    `json:"consent,omitempty"`
	Values  providers.Values `json:"values"`
	Photos  int              `json:"photos"`
}

// failureLine is a failure as scripts read it.
type failureLine struct {
	Kind    providers.FailureKind `json:"kind"`
	Message string                `json:"message"`
	Advice  string                `json:"advice,omitempty"`
	Remedy  providers.Remedy      `json:"remedy,omitzero"`
	Field   string                `json:"field,omitempty"`
	Service string                `json:"service,omitempty"`
	Money   providers.Money       `json:"money,omitempty"`
	Status  int                   `json:"status,omitempty"`
	Ended   bool                  `json:"ended,omitempty"`
}

func failureOf(f *providers.Failure) *failureLine {
	if f == nil {
		return nil
	}
	return &failureLine{
		Kind: f.Kind, Message: f.Message.String(), Advice: f.Advice.String(), Remedy: f.Remedy, Field: f.Field,
		Service: f.Service, Money: f.Money, Status: f.Status, Ended: f.Ended,
	}
}

// questionLine is a question as scripts read it.
type questionLine struct {
	Step       string              `json:"step"`
	Message    string              `json:"message"`
	Look       string              `json:"look,omitempty"`
	Candidates []providers.Receipt `json:"candidates,omitempty"`
	Sent       time.Time           `json:"sent"`
}

func questionOf(q *jobs.Question) *questionLine {
	if q == nil {
		return nil
	}
	return &questionLine{q.Step, q.Message.String(), q.Look.String(), q.Candidates, q.Sent}
}

func jobLine(job jobs.Job, files []string) line {
	return line{
		ID: job.ID, Task: job.Task, State: job.State, Progress: progress(job), RemoteID: job.RemoteID, Error: failureOf(job.Error),
		Created: job.Created, Started: unlessZero(job.Started), Finished: unlessZero(job.Finished),
		Images: orEmpty(job.Images), Models: orEmpty(job.Models), Files: files,
		Note: job.Note.Or(job.Status.Note).String(), Step: job.Status.Step, Of: job.Status.Of, Left: job.Status.Left.Seconds(),
		Paid: job.Paid, Held: job.Held, Ask: questionOf(job.Ask), RetryOf: job.RetryOf, Looking: job.Looking, Consent: job.Consent, Values: job.Values, Photos: len(job.Photos),
	}
}

// progress is the part done, 0..1. Getting photos ready is counted by step and
// of instead, before the work itself begins.
func progress(job jobs.Job) float64 {
	if job.State == providers.Preparing || job.State == providers.Uploading {
		return 0
	}
	return max(job.Progress(), 0)
}

func unlessZero(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
