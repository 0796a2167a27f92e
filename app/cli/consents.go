// Who stated when which photos may be trained on.

package cli

import (
	"cmp"
	"context"
	"fmt"
	"time"
)

// listConsents lists the recorded statements.
func (c *command) listConsents(ctx context.Context, _ []string) error {
	if err := c.open(ctx); err != nil {
		return err
	}
	all, err := c.studio.Consents()
	if err != nil {
		return err
	}
	for _, given := range all {
		if c.json {
			err = c.printJSON(given)
		} else {
			_, err = fmt.Fprintf(c.Out, "%s  %s  %s  %s%s\n", given.Given.Local().Format(time.DateTime), cmp.Or(given.By, "?"), given.Request, photosOf(len(given.Photos)), ofJob(given.Job))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func photosOf(n int) string {
	if n == 1 {
		return "1 photo"
	}
	return fmt.Sprintf("%d photos", n)
}

func ofJob(id string) string {
	if id == "" {
		return ""
	}
	return "  " + id
}
