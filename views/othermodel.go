// A job that failed with one of a service's models may succeed with the other.

package views

import (
	"fmt"
	"maps"

	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
)

// modelField is the key of the models that a service offers to choose from.
const modelField = "model"

// otherModel is the model to try a job with that its service ended; "" where
// there is no other, or where another would not help.
func otherModel(studio *app.Studio, job jobs.Job) string {
	if job.State != providers.Failed || job.Error == nil || !job.Error.Ended && job.Error.Kind != providers.RefusedContent {
		return ""
	}
	task, _, ok := studio.Services().Task(job.Task)
	if !ok || task.Kind != providers.Generate {
		return ""
	}
	for _, field := range task.Fields {
		if field.Key != modelField || field.Kind != providers.Choice {
			continue
		}
		for _, option := range field.Options {
			if option.Value != job.Values.Text(modelField) {
				return option.Value
			}
		}
	}
	return ""
}

// offerOtherModel adds a button to the card of a failed job that fills the form
// with the job and the other model. Nothing is sent by it.
func (c *failureCard) offerOtherModel(job jobs.Job) {
	other := otherModel(c.studio, job)
	if other == "" {
		return
	}
	text := fmt.Sprintf(lang.L("Try with %s"), other)
	c.buttons.Add(widget.NewButtonWithIcon(text, theme.DocumentCreateIcon(), func() {
		job.Values = maps.Clone(job.Values)
		job.Values[modelField] = other
		c.host.fill(job.Task, job.Values)
	}))
	c.buttons.Show()
	c.Refresh()
}
