// Which of a training's models to use, and for what.

package models

import (
	"slices"

	"github.com/maquette-studio/maquette/providers"
)

// Best is the model to generate with first, of those that a training made: its last full checkpoint, else the last of
// whatever there is. It is unknown where none of them is here.
func (ms *Models) Best(ids []string) (best Model, known bool) {
	for _, id := range ids {
		model, ok := ms.Model(id)
		if !ok {
			continue
		}
		if !known || model.betterThan(best) {
			best, known = model, true
		}
	}
	return best, known
}

func (m Model) betterThan(other Model) bool {
	if full, otherFull := m.isFull(), other.isFull(); full != otherFull {
		return full
	}
	return m.Step > other.Step
}

// isFull reports whether the model works by itself, without the base that it was trained on.
func (m Model) isFull() bool { return m.Type != "lora" }

// GeneratingWith is the task that generates with a model, and its field for the model; nil where there is none.
func (ms *Models) GeneratingWith(model Model) (task *providers.Task, field string) {
	service, ok := ms.cfg.Services.Service(model.Service)
	if !ok {
		return nil, ""
	}
	for i := range service.Tasks {
		task := &service.Tasks[i]
		at := slices.IndexFunc(task.Fields, func(f providers.Field) bool { return f.Kind == providers.Trained })
		if task.Kind == providers.Generate && at >= 0 {
			return task, task.Fields[at].Key
		}
	}
	return nil, ""
}
