// Starting jobs, and writing down what would be sent.

package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/app/money"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
)

// run starts a job and, unless told not to, waits for it. With --print it only
// writes down what would be sent.
func (c *command) run(ctx context.Context, args []string) error {
	task, service, ok := registry.All().Task(args[0])
	if !ok {
		return usagef("there is no task %q; “maquette services” lists them", args[0])
	}
	c.service = service
	if c.dataset != "" && len(c.photos) > 0 {
		return usagef("give --photo or --dataset, not both")
	}
	values, err := c.settings()
	if err != nil {
		return err
	}
	if err := c.makeOut(); err != nil {
		return err
	}
	if err := c.open(ctx); err != nil {
		return err
	}
	order := jobs.NewOrder(c.studio.Services(), args[0], values)
	order.Values = c.localImages(task.Fields, order.Values)
	order.Consent = c.consent
	c.sayUnusual(task.Unusual(order.Values))
	if err := c.addPhotos(ctx, &order); err != nil {
		return err
	}
	if c.form != "" {
		return c.printOrder(ctx, order)
	}
	c.sayEstimate(order)
	if err := c.staysForPhotos(order); err != nil {
		return err
	}
	if err := c.begin(ctx); err != nil {
		return err
	}
	job, problems, err := c.studio.Jobs.Start(ctx, order)
	switch {
	case err != nil:
		return err
	case len(problems) > 0:
		return c.sayProblems(problems)
	case c.noWait:
		return c.untilAccepted(ctx, job.ID)
	}
	return c.follow(ctx, job.ID)
}

// sayEstimate says about what an order will cost, where that is known.
func (c *command) sayEstimate(order jobs.Order) {
	task, _, _ := c.studio.Services().Task(order.Task)
	if usd, known := c.studio.Prices.Estimate(task, order.Values); known {
		fmt.Fprintf(c.Err, "About %s, an estimate.\n", money.Dollars(usd))
	}
}

// settings reads --set k=v.
func (c *command) settings() (map[string]any, error) {
	values := map[string]any{}
	for _, setting := range c.sets {
		key, value, found := strings.Cut(setting, "=")
		if key = strings.TrimSpace(key); !found || key == "" {
			return nil, usagef("--set takes key=value, not %q", setting)
		}
		if _, twice := values[key]; twice {
			return nil, usagef("%s is set twice", key)
		}
		values[key] = value
	}
	return values, nil
}

// addPhotos checks the order and imports its photos. What is wrong with the
// values is said before any photo is copied.
func (c *command) addPhotos(ctx context.Context, order *jobs.Order) (err error) {
	if c.dataset != "" {
		chosen, err := c.findDataset(c.dataset)
		if err != nil {
			return err
		}
		order.Photos = chosen.Photos
	}
	_, problems := c.studio.Jobs.Check(*order)
	if len(c.photos) > 0 {
		problems = slices.DeleteFunc(problems, func(p providers.Problem) bool { return p.Field == jobs.PhotosField })
	}
	if len(problems) > 0 {
		return c.sayProblems(problems)
	}
	if len(c.photos) > 0 {
		order.Photos, err = c.importPhotos(ctx, c.photos)
	}
	return err
}

// printOrder writes the order as curl or as a command line, links included:
// whoever asks for it wants to run it.
func (c *command) printOrder(ctx context.Context, order jobs.Order) error {
	write := c.studio.Recorder.AsCommand
	if c.form == "curl" {
		write = c.studio.Recorder.AsCurl
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
		return encoder.Encode(map[string]string{c.form: text})
	}
	_, err = fmt.Fprintln(c.Out, strings.TrimSuffix(text, "\n"))
	return err
}
