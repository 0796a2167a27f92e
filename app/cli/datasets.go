// Named datasets.

package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/maquette-studio/maquette/app/datasets"
	"github.com/maquette-studio/maquette/app/search"
)

// listDatasets lists the named datasets.
func (c *command) listDatasets(ctx context.Context, _ []string) error {
	if err := c.open(ctx); err != nil {
		return err
	}
	return c.printDatasets(c.studio.Datasets.List())
}

// exportDataset writes a dataset into a folder: photo.jpg with its caption in
// photo.txt.
func (c *command) exportDataset(ctx context.Context, args []string) error {
	if err := c.makeOut(); err != nil {
		return err
	}
	if err := c.open(ctx); err != nil {
		return err
	}
	chosen, err := c.findDataset(args[0])
	if err != nil {
		return err
	}
	export := c.studio.Datasets.ExportEdited
	if c.originals {
		export = c.studio.Datasets.ExportOriginals
	}
	if _, err := export(ctx, chosen.Photos, c.path(c.out), nil); err != nil {
		return err
	}
	return c.say("exported", chosen.Name)
}

// importDataset makes a dataset of a folder's photos and their captions.
func (c *command) importDataset(ctx context.Context, args []string) error {
	if err := c.open(ctx); err != nil {
		return err
	}
	made, rejected, err := c.studio.Datasets.ImportFolder(ctx, c.path(args[0]), c.tellPhotos())
	missing := 0
	for _, r := range rejected {
		fmt.Fprintln(c.Err, "maquette:", r.Name, r.Reason)
		if !r.Harmless {
			missing++
		}
	}
	switch {
	case err != nil:
		return err
	case made.ID == "":
		fmt.Fprintln(c.Err, "No photo in this folder can be used. The datasets are as they were.")
		return exitError(ExitInvalid)
	}
	if err := c.printDatasets([]datasets.Dataset{made}); err != nil || missing == 0 {
		return err
	}
	fmt.Fprintf(c.Err, "%d photos are in the dataset; what could not be used is named above.\n", len(made.Photos))
	return exitError(ExitFailed)
}

// tellEvery is how often a command says how far it is.
const tellEvery = 3 * time.Second

// tellPhotos says how far a long import is.
func (c *command) tellPhotos() func(done, of int) {
	last := time.Now()
	return func(done, of int) {
		if time.Since(last) < tellEvery || done == of {
			return
		}
		last = time.Now()
		fmt.Fprintf(c.Err, "%d of %d photos checked\n", done, of)
	}
}

// findDataset is the dataset of this id or name; a name in other cases, or
// composed otherwise, will do where only one dataset has it.
func (c *command) findDataset(name string) (datasets.Dataset, error) {
	var alike []datasets.Dataset
	for _, d := range c.studio.Datasets.List() {
		if d.ID == name || d.Name == name {
			return d, nil
		}
		if search.Text(d.Name) == search.Text(name) {
			alike = append(alike, d)
		}
	}
	if len(alike) == 1 {
		return alike[0], nil
	}
	return datasets.Dataset{}, usagef("there is no dataset %q; “maquette datasets list” lists them", name)
}

// datasetLine is a dataset as scripts read it.
type datasetLine struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Created  time.Time `json:"created,omitzero"`
	Photos   int       `json:"photos"`
	Captions int       `json:"captions"` // photos that have one
}

func (c *command) printDatasets(list []datasets.Dataset) error {
	for _, d := range list {
		line := datasetLine{ID: d.ID, Name: d.Name, Created: d.Created, Photos: len(d.Photos)}
		for _, p := range d.Photos {
			if p.Caption != "" {
				line.Captions++
			}
		}
		if c.json {
			if err := c.printJSON(line); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(c.Out, "%s  %d photos, %d with captions  %s\n", line.ID, line.Photos, line.Captions, line.Name)
	}
	return nil
}
