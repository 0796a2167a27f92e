package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
)

const runUsage = "run TASK [--set k=v]... [--photo F]... [--consent] [--out DIR] [--no-wait] [--print curl|command] [--json]"

// run starts a job and, unless told not to, waits for it. With --print it only
// writes down what would be sent.
func (c *command) run(ctx context.Context, args []string) (err error) {
	var sets, photos repeated
	c.flags.Var(&sets, "set", "")
	c.flags.Var(&photos, "photo", "")
	consent := c.flags.Bool("consent", false, "")
	out := c.flags.String("out", "", "")
	noWait := c.flags.Bool("no-wait", false, "")
	printed := c.flags.String("print", "", "")
	defer c.close(&err)
	var order app.Order
	_, err = c.open(args, func(words []string) (err error) {
		if err := exactly(1, runUsage)(words); err != nil {
			return err
		}
		if _, _, ok := registry.Task(words[0]); !ok {
			return usagef("there is no task %q; “maquette services” lists them", words[0])
		}
		if err := printable(*printed); err != nil {
			return err
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
	if err := c.bring(ctx, &order, photos); err != nil {
		return err
	}
	if *printed != "" {
		return c.print(ctx, order, *printed)
	}
	job, problems, err := c.studio.Start(ctx, order)
	switch {
	case err != nil:
		return err
	case len(problems) > 0:
		return c.sayProblems(problems)
	}
	if *noWait {
		return c.untilAccepted(ctx, *out, job.ID)
	}
	return c.follow(ctx, *out, job.ID)
}

// printable holds --print to the forms there are.
func printable(form string) error {
	if !slices.Contains([]string{"", "curl", "command"}, form) {
		return usagef("--print takes curl or command, not %q", form)
	}
	return nil
}

// bring checks the order and takes its photos in. What is wrong with the values
// is said before any photo is copied.
func (c *command) bring(ctx context.Context, order *app.Order, paths []string) (err error) {
	_, problems := c.studio.Check(*order)
	if len(paths) > 0 {
		problems = slices.DeleteFunc(problems, func(p providers.Problem) bool { return p.Field == app.PhotosField })
	}
	if len(problems) > 0 {
		return c.sayProblems(problems)
	}
	order.Photos, err = c.takeIn(ctx, paths)
	return err
}

// print writes the order as curl or as a command line, links included: whoever
// asks for it wants to run it.
func (c *command) print(ctx context.Context, order app.Order, form string) error {
	write := c.studio.AsCommand
	if form == "curl" {
		write = c.studio.AsCurl
	}
	text, problems, err := write(ctx, order)
	switch {
	case err != nil:
		return err
	case len(problems) > 0:
		return c.sayProblems(problems)
	case c.json:
		encoder := json.NewEncoder(c.Out)
		encoder.SetEscapeHTML(false)
		return encoder.Encode(map[string]string{form: text})
	}
	_, err = fmt.Fprintln(c.Out, strings.TrimSuffix(text, "\n"))
	return err
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
