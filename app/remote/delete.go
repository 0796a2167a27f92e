// Deleting at the service: what goes with it is counted first, as the service
// lists it now.

package remote

import (
	"context"
	"errors"

	"github.com/maquette-studio/maquette/providers"
)

// Consequence is what a deletion takes away for good. What was kept on this
// computer stays.
type Consequence struct {
	Of       Key    `json:"of"`
	Name     string `json:"name"`
	Datasets int    `json:"datasets"`
	Images   int    `json:"images"`
	Models   int    `json:"models"`
	// InTraining names models in training: the service refuses until that is
	// stopped.
	InTraining []string `json:"in_training,omitempty"`
	// TrainedOn names models that were trained on a dataset that goes, and stay.
	TrainedOn []string `json:"trained_on,omitempty"`
	// Pictures and Captions count what waits here to be sent to a dataset that
	// goes; it is given up.
	Pictures int `json:"waiting_pictures"`
	Captions int `json:"waiting_captions"`

	datasets []ID
}

// Empty reports whether nothing goes but the thing's own name.
func (c Consequence) Empty() bool { return c.Datasets+c.Images+c.Models == 0 }

// Consequence counts what would go with a thing.
func (r *Remote) Consequence(ctx context.Context, of Key) (c Consequence, err error) {
	switch of.Kind {
	case KindProject:
		c, err = r.losingProject(ctx, of.ID)
	case KindDataset:
		c, err = r.losingDataset(ctx, of.ID)
	case KindModel:
		c, err = r.losingModel(ctx, of.ID)
	default:
		err = providers.Errorf("there is no %q to delete", of.Kind)
	}
	c.Of = of
	for _, dataset := range c.datasets {
		pictures, captions := r.unsent.waitingFor(dataset)
		c.Pictures += pictures
		c.Captions += captions
	}
	return c, err
}

func (r *Remote) losingProject(ctx context.Context, id ID) (c Consequence, err error) {
	var answer wireProject
	if err := r.ask(ctx, callProject, idIn(KindProject, id), &answer); err != nil {
		return c, err
	}
	c.Name = answer.Name
	in := idIn(KindProject, id)
	in["include_models_ids"] = true
	datasets, err := r.datasets(ctx, callProjectDatasets, in)
	if err != nil {
		return c, err
	}
	models, err := r.models(ctx, callProjectModels, idIn(KindProject, id))
	if err != nil {
		return c, err
	}
	lost := map[ID]bool{}
	for _, m := range models {
		lost[m.ID] = true
		if m.InTraining() {
			c.InTraining = append(c.InTraining, m.Name)
		}
	}
	for _, d := range datasets {
		count, err := r.count(ctx, d)
		if err != nil {
			return c, err
		}
		c.Datasets++
		c.Images += count
		c.datasets = append(c.datasets, d.ID)
		for _, id := range d.Models {
			lost[id] = true
		}
	}
	c.Models = len(lost)
	return c, nil
}

func (r *Remote) losingDataset(ctx context.Context, id ID) (c Consequence, err error) {
	d, err := r.Dataset(ctx, id)
	if err != nil {
		return c, err
	}
	c.Name, c.Datasets, c.datasets = d.Name, 1, []ID{id}
	c.Images, _ = d.Size()
	call, in := callProjectModels, idIn(KindProject, d.Project)
	if d.Project == "" { // the answer didn't say
		call, in = callModels, nil
	}
	models, err := r.models(ctx, call, in)
	for _, m := range models {
		switch {
		case m.Dataset != id:
		case m.InTraining():
			c.InTraining = append(c.InTraining, m.Name)
		default:
			c.TrainedOn = append(c.TrainedOn, m.Name)
		}
	}
	return c, err
}

func (r *Remote) losingModel(ctx context.Context, id ID) (c Consequence, err error) {
	var answer wireModel
	if err := r.ask(ctx, callModel, idIn(KindModel, id), &answer); err != nil {
		return c, err
	}
	m := answer.read()
	c.Name, c.Models = m.Name, 1
	if m.InTraining() {
		c.InTraining = []string{m.Name}
	}
	return c, nil
}

// Delete deletes a thing whose consequence was counted, and gives up what
// waits for it here.
func (r *Remote) Delete(ctx context.Context, c Consequence) error {
	if c.Of.ID == "" {
		return providers.Errorf("there is nothing to delete")
	}
	if err := r.ask(ctx, c.Of.Kind.deleteCall(), idIn(c.Of.Kind, c.Of.ID), nil); err != nil {
		return err
	}
	var errs []error
	for _, dataset := range c.datasets {
		errs = append(errs, r.unsent.forget(dataset))
		r.changed(dataset)
	}
	return errors.Join(errs...)
}
