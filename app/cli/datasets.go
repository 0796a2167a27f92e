package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/maquette-studio/maquette/app"
)

// datasets lists named datasets, makes one of a folder and writes one into a
// folder: photo.jpg with its caption in photo.txt.
func (c *command) datasets(ctx context.Context, args []string) (err error) {
	out := c.flags.String("out", "", "")
	originals := c.flags.Bool("originals", false, "")
	defer c.close(&err)
	words, err := c.open(args, func(words []string) error {
		switch {
		case len(words) == 1 && words[0] == "list", len(words) == 2 && words[0] == "import":
			return nil
		case len(words) == 2 && words[0] == "export" && *out != "":
			return makeOut(*out)
		}
		return usagef("usage: maquette datasets list|import FOLDER|export D --out DIR [--originals] [--json]")
	})
	if err != nil {
		return err
	}
	switch words[0] {
	case "list":
		return c.listDatasets(c.studio.Datasets())
	case "import":
		return c.importDataset(ctx, words[1])
	}
	chosen, err := c.dataset(words[1])
	if err != nil {
		return err
	}
	export := c.studio.ExportEdited
	if *originals {
		export = c.studio.ExportOriginals
	}
	if err := export(ctx, chosen.Photos, *out, nil); err != nil {
		return err
	}
	return c.say("exported", chosen.Name)
}

func (c *command) importDataset(ctx context.Context, folder string) error {
	made, rejected, err := c.studio.ImportFolder(ctx, folder, nil)
	for _, r := range rejected {
		fmt.Fprintln(c.Err, "maquette:", r.Name, r.Reason)
	}
	switch {
	case err != nil:
		return err
	case made.ID == "":
		fmt.Fprintln(c.Err, "No photo in this folder can be used. The datasets are as they were.")
		return exitError(ExitInvalid)
	}
	return c.listDatasets([]app.Dataset{made})
}

// dataset is the one of this id or name.
func (c *command) dataset(name string) (app.Dataset, error) {
	for _, d := range c.studio.Datasets() {
		if d.ID == name || d.Name == name {
			return d, nil
		}
	}
	return app.Dataset{}, usagef("there is no dataset %q; “maquette datasets list” lists them", name)
}

// datasetLine is a dataset as scripts read it.
type datasetLine struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Created  time.Time `json:"created,omitzero"`
	Photos   int       `json:"photos"`
	Captions int       `json:"captions"` // photos that have one
}

func (c *command) listDatasets(list []app.Dataset) error {
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
