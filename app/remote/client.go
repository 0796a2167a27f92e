// The service's calls as the parts of the room make them.

package remote

import (
	"context"
	"encoding/json"
	"time"

	"github.com/maquette-studio/maquette/app/consent"
	"github.com/maquette-studio/maquette/app/retry"
	"github.com/maquette-studio/maquette/providers"
)

// client is what the parts of the room share.
type client struct {
	service *providers.Service
	call    Caller
	changed func(ID)
	held    func() error
	sleep   func(context.Context, time.Duration) error
	limits  providers.PhotoRules
	unsent  *unsent
	turn    chan struct{} // held by what uploads pictures or sends captions
}

func newClient(cfg Config, unsent *unsent) *client {
	c := &client{
		service: cfg.Service, call: cfg.Call, changed: cfg.Changed, held: cfg.Held, sleep: cfg.Sleep, unsent: unsent, turn: make(chan struct{}, 1),
	}
	if upload, _ := cfg.Service.FindCall(cfg.Service.ID + "/" + callUpload); upload.Photos != nil {
		c.limits = *upload.Photos
	}
	if c.changed == nil {
		c.changed = func(ID) {}
	}
	if c.held == nil {
		c.held = func() error { return nil }
	}
	if c.sleep == nil {
		c.sleep = retry.Sleep
	}
	return c
}

// takeTurn waits until nothing else uploads pictures or sends captions.
func (c *client) takeTurn(ctx context.Context) (release func(), err error) {
	select {
	case c.turn <- struct{}{}:
		return func() { <-c.turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// ask makes a call and reads its answer into answer, unless that is nil.
func (c *client) ask(ctx context.Context, call string, values providers.Values, answer any) error {
	return c.askAgreed(ctx, call, values, consent.Given{}, answer)
}

// askAgreed makes a call that takes a consent.
func (c *client) askAgreed(ctx context.Context, call string, values providers.Values, agreed consent.Given, answer any) error {
	said, err := c.call(ctx, c.service.ID+"/"+call, values, agreed)
	if err != nil || answer == nil {
		return err
	}
	text, err := json.Marshal(said)
	if err == nil {
		err = json.Unmarshal(text, answer)
	}
	if err != nil {
		return providers.Errorf("reading what %s answered: %v", c.service.Title, err)
	}
	return nil
}

// idIn are a call's values that name one thing.
func idIn(kind Kind, id ID) providers.Values { return providers.Values{kind.field(): string(id)} }

func (c *client) projects(ctx context.Context) ([]Project, error) {
	var answer []wireProject
	err := c.ask(ctx, callProjects, nil, &answer)
	return filter(readAll(answer, wireProject.read), func(p Project) bool { return p.ID != "" && p.Status != deleted }), err
}

func (c *client) datasets(ctx context.Context, call string, values providers.Values) ([]Dataset, error) {
	var answer []wireDataset
	err := c.ask(ctx, call, values, &answer)
	return filter(readAll(answer, wireDataset.read), func(d Dataset) bool { return d.ID != "" && d.Status != deleted }), err
}

func (c *client) models(ctx context.Context, call string, values providers.Values) ([]Model, error) {
	var answer []wireModel
	err := c.ask(ctx, call, values, &answer)
	return filter(readAll(answer, wireModel.read), func(m Model) bool { return m.ID != "" && m.Status != deleted }), err
}

// dataset reads a dataset with its images.
func (c *client) dataset(ctx context.Context, id ID) (Dataset, error) {
	var answer wireDataset
	if err := c.ask(ctx, callDataset, idIn(KindDataset, id), &answer); err != nil {
		return Dataset{}, err
	}
	d := answer.read()
	d.ID = id
	if d.Count != nil && len(d.Images) >= *d.Count || d.Count == nil && len(d.Images) > 0 {
		return d, nil
	}
	// The answer may show only some of the images, or none.
	images, err := c.images(ctx, id)
	if len(images) > len(d.Images) {
		d.Images = images
	}
	if d.Count == nil && err == nil {
		count := len(d.Images)
		d.Count = &count
	}
	return d, err
}

func (c *client) images(ctx context.Context, dataset ID) ([]Image, error) {
	var answer []wireImage
	err := c.ask(ctx, callImages, idIn(KindDataset, dataset), &answer)
	return readAll(answer, wireImage.read), err
}

func (c *client) count(ctx context.Context, d Dataset) (int, error) {
	if n, known := d.Size(); known {
		return n, nil
	}
	images, err := c.images(ctx, d.ID)
	return len(images), err
}
