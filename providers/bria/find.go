// Finding what a request made whose answer never came: everything that a
// training creates carries the job's tag in its name, and every list is whole.

package bria

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/maquette-studio/maquette/providers"
)

const console = "https://platform.bria.ai"

// listed is an element of a list.
type listed interface {
	receipt() providers.Receipt
	number() json.Number
}

// find looks through a whole list for what the request made. An element that
// isn't there, or doesn't say which it is, may be that.
func find[T listed](list func(context.Context) ([]T, error), same func(T) bool) providers.Find {
	return func(ctx context.Context, _ providers.Intent) (providers.Finding, error) {
		finding := providers.Finding{Look: providers.Say("Look at your projects at %s.", console)}
		all, err := list(ctx)
		if err != nil {
			return finding, err
		}
		finding.Complete = true
		for _, item := range all {
			switch {
			case item.number() == "":
				finding.Complete = false
			case same(item):
				finding.Matches = append(finding.Matches, item.receipt())
			}
		}
		return finding, nil
	}
}

func (p project) number() json.Number { return p.ID }
func (d dataset) number() json.Number { return d.ID }
func (i image) number() json.Number   { return i.ID }
func (m model) number() json.Number   { return m.ID }

func (c client) findProject(name string) providers.Find {
	return find(c.projects, func(p project) bool { return providers.SameText(name, p.Name) && !deleted(p.Status) })
}

func (c client) findDataset(project json.Number, name string) providers.Find {
	list := func(ctx context.Context) ([]dataset, error) { return c.datasets(ctx, project) }
	return find(list, func(d dataset) bool { return providers.SameText(name, d.Name) && !deleted(d.Status) })
}

// findImage allows for an extension that the service may add.
func (c client) findImage(dataset json.Number, name string) providers.Find {
	list := func(ctx context.Context) ([]image, error) { return c.images(ctx, dataset) }
	return find(list, func(i image) bool {
		stem, _, _ := strings.Cut(i.Name, ".")
		return stem == name
	})
}

func (c client) findModel(project json.Number, name string) providers.Find {
	list := func(ctx context.Context) ([]model, error) { return c.models(ctx, project) }
	return find(list, func(m model) bool { return providers.SameText(name, m.Name) && !deleted(m.Status) })
}

// findStarted reads the model: its state tells whether the training began.
func (c client) findStarted(id json.Number) providers.Find {
	return func(ctx context.Context, _ providers.Intent) (providers.Finding, error) {
		finding := providers.Finding{Look: providers.Say("Look at the model's state at %s.", console)}
		m, err := c.model(ctx, id)
		if err != nil {
			return finding, err
		}
		finding.Complete = true
		if m.state() != stateCreated {
			finding.Matches = []providers.Receipt{m.started()}
		}
		return finding, nil
	}
}
