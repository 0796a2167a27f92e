// Where services fetch photos from: the bucket, or this computer.

package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/maquette-studio/maquette/app/access"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/app/settings"
)

// setPlace keeps where services fetch photos from.
func (c *command) setPlace(ctx context.Context, args []string) error {
	given := settings.Place{Computer: args[0] == "computer", Address: c.address, Listen: c.port}
	switch {
	case args[0] != "bucket" && !given.Computer:
		return usagef("photos lie in the bucket or on this computer: maquette place set bucket, or maquette place set computer")
	case !given.Computer && (c.address != "" || c.port != "" || c.cloudflared):
		return usagef("--address, --port and --cloudflared are for maquette place set computer")
	case given.Computer && (c.address == "") != c.cloudflared:
		return usagef("give either --cloudflared, or --address with the --port that it hands requests on to")
	}
	given.Listen = access.ListenAt(given.Listen)
	if given.Computer {
		if err := access.CheckComputer(given); err != nil {
			return usagef("%v", err)
		}
	}
	if err := c.open(ctx); err != nil {
		return err
	}
	if !given.Computer { // how this computer is reached stays, for the next time
		given = c.studio.Computer.Settings()
		given.Computer = false
	}
	err := c.studio.Computer.Choose(given)
	var invalid *access.InvalidPlace
	switch {
	case errors.As(err, &invalid):
		return usagef("%v", err)
	case err != nil:
		return err
	case c.json:
		return c.printJSON(map[string]string{"place": args[0]})
	case given.Computer:
		_, err = fmt.Fprintln(c.Out, "This computer serves photos while a job needs them. Whether it is reached: maquette place check")
		return err
	}
	_, err = fmt.Fprintln(c.Out, "Photos lie in the bucket while a job needs them. Whether that works: maquette place check")
	if !c.studio.Bucket.Named() {
		fmt.Fprintln(c.Err, "There is no bucket yet: maquette bucket set")
	}
	return err
}

// checkPlace tries the place that is chosen.
func (c *command) checkPlace(ctx context.Context, _ []string) error {
	if err := c.open(ctx); err != nil {
		return err
	}
	if !c.studio.Computer.Chosen() {
		return c.sayBucketChecked(ctx)
	}
	reached, err := c.studio.Place.CheckComputer(ctx)
	if err != nil {
		return err
	}
	words := "This computer is reached at " + reached.Address + "."
	if !reached.Note.IsZero() {
		words += " But " + reached.Note.String() + "."
	}
	if c.json {
		return c.printJSON(map[string]any{"place": "computer", "address": reached.Address, "note": reached.Note.String()})
	}
	_, err = fmt.Fprintln(c.Out, words)
	return err
}

// servesHere reports whether the photos of an order are served by this very
// process, which therefore has to go on.
func (c *command) servesHere(order jobs.Order) bool {
	return c.guest == nil && c.studio.Computer.Chosen() && c.studio.Jobs.NeedsPlace(order)
}

// staysForPhotos says that this process serves the order's photos, and refuses
// to end before the service has them.
func (c *command) staysForPhotos(order jobs.Order) error {
	switch {
	case !c.servesHere(order):
		return nil
	case c.noWait:
		return usagef("this computer serves the photos while a command or the window runs, and --no-wait would end before the service has fetched them: leave it out, keep the window open meanwhile, or use a bucket")
	}
	fmt.Fprintln(c.Err, "This computer serves the photos: keep this running until the service has fetched them.")
	return nil
}
