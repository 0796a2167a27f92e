// Jobs: listed, and gone on with.

package cli

import (
	"context"
	"fmt"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
)

// openJob opens the studio and finds a job in it.
func (c *command) openJob(ctx context.Context, id string) (jobs.Job, error) {
	if err := c.makeOut(); err != nil {
		return jobs.Job{}, err
	}
	if err := c.open(ctx); err != nil {
		return jobs.Job{}, err
	}
	return c.job(id)
}

// job finds a job or says that the id is wrong: exit code 2.
func (c *command) job(id string) (jobs.Job, error) {
	job, ok := c.studio.Jobs.Job(id)
	if !ok {
		return job, usagef("there is no job %s", id)
	}
	return job, nil
}

func (c *command) listJobs(ctx context.Context, _ []string) error {
	if err := c.open(ctx); err != nil {
		return err
	}
	for _, job := range c.studio.Jobs.List() {
		if c.json {
			if err := c.printJSON(jobLine(job, nil)); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(c.Out, "%s  %s  %-32s %s\n", job.ID, job.Created.Local().Format("2006-01-02 15:04"), job.Task, progressText(job))
	}
	return nil
}

func (c *command) showJob(ctx context.Context, args []string) error {
	job, err := c.openJob(ctx, args[0])
	if err != nil {
		return err
	}
	return c.sayJob(job, nil)
}

// resume goes on with the job that is named, or with all.
func (c *command) resume(ctx context.Context, args []string) error {
	if len(args) > 0 {
		return c.resumeJob(ctx, args[0])
	}
	if err := c.makeOut(); err != nil {
		return err
	}
	if err := c.open(ctx); err != nil {
		return err
	}
	return c.resumeAll(ctx)
}

// resumeAll goes on with every job that hasn't ended, and asks the services
// once more about those that need a person.
func (c *command) resumeAll(ctx context.Context) error {
	var ids []string
	for _, job := range c.studio.Jobs.List() {
		if job.Damaged {
			c.sayError(job.Error)
			continue
		}
		if job.State == providers.NeedsYou {
			if _, err := c.studio.Jobs.Resolve(job.ID, jobs.Resolution{Look: true}); err != nil {
				return err
			}
		}
		if job.State == providers.NeedsYou || !job.State.Ended() {
			ids = append(ids, job.ID)
		}
	}
	c.studio.Resume()
	if len(ids) == 0 {
		fmt.Fprintln(c.Err, "Every job has ended.")
		return nil
	}
	return c.follow(ctx, ids...)
}

// resumeJob goes on with one job; for one that needs a person it asks the
// service once more.
func (c *command) resumeJob(ctx context.Context, id string) error {
	job, err := c.openJob(ctx, id)
	if err != nil {
		return err
	}
	switch {
	case job.State == providers.NeedsYou:
		return c.decide(ctx, job, jobs.Resolution{Look: true})
	case job.State == providers.Failed || job.State == providers.Cancelled:
		return usagef("job %s is %s; use “maquette jobs retry %s”", id, job.State, id)
	case job.State != providers.Done:
		c.studio.Jobs.Resume(id)
	}
	return c.follow(ctx, id)
}

func (c *command) cancelJob(ctx context.Context, args []string) error {
	id := args[0]
	job, err := c.openJob(ctx, id)
	if err != nil {
		return err
	}
	if job.State.Ended() {
		return usagef("job %s has ended already: it is %s", id, job.State)
	}
	fmt.Fprintln(c.Err, c.studio.Jobs.CancelConsequence(job))
	if err := c.studio.Jobs.Cancel(id); err != nil {
		return err
	}
	job, _ = c.studio.Jobs.Job(id)
	return c.sayJob(job, nil)
}

func (c *command) pauseJobs(ctx context.Context, _ []string) error { return c.setPaused(ctx, true) }

func (c *command) unpauseJobs(ctx context.Context, _ []string) error { return c.setPaused(ctx, false) }

func (c *command) setPaused(ctx context.Context, paused bool) error {
	if err := c.open(ctx); err != nil {
		return err
	}
	return c.studio.SetPaused(paused)
}

func (c *command) retryJob(ctx context.Context, args []string) error {
	id := args[0]
	job, err := c.openJob(ctx, id)
	if err != nil {
		return err
	}
	if job.State != providers.Failed && job.State != providers.Cancelled {
		return usagef("job %s is %s; only failed and cancelled jobs can be retried", id, job.State)
	}
	again, problems, err := c.studio.Jobs.Retry(ctx, id)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return c.sayProblems(problems)
	}
	return c.follow(ctx, again.ID)
}

// resolveJob goes on with a job that needs a person as the person decided.
func (c *command) resolveJob(ctx context.Context, args []string) error {
	job, err := c.openJob(ctx, args[0])
	if err != nil {
		return err
	}
	return c.decide(ctx, job, jobs.Resolution{Resubmit: c.resubmit, Adopt: c.adopt, GiveUp: c.giveUp, GoOn: c.goOn})
}

func (c *command) decide(ctx context.Context, job jobs.Job, how jobs.Resolution) error {
	looks := job.Looking != nil && !job.State.Ended()
	if job.State != providers.NeedsYou && !looks {
		return usagef("job %s doesn't need you: it is %s", job.ID, job.State)
	}
	if !how.Valid() {
		return usagef("say one of --resubmit, --adopt REMOTE, --go-on, --give-up")
	}
	if doubt := job.Ask != nil && job.Ask.Doubt; doubt && (how.Resubmit || how.Adopt != "") || !doubt && how.GoOn {
		return usagef("job %s isn't asked about that; “maquette jobs show %s” says what it is asked", job.ID, job.ID)
	}
	if job.Ask != nil && job.Ask.Accepted() && (how.Resubmit || how.Adopt != "") {
		return usagef("job %s was accepted: “maquette jobs resume %s” asks the service again, or say --give-up", job.ID, job.ID)
	}
	job, err := c.studio.Jobs.Resolve(job.ID, how)
	if err != nil {
		return err
	}
	if how.GiveUp {
		return c.sayJob(job, nil)
	}
	return c.follow(ctx, job.ID)
}
