package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// Order is what a person asks for: a task, its values, its photos.
type Order struct {
	Task   string // AsCurl and AsCommand take a call's id too
	Values map[string]any
	Photos []DatasetPhoto
	// Consent is the person's statement about the photos; required where the
	// task may train on somebody's likeness.
	Consent bool
}

// ConsentField is the field that a missing statement is a problem of.
const ConsentField = "consent"

// Check says everything that keeps the order from being sent, without sending
// or writing anything.
func (s *Studio) Check(order Order) (providers.Values, []providers.Problem) {
	task, service, ok := s.Task(order.Task)
	if !ok {
		return nil, []providers.Problem{{Field: "task", Message: "there is no task " + strconv.Quote(order.Task)}}
	}
	values, problems := task.Validate(order.Values)
	values, found := s.resolveModels(service.ID, task, values)
	problems = append(problems, found...)
	if rules := task.PhotoRules(values); rules != nil {
		problems = append(problems, CheckPhotos(*rules, order.Photos)...)
	} else if len(order.Photos) > 0 {
		problems = append(problems, providers.Problem{Field: PhotosField, Message: task.Title + " takes no photos"})
	}
	if NeedsConsent(task, values) && !order.Consent {
		problems = append(problems, providers.Problem{Field: ConsentField, Message: "state that you may use the photos: “" + ConsentStatement + "”"})
	}
	return values, problems
}

// NeedsConsent reports whether the task, with these values, may train on
// somebody's likeness.
func NeedsConsent(task *providers.Task, values providers.Values) bool {
	return task.Person != nil && task.Person(values)
}

// resolveModels puts the service's own id where a model's id in Maquette was
// given; an id that Maquette doesn't know is the service's own. What the values
// ask of a model that Maquette knows is checked.
func (s *Studio) resolveModels(service string, task *providers.Task, values providers.Values) (providers.Values, []providers.Problem) {
	var problems []providers.Problem
	for _, field := range task.Fields {
		if field.Kind != providers.Trained || values.Text(field.Key) == "" {
			continue
		}
		model, known := s.Model(values.Text(field.Key))
		if !known {
			continue
		}
		if model.Service != service {
			problems = append(problems, providers.Problem{Field: field.Key, Message: model.Title + " was trained at another service"})
			continue
		}
		values[field.Key] = model.RemoteID
		if task.CheckModel != nil {
			problems = append(problems, task.CheckModel(values, model.Model)...)
		}
	}
	return values, problems
}

// Start checks the order, writes it to disk as a job and starts it. Problems
// mean that nothing was written or sent.
func (s *Studio) Start(ctx context.Context, order Order) (Job, []providers.Problem, error) {
	values, problems := s.Check(order)
	if len(problems) > 0 {
		return Job{}, problems, nil
	}
	task, _, _ := s.Task(order.Task)
	values, problems, err := s.takeInImages(ctx, task.Fields, values)
	if err != nil || len(problems) > 0 {
		return Job{}, problems, err
	}
	job := Job{
		ID: s.ids.next("j"), Task: task.ID, State: providers.Queued, Values: values,
		Photos: slices.Clone(order.Photos), Created: time.Now(),
		Callback: s.newCallback(),
	}
	if NeedsConsent(task, values) {
		job.Consent = &Consent{Statement: ConsentStatement, Given: time.Now()}
	}
	if err := s.engine.add(job); err != nil {
		return Job{}, nil, storageFailure("writing the job to disk", err)
	}
	return job, nil, nil
}

// Jobs lists every job, newest first.
func (s *Studio) Jobs() []Job { return s.engine.list() }

// Job returns one job.
func (s *Studio) Job(id string) (Job, bool) { return s.engine.job(id) }

// Wait blocks until the job has ended or stopped at needs you.
func (s *Studio) Wait(ctx context.Context, id string) (Job, error) {
	changed := make(chan struct{}, 1)
	unsubscribe := s.Subscribe(func(e Event) {
		if e.Kind == JobChanged && e.ID == id {
			select {
			case changed <- struct{}{}:
			default:
			}
		}
	})
	defer unsubscribe()
	for {
		job, ok := s.Job(id)
		if !ok {
			return Job{}, fmt.Errorf("there is no job %s", id)
		}
		if !s.engine.isLive(id) {
			// Read again: it may have ended between the two looks.
			if job, _ = s.Job(id); job.State.Ended() {
				return job, nil
			}
			return job, fmt.Errorf("job %s stands still at %s; it goes on at the next start", id, job.State)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return job, context.Cause(ctx)
		case <-s.ctx.Done():
			return job, context.Cause(s.ctx)
		}
	}
}

// ResumeJob goes on with one unfinished job.
func (s *Studio) ResumeJob(id string) { s.engine.start(id) }

// MoneyWords says what became of the money, in a sentence.
func MoneyWords(money providers.Money) string {
	switch money {
	case providers.NotSpent:
		return "Nothing was charged."
	case providers.Spent:
		return "This was charged."
	case providers.Refunded:
		return "The service refunds it."
	case providers.MoneyUnknown:
		return "It isn't known whether this was charged."
	}
	return ""
}

func (e *engine) isLive(id string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.live[id] != nil
}

// Wake makes a job that its service is working on ask how it stands at once.
// It shortens no other wait.
func (s *Studio) Wake(id string) {
	s.engine.mu.Lock()
	defer s.engine.mu.Unlock()
	if l := s.engine.live[id]; l != nil {
		select {
		case l.wake <- struct{}{}:
		default:
		}
	}
}

// CancelConsequence says, before a person cancels, what that does.
func (s *Studio) CancelConsequence(job Job) string {
	task, service, ok := s.Task(job.Task)
	switch {
	case !ok || !job.Paid && job.State != providers.Submitting:
		return "Nothing has been paid yet; nothing will be."
	case task.Cancel == providers.CancelStopsWork:
		return service.Title + " stops the work."
	}
	return service.Title + " can't be told to stop: it goes on and charges. Maquette only stops waiting; Retry goes on waiting and fetches the results."
}

// Cancel stops a job, as CancelConsequence says. An error means that the job is
// not cancelled, or that it is but its service could not be told to stop.
func (s *Studio) Cancel(id string) error {
	job, ok := s.Job(id)
	if !ok {
		return fmt.Errorf("there is no job %s", id)
	}
	if job.State.Ended() {
		return fmt.Errorf("job %s has ended already: it is %s", id, job.State)
	}
	s.engine.mu.Lock()
	l := s.engine.live[id]
	s.engine.mu.Unlock()
	if l == nil {
		s.engine.finish(id, errCancelledByPerson)
	} else {
		l.cancel(errCancelledByPerson)
		<-l.done
	}
	err := s.engine.stopWork(id)
	s.engine.tell(id)
	return err
}

// Retry goes on with a job that failed or was cancelled. Where the service's
// own job is over, it makes a new job with the same values, which may be paid;
// the returned job says which.
func (s *Studio) Retry(ctx context.Context, id string) (Job, []providers.Problem, error) {
	job, ok := s.Job(id)
	switch {
	case !ok:
		return Job{}, nil, fmt.Errorf("there is no job %s", id)
	case job.State != providers.Failed && job.State != providers.Cancelled:
		return Job{}, nil, fmt.Errorf("job %s is %s; only failed and cancelled jobs can be retried", id, job.State)
	case job.Resumable():
		job, err := s.goOn(id, nil, nil)
		return job, nil, err
	}
	again, problems, err := s.Start(ctx, Order{Task: job.Task, Values: job.Values, Photos: job.Photos, Consent: job.Consent != nil})
	if err != nil || len(problems) > 0 {
		return again, problems, err
	}
	err = s.engine.change(again.ID, func(j *Job) error { j.RetryOf = id; return nil }, nil)
	again.RetryOf = id
	return again, nil, err
}

// goOn queues an ended job again, in one transaction with whatever else must
// become true.
func (s *Studio) goOn(id string, change func(*Job), also func(*storage.Tx) error) (Job, error) {
	err := s.engine.change(id, func(j *Job) error {
		j.Error, j.Ask, j.Finished = nil, nil, time.Time{}
		if change != nil {
			change(j)
		}
		return j.move(providers.Queued)
	}, func(tx *storage.Tx) error {
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
		}
		return keepHosted(tx, id)
	})
	if err != nil {
		return Job{}, err
	}
	s.engine.tell(id)
	s.engine.start(id)
	job, _ := s.Job(id)
	return job, nil
}

// keepHosted takes back the removal of a job's photos from the bucket.
func keepHosted(tx *storage.Tx, id string) error {
	keep := map[string]hostedPhoto{}
	err := hostedTable.Each(tx, "", func(key string, h hostedPhoto) error {
		if h.Job == id {
			h.Remove = time.Time{}
			keep[key] = h
		}
		return nil
	})
	for key, h := range keep {
		err = errors.Join(err, hostedTable.Put(tx, key, h))
	}
	return err
}

// Resolution is a person's answer to a job that needs them.
type Resolution struct {
	Resubmit bool   // it is not at the service: send it (again)
	Adopt    string // it is there under this id
	GiveUp   bool   // leave it
	Look     bool   // ask the service once more
}

// Valid reports whether exactly one choice was made.
func (r Resolution) Valid() bool {
	n := 0
	for _, chosen := range []bool{r.Resubmit, r.Adopt != "", r.GiveUp, r.Look} {
		if chosen {
			n++
		}
	}
	return n == 1
}

// Resolve goes on with a job at needs you as the person decided.
func (s *Studio) Resolve(id string, how Resolution) (Job, error) {
	job, ok := s.Job(id)
	if !ok {
		return Job{}, fmt.Errorf("there is no job %s", id)
	}
	if job.State != providers.NeedsYou || job.Ask == nil {
		return Job{}, fmt.Errorf("job %s doesn't need you: it is %s", id, job.State)
	}
	if !how.Valid() {
		return Job{}, fmt.Errorf("one choice must be made")
	}
	if how.GiveUp {
		return s.giveUp(job)
	}
	task, service, ok := s.Task(job.Task)
	if !ok {
		return Job{}, fmt.Errorf("there is no task %s", job.Task)
	}
	step := job.Ask.Step
	if how.Adopt != "" && task.FoundID != nil {
		how.Adopt = task.FoundID(how.Adopt)
	}
	switch {
	case how.Resubmit:
		return s.goOn(id, nil, func(tx *storage.Tx) error { return stepTable.Delete(tx, id+"/"+step) })
	case how.Adopt != "":
		return s.goOn(id, func(j *Job) { j.Paid, j.RemoteID = true, how.Adopt }, func(tx *storage.Tx) error {
			return adopt(tx, service.ID, id, step, how.Adopt)
		})
	}
	return s.goOn(id, nil, nil)
}

// adopt records that the service's request of that id is this step's.
func adopt(tx *storage.Tx, service, job, step, remote string) error {
	owner, owned, err := claimTable.Get(tx, service+"/"+remote)
	if err != nil {
		return err
	}
	if owned && owner.Job != job {
		return &claimedError{remote, owner.Job}
	}
	rec, _, err := stepTable.Get(tx, job+"/"+step)
	if err != nil {
		return err
	}
	rec.Done, rec.Receipt = true, providers.Receipt{ID: remote}
	return errors.Join(
		stepTable.Put(tx, job+"/"+step, rec),
		claimTable.Put(tx, service+"/"+remote, claim{Job: job, Step: step}),
	)
}

// claimedError says that a request at the service is another job's.
type claimedError struct{ remote, job string }

func (c *claimedError) Error() string { return c.remote + " belongs to job " + c.job + " already" }

func (s *Studio) giveUp(job Job) (Job, error) {
	err := s.engine.change(job.ID, func(j *Job) error {
		j.Ask, j.Finished = nil, time.Now()
		j.Error = &providers.Failure{
			Kind: providers.UnknownOutcome, Money: providers.MoneyUnknown,
			Message: "Given up: it isn't known whether the request was accepted and charged.",
		}
		return j.move(providers.Failed)
	}, nil)
	if err != nil {
		return Job{}, err
	}
	s.engine.tell(job.ID)
	s.engine.releaseHosted(job.ID)
	job, _ = s.Job(job.ID)
	return job, nil
}

// diskTrouble shows that the studio can't write.
func (s *Studio) diskTrouble(err error) {
	f := storageFailure("writing to the data directory", err)
	s.troubles.set(s, Trouble{Code: "disk", Title: f.Message, Text: f.Advice})
}
