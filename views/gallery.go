// The Gallery tab.

package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

type galleryTab struct {
	window  *Window
	content fyne.CanvasObject
}

func newGalleryTab(w *Window) *galleryTab {
	return &galleryTab{window: w, content: widget.NewLabel("Gallery")}
}

func (t *galleryTab) close()   {}
func (t *galleryTab) refresh() {}
