// Scrolls of forms and pages: turned as one by the wheel, and following the keyboard.

package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// wheelCover lies over a scroll and hands it the wheel, which text fields would keep to themselves; everything else of
// the mouse goes through to what lies under it.
type wheelCover struct {
	widget.BaseWidget
	scroll *container.Scroll
}

// ScrolledAsOne is scroll, moved by the wheel wherever the pointer is in it, and by the keyboard.
func ScrolledAsOne(scroll *container.Scroll) fyne.CanvasObject {
	cover := &wheelCover{scroll: scroll}
	cover.ExtendBaseWidget(cover)
	return container.NewStack(FollowingFocus(scroll), cover)
}

// Scrolled turns the wheel for what lies under it.
func (c *wheelCover) Scrolled(event *fyne.ScrollEvent) { c.scroll.Scrolled(event) }

// CreateRenderer shows nothing.
func (c *wheelCover) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(color.Transparent))
}

// focusFollower lies beside a scroll and looks, each time it is drawn, whether the keyboard has moved into it.
type focusFollower struct {
	widget.BaseWidget
	scroll *container.Scroll
	last   fyne.CanvasObject // what had the keyboard when it was drawn last

	looking bool // where things lie is found by a walk that asks for its objects too
}

// FollowingFocus is scroll, which brings into sight what gets the keyboard in it.
func FollowingFocus(scroll *container.Scroll) fyne.CanvasObject {
	f := &focusFollower{scroll: scroll}
	f.ExtendBaseWidget(f)
	return container.NewStack(scroll, f)
}

// CreateRenderer shows nothing.
func (f *focusFollower) CreateRenderer() fyne.WidgetRenderer { return &followRenderer{f} }

// follow scrolls once for each move of the keyboard, so that the wheel can lead away again.
func (f *focusFollower) follow() {
	if f.looking {
		return
	}
	f.looking = true
	defer func() { f.looking = false }()
	c := fyne.CurrentApp().Driver().CanvasForObject(f)
	if c == nil {
		return
	}
	focused, _ := c.Focused().(fyne.CanvasObject)
	if focused == f.last {
		return
	}
	f.last = focused
	if focused == nil || !holds(f.scroll.Content, focused) {
		return
	}
	scrolledFocus.object, scrolledFocus.scroll = focused, f.scroll
	OnUI(func() { f.reveal(focused) }) // a scroll that moves while it is drawn would be drawn half
}

// reveal scrolls as little as it takes.
func (f *focusFollower) reveal(object fyne.CanvasObject) {
	driver := fyne.CurrentApp().Driver()
	if c := driver.CanvasForObject(f); c == nil || c.Focused() != object.(fyne.Focusable) {
		return
	}
	top := driver.AbsolutePositionForObject(object).Y - driver.AbsolutePositionForObject(f).Y
	bottom := top + object.Size().Height
	to := f.scroll.Offset
	switch room := f.scroll.Size().Height; {
	case top < sightMargin || object.Size().Height > room:
		to.Y += top - sightMargin
	case bottom > room-sightMargin:
		to.Y += bottom - room + sightMargin
	default:
		return
	}
	to.Y = min(max(0, to.Y), max(0, f.scroll.Content.Size().Height-f.scroll.Size().Height))
	f.scroll.ScrollToOffset(to)
}

// scrolledFocus is the widget with the keyboard that was last seen in a scroll, and that scroll. Of the UI goroutine.
var scrolledFocus struct {
	object fyne.CanvasObject
	scroll *container.Scroll
}

// scrollAround is the scroll that a widget with the keyboard lies in, nil for none.
func scrollAround(focused fyne.CanvasObject) *container.Scroll {
	if scrolledFocus.object != focused {
		return nil
	}
	return scrolledFocus.scroll
}

// holds reports whether target lies under root. What a widget is made of is its own matter: those that are made of others
// that take the keyboard say so by Parts.
func holds(root, target fyne.CanvasObject) bool {
	if root == target {
		return true
	}
	if !root.Visible() {
		return false
	}
	if parent, ok := root.(*fyne.Container); ok {
		for _, child := range parent.Objects {
			if holds(child, target) {
				return true
			}
		}
		return false
	}
	composed, ok := root.(interface{ Parts() fyne.CanvasObject })
	return ok && holds(composed.Parts(), target)
}

// followRenderer looks where the keyboard is each time it is drawn.
type followRenderer struct{ f *focusFollower }

func (r *followRenderer) Layout(fyne.Size)   {}
func (r *followRenderer) Destroy()           {}
func (r *followRenderer) MinSize() fyne.Size { return fyne.Size{} }
func (r *followRenderer) Refresh()           { canvas.Refresh(r.f) }

func (r *followRenderer) Objects() []fyne.CanvasObject {
	r.f.follow()
	return nil
}
