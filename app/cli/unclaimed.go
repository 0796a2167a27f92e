// Jobs that only the service knows: listed and imported.

package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/maquette-studio/maquette/providers"
)

// importJobs lists the unclaimed jobs at a service, or imports those that are
// named.
func (c *command) importJobs(ctx context.Context, args []string) error {
	if err := c.makeOut(); err != nil {
		return err
	}
	if err := c.open(ctx); err != nil {
		return err
	}
	service, ids := args[0], args[1:]
	at, ok := c.studio.Services().Service(service)
	switch {
	case !ok:
		return usagef("there is no service %q; “maquette services” lists them", service)
	case at.Known == nil:
		return usagef("%s offers no list of its jobs", at.Title)
	case c.all && len(ids) > 0:
		return usagef("give either ids or --all")
	}
	c.service = at
	for i, id := range ids {
		own, refused := c.studio.Services().OwnID(service, "", id)
		if !refused.IsZero() {
			return usagef("%s", refused)
		}
		ids[i] = own
	}
	unclaimed, err := c.studio.Unclaimed(ctx, service)
	if err != nil {
		return err
	}
	if len(ids) == 0 && !c.all {
		return c.printUnclaimed(unclaimed)
	}
	for _, id := range ids {
		if !slices.ContainsFunc(unclaimed, func(r providers.Remote) bool { return r.ID == id }) {
			return usagef("%s has no job %s that could be imported", at.Title, id)
		}
	}
	if c.all {
		for _, known := range unclaimed {
			ids = append(ids, known.ID)
		}
	}
	jobs, err := c.studio.Import(ctx, service, ids)
	if err != nil {
		return err
	}
	imported := make([]string, len(jobs))
	for i, job := range jobs {
		imported[i] = job.ID
	}
	return c.follow(ctx, imported...)
}

func (c *command) printUnclaimed(unclaimed []providers.Remote) error {
	for _, known := range unclaimed {
		if c.json {
			if err := c.printJSON(known); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(c.Out, "%s  %s  %-32s %-10s %.60q\n", known.ID, known.Time.Local().Format("2006-01-02 15:04"), known.Task, known.State, known.Title)
	}
	return nil
}
