package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/maquette-studio/maquette/providers"
)

// bringIn lists the jobs that only the service knows, or brings in those named.
func (c *command) bringIn(ctx context.Context, out, service string, ids []string, all bool) error {
	known, ok := c.studio.Service(service)
	switch {
	case !ok:
		return usagef("there is no service %q; “maquette services” lists them", service)
	case known.Known == nil:
		return usagef("%s offers no list of its jobs", known.Title)
	case all && len(ids) > 0:
		return usagef("give either ids or --all")
	}
	strangers, err := c.studio.Strangers(ctx, service)
	if err != nil {
		return err
	}
	if len(ids) == 0 && !all {
		return c.sayStrangers(strangers)
	}
	for _, id := range ids {
		if !slices.ContainsFunc(strangers, func(r providers.Remote) bool { return r.ID == id }) {
			return usagef("%s has no job %s that could be brought in", known.Title, id)
		}
	}
	if all {
		for _, remote := range strangers {
			ids = append(ids, remote.ID)
		}
	}
	jobs, err := c.studio.BringIn(ctx, service, ids)
	if err != nil {
		return err
	}
	brought := make([]string, len(jobs))
	for i, job := range jobs {
		brought[i] = job.ID
	}
	return c.follow(ctx, out, brought...)
}

func (c *command) sayStrangers(strangers []providers.Remote) error {
	for _, remote := range strangers {
		if c.json {
			if err := c.printJSON(remote); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(c.Out, "%s  %s  %-32s %-10s %.60q\n", remote.ID, remote.Time.Local().Format("2006-01-02 15:04"), remote.Task, remote.State, remote.Title)
	}
	return nil
}
