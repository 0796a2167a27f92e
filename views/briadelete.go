// Deleting at Bria: what goes with it is counted first, and said before
// anything is done.

package views

import (
	"context"
	"fmt"
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/maquette-studio/maquette/views/kit"
)

// briaLoss is what a deletion takes away.
type briaLoss struct {
	datasets, images, models int
	training                 []string // names of models in training, which stand in the way
	users                    []string // names of models trained on a dataset that goes alone
}

// loseProject counts what a project holds, as Bria lists it now.
func (a briaAsker) loseProject(ctx context.Context, id briaID) (loss briaLoss, err error) {
	var datasets []briaDataset
	var models []briaModel
	in := map[string]any{"project_id": string(id)}
	if err := a.ask(ctx, "project-datasets", map[string]any{"project_id": string(id), "include_models_ids": true}, &datasets); err != nil {
		return loss, err
	}
	if err := a.ask(ctx, "project-models", in, &models); err != nil {
		return loss, err
	}
	lost := map[briaID]bool{}
	for _, m := range models {
		if deletedAtBria(m.Status) {
			continue
		}
		lost[m.ID] = true
		if m.inTraining() {
			loss.training = append(loss.training, m.Name)
		}
	}
	for _, d := range datasets {
		if deletedAtBria(d.Status) {
			continue
		}
		loss.datasets++
		count, err := a.images(ctx, d)
		if err != nil {
			return loss, err
		}
		loss.images += count
		for _, id := range d.ModelIDs {
			lost[id] = true
		}
	}
	loss.models = len(lost)
	return loss, nil
}

// loseDataset counts a dataset's images, and names the models trained on it.
func (a briaAsker) loseDataset(ctx context.Context, d briaDataset) (loss briaLoss, err error) {
	loss.datasets = 1
	if loss.images, err = a.images(ctx, briaDataset{ID: d.ID}); err != nil {
		return loss, err
	}
	var models []briaModel
	if err := a.ask(ctx, "project-models", map[string]any{"project_id": string(d.Project)}, &models); err != nil {
		return loss, err
	}
	for _, m := range models {
		switch {
		case m.Dataset != d.ID || deletedAtBria(m.Status):
		case m.inTraining():
			loss.training = append(loss.training, m.Name)
		default:
			loss.users = append(loss.users, m.Name)
		}
	}
	return loss, nil
}

// words spell the consequence out.
func (l briaLoss) words() string {
	var parts []string
	for _, part := range []struct {
		count int
		text  func(n int) string
	}{
		{l.datasets, func(n int) string { return kit.CountOf(n, lang.L("1 dataset"), lang.L("%d datasets")) }},
		{l.images, func(n int) string { return kit.CountOf(n, lang.L("1 image"), lang.L("%d images")) }},
		{l.models, func(n int) string { return kit.CountOf(n, lang.L("1 model"), lang.L("%d models")) }},
	} {
		if part.count > 0 {
			parts = append(parts, part.text(part.count))
		}
	}
	lines := []string{lang.L("It holds nothing.")}
	if len(parts) > 0 {
		lines[0] = fmt.Sprintf(lang.L("This deletes %s at Bria, for good."), allOf(parts))
	}
	if len(l.training) > 0 {
		lines = append(lines, fmt.Sprintf(lang.L("In training now: %s. Bria refuses until that is stopped: stop it first."), strings.Join(l.training, ", ")))
	}
	if len(l.users) > 0 {
		lines = append(lines, fmt.Sprintf(lang.L("Trained on it: %s."), strings.Join(l.users, ", ")))
	}
	return strings.Join(append(lines, lang.L("Photos and pictures in Maquette stay.")), "\n")
}

// allOf joins parts as a sentence does.
func allOf(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	last := len(parts) - 1
	return fmt.Sprintf(lang.L("%s and %s"), strings.Join(parts[:last], ", "), parts[last])
}

// askDelete counts what would go, says it, and deletes when told to. count
// runs in a worker.
func (p *briaPane) askDelete(name, call string, values map[string]any, count func(ctx context.Context) (briaLoss, error)) {
	p.change(lang.L("Counting what would be deleted…"), func(ctx context.Context, _ tellChange) (func(), error) {
		loss, err := count(ctx)
		if err != nil {
			return nil, err
		}
		return func() {
			kit.Confirm(p.window, kit.Question{
				Title: fmt.Sprintf(lang.L("Delete “%s” at Bria?"), name), Text: loss.words(), Yes: lang.L("Delete"), No: lang.L("Keep it"),
			}, func() { p.send(lang.L("Deleting…"), briaRequest{call, values}, p.reload) })
		}, nil
	})
}
