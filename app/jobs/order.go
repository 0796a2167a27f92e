// What a person orders: checked, written to disk as a job, and started.

package jobs

import (
	"context"
	"slices"
	"time"

	"github.com/maquette-studio/maquette/app/consent"
	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// PhotosField is the field that problems of the photos as a whole belong to.
const PhotosField = "photos"

// Order is what a person asks for: a task, its values, its photos.
type Order struct {
	Task   string           // a task's id; calls are ordered and recorded by theirs
	Values providers.Values // as they were parsed
	// Invalid is what of the values could not be parsed: with any of it nothing
	// is written or sent.
	Invalid []providers.Problem
	Photos  []photo.Photo
	// Consent is the person's statement about the photos; required where the
	// task may train on somebody's likeness, and where the call uploads for that.
	Consent bool
	// Recorded is the id of a statement that was recorded before and covers the
	// photo of a call; "" for none.
	Recorded string
}

// NewOrder is the order of a task or a call with values that are parsed here,
// by its fields.
func NewOrder(services providers.Services, id string, raw map[string]any) Order {
	order := Order{Task: id}
	if task, _, ok := services.Task(id); ok {
		order.Values, order.Invalid = providers.Parse(task.Fields, raw)
	} else if call, _, ok := services.Call(id); ok {
		order.Values, order.Invalid = providers.Parse(call.Fields, raw)
	} else {
		order.Invalid = []providers.Problem{unknownTask(id)}
	}
	return order
}

func unknownTask(id string) providers.Problem {
	return providers.Problem{Field: "task", Message: providers.Say("there is no task %q", id)}
}

// Agreed is what the person has stated about the photos.
func (o Order) Agreed() consent.Given { return consent.Given{Now: o.Consent, Record: o.Recorded} }

// Check says everything that keeps the order from being sent, without sending
// or writing anything.
func (j *Jobs) Check(order Order) (providers.Values, []providers.Problem) {
	task, service, ok := j.cfg.Services.Task(order.Task)
	if !ok {
		return nil, []providers.Problem{unknownTask(order.Task)}
	}
	given, problems := providers.OwnIDs(service.ID, j.cfg.Services, task.Fields, order.Values)
	problems = append(problems, order.Invalid...)
	if task.Check != nil && len(problems) == 0 {
		problems = task.Check(given)
	}
	values, found := j.cfg.Models.Resolve(service.ID, task, given)
	problems = append(problems, found...)
	if rules := task.PhotoRules(values); rules != nil {
		problems = append(problems, j.cfg.Photos.Check(*rules, order.Photos)...)
	} else if len(order.Photos) > 0 {
		problems = append(problems, providers.Problem{Field: PhotosField, Message: providers.Say("%s takes no photos", providers.Plain(task.Title))})
	}
	return values, append(problems, consent.Check(NeedsConsent(task, values), order.Agreed())...)
}

// NeedsConsent reports whether the task, with these values, may train on
// somebody's likeness.
func NeedsConsent(task *providers.Task, values providers.Values) bool {
	return task.Person != nil && task.Person(values)
}

// Start checks the order, writes it to disk as a job and starts it. Problems
// mean that nothing was written or sent.
func (j *Jobs) Start(ctx context.Context, order Order) (Job, []providers.Problem, error) {
	values, problems := j.Check(order)
	if len(problems) > 0 {
		return Job{}, problems, nil
	}
	task, service, _ := j.cfg.Services.Task(order.Task)
	values, problems, err := j.cfg.Photos.Images(ctx, task.Fields, values)
	if err != nil || len(problems) > 0 {
		return Job{}, problems, err
	}
	job := Job{
		ID: j.ids.Next("j"), Task: task.ID, State: providers.Queued, Values: values,
		Photos: slices.Clone(order.Photos), Created: time.Now(),
		Callback: j.cfg.Callbacks.NewPath(),
	}
	if conn, err := j.cfg.Conn(ctx, service); err == nil { // without a key the job says so by itself
		job.Account = accountOf(conn)
	}
	var recorded func(*storage.Tx) error
	if NeedsConsent(task, values) {
		given := consent.New(service.ID, task.ID)
		given.Job, given.Photos = job.ID, consent.About(job.Photos)
		job.Consent = &Consent{Record: given.ID, Statement: given.Statement, Given: given.Given, By: given.By}
		recorded = given.Put
	}
	if err := j.addWith(job, recorded); err != nil {
		return Job{}, nil, failure.Storage("writing the job to disk", err)
	}
	return job, nil, nil
}
