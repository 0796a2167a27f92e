// Calls: what services answer at once, without a job.

package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
)

// call makes one of a service's calls. With --print it only writes down what
// would be sent.
func (c *command) call(ctx context.Context, args []string) error {
	id := args[0]
	call, service, ok := registry.All().Call(id)
	if !ok {
		return usagef("there is no call %q; “maquette services” lists them", id)
	}
	c.service = service
	values, err := c.settings()
	if err != nil {
		return err
	}
	if err := c.open(ctx); err != nil {
		return err
	}
	if call.Consequence != "" && c.form == "" {
		fmt.Fprintln(c.Err, call.Consequence)
	}
	order := jobs.NewOrder(c.studio.Services(), id, values)
	order.Values = c.localImages(call.Fields, order.Values)
	order.Consent = c.consent
	c.sayUnusual(providers.Unusual(call.Fields, order.Values))
	if c.form != "" {
		return c.printOrder(ctx, order)
	}
	answer, problems, err := c.studio.Call(ctx, order)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return c.sayProblems(problems)
	}
	return c.printAnswer(answer)
}

// sayUnusual says which values nobody has said to work: they are sent.
func (c *command) sayUnusual(told []providers.Problem) {
	for _, p := range told {
		fmt.Fprintln(c.Err, "maquette: warning:", p.Error())
	}
}

// printAnswer prints what a service answered, a list item by item, with links
// that work: who asks may follow them.
func (c *command) printAnswer(answer any) error {
	text, err := encodeWhole(answer)
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(text, []byte("[")) {
		_, err := c.Out.Write(text)
		return err
	}
	var items []json.RawMessage
	if err := json.Unmarshal(text, &items); err != nil {
		return fmt.Errorf("reading the answer: %w", err)
	}
	for _, item := range items {
		if _, err := fmt.Fprintf(c.Out, "%s\n", item); err != nil {
			return err
		}
	}
	return nil
}
