// What lies at Bria: projects, datasets with their pictures, models.

package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/maquette-studio/maquette/app/consent"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
)

// remoteLine is a thing at the service as scripts read it.
type remoteLine struct {
	Key     string `json:"key"` // "dataset/12", as commands take it
	Kind    string `json:"kind"`
	ID      string `json:"id"`
	Project string `json:"project_id,omitempty"`
	Dataset string `json:"dataset_id,omitempty"`
	Name    string `json:"name"`
	Status  string `json:"status,omitempty"`
	Images  *int   `json:"images,omitempty"`           // of a dataset, where the service says
	Prefix  string `json:"caption_prefix,omitempty"`   // of a dataset
	Waiting int    `json:"waiting_pictures,omitempty"` // to be uploaded to a dataset
	Version string `json:"version,omitempty"`          // of a model
}

// openBria opens the studio for a command about what lies at Bria.
func (c *command) openBria(ctx context.Context) error {
	if err := c.open(ctx); err != nil {
		return err
	}
	c.service = c.studio.Bria.Service()
	return nil
}

// listRemote lists everything at the service, projects with what is in them.
func (c *command) listRemote(ctx context.Context, _ []string) error {
	if err := c.openBria(ctx); err != nil {
		return err
	}
	all, err := c.studio.Bria.List(ctx)
	if err != nil {
		return err
	}
	counts := c.studio.Bria.CountImages(ctx, all.Datasets)
	for i, d := range all.Datasets {
		if n, counted := counts[d.ID]; counted {
			all.Datasets[i].Count = &n
		}
	}
	for _, project := range all.Projects {
		if err := c.printRemote(all, project.Key(), ""); err != nil {
			return err
		}
		for _, key := range all.Children(project.Key()) {
			if err := c.printRemote(all, key, "  "); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *command) printRemote(all remote.Holdings, key remote.Key, indent string) error {
	line := remoteLine{Key: key.String(), Kind: string(key.Kind), ID: string(key.ID)}
	switch key.Kind {
	case remote.KindProject:
		p, _ := all.Project(key.ID)
		line.Name, line.Status = providers.Shown(p.Name), providers.Shown(string(p.Status))
	case remote.KindDataset:
		d, _ := all.Dataset(key.ID)
		line.Name, line.Status, line.Project, line.Prefix = providers.Shown(d.Name), providers.Shown(string(d.Status)), string(d.Project), providers.Shown(d.Prefix)
		line.Images, line.Waiting = d.Count, len(c.studio.Bria.Uploads.Waiting(d.ID))
	case remote.KindModel:
		m, _ := all.Model(key.ID)
		line.Name, line.Status, line.Project, line.Dataset, line.Version = providers.Shown(m.Name), providers.Shown(string(m.Status)), string(m.Project), string(m.Dataset), providers.Shown(m.Version)
	}
	if c.json {
		return c.printJSON(line)
	}
	size := ""
	if line.Images != nil {
		size = fmt.Sprintf(", %d pictures", *line.Images)
	}
	if line.Waiting > 0 {
		size += fmt.Sprintf(", %d waiting to be uploaded", line.Waiting)
	}
	_, err := fmt.Fprintf(c.Out, "%s%-16s %s  %s%s\n", indent, line.Key, line.Name, line.Status, size)
	return err
}

// briaID is the service of what these commands list and change.
const briaID = "bria"

// datasetOf is a dataset's own id in any form in which it is shown.
func (c *command) datasetOf(arg string) (remote.ID, error) {
	id, refused := registry.All().OwnID(briaID, string(remote.KindDataset), arg)
	if !refused.IsZero() {
		return "", usagef("%s", refused)
	}
	return remote.ID(id), nil
}

// keyOf is a thing's key; a model is also known by the id that it has here.
func keyOf(arg string) (remote.Key, error) {
	id, refused := registry.All().OwnID(briaID, "", arg)
	if !refused.IsZero() {
		return remote.Key{}, usagef("%s", refused)
	}
	if key, ok := remote.ParseKey(id); ok && key.ID != "" {
		return key, nil
	}
	if id != strings.TrimSpace(arg) && !strings.Contains(id, "/") { // “bria:105”, as “maquette models list” shows it
		return remote.Key{Kind: remote.KindModel, ID: remote.ID(id)}, nil
	}
	return remote.Key{}, usagef("%q is nothing at Bria; it is one of project/ID, dataset/ID and model/ID", arg)
}

// remoteImage is an image of a dataset as scripts read it.
type remoteImage struct {
	ID      string `json:"id"`
	Name    string `json:"name,omitempty"`
	Caption string `json:"caption"`
	Source  string `json:"caption_source,omitempty"`
	State   string `json:"caption_state,omitempty"` // what becomes of the caption that is shown
}

// remoteImages lists a dataset's pictures with their captions.
func (c *command) remoteImages(ctx context.Context, args []string) error {
	id, err := c.datasetOf(args[0])
	if err != nil {
		return err
	}
	if err := c.openBria(ctx); err != nil {
		return err
	}
	dataset, err := c.studio.Bria.Dataset(ctx, id)
	if err != nil {
		return err
	}
	return c.printImages(dataset)
}

func (c *command) printImages(dataset remote.Dataset) error {
	bria := c.studio.Bria
	for _, img := range dataset.Images {
		line := remoteImage{
			ID: string(img.ID), Name: providers.Shown(img.Name), Caption: bria.Captions.Text(img),
			Source: string(img.Source), State: string(bria.Captions.State(dataset, img)),
		}
		if c.json {
			if err := c.printJSON(line); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(c.Out, "%-10s %-24s %-14s %s\n", line.ID, line.Name, line.State, providers.Shown(line.Caption))
	}
	return nil
}

// uploadRemote adds photos to a dataset, those first that an earlier upload
// left.
func (c *command) uploadRemote(ctx context.Context, args []string) error {
	dataset, err := c.datasetOf(args[0])
	if err != nil {
		return err
	}
	if err := c.openBria(ctx); err != nil {
		return err
	}
	var photos []photo.Photo
	if len(c.photos) > 0 {
		var err error
		if photos, err = c.importPhotos(ctx, c.photos); err != nil {
			return err
		}
	} else if len(c.studio.Bria.Uploads.Waiting(dataset)) == 0 {
		return usagef("no photo waits for dataset %s: give some with --photo", dataset)
	}
	if problems := consent.Check(len(photos) > 0 || !c.studio.Bria.Uploads.Agreed(dataset), consent.Given{Now: c.consent}); len(problems) > 0 {
		return c.sayProblems(problems)
	}
	done, err := c.studio.Bria.Uploads.Add(ctx, dataset, photos, c.consent, func(now remote.Uploading) {
		if !c.json {
			fmt.Fprintf(c.Err, "uploading %d of %d\n", now.Done+1, now.Of)
		}
	})
	for _, r := range done.Rejected {
		fmt.Fprintln(c.Err, "maquette:", r.Name, r.Reason)
	}
	switch {
	case c.json:
		if err := c.printJSON(uploadedOf(done)); err != nil {
			return err
		}
	default:
		fmt.Fprintf(c.Out, "%d added, %d there already, %d left\n", done.Added, done.There, done.Left)
	}
	switch {
	case err != nil:
		return err
	case done.Over > 0:
		fmt.Fprintf(c.Err, "maquette: the dataset has no room for %d of them; they are kept, and go with it\n", done.Over)
		return exitError(ExitInvalid)
	case len(done.Rejected) > 0:
		return exitError(ExitInvalid)
	}
	return nil
}

// uploadLine is what became of photos as scripts read it.
type uploadLine struct {
	Added    int            `json:"added"`
	There    int            `json:"there"` // already, before
	Left     int            `json:"left"`  // not there, and kept to be tried again
	Over     int            `json:"over"`  // of those left, for how many there is no room
	Rejected []rejectedLine `json:"rejected,omitempty"`
}

type rejectedLine struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

func uploadedOf(done remote.Uploaded) uploadLine {
	line := uploadLine{Added: done.Added, There: done.There, Left: done.Left, Over: done.Over}
	for _, r := range done.Rejected {
		line.Rejected = append(line.Rejected, rejectedLine{r.Name, r.Reason.String()})
	}
	return line
}

// captionRemote notes captions and sends those that wait, once the service has
// written its own.
func (c *command) captionRemote(ctx context.Context, args []string) error {
	captions, err := c.settings()
	if err != nil {
		return err
	}
	id, err := c.datasetOf(args[0])
	if err != nil {
		return err
	}
	if err := c.openBria(ctx); err != nil {
		return err
	}
	bria := c.studio.Bria
	dataset, err := bria.Dataset(ctx, id)
	if err != nil {
		return err
	}
	for shown, text := range captions {
		id, refused := registry.All().OwnID(briaID, "image", shown)
		if !refused.IsZero() {
			return usagef("%s", refused)
		}
		at := slices.IndexFunc(dataset.Images, func(img remote.Image) bool { return string(img.ID) == id })
		text, _ := text.(string)
		switch {
		case at < 0:
			return usagef("dataset %s has no picture %s; “maquette remote images %s” lists them", dataset.ID, id, dataset.ID)
		case dataset.Completed():
			return usagef("dataset %s is completed: its captions can't be changed", dataset.ID)
		}
		bria.Captions.Type(dataset, dataset.Images[at], text)
		bria.Captions.Queue(dataset.Images[at].ID)
	}
	if err := bria.Captions.Save(); err != nil {
		return err
	}
	bria.Captions.Resume(dataset.ID)
	if dataset, err = bria.Captions.Await(ctx, dataset.ID, nil); err != nil {
		return err
	}
	return c.printImages(dataset)
}

// deleteRemote says what goes with a thing and, told so, deletes it.
func (c *command) deleteRemote(ctx context.Context, args []string) error {
	key, err := keyOf(args[0])
	if err != nil {
		return err
	}
	if err := c.openBria(ctx); err != nil {
		return err
	}
	consequence, err := c.studio.Bria.Consequence(ctx, key)
	if err != nil {
		return err
	}
	if c.json {
		if err := c.printJSON(consequence); err != nil {
			return err
		}
	} else {
		c.sayConsequence(consequence)
	}
	switch {
	case len(consequence.InTraining) > 0:
		return &providers.Failure{
			Kind: providers.InvalidInput, Money: providers.NotSpent, Outcome: providers.NotSent,
			Message: providers.Say("It can't be deleted while it is in training: %s", strings.Join(consequence.InTraining, ", ")),
			Advice:  providers.Say("Stop the training, or wait for its end."),
			Remedy:  providers.Calling("bria/model-stop", ""),
		}
	case !c.yes:
		fmt.Fprintln(c.Err, "Nothing was deleted. With --yes it is.")
		return exitError(ExitInvalid)
	}
	if err := c.studio.Bria.Delete(ctx, consequence); err != nil {
		return err
	}
	return c.say("deleted", key.String())
}

func (c *command) sayConsequence(of remote.Consequence) {
	fmt.Fprintf(c.Err, "%s “%s” goes for good", of.Of, of.Name)
	var with []string
	for _, part := range []struct {
		n    int
		what string
	}{
		{of.Datasets, "datasets"},
		{of.Images, "pictures"},
		{of.Models, "models"},
		{of.Pictures, "pictures that wait here"},
		{of.Captions, "captions that wait here"},
	} {
		if part.n > 0 {
			with = append(with, fmt.Sprintf("%d %s", part.n, part.what))
		}
	}
	if len(with) > 0 {
		fmt.Fprintf(c.Err, ": %s", strings.Join(with, ", "))
	}
	fmt.Fprintln(c.Err, ".")
	if len(of.TrainedOn) > 0 {
		fmt.Fprintln(c.Err, "Models trained on it stay:", strings.Join(of.TrainedOn, ", "))
	}
}
