// What lies over the window: it dims what is behind, and its panel lies in the middle.

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

// Overlay fills the window, dims it, and grows with it; the panel lies in the middle.
type Overlay struct {
	widget.BaseWidget

	most         fyne.Size // of the panel; zero for as large as the window lets it be
	scrim, panel *canvas.Rectangle
	content      fyne.CanvasObject
}

func NewOverlay(content fyne.CanvasObject) *Overlay {
	o := &Overlay{
		scrim: canvas.NewRectangle(nil), panel: canvas.NewRectangle(nil), content: container.NewPadded(content),
	}
	o.ExtendBaseWidget(o)
	return o
}

// NewOverlayOf is an overlay whose panel grows up to a size.
func NewOverlayOf(content fyne.CanvasObject, most fyne.Size) *Overlay {
	o := NewOverlay(content)
	o.most = most
	return o
}

// CreateRenderer stacks scrim, panel and content.
func (o *Overlay) CreateRenderer() fyne.WidgetRenderer {
	o.paint()
	return widget.NewSimpleRenderer(container.NewStack(o.scrim, container.New(&middle{o.most}, o.panel, o.content)))
}

// middle puts everything in it into the middle, in the same size.
type middle struct{ most fyne.Size }

// MinSize leaves the margin around what is in it.
func (p *middle) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.Size{}
	for _, object := range objects {
		size = size.Max(object.MinSize())
	}
	return size.AddWidthHeight(2*overlayMargin, 2*overlayMargin)
}

// Layout grows with the window up to most.
func (p *middle) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	room := size.SubtractWidthHeight(2*overlayMargin, 2*overlayMargin)
	if p.most != (fyne.Size{}) {
		room = room.Min(p.most)
	}
	at := fyne.NewPos((size.Width-room.Width)/2, (size.Height-room.Height)/2)
	for _, object := range objects {
		Place(object, at, room)
	}
}

// Refresh follows a change of theme.
func (o *Overlay) Refresh() {
	o.paint()
	o.BaseWidget.Refresh()
}

func (o *Overlay) paint() {
	o.scrim.FillColor = theme.Color(ColorScrim)
	o.panel.FillColor, o.panel.CornerRadius = theme.Color(theme.ColorNameOverlayBackground), 8
	o.panel.StrokeColor, o.panel.StrokeWidth = theme.Color(theme.ColorNameSeparator), 1
}
