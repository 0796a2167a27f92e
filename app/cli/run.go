package cli

import (
	"context"
	"slices"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
)

const runUsage = "run TASK [--set k=v]... [--photo F]... [--consent] [--out DIR] [--no-wait] [--json]"

// run starts a job and, unless told not to, waits for it.
func (c *command) run(ctx context.Context, args []string) (err error) {
	var sets, photos repeated
	c.flags.Var(&sets, "set", "")
	c.flags.Var(&photos, "photo", "")
	consent := c.flags.Bool("consent", false, "")
	out := c.flags.String("out", "", "")
	noWait := c.flags.Bool("no-wait", false, "")
	defer c.close(&err)
	var order app.Order
	_, err = c.open(args, func(words []string) (err error) {
		if err := exactly(1, runUsage)(words); err != nil {
			return err
		}
		if _, _, ok := registry.Task(words[0]); !ok {
			return usagef("there is no task %q; “maquette services” lists them", words[0])
		}
		order = app.Order{Task: words[0], Consent: *consent}
		if order.Values, err = sets.settings(); err != nil {
			return err
		}
		return makeOut(*out)
	})
	if err != nil {
		return err
	}
	job, err := c.start(ctx, order, photos)
	if err != nil {
		return err
	}
	if *noWait {
		return c.untilAccepted(ctx, *out, job.ID)
	}
	return c.follow(ctx, *out, job.ID)
}

// start checks the order and its photos and starts the job. What is wrong with
// the values is said before any photo is copied.
func (c *command) start(ctx context.Context, order app.Order, paths []string) (app.Job, error) {
	_, problems := c.studio.Check(order)
	if len(paths) > 0 {
		problems = slices.DeleteFunc(problems, func(p providers.Problem) bool { return p.Field == app.PhotosField })
	}
	if len(problems) > 0 {
		return app.Job{}, c.sayProblems(problems)
	}
	var err error
	if order.Photos, err = c.takeIn(ctx, paths); err != nil {
		return app.Job{}, err
	}
	job, problems, err := c.studio.Start(ctx, order)
	if err == nil && len(problems) > 0 {
		err = c.sayProblems(problems)
	}
	return job, err
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
