// How a panel lies over the window: what is behind is dimmed, the panel lies in the middle.

package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// overlayMargin is around a panel, in density-independent pixels.
const overlayMargin float32 = 28

// overlay fills the window, dims it, and grows with it.
type overlay struct {
	widget.BaseWidget

	most         fyne.Size // of the panel; zero for as large as the window lets it be
	scrim, panel *canvas.Rectangle
	content      fyne.CanvasObject
}

func newOverlay(content fyne.CanvasObject, most fyne.Size) *overlay {
	o := &overlay{
		most: most, scrim: canvas.NewRectangle(nil), panel: canvas.NewRectangle(nil), content: container.NewPadded(content),
	}
	o.ExtendBaseWidget(o)
	return o
}

// CreateRenderer stacks scrim, panel and content.
func (o *overlay) CreateRenderer() fyne.WidgetRenderer {
	o.paint()
	return widget.NewSimpleRenderer(container.NewStack(o.scrim, container.New(&inTheMiddle{o.most}, o.panel, o.content), NewFocusRing(o)))
}

// Refresh follows a change of theme.
func (o *overlay) Refresh() {
	o.paint()
	o.BaseWidget.Refresh()
}

func (o *overlay) paint() {
	o.scrim.FillColor = theme.Color(ColorScrim)
	o.panel.FillColor, o.panel.CornerRadius = theme.Color(theme.ColorNameOverlayBackground), 8
	o.panel.StrokeColor, o.panel.StrokeWidth = theme.Color(theme.ColorNameSeparator), 1
}

// inTheMiddle puts everything in it into the middle, in the same size.
type inTheMiddle struct{ most fyne.Size }

// MinSize leaves the margin around what is in it.
func (m *inTheMiddle) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.Size{}
	for _, object := range objects {
		size = size.Max(object.MinSize())
	}
	return size.AddWidthHeight(2*overlayMargin, 2*overlayMargin)
}

// Layout grows with the window up to most.
func (m *inTheMiddle) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	room := size.SubtractWidthHeight(2*overlayMargin, 2*overlayMargin)
	if m.most != (fyne.Size{}) {
		room = room.Min(m.most)
	}
	at := fyne.NewPos((size.Width-room.Width)/2, (size.Height-room.Height)/2)
	for _, object := range objects {
		Place(object, at, room)
	}
}
