package cli

import (
	"context"
	"fmt"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/providers"
)

const jobsUsage = "jobs list|show ID|resume [ID]|cancel ID|retry ID|resolve ID --resubmit|--adopt REMOTE|--give-up|import SERVICE [ID...|--all] [--json]"

// jobs lists jobs and goes on with them.
func (c *command) jobs(ctx context.Context, args []string) (err error) {
	resubmit := c.flags.Bool("resubmit", false, "")
	adopt := c.flags.String("adopt", "", "")
	giveUp := c.flags.Bool("give-up", false, "")
	all := c.flags.Bool("all", false, "")
	out := c.flags.String("out", "", "")
	defer c.close(&err)
	words, err := c.open(args, func(words []string) error {
		if err := wantJobWords(words); err != nil {
			return err
		}
		return makeOut(*out)
	})
	if err != nil {
		return err
	}
	switch verb := words[0]; {
	case verb == "list":
		return c.listJobs()
	case verb == "resume" && len(words) == 1:
		return c.resumeAll(ctx, *out)
	case verb == "import":
		return c.bringIn(ctx, *out, words[1], words[2:], *all)
	case verb == "show":
		job, err := c.job(words[1])
		if err != nil {
			return err
		}
		return c.sayJob(job, nil)
	case verb == "resume":
		return c.resume(ctx, *out, words[1])
	case verb == "cancel":
		return c.cancel(words[1])
	case verb == "retry":
		return c.retry(ctx, *out, words[1])
	}
	how := app.Resolution{Resubmit: *resubmit, Adopt: *adopt, GiveUp: *giveUp}
	return c.resolve(ctx, *out, words[1], how)
}

func wantJobWords(words []string) error {
	takes := map[string][2]int{
		"list": {1, 1}, "show": {2, 2}, "resume": {1, 2}, "cancel": {2, 2}, "retry": {2, 2}, "resolve": {2, 2}, "import": {2, 1000},
	}
	if len(words) > 0 {
		if n, known := takes[words[0]]; known && len(words) >= n[0] && len(words) <= n[1] {
			return nil
		}
	}
	return usagef("usage: maquette %s", jobsUsage)
}

// job finds a job or says that the id is wrong: exit code 2.
func (c *command) job(id string) (app.Job, error) {
	job, ok := c.studio.Job(id)
	if !ok {
		return job, usagef("there is no job %s", id)
	}
	return job, nil
}

func (c *command) listJobs() error {
	for _, job := range c.studio.Jobs() {
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

// resumeAll goes on with every job that hasn't ended, and asks the services
// once more about those that need a person.
func (c *command) resumeAll(ctx context.Context, out string) error {
	var ids []string
	for _, job := range c.studio.Jobs() {
		if job.State == providers.NeedsYou {
			if _, err := c.studio.Resolve(job.ID, app.Resolution{Look: true}); err != nil {
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
	return c.follow(ctx, out, ids...)
}

// resume goes on with one job; for one that needs a person it asks the service
// once more.
func (c *command) resume(ctx context.Context, out, id string) error {
	job, err := c.job(id)
	if err != nil {
		return err
	}
	switch {
	case job.State == providers.NeedsYou:
		return c.resolve(ctx, out, id, app.Resolution{Look: true})
	case job.State == providers.Failed || job.State == providers.Cancelled:
		return usagef("job %s is %s; use “maquette jobs retry %s”", id, job.State, id)
	case job.State != providers.Done:
		c.studio.ResumeJob(id)
	}
	return c.follow(ctx, out, id)
}

func (c *command) cancel(id string) error {
	job, err := c.job(id)
	if err != nil {
		return err
	}
	if job.State.Ended() {
		return usagef("job %s has ended already: it is %s", id, job.State)
	}
	fmt.Fprintln(c.Err, c.studio.CancelConsequence(job))
	if err := c.studio.Cancel(id); err != nil {
		return err
	}
	job, _ = c.studio.Job(id)
	return c.sayJob(job, nil)
}

func (c *command) retry(ctx context.Context, out, id string) error {
	job, err := c.job(id)
	if err != nil {
		return err
	}
	if job.State != providers.Failed && job.State != providers.Cancelled {
		return usagef("job %s is %s; only failed and cancelled jobs can be retried", id, job.State)
	}
	again, problems, err := c.studio.Retry(ctx, id)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return c.sayProblems(problems)
	}
	return c.follow(ctx, out, again.ID)
}

func (c *command) resolve(ctx context.Context, out, id string, how app.Resolution) error {
	job, err := c.job(id)
	if err != nil {
		return err
	}
	if job.State != providers.NeedsYou {
		return usagef("job %s doesn't need you: it is %s", id, job.State)
	}
	if !how.Valid() {
		return usagef("say one of --resubmit, --adopt REMOTE, --give-up")
	}
	job, err = c.studio.Resolve(id, how)
	if err != nil {
		return err
	}
	if how.GiveUp {
		return c.sayJob(job, nil)
	}
	return c.follow(ctx, out, id)
}
