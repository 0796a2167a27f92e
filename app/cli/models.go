// Trained models: listed, downloaded and forgotten.

package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/maquette-studio/maquette/app/models"
)

// openModel opens the studio and finds a model in it.
func (c *command) openModel(ctx context.Context, id string) (models.Model, error) {
	if err := c.makeOut(); err != nil {
		return models.Model{}, err
	}
	if err := c.open(ctx); err != nil {
		return models.Model{}, err
	}
	model, ok := c.studio.Models.Model(id)
	if !ok {
		return models.Model{}, usagef("there is no model %s", id)
	}
	return model, nil
}

func (c *command) forgetModel(ctx context.Context, args []string) error {
	model, err := c.openModel(ctx, args[0])
	if err != nil {
		return err
	}
	if err := c.studio.Models.Forget(model.ID); err != nil {
		return err
	}
	return c.say("forgotten", model.ID)
}

// downloadModel downloads a model's file, unless that was done before, and
// prints where it is.
func (c *command) downloadModel(ctx context.Context, args []string) error {
	model, err := c.openModel(ctx, args[0])
	if err != nil {
		return err
	}
	c.service, _ = c.studio.Services().Service(model.Service)
	path, err := c.studio.Models.Download(ctx, model.ID)
	if err != nil {
		return err
	}
	if c.out != "" {
		if path, err = c.exportModel(ctx, model.ID); err != nil {
			return err
		}
	}
	model, _ = c.studio.Models.Model(model.ID)
	if c.json {
		return c.printJSON(c.modelLine(model, path))
	}
	_, err = fmt.Fprintln(c.Out, path)
	return err
}

// modelLine is a model as scripts read it; its link is a secret and left out.
type modelLine struct {
	ID       string    `json:"id"`
	Service  string    `json:"service"`
	RemoteID string    `json:"remote_id"`
	Title    string    `json:"title"`
	Type     string    `json:"type"`
	Base     string    `json:"base,omitempty"`
	Step     int       `json:"step"`
	Size     int64     `json:"size"`
	Expires  time.Time `json:"expires,omitzero"`
	Created  time.Time `json:"created"`
	Job      string    `json:"job"`
	Path     string    `json:"path"` // empty until downloaded
	// Best marks the one to generate with first, of those that its job made.
	Best bool `json:"best,omitempty"`
}

func (c *command) modelLine(m models.Model, path string) modelLine {
	job, _ := c.studio.Jobs.Job(m.Job)
	best, _ := c.studio.Models.Best(job.Models)
	return modelLine{
		ID: m.ID, Service: m.Service, RemoteID: m.RemoteID, Title: m.Title, Type: m.Type, Base: m.Base, Step: m.Step,
		Size: m.Size, Expires: m.Expires, Created: m.Created, Job: m.Job, Path: path, Best: m.ID == best.ID,
	}
}

func (c *command) listModels(ctx context.Context, _ []string) error {
	if err := c.open(ctx); err != nil {
		return err
	}
	for _, m := range c.studio.Models.List() {
		if c.json {
			if err := c.printJSON(c.modelLine(m, c.studio.Models.Path(m))); err != nil {
				return err
			}
			continue
		}
		step, size := "", ""
		if m.Step > 0 {
			step = fmt.Sprintf("step %d", m.Step)
		}
		if m.Size > 0 {
			size = fmt.Sprintf("%d KB", m.Size>>10)
		}
		fmt.Fprintf(c.Out, "%s  %-14s  %-11s  %11s  %s\n", m.ID, m.Type, step, size, m.Title)
	}
	return nil
}
