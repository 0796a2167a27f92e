// Where the keyboard is: a ring around it, and the scroll that brings it into sight.

package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const (
	// ringGap is between a widget and its ring, ringWidth the ring's own width, in density-independent pixels.
	ringGap   float32 = 1
	ringWidth float32 = 2
	// sightMargin is left around what is scrolled into sight.
	sightMargin float32 = 12
)

// FocusRing lies over a window's content, or a panel, and draws a ring around what has the keyboard. Fyne tells nobody
// that the keyboard has moved, but it draws then, so the ring looks where the keyboard is as it is drawn. Some of Fyne's own
// widgets show next to nothing: a blue button is a blue button.
type FocusRing struct {
	widget.BaseWidget

	layer fyne.CanvasObject // the overlay it belongs to; nil for the window itself
	ring  *canvas.Rectangle

	looking bool // where things lie is found by a walk that asks the ring for its objects too
}

// ShowsFocus is a widget that shows by itself where the keyboard is.
type ShowsFocus interface{ ShowsFocus() bool }

// NewFocusRing belongs to an overlay, or to the window itself when that is nil.
func NewFocusRing(layer fyne.CanvasObject) *FocusRing {
	f := &FocusRing{layer: layer, ring: canvas.NewRectangle(color.Transparent)}
	f.ring.Hide()
	f.ExtendBaseWidget(f)
	return f
}

// CreateRenderer draws the ring alone.
func (f *FocusRing) CreateRenderer() fyne.WidgetRenderer { return &ringRenderer{f} }

// Around is the rectangle of the window that the ring was last drawn around; false when it isn't shown.
func (f *FocusRing) Around() (at fyne.Position, size fyne.Size, shown bool) {
	f.follow()
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(f).Add(f.ring.Position()), f.ring.Size(), f.ring.Visible()
}

// follow puts the ring where the keyboard is.
func (f *FocusRing) follow() {
	if f.looking {
		return
	}
	f.looking = true
	defer func() { f.looking = false }()
	c := fyne.CurrentApp().Driver().CanvasForObject(f)
	if c == nil || c.Overlays().Top() != f.layer {
		f.ring.Hide()
		return
	}
	focused, _ := c.Focused().(fyne.CanvasObject)
	if focused == nil || !focused.Visible() || focused.Size().IsZero() || showsFocus(focused) {
		f.ring.Hide()
		return
	}
	driver := fyne.CurrentApp().Driver()
	at := driver.AbsolutePositionForObject(focused)
	size := focused.Size()
	if scroll := scrollAround(focused); scroll != nil {
		from := driver.AbsolutePositionForObject(scroll)
		top, bottom := max(at.Y, from.Y), min(at.Y+size.Height, from.Y+scroll.Size().Height)
		if bottom-top < 2*ringWidth {
			f.ring.Hide()
			return
		}
		at.Y, size.Height = top, bottom-top
	}
	f.draw(at.Subtract(driver.AbsolutePositionForObject(f)), size)
}

func (f *FocusRing) draw(at fyne.Position, size fyne.Size) {
	grow := ringGap + ringWidth/2
	f.ring.StrokeColor, f.ring.StrokeWidth = theme.Color(theme.ColorNameForeground), ringWidth
	f.ring.CornerRadius = theme.Size(theme.SizeNameButtonRadius) + grow
	at, size = at.SubtractXY(grow, grow), size.AddWidthHeight(2*grow, 2*grow)
	if f.ring.Position() != at {
		f.ring.Move(at)
	}
	if f.ring.Size() != size {
		f.ring.Resize(size)
	}
	if !f.ring.Visible() {
		f.ring.Show()
	}
}

// showsFocus reports whether a widget shows the keyboard by itself: text has a cursor, a grid its own frame.
func showsFocus(object fyne.CanvasObject) bool {
	if own, ok := object.(ShowsFocus); ok {
		return own.ShowsFocus()
	}
	_, text := object.(interface{ SelectedText() string })
	return text
}

// ringRenderer asks where the keyboard is each time it is drawn.
type ringRenderer struct{ f *FocusRing }

func (r *ringRenderer) Layout(fyne.Size)   {}
func (r *ringRenderer) Destroy()           {}
func (r *ringRenderer) MinSize() fyne.Size { return fyne.Size{} }
func (r *ringRenderer) Refresh()           { canvas.Refresh(r.f) }

func (r *ringRenderer) Objects() []fyne.CanvasObject {
	r.f.follow()
	return []fyne.CanvasObject{r.f.ring}
}
