// A small picture that a service links to.

package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// briaThumbEdge is the edge of an image in the list, in density-independent
// pixels.
const briaThumbEdge float32 = 108

// remoteThumb is a small picture that a service links to. Double click, Enter
// and Space open it.
type remoteThumb struct {
	widget.BaseWidget

	OnOpen func()

	slot    *picture.Slot
	back    *canvas.Rectangle
	picture *canvas.Image
	ring    *canvas.Rectangle
	broken  *widget.Icon
	focused bool
}

var _ fyne.Focusable = (*remoteThumb)(nil)

func newRemoteThumb(loader *picture.Loader) *remoteThumb {
	t := &remoteThumb{
		back: canvas.NewRectangle(nil), ring: canvas.NewRectangle(nil),
		picture: &canvas.Image{FillMode: canvas.ImageFillContain},
	}
	t.slot = picture.NewSlot(loader, t.draw)
	t.broken = widget.NewIcon(theme.BrokenImageIcon())
	t.broken.Hide()
	t.ExtendBaseWidget(t)
	return t
}

func (t *remoteThumb) show(link string) {
	if t.slot.Set(link, picture.Pixels(t, briaThumbEdge)) || link == "" {
		t.draw()
	}
}

// draw shows what is known of the picture by now.
func (t *remoteThumb) draw() {
	t.picture.Image = t.slot.Image()
	kit.SetVisible(t.slot.Err != nil || t.slot.ID() == "", t.broken)
	t.Refresh()
	t.picture.Refresh()
}

// Tapped gives the picture the keyboard.
func (t *remoteThumb) Tapped(*fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(t); c != nil {
		c.Focus(t)
	}
}

// DoubleTapped opens the picture.
func (t *remoteThumb) DoubleTapped(*fyne.PointEvent) { kit.Call(t.OnOpen) }

// TypedKey opens the picture.
func (t *remoteThumb) TypedKey(event *fyne.KeyEvent) {
	switch event.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		kit.Call(t.OnOpen)
	}
}

// TypedRune is needed for keys to arrive.
func (t *remoteThumb) TypedRune(rune) {}

// FocusGained shows the ring.
func (t *remoteThumb) FocusGained() {
	t.focused = true
	t.Refresh()
}

// FocusLost hides the ring.
func (t *remoteThumb) FocusLost() {
	t.focused = false
	t.Refresh()
}

// Cursor shows that the picture can be opened.
func (t *remoteThumb) Cursor() desktop.Cursor { return desktop.PointerCursor }

// Refresh follows state and theme.
func (t *remoteThumb) Refresh() {
	t.paint()
	t.BaseWidget.Refresh()
}

func (t *remoteThumb) paint() {
	t.back.FillColor = theme.Color(kit.ColorMat)
	t.back.CornerRadius, t.ring.CornerRadius = 4, 4
	t.ring.StrokeWidth = 0
	if t.focused {
		t.ring.StrokeColor, t.ring.StrokeWidth = theme.Color(theme.ColorNamePrimary), 2
	}
}

// CreateRenderer stacks the mat, the picture, the sign for none and the ring.
func (t *remoteThumb) CreateRenderer() fyne.WidgetRenderer {
	t.paint()
	sign := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(28), t.broken))
	return widget.NewSimpleRenderer(container.NewStack(t.back, t.picture, sign, t.ring))
}
