// The mouse wheel over forms: text fields would keep it to themselves.

package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// wheelCover lies over a scroll and hands it the wheel; everything else of the
// mouse goes through to what lies under it.
type wheelCover struct {
	widget.BaseWidget

	scroll *container.Scroll
}

// ScrolledAsOne is scroll, moved by the wheel wherever the pointer is in it.
func ScrolledAsOne(scroll *container.Scroll) fyne.CanvasObject {
	cover := &wheelCover{scroll: scroll}
	cover.ExtendBaseWidget(cover)
	return container.NewStack(scroll, cover)
}

// Scrolled turns the wheel for what lies under it.
func (c *wheelCover) Scrolled(event *fyne.ScrollEvent) { c.scroll.Scrolled(event) }

// CreateRenderer shows nothing.
func (c *wheelCover) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(nil))
}
