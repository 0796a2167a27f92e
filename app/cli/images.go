// Pictures: listed and copied out.

package cli

import (
	"context"
	"fmt"

	"github.com/maquette-studio/maquette/app/library"
)

// exportImage copies a picture into a folder.
func (c *command) exportImage(ctx context.Context, args []string) error {
	id := args[0]
	if err := c.makeOut(); err != nil {
		return err
	}
	if err := c.open(ctx); err != nil {
		return err
	}
	if _, ok := c.studio.Library.Picture(id); !ok {
		return usagef("there is no picture %s", id)
	}
	path, err := c.exportPicture(id)
	if err != nil {
		return err
	}
	if c.json {
		return c.printJSON(map[string]string{"id": id, "path": path})
	}
	_, err = fmt.Fprintln(c.Out, path)
	return err
}

// imageLine is a picture as scripts read it.
type imageLine struct {
	library.Picture
	Path       string `json:"path"`
	Unreadable string `json:"unreadable,omitempty"` // why nothing of it can be shown
	Damaged    string `json:"damaged,omitempty"`    // what of it can't be shown
}

// listImages lists the pictures that --search finds.
func (c *command) listImages(ctx context.Context, _ []string) error {
	if err := c.open(ctx); err != nil {
		return err
	}
	for _, p := range c.studio.Library.Search(c.search) {
		if c.json {
			if err := c.printJSON(imageLine{p, c.studio.Library.Path(p.ID), p.Unreadable.String(), p.Damaged.String()}); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(c.Out, "%s  %s  %d × %d  %s  %s\n", p.ID, p.Created.Local().Format("2006-01-02 15:04"), p.Width, p.Height, p.Task, p.Prompt)
		if flaw := p.Unreadable.Or(p.Damaged); !flaw.IsZero() {
			fmt.Fprintf(c.Out, "    %s\n", flaw)
		}
	}
	return nil
}
