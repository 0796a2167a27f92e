// The Models tab.

package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

type modelsTab struct {
	window  *Window
	content fyne.CanvasObject
}

func newModelsTab(w *Window) *modelsTab {
	return &modelsTab{window: w, content: widget.NewLabel("Models")}
}

func (t *modelsTab) close()   {}
func (t *modelsTab) refresh() {}
