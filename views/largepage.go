// Pictures large, over the whole window: turning from one to the next, and back.

package views

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
)

// largePage lies over the window until it is closed. It belongs to the UI
// goroutine.
type largePage struct {
	window *Window
	ids    []string // what the source makes pictures of; not changed
	at     int
	name   func(id string) string // stands behind the position; nil for none
	turned func()                 // another picture is shown; may be nil

	viewer  *imageViewer
	overlay fyne.CanvasObject
	keys    func(*fyne.KeyEvent) // the window's own, while the page has them
	runes   func(rune)
	closed  bool
}

// buildPage makes the viewer over ids, which are source's; at is shown first.
func (p *largePage) buildPage(w *Window, source thumbSource, ids []string, at int) {
	p.window, p.ids, p.at = w, ids, at
	p.viewer = newImageViewer(source)
	p.viewer.OnClose = p.Close
	if len(ids) > 1 {
		p.viewer.OnPrevious = func() { p.turn(-1) }
		p.viewer.OnNext = func() { p.turn(1) }
	}
}

// begin shows the page; side is what stands beside the picture, nil for nothing.
func (p *largePage) begin(side fyne.CanvasObject) {
	p.window.closePicture()
	p.window.large = p
	back := newPlate(theme.ColorNameBackground, "", 0)
	p.overlay = container.NewStack(back, container.NewBorder(nil, nil, nil, side, p.viewer))
	c := p.window.Canvas()
	p.keys, p.runes = c.OnTypedKey(), c.OnTypedRune()
	c.SetOnTypedKey(func(event *fyne.KeyEvent) { p.viewer.TypedKey(event) })
	c.SetOnTypedRune(p.viewer.TypedRune)
	c.Overlays().Add(p.overlay)
	c.Focus(p.viewer)
	p.show()
}

// turn goes to a neighbour, around the ends.
func (p *largePage) turn(by int) {
	p.at = p.beside(by)
	p.show()
}

func (p *largePage) beside(by int) int { return (p.at + by + len(p.ids)) % len(p.ids) }

func (p *largePage) show() {
	id := p.ids[p.at]
	title := ""
	if len(p.ids) > 1 {
		title = fmt.Sprintf(lang.L("%d of %d"), p.at+1, len(p.ids))
	}
	if p.name != nil {
		title = strings.TrimSpace(title + "   " + p.name(id))
	}
	p.viewer.ShowPicture(id, title)
	p.viewer.Preload(p.ids[p.beside(1)], p.ids[p.beside(-1)])
	call(p.turned)
}

// Close takes the page away.
func (p *largePage) Close() {
	if p.closed {
		return
	}
	p.closed = true
	p.window.large, p.window.page = nil, nil
	c := p.window.Canvas()
	c.SetOnTypedKey(p.keys)
	c.SetOnTypedRune(p.runes)
	if slices.Contains(c.Overlays().List(), p.overlay) {
		c.Overlays().Remove(p.overlay)
	}
	p.viewer.Clear()
	work(p.window, func(context.Context) struct{} {
		p.viewer.Close()
		return struct{}{}
	}, nil)
}

// closePicture takes the page away, if one is open.
func (w *Window) closePicture() {
	if w.large != nil {
		w.large.Close()
	}
}
