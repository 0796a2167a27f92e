// Waiting for jobs: what is printed while they go on and when they end.

package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
)

// watch calls over now and after every change of a job, until it says that
// there is nothing left to wait for.
func (c *command) watch(ctx context.Context, over func() bool) error {
	changed := make(chan struct{}, 1)
	unsubscribe := c.studio.Events.Subscribe(func(e app.Event) {
		if e.Kind != app.JobChanged {
			return
		}
		select {
		case changed <- struct{}{}:
		default: // one call sees every change before it
		}
	})
	defer unsubscribe()
	for !over() {
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// untilAccepted waits until the service has accepted the job, so that leaving
// loses nothing; “jobs resume” goes on from there. So it is with one that a pause
// holds back. A job that ends before that is printed like any other.
func (c *command) untilAccepted(ctx context.Context, id string) error {
	c.sayFollowed(id)
	var job jobs.Job
	err := c.watch(ctx, func() bool {
		job, _ = c.studio.Jobs.Job(id)
		beyond := job.State == providers.Running || job.State == providers.Collecting
		return job.State.Ended() || beyond || job.Held || job.Paid && job.State == providers.Waiting
	})
	switch {
	case err != nil:
		if ended := c.ended(ctx, id); ended != nil {
			return ended
		}
		return c.stopped(job)
	case job.State.Ended():
		return c.follow(ctx, id)
	}
	return c.sayJob(job, nil)
}

// follow shows jobs as they go on until all have ended, copies results out,
// and ends with the worst outcome's code.
func (c *command) follow(ctx context.Context, ids ...string) error {
	c.sayFollowed(ids...)
	last := map[string]said{}
	code := ExitDone
	var troubles, stopped error
	err := c.watch(ctx, func() bool {
		var left []string
		for _, id := range ids {
			if job, _ := c.studio.Jobs.Job(id); !job.State.Ended() {
				troubles = errors.Join(troubles, c.sayProgress(job, last))
				left = append(left, id)
				continue
			}
			job, err := c.studio.Jobs.Wait(ctx, id)
			if err != nil && c.guest != nil { // the host ends
				left = append(left, id)
				continue
			}
			if err == nil {
				err = c.sayEnd(ctx, job)
			}
			troubles = errors.Join(troubles, err)
			code = max(code, exitCode(job))
		}
		ids = left
		return len(ids) == 0
	})
	if err != nil {
		if ended := c.ended(ctx, ids...); ended != nil {
			return ended
		}
		for _, id := range ids {
			job, _ := c.studio.Jobs.Job(id)
			stopped = c.stopped(job)
		}
	}
	if err := errors.Join(troubles, stopped); err != nil {
		return err
	}
	if code != ExitDone {
		return exitError(code)
	}
	return nil
}

// stopped prints that nobody waits for the job any more.
func (c *command) stopped(job jobs.Job) error {
	err := c.sayJob(job, nil)
	c.sayStopped(job.ID)
	return errors.Join(err, exitError(ExitFailed))
}

func (c *command) sayStopped(job string) {
	if c.guest != nil {
		fmt.Fprintf(c.Err, "Stopped waiting. The job goes on in the Maquette that has the data directory. Follow it with: maquette jobs resume %s\n", job)
		return
	}
	fmt.Fprintf(c.Err, "Stopped waiting. Go on with: maquette jobs resume %s\n", job)
	if c.studio != nil && c.studio.Computer.Chosen() {
		fmt.Fprintln(c.Err, "This computer serves photos only while Maquette runs: a service that has not fetched them can't until then.")
	}
}

func exitCode(job jobs.Job) int {
	switch job.State {
	case providers.Done:
		return ExitDone
	case providers.NeedsYou:
		return ExitNeedsYou
	}
	return ExitFailed
}

// said is what was last printed of a job that goes on.
type said struct {
	text     string
	progress float64
}

// sayProgress prints a line whenever it differs from the job's last one: a
// JSON object on stdout, or words on stderr. Progress never falls.
func (c *command) sayProgress(job jobs.Job, last map[string]said) error {
	l := jobLine(job, nil)
	l.Progress = max(l.Progress, last[job.ID].progress)
	text, to := []byte(job.ID+" "+progressText(job)+"\n"), c.Err
	if c.json {
		var err error
		if text, err = encode(l); err != nil {
			return err
		}
		to = c.Out
	}
	if last[job.ID].text == string(text) {
		return nil
	}
	last[job.ID] = said{string(text), l.Progress}
	_, err := io.Copy(to, bytes.NewReader(text))
	return err
}

func progressText(job jobs.Job) string {
	s := job.Status
	switch {
	case job.Held:
		return string(job.State) + " (paused)"
	case s.Of > 0:
		return fmt.Sprintf("%s %d of %d", job.State, s.Step, s.Of)
	case !s.Note.IsZero():
		return fmt.Sprintf("%s: %s", job.State, s.Note)
	case job.State.Ended():
		return string(job.State)
	case job.Progress() > 0 && s.Left > 0:
		return fmt.Sprintf("%s %.0f %%, about %s left", job.State, 100*job.Progress(), s.Left.Round(time.Second))
	case job.Progress() > 0:
		return fmt.Sprintf("%s %.0f %%", job.State, 100*job.Progress())
	}
	return string(job.State)
}

// sayEnd copies an ended job's results out and prints the job and where they are.
func (c *command) sayEnd(ctx context.Context, job jobs.Job) error {
	files, err := c.results(ctx, job)
	return errors.Join(c.sayJob(job, files), err)
}

// results are the paths of the job's pictures and models, copied into the
// folder that --out names. One that can't be copied stops no other.
func (c *command) results(ctx context.Context, job jobs.Job) (paths []string, err error) {
	for _, id := range job.Images {
		path := c.studio.Library.Path(id)
		if c.out != "" {
			copied, failed := c.exportPicture(id)
			if failed != nil {
				err = errors.Join(err, failed)
				continue
			}
			path = copied
		}
		paths = append(paths, path)
	}
	for _, id := range job.Models {
		model, ok := c.studio.Models.Model(id)
		if !ok || model.File == "" {
			continue
		}
		path := c.studio.Models.Path(model)
		if c.out != "" {
			copied, failed := c.exportModel(ctx, id)
			if failed != nil {
				err = errors.Join(err, failed)
				continue
			}
			path = copied
		}
		paths = append(paths, path)
	}
	return paths, err
}

// sayJob prints a job: as JSON, or in words with the failure on stderr.
func (c *command) sayJob(job jobs.Job, files []string) error {
	if c.json {
		if err := c.printJSON(jobLine(job, files)); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(c.Out, "%s  %s  %s  %s\n", job.ID, job.Created.Local().Format(time.DateTime), job.Task, progressText(job))
		for _, path := range files {
			fmt.Fprintln(c.Out, path)
		}
	}
	c.sayOutcome(job)
	return nil
}

// sayOutcome prints the failure, the advice and what became of the money.
func (c *command) sayOutcome(job jobs.Job) {
	if !job.Note.IsZero() {
		fmt.Fprintln(c.Err, job.Note)
	}
	if job.Error == nil {
		return
	}
	fmt.Fprintln(c.Err, "maquette:", job.Error.Error())
	_, service, _ := c.studio.Services().Task(job.Task)
	c.sayAdvice(job.Error, service, job.ID)
	if words := jobs.MoneyWords(job.Error.Money); !words.IsZero() {
		fmt.Fprintln(c.Err, " ", words)
	}
	if job.Ask == nil {
		return
	}
	if job.Ask.Doubt {
		fmt.Fprintf(c.Err, "  maquette jobs resolve %s --go-on | --give-up, or maquette jobs resume %s, which waits on\n", job.ID, job.ID)
		return
	}
	for _, candidate := range job.Ask.Candidates {
		fmt.Fprintf(c.Err, "  It could be %s %s\n", candidate.ID, candidate.Title)
	}
	if job.Damaged {
		fmt.Fprintf(c.Err, "  maquette check --repair, or maquette jobs resolve %s --give-up\n", job.ID)
		return
	}
	if job.Ask.Accepted() {
		fmt.Fprintf(c.Err, "  maquette jobs resume %s, or maquette jobs resolve %s --give-up\n", job.ID, job.ID)
		return
	}
	fmt.Fprintf(c.Err, "  maquette jobs resolve %s --adopt REMOTE | --resubmit | --give-up\n", job.ID)
}
