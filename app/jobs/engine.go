// Running jobs: writing what changes, and walking a task's Run.

package jobs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// engine runs jobs, each in a goroutine of its own.
type engine struct {
	cfg  Config
	ctx  context.Context
	work sync.WaitGroup

	watchers watchers
	pause    pause

	changing sync.Mutex // held while a job's change goes to disk

	mu       sync.Mutex      // never held during disk work: the window reads under it
	jobs     map[string]*Job // every job, live or past; a Job is replaced, not altered
	statuses map[string]providers.Status
	held     map[string]bool // by the pause
	sending  map[string]bool // something of it is on its way
	live     map[string]*live
	order    []string // ids, oldest first
	// unwritten are answers that the disk had no room for.
	unwritten []Unwritten

	// submitting lets one paid request at a time leave for a service, so that
	// a kill leaves at most one unknown outcome there.
	submitting map[string]chan struct{}
	places     map[string]chan struct{} // bounds the jobs running at a service
	clocks     map[string]*providers.Clock
}

// live is a job that is running in this process.
type live struct {
	cancel context.CancelCauseFunc
	wake   chan struct{}
	done   chan struct{}
	placed bool // it has one of its service's places
}

// errCancelledByPerson is the cause of a context that a person cancelled;
// anything else that cancels is the program closing.
var errCancelledByPerson = errors.New("cancelled")

// errDecidedByPerson is the cause of a context that ends because a person says
// what became of a request, rather than wait until that is known.
var errDecidedByPerson = errors.New("decided by a person")

// jobsAtOnce bounds the jobs running at one service; more wait as queued.
const jobsAtOnce = 8

var (
	jobTable  = storage.NewTable[Job]("jobs")
	stepTable = storage.NewTable[stepRecord]("steps")
)

func loadEngine(ctx context.Context, c Config) (*engine, error) {
	e := &engine{
		cfg: c, ctx: ctx, jobs: map[string]*Job{}, live: map[string]*live{}, statuses: map[string]providers.Status{},
		submitting: map[string]chan struct{}{}, places: map[string]chan struct{}{}, clocks: map[string]*providers.Clock{},
		held: map[string]bool{}, sending: map[string]bool{},
	}
	e.pause.set(c.Paused)
	for _, service := range c.Services {
		e.submitting[service.ID] = make(chan struct{}, 1)
		e.places[service.ID] = make(chan struct{}, jobsAtOnce)
		e.clocks[service.ID] = &providers.Clock{}
	}
	if err := e.load(); err != nil {
		return nil, providers.Errorf("loading jobs: %v", err)
	}
	return e, e.settleRestored()
}

// resumeAll goes on with every job that hasn't ended.
func (e *engine) resumeAll() {
	for _, job := range e.list() {
		if !job.State.Ended() {
			e.start(job.ID)
		}
	}
}

// addWith writes a new job to disk, in one transaction with whatever else must
// become true, and starts it.
func (e *engine) addWith(job Job, also func(*storage.Tx) error) error {
	if err := e.write(&job, also); err != nil {
		return providers.Errorf("writing the job to disk: %v", err)
	}
	e.mu.Lock()
	e.jobs[job.ID] = &job
	e.order = append(e.order, job.ID)
	e.mu.Unlock()
	e.cfg.Callbacks.Know(job.ID, job.Callback)
	e.start(job.ID)
	e.tell(job.ID)
	return nil
}

// write stores the job, and whatever else must become true with it.
func (e *engine) write(job *Job, also func(*storage.Tx) error) error {
	e.cfg.Probe("before " + string(job.State))
	defer e.cfg.Probe("after " + string(job.State))
	return e.cfg.DB.Update(func(tx *storage.Tx) error {
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
		}
		if err := withoutSignatures(tx, *job); err != nil {
			return err
		}
		return jobTable.Put(tx, job.ID, *job)
	})
}

// list returns every job, newest first.
func (e *engine) list() []Job {
	e.mu.Lock()
	defer e.mu.Unlock()
	jobs := make([]Job, 0, len(e.order))
	for _, id := range slices.Backward(e.order) {
		jobs = append(jobs, e.view(id))
	}
	return jobs
}

func (e *engine) job(id string) (Job, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, ok := e.jobs[id]; !ok {
		return Job{}, false
	}
	return e.view(id), true
}

// view is the job with what it is doing just now; e.mu is held.
func (e *engine) view(id string) Job {
	job := *e.jobs[id]
	job.Status = e.statuses[id]
	job.Held = e.held[id] || job.State == providers.Queued && !job.Paid && e.pause.on()
	for _, held := range e.unwritten {
		if held.Job == id {
			job.RemoteID = cmp.Or(job.RemoteID, held.ID)
		}
	}
	return job
}

// change applies fn to a copy of the job, stores it in one transaction with
// also, and only then lets anybody see it.
func (e *engine) change(id string, fn func(*Job) error, also func(*storage.Tx) error) error {
	e.changing.Lock()
	defer e.changing.Unlock()
	next, ok := e.job(id)
	if !ok {
		return providers.Errorf("there is no job %s", id)
	}
	next.Images = slices.Clone(next.Images)
	next.Models = slices.Clone(next.Models)
	if err := fn(&next); err != nil {
		return err
	}
	if err := e.write(&next, also); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if next.State != e.jobs[id].State {
		e.statuses[id] = providers.Status{State: next.State, Fraction: -1}
	}
	e.jobs[id] = &next
	return nil
}

// tell publishes a change; apart from change so that no lock is held.
func (e *engine) tell(id string) {
	e.watchers.tell(id)
	e.cfg.Changed(id)
}

// setStatus keeps what the job is doing in memory.
func (e *engine) setStatus(id string, status providers.Status) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.statuses[id] = status
}

// start runs the job in a goroutine of its own, unless it already runs.
func (e *engine) start(id string) {
	e.mu.Lock()
	if job := e.jobs[id]; e.live[id] != nil || job == nil || job.Damaged || job.State.Ended() || e.ctx.Err() != nil {
		e.mu.Unlock()
		return
	}
	ctx, cancel := context.WithCancelCause(e.ctx)
	l := &live{cancel: cancel, wake: make(chan struct{}, 1), done: make(chan struct{})}
	e.live[id] = l
	e.mu.Unlock()
	e.work.Go(func() {
		defer cancel(nil)
		e.run(ctx, id, l)
		e.mu.Lock()
		delete(e.live, id)
		e.mu.Unlock()
		close(l.done)
		e.tell(id)
	})
}

// run walks the job's task from the top and writes how it ended.
func (e *engine) run(ctx context.Context, id string, l *live) {
	job, _ := e.job(id)
	task, service, ok := e.cfg.Services.Task(job.Task)
	if !ok {
		e.finish(id, &providers.Failure{
			Kind: providers.Interrupted, Message: providers.Say("This version of Maquette has no task %s", job.Task),
			Advice: providers.Say("Open it with the version that made the job."),
		})
		return
	}
	defer e.leavePlace(service, l)
	if err := e.begin(ctx, id, service, l); err != nil {
		e.finish(id, err)
		return
	}
	e.finish(id, e.walk(ctx, job, task, service, l))
}

// walk calls the task's Run; a panic in it fails the job, not the program.
func (e *engine) walk(ctx context.Context, job Job, task *providers.Task, service *providers.Service, l *live) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &providers.Failure{
				Kind: providers.Interrupted, Message: providers.Say("A mistake in Maquette stopped this job"),
				Advice: providers.Say("Try again: what was finished is kept. Please report it with the text below."),
				Cause:  fmt.Errorf("panic: %v\n%s", p, debug.Stack()),
			}
		}
	}()
	conn, err := e.cfg.Conn(ctx, service)
	if err != nil {
		return e.unasked(ctx, job, service, err)
	}
	conn = e.known(conn, service, job)
	steps := &steps{engine: e, job: job.ID, task: task, service: service, conn: conn, live: l, imported: job.Imported}
	steps.conn.Limits = conn.Limits.Named(job.ID, steps.waitsForLimit)
	if job.State == providers.Queued {
		if err := steps.enter(providers.Preparing, nil); err != nil {
			return err
		}
	}
	values, err := e.values(ctx, job, task)
	if err != nil {
		return e.unasked(ctx, job, service, err)
	}
	err = steps.runTask(ctx, job, values)
	if ctx.Err() != nil {
		// Whatever the task made of being stopped, it is not known to be through.
		return context.Cause(ctx)
	}
	return err
}

// known is a connection that tells the service's time, and lets nothing in that
// repeats where the job is called back.
func (e *engine) known(conn providers.Conn, service *providers.Service, job Job) providers.Conn {
	conn.Clock = e.clocks[service.ID]
	if job.Callback != "" {
		conn.Secrets = append(slices.Clone(conn.Secrets), job.Callback)
	}
	return conn
}

// values are what a job's task runs with, once it is known that it can.
func (e *engine) values(ctx context.Context, job Job, task *providers.Task) (providers.Values, error) {
	if job.Imported {
		return filled(task.Fields, job.Values), nil
	}
	if task.Check != nil {
		if err := providers.Refusal(task.Check(job.Values)); err != nil {
			return nil, err
		}
	}
	return job.Values, e.placeReady(ctx, task, job.Values)
}

// ended is what a job that is done has to say.
func ended(job *Job) providers.Sentence {
	note, flaw := job.Status.Note, job.Flaw
	if note.IsZero() || flaw.IsZero() {
		return note.Or(flaw)
	}
	return providers.Say("%s %s", note, flaw)
}

// finish writes how the walk ended: done, failed, cancelled or needs you. When
// the program is closing the job stays as it is, to go on at the next start.
func (e *engine) finish(id string, cause error) {
	byPerson := errors.Is(cause, errCancelledByPerson) || errors.Is(cause, errDecidedByPerson)
	if cause != nil && e.ctx.Err() != nil && !byPerson {
		return
	}
	if job, _ := e.job(id); errors.Is(cause, errDecidedByPerson) && job.Looking == nil {
		return // it was found out meanwhile: the job goes on
	}
	var ask *askError
	err := e.end(id, func(job *Job) error {
		looking := job.Looking
		job.Error, job.Ask, job.Looking, job.Note = nil, nil, nil, providers.Sentence{}
		if cause == nil {
			job.Note = ended(job)
		}
		job.Finished = time.Now()
		switch {
		case cause == nil:
			return job.move(providers.Done)
		case errors.Is(cause, errDecidedByPerson):
			ask = &askError{Question{Step: looking.Step, Sent: looking.Sent, Message: providers.Say("You decide what became of the request, which may still arrive.")}}
			job.Ask, job.Error = &ask.question, ask.failure()
			return job.move(providers.NeedsYou)
		case errors.As(cause, &ask):
			job.Ask, job.Error = &ask.question, ask.failure()
			return job.move(providers.NeedsYou)
		case errors.Is(cause, errCancelledByPerson) || errors.Is(cause, context.Canceled):
			job.Error = e.openIntent(id)
			return job.move(providers.Cancelled)
		}
		job.Error = e.failed(job, cause)
		return job.move(providers.Failed)
	})
	if err != nil {
		e.diskTrouble(err)
		return
	}
	e.cfg.Troubles.Clear("disk")
	e.releaseHosted(id)
}

// failed makes any error one that a person can act on and says what became of
// the money.
func (e *engine) failed(job *Job, cause error) *providers.Failure {
	f := failure.Of(cause, providers.Interrupted)
	if f.Advice.IsZero() && f.Kind == providers.Interrupted {
		f.Advice = providers.Say("Try again: what was finished is kept.")
	}
	if f.Remedy == (providers.Remedy{}) && (f.Kind == providers.Interrupted || f.Kind == providers.NoStorage) {
		f.Remedy.Code = providers.RetryJob
	}
	switch {
	case e.openIntent(job.ID) != nil:
		f.Money = providers.MoneyUnknown
	case f.Money != "":
	case job.Paid:
		f.Money = providers.Spent
	default:
		f.Money = providers.NotSpent
	}
	return f
}

// openIntent says, for a cancelled job, that a request may have been accepted
// whose answer was not awaited.
func (e *engine) openIntent(id string) *providers.Failure {
	if _, _, open := e.openStep(id); !open {
		return nil
	}
	return &providers.Failure{
		Kind: providers.UnknownOutcome, Money: providers.MoneyUnknown,
		Message: providers.Say("Cancelled while the paid request was on its way; it may have been accepted."),
		Advice:  providers.Say("Trying again asks the service first and never pays twice."),
		Remedy:  providers.Remedy{Code: providers.RetryJob},
	}
}

// diskTrouble shows that the studio can't write.
func (e *engine) diskTrouble(err error) {
	f := failure.Storage("writing to the data folder", err)
	e.cfg.Troubles.Set("disk", f.Message, f.Advice)
}
