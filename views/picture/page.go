// Pictures large, over the whole window: turning from one to the next, and back.

package picture

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"github.com/maquette-studio/maquette/views/kit"
)

// Page lies over the window until it is closed. It belongs to the UI
// goroutine.
type Page struct {
	window   fyne.Window
	workers  *kit.Workers
	OnClosed func()   // may be nil
	Ids      []string // what the source makes pictures of; not changed
	At       int
	Name     func(id string) string // stands behind the position; nil for none
	Turned   func()                 // another picture is shown; may be nil

	Viewer  *imageViewer
	Overlay fyne.CanvasObject
	keys    func(*fyne.KeyEvent) // the window's own, while the page has them
	runes   func(rune)
	Closed  bool
}

// Build makes the viewer over ids, which are source's; at is shown first.
func (p *Page) Build(w fyne.Window, ws *kit.Workers, source Source, ids []string, at int) {
	p.window, p.workers, p.Ids, p.At = w, ws, ids, at
	p.Viewer = newImageViewer(source)
	p.Viewer.OnClose = p.Close
	if len(ids) > 1 {
		p.Viewer.OnPrevious = func() { p.turn(-1) }
		p.Viewer.OnNext = func() { p.turn(1) }
	}
}

// Begin shows the page; side is what stands beside the picture, nil for nothing.
func (p *Page) Begin(side fyne.CanvasObject) {
	back := kit.NewPlate(theme.ColorNameBackground, "", 0)
	p.Overlay = container.NewStack(back, container.NewBorder(nil, nil, nil, side, p.Viewer))
	c := p.window.Canvas()
	p.keys, p.runes = c.OnTypedKey(), c.OnTypedRune()
	c.SetOnTypedKey(func(event *fyne.KeyEvent) { p.Viewer.TypedKey(event) })
	c.SetOnTypedRune(p.Viewer.TypedRune)
	c.Overlays().Add(p.Overlay)
	c.Focus(p.Viewer)
	p.show()
}

// turn goes to a neighbour, around the ends.
func (p *Page) turn(by int) {
	p.At = p.beside(by)
	p.show()
}

func (p *Page) beside(by int) int { return (p.At + by + len(p.Ids)) % len(p.Ids) }

func (p *Page) show() {
	id := p.Ids[p.At]
	title := ""
	if len(p.Ids) > 1 {
		title = fmt.Sprintf(lang.L("%d of %d"), p.At+1, len(p.Ids))
	}
	if p.Name != nil {
		title = strings.TrimSpace(title + "   " + p.Name(id))
	}
	p.Viewer.ShowPicture(id, title)
	p.Viewer.Preload(p.Ids[p.beside(1)], p.Ids[p.beside(-1)])
	kit.Call(p.Turned)
}

// Close takes the page away.
func (p *Page) Close() {
	if p.Closed {
		return
	}
	p.Closed = true
	c := p.window.Canvas()
	c.SetOnTypedKey(p.keys)
	c.SetOnTypedRune(p.runes)
	if slices.Contains(c.Overlays().List(), p.Overlay) {
		c.Overlays().Remove(p.Overlay)
	}
	p.Viewer.Clear()
	kit.Work(p.workers, func(context.Context) struct{} {
		p.Viewer.Close()
		return struct{}{}
	}, nil)
	kit.Call(p.OnClosed)
}
