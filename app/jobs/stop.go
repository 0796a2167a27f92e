// Telling a service to stop the work of a job that was cancelled.

package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// stopPatience bounds how long a person who cancels waits for the service.
const stopPatience = 30 * time.Second

// stopWork tells the service to stop a cancelled job's work, where its task
// can, and writes down what came of it.
func (e *engine) stopWork(id string) error {
	job, _ := e.job(id)
	task, service, ok := e.cfg.Services.Task(job.Task)
	if !ok || task.Stop == nil || job.State != providers.Cancelled {
		return nil
	}
	ctx, cancel := context.WithTimeout(e.ctx, stopPatience)
	defer cancel()
	conn, err := e.cfg.Conn(ctx, service)
	stopped := false
	if err == nil {
		stopped, err = task.Stop(ctx, conn, func(step string) (providers.Receipt, bool) { return e.receipt(id, step) })
	}
	outcome := &providers.Failure{
		Kind: providers.Interrupted, Money: providers.MoneyUnknown, Ended: true,
		Message: providers.Say("%s stopped the work.", service.Title),
		Advice:  providers.Say("What it charges for the part that was done, only %s knows. Trying again starts anew, as a new, paid request.", service.Title),
	}
	switch {
	case err != nil:
		outcome = stopFailure(service, err)
	case !stopped:
		return nil
	}
	written := e.change(id, func(job *Job) error {
		job.Error = outcome
		return nil
	}, nil)
	if written != nil {
		return errors.Join(err, failure.Storage("writing down how the job was stopped", written))
	}
	if err != nil {
		return outcome
	}
	return nil
}

// stopFailure says that the work goes on, and how to end it.
func stopFailure(service *providers.Service, err error) *providers.Failure {
	f := &providers.Failure{Kind: providers.ServiceTrouble, Cause: err}
	if known := (*providers.Failure)(nil); errors.As(err, &known) {
		*f = *known
	}
	f.Message = providers.Say("The job is cancelled here, but %s could not be told to stop: %v", service.Title, err)
	f.Advice = providers.Say("It may go on and charge. Stop it on the service's own site; or retry, which goes on with it, and cancel again.")
	f.Remedy = providers.Remedy{Code: providers.RetryJob}
	f.Money, f.Ended = providers.MoneyUnknown, false
	return f
}

// receipt is what a finished step of a job was answered.
func (e *engine) receipt(job, step string) (receipt providers.Receipt, done bool) {
	err := e.cfg.DB.View(func(tx *storage.Tx) error {
		rec, found, err := stepTable.Get(tx, job+"/"+step)
		receipt, done = rec.Receipt, found && rec.Done
		return err
	})
	return receipt, done && err == nil
}
