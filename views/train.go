// The Train tab.

package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

type trainTab struct {
	window  *Window
	content fyne.CanvasObject
}

func newTrainTab(w *Window) *trainTab {
	return &trainTab{window: w, content: widget.NewLabel("Train")}
}

func (t *trainTab) close()                      {}
func (t *trainTab) onJobs([]string)             {}
func (t *trainTab) onModels()                   {}
func (t *trainTab) onDataset()                  {}
func (t *trainTab) fill(string, map[string]any) {}
