package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// run starts a job and, unless told not to, waits for it.
func (c *command) run(ctx context.Context, args []string) (err error) {
	var sets, photos repeated
	c.flags.Var(&sets, "set", "")
	c.flags.Var(&photos, "photo", "")
	consent := c.flags.Bool("consent", false, "")
	out := c.flags.String("out", "", "")
	noWait := c.flags.Bool("no-wait", false, "")
	defer c.close(&err)
	words, err := c.open(args, exactly(1, "run TASK [--set k=v]... [--photo F]... [--consent] [--out DIR] [--no-wait] [--json]"))
	if err != nil {
		return err
	}
	values, err := sets.settings()
	if err != nil {
		return err
	}
	order := app.Order{Task: words[0], Values: values, Consent: *consent}
	if order.Photos, err = c.takeIn(ctx, photos); err != nil {
		return err
	}
	job, problems, err := c.studio.Start(ctx, order)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return c.sayProblems(problems)
	}
	if *noWait {
		return c.untilAccepted(ctx, job.ID)
	}
	return c.follow(ctx, *out, job.ID)
}

// takeIn checks the photos; one that can't be used means that nothing starts.
func (c *command) takeIn(ctx context.Context, paths []string) ([]app.DatasetPhoto, error) {
	if len(paths) == 0 {
		return nil, nil
	}
	photos, rejected, err := c.studio.TakeIn(ctx, paths)
	if err != nil {
		return nil, err
	}
	if len(rejected) == 0 {
		return photos, nil
	}
	problems := make([]providers.Problem, len(rejected))
	for i, r := range rejected {
		problems[i] = providers.Problem{Field: app.PhotosField, Message: r.Name + " " + r.Reason}
	}
	return nil, c.sayProblems(problems)
}

// untilAccepted waits until the service has accepted the job, so that leaving
// loses nothing; “jobs resume” goes on from there.
func (c *command) untilAccepted(ctx context.Context, id string) error {
	for {
		job, _ := c.studio.Job(id)
		beyond := job.State == providers.Running || job.State == providers.Collecting
		if job.State.Ended() || beyond || job.Paid && job.State == providers.Waiting {
			return c.sayJob(job)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// follow shows jobs as they go on until all have ended, copies results out,
// and ends with the worst outcome's code.
func (c *command) follow(ctx context.Context, out string, ids ...string) error {
	unsubscribe := c.watch(ids)
	defer unsubscribe()
	code := ExitDone
	for _, id := range ids {
		job, err := c.studio.Wait(ctx, id)
		if err != nil {
			fmt.Fprintf(c.Err, "Stopped waiting. Go on with: maquette jobs resume %s\n", id)
			return err
		}
		if err := c.sayJob(job); err != nil {
			return err
		}
		if err := c.copyOut(job, out); err != nil {
			return err
		}
		code = max(code, exitCode(job))
	}
	if code != ExitDone {
		return exitError(code)
	}
	return nil
}

func exitCode(job app.Job) int {
	switch job.State {
	case providers.Done:
		return ExitDone
	case providers.NeedsYou:
		return ExitNeedsYou
	}
	return ExitFailed
}

// watch prints a line whenever a job's state or whole percentage changes: a
// JSON object on stdout, or words on stderr.
func (c *command) watch(ids []string) (unsubscribe func()) {
	watched := map[string]string{}
	for _, id := range ids {
		watched[id] = ""
	}
	lines := make(chan app.Job, 256)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for job := range lines {
			text := progressText(job)
			if text == watched[job.ID] {
				continue
			}
			watched[job.ID] = text
			if c.json {
				_ = c.printJSON(jobLine(job))
			} else {
				fmt.Fprintf(c.Err, "%s %s\n", job.ID, text)
			}
		}
	}()
	stop := c.studio.Subscribe(func(e app.Event) {
		if e.Kind != app.JobChanged {
			return
		}
		job, ok := c.studio.Job(e.ID)
		if _, ours := watched[e.ID]; !ok || !ours || job.State.Ended() {
			return
		}
		select {
		case lines <- job:
		default: // the reader is slow; a later line says the same
		}
	})
	return func() {
		stop()
		close(lines)
		<-stopped
	}
}

func progressText(job app.Job) string {
	s := job.Status
	switch {
	case s.Of > 0:
		return fmt.Sprintf("%s %d of %d", job.State, s.Step, s.Of)
	case s.Note != "":
		return fmt.Sprintf("%s: %s", job.State, s.Note)
	case job.Progress() > 0 && s.Left > 0:
		return fmt.Sprintf("%s %.0f %%, about %s left", job.State, 100*job.Progress(), s.Left.Round(time.Second))
	case job.Progress() > 0:
		return fmt.Sprintf("%s %.0f %%", job.State, 100*job.Progress())
	}
	return string(job.State)
}

// copyOut copies a finished job's pictures and models into a folder, or says
// where they are.
func (c *command) copyOut(job app.Job, out string) error {
	if out != "" {
		if err := os.MkdirAll(out, 0o755); err != nil {
			return fmt.Errorf("making the folder: %w", err)
		}
	}
	for _, id := range job.Images {
		if out == "" {
			c.sayFile(c.studio.PicturePath(id))
			continue
		}
		path, err := c.studio.Export(id, out)
		if err != nil {
			return err
		}
		c.sayFile(path)
	}
	for _, id := range job.Models {
		model, ok := c.studio.Model(id)
		if !ok || model.File == "" {
			continue
		}
		path := c.studio.ModelPath(model)
		if out != "" {
			var err error
			if path, err = copyFile(path, out); err != nil {
				return err
			}
		}
		c.sayFile(path)
	}
	return nil
}

// sayFile prints a path where a person reads; with --json, job and image lines
// carry what scripts need.
func (c *command) sayFile(path string) {
	if !c.json {
		fmt.Fprintln(c.Out, path)
	}
}

func copyFile(path, dir string) (_ string, err error) {
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("opening the model's file: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return storage.SaveAs(dir, filepath.Base(path), io.Reader(file))
}

// line is a job as scripts read it.
type line struct {
	ID       string             `json:"id"`
	Task     string             `json:"task"`
	State    providers.State    `json:"state"`
	Progress float64            `json:"progress"` // 0..1, 0 while unknown
	RemoteID string             `json:"remote_id"`
	Error    *providers.Failure `json:"error"`
	Created  time.Time          `json:"created"`
	Started  *time.Time         `json:"started"`
	Finished *time.Time         `json:"finished"`
	Images   []string           `json:"images"`
	Models   []string           `json:"models"`

	Note    string           `json:"note,omitempty"`
	Paid    bool             `json:"paid"`
	Ask     *app.Question    `json:"ask,omitempty"`
	RetryOf string           `json:"retry_of,omitempty"`
	Consent *app.Consent     `json:"consent,omitempty"`
	Values  providers.Values `json:"values"`
	Photos  int              `json:"photos"`
}

func jobLine(job app.Job) line {
	l := line{
		ID: job.ID, Task: job.Task, State: job.State, Progress: max(job.Progress(), 0), RemoteID: job.RemoteID, Error: job.Error,
		Created: job.Created, Images: job.Images, Models: job.Models, Note: job.Note, Paid: job.Paid, Ask: job.Ask,
		RetryOf: job.RetryOf, Consent: job.Consent, Values: job.Values, Photos: len(job.Photos),
	}
	if l.Images == nil {
		l.Images = []string{}
	}
	if l.Models == nil {
		l.Models = []string{}
	}
	if !job.Started.IsZero() {
		l.Started = &job.Started
	}
	if !job.Finished.IsZero() {
		l.Finished = &job.Finished
	}
	return l
}

// sayJob prints a job: as JSON, or in words with the failure on stderr.
func (c *command) sayJob(job app.Job) error {
	if c.json {
		if err := c.printJSON(jobLine(job)); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(c.Out, "%s  %s  %s  %s\n", job.ID, job.Created.Local().Format(time.DateTime), job.Task, progressText(job))
	}
	c.sayOutcome(job)
	return nil
}

// sayOutcome prints the failure, the advice and what became of the money.
func (c *command) sayOutcome(job app.Job) {
	if job.Note != "" {
		fmt.Fprintln(c.Err, job.Note)
	}
	if job.Error == nil {
		return
	}
	fmt.Fprintln(c.Err, "maquette:", job.Error.Error())
	if job.Error.Advice != "" {
		fmt.Fprintln(c.Err, "  "+job.Error.Advice)
	}
	if words := app.MoneyWords(job.Error.Money); words != "" {
		fmt.Fprintln(c.Err, "  "+words)
	}
	if job.Ask == nil {
		return
	}
	for _, candidate := range job.Ask.Candidates {
		fmt.Fprintf(c.Err, "  It could be %s %s\n", candidate.ID, candidate.Title)
	}
	fmt.Fprintf(c.Err, "  maquette jobs resolve %s --adopt REMOTE | --resubmit | --give-up\n", job.ID)
}
