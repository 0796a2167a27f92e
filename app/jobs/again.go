// Fetching results of an ended job once more: its task runs over what its steps
// answered, asks its service how the job stands, and sends nothing else.

package jobs

import (
	"context"
	"errors"
	"io"

	"github.com/maquette-studio/maquette/app/retry"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
)

// againTries bounds how often a question is repeated that may be answered later.
const againTries = 3

// PutBack takes in the content of a picture that is fetched again, by its id
// here, from what write writes.
type PutBack func(ctx context.Context, picture string, write func(io.Writer) error) error

// FetchAgain asks the service for the results of a job that is over and has put
// take in each wanted picture. Nothing is paid: only questions leave, never a
// step that wasn't answered before.
func (j *Jobs) FetchAgain(ctx context.Context, id string, wanted map[string]bool, put PutBack) error {
	job, ok := j.Job(id)
	task, service, known := j.cfg.Services.Task(job.Task)
	if !ok || !known || job.Damaged {
		return providers.Errorf("it isn't known what made it")
	}
	if !job.State.Ended() || j.isLive(id) {
		return providers.Errorf("its job is still running")
	}
	conn, err := j.cfg.Conn(ctx, service)
	if err != nil {
		return err
	}
	conn = j.known(conn, service, job)
	again := &again{
		steps:  &steps{engine: j.engine, job: id, task: task, service: service, conn: conn, live: &live{wake: make(chan struct{}, 1)}, imported: job.Imported},
		wanted: wanted, put: put,
	}
	values := job.Values
	if job.Imported {
		values = filled(task.Fields, job.Values)
	}
	return task.Run(ctx, &providers.Run{Job: id, Values: values, Photos: j.cfg.Photos.Prepared(job.Photos), Conn: conn, Steps: again})
}

// again are the steps of such a run.
type again struct {
	*steps
	wanted map[string]bool
	put    PutBack
}

var _ providers.Steps = (*again)(nil)

// before returns what a step was answered when the job ran.
func (a *again) before(step string) (providers.Receipt, error) {
	rec, found, err := a.recall(step)
	if err == nil && (!found || !rec.Done) {
		err = providers.Errorf("its job isn't over")
	}
	return rec.Receipt, err
}

// Once makes no request.
func (a *again) Once(_ context.Context, step string, _ providers.Find, _ providers.Create) (providers.Receipt, error) {
	return a.before(step)
}

// Ensure makes no request.
func (a *again) Ensure(_ context.Context, step string, _ providers.Find, _ providers.Create) (providers.Receipt, error) {
	return a.before(step)
}

// Step makes no request.
func (a *again) Step(_ context.Context, step string, _ providers.Create) (providers.Receipt, error) {
	return a.before(step)
}

// Agree asks nobody: what was paid for has been agreed to.
func (a *again) Agree(context.Context, string, func(context.Context) (providers.Doubt, error)) error {
	return nil
}

// Host puts nothing anywhere: the service has read what it needed.
func (a *again) Host(_ context.Context, photo providers.Photo) (string, error) { return photo.URL, nil }

// HostFile puts nothing anywhere.
func (a *again) HostFile(context.Context, string, string, []byte) (string, error) { return "", nil }

// Report shows nothing: the job is over.
func (a *again) Report(providers.Status) {}

// Watch asks once how the job stands.
func (a *again) Watch(ctx context.Context, _ providers.Pace, poll func(context.Context) (providers.Status, error)) error {
	return a.patiently(ctx, func() error {
		status, err := poll(ctx)
		if err == nil && !status.Done {
			err = providers.Errorf("its job isn't over")
		}
		return err
	})
}

// Keep downloads a picture that is wanted.
func (a *again) Keep(ctx context.Context, step string, result providers.Result) (string, error) {
	receipt, err := a.before(step)
	if err != nil || !a.wanted[receipt.ID] {
		return receipt.ID, nil
	}
	fetcher := httpapi.NewFetcher(httpapi.IsLocal(a.conn))
	defer fetcher.CloseIdleConnections()
	link := result.URL
	return receipt.ID, a.patiently(ctx, func() error {
		err := a.put(ctx, receipt.ID, func(w io.Writer) error {
			_, _, err := fetcher.Download(ctx, link, w, resultMost)
			return err
		})
		f, known := errors.AsType[*providers.Failure](err)
		if !known || result.Fresh == nil || !isRefused(f) && !f.Garbled {
			return err
		}
		fresh, freshErr := result.Fresh(ctx)
		if freshErr != nil {
			return freshErr
		}
		link, f.Garbled = fresh, true // worth another try
		return err
	})
}

// KeepModel leaves models alone: their room fetches them.
func (a *again) KeepModel(context.Context, providers.Model) error { return nil }

// patiently repeats a question a few times.
func (a *again) patiently(ctx context.Context, do func() error) error {
	for try := 1; ; try++ {
		err := do()
		var f *providers.Failure
		if err == nil || ctx.Err() != nil || try == againTries || !errors.As(err, &f) || !f.MayPass() {
			return err
		}
		if err := a.pause(ctx, retry.Backoff(try, f.RetryAfter)); err != nil {
			return err
		}
	}
}
