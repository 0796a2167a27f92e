// A job that failed with one of a service's models may succeed with the other.

package views

import (
	"fmt"
	"maps"

	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/jobs"
)

// offerOtherModel adds a button to the card of a failed job that fills the form
// with the job and the other model. Nothing is sent by it.
func (c *failureCard) offerOtherModel(job jobs.Job) {
	task, _, ok := c.studio.Services().Task(job.Task)
	if !ok {
		return
	}
	other := job.OtherModel(task)
	if other == "" {
		return
	}
	text := fmt.Sprintf(lang.L("Try with %s"), other)
	c.buttons.Add(widget.NewButtonWithIcon(text, theme.DocumentCreateIcon(), func() {
		job.Values = maps.Clone(job.Values)
		job.Values[jobs.ModelField] = other
		c.host.fill(job.Task, job.Values)
	}))
	c.buttons.Show()
	c.Refresh()
}
