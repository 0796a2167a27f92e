// The Generate tab.

package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

type generateTab struct {
	window  *Window
	content fyne.CanvasObject
}

func newGenerateTab(w *Window) *generateTab {
	return &generateTab{window: w, content: widget.NewLabel("Generate")}
}

func (t *generateTab) close()                      {}
func (t *generateTab) onJobs([]string)             {}
func (t *generateTab) onModels()                   {}
func (t *generateTab) onPictures([]string)         {}
func (t *generateTab) fill(string, map[string]any) {}
func (t *generateTab) useModel(string)             {}
func (t *generateTab) useReference(string)         {}
func (t *generateTab) useModify(string)            {}
