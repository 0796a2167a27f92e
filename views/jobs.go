// The Jobs tab.

package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

type jobsTab struct {
	window  *Window
	content fyne.CanvasObject
}

func newJobsTab(w *Window) *jobsTab {
	return &jobsTab{window: w, content: widget.NewLabel("Jobs")}
}

func (t *jobsTab) close()           {}
func (t *jobsTab) refresh([]string) {}
func (t *jobsTab) selectJob(string) {}
