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

const runUsage = "run TASK [--set k=v]... [--photo F [--caption TEXT]]... [--dataset D] [--consent] [--out DIR] [--no-wait] [--print curl|command] [--json]"

// run starts a job and, unless told not to, waits for it. With --print it only
// writes down what would be sent.
func (c *command) run(ctx context.Context, args []string) (err error) {
	var sets repeated
	var photos photoFlags
	c.flags.Var(&sets, "set", "")
	c.flags.Func("photo", "", photos.add)
	c.flags.Func("caption", "", photos.caption)
	dataset := c.flags.String("dataset", "", "")
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
		if *dataset != "" && len(photos) > 0 {
			return usagef("give --photo or --dataset, not both")
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
	if *dataset != "" {
		chosen, err := c.dataset(*dataset)
		if err != nil {
			return err
		}
		order.Photos = chosen.Photos
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
func (c *command) bring(ctx context.Context, order *app.Order, photos photoFlags) (err error) {
	_, problems := c.studio.Check(*order)
	if len(photos) > 0 {
		problems = slices.DeleteFunc(problems, func(p providers.Problem) bool { return p.Field == app.PhotosField })
	}
	if len(problems) > 0 {
		return c.sayProblems(problems)
	}
	if len(photos) > 0 {
		order.Photos, err = c.takeIn(ctx, photos)
	}
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

// photoFlags are the --photo flags, each with the --caption that follows it.
type photoFlags []photoFlag

type photoFlag struct {
	path    string
	caption *string // nil for what lies beside the file
}

func (f *photoFlags) add(path string) error {
	*f = append(*f, photoFlag{path: path})
	return nil
}

func (f *photoFlags) caption(text string) error {
	if len(*f) == 0 || (*f)[len(*f)-1].caption != nil {
		return fmt.Errorf("--caption belongs after the --photo that it is of")
	}
	(*f)[len(*f)-1].caption = &text
	return nil
}

// batches are the paths as they are taken in together: those without a caption
// of their own that follow each other, and each of the others alone.
func (f photoFlags) batches() [][]string {
	var all [][]string
	alone := true
	for _, flag := range f {
		if alone || flag.caption != nil {
			all = append(all, nil)
		}
		all[len(all)-1] = append(all[len(all)-1], flag.path)
		alone = flag.caption != nil
	}
	return all
}

// takeIn checks the photos; one that can't be used means that nothing starts.
func (c *command) takeIn(ctx context.Context, flags photoFlags) ([]app.DatasetPhoto, error) {
	var photos []app.DatasetPhoto
	var problems []providers.Problem
	refuse := func(name, reason string) {
		problems = append(problems, providers.Problem{Field: app.PhotosField, Message: name + " " + reason})
	}
	next := 0
	for _, paths := range flags.batches() {
		caption := flags[next].caption
		next += len(paths)
		taken, rejected, err := c.studio.TakeIn(ctx, paths)
		if err != nil {
			return nil, err
		}
		for _, r := range rejected {
			refuse(r.Name, r.Reason)
		}
		if caption != nil && len(taken) > 1 {
			return nil, usagef("--caption is of one photo, and %s holds %d", paths[0], len(taken))
		}
		for _, p := range taken {
			if caption != nil {
				p.Caption = *caption
			}
			if i := slices.IndexFunc(photos, func(q app.DatasetPhoto) bool { return q.Hash == p.Hash }); i >= 0 {
				refuse(p.Name, "has the same content as "+photos[i].Name)
				continue
			}
			photos = append(photos, p)
		}
	}
	if len(problems) > 0 {
		return nil, c.sayProblems(problems)
	}
	return photos, nil
}
