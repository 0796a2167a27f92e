// Pictures large, over the whole window: turning from one to the next, and back.

package picture

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"github.com/maquette-studio/maquette/views/kit"
)

// Page lies over the window until it is closed. It belongs to the UI goroutine.
type Page struct {
	kit.Layer

	Name   func(id string) string // stands behind the position; nil for none
	Turned func()                 // another picture is shown; may be nil

	window fyne.Window
	ids    []string // what the source makes pictures of; not changed
	at     int
	work   *kit.Work
	viewer *imageViewer
}

// Build makes the viewer over ids, which are source's; at is shown first. It
// works as a part of work.
func (p *Page) Build(w fyne.Window, work *kit.Work, source Source, ids []string, at int) {
	p.window, p.work, p.ids, p.at = w, work.Part(), ids, at
	p.viewer = newImageViewer(p.work, source)
	p.viewer.OnClose = p.Close
	if len(ids) > 1 {
		p.viewer.OnPrevious = func() { p.turn(-1) }
		p.viewer.OnNext = func() { p.turn(1) }
	}
}

// Begin shows the page; side is what stands beside the picture, nil for nothing.
func (p *Page) Begin(side fyne.CanvasObject) {
	back := kit.NewPlate(theme.ColorNameBackground, "", 0)
	object := container.NewStack(back, container.NewBorder(nil, nil, nil, side, p.viewer))
	p.Lay(p.window, object, p.TypedKey, p.viewer.TypedRune, p.viewer)
	p.show()
}

// Shown is the id of the picture that is shown.
func (p *Page) Shown() string { return p.ids[p.at] }

// Position is that of the picture shown among all.
func (p *Page) Position() int { return p.at }

// TypedKey is what keys do while nothing else takes them.
func (p *Page) TypedKey(event *fyne.KeyEvent) { p.viewer.TypedKey(event) }

// turn goes to a neighbour, around the ends.
func (p *Page) turn(by int) {
	p.at = p.beside(by)
	p.show()
}

func (p *Page) beside(by int) int { return (p.at + by + len(p.ids)) % len(p.ids) }

func (p *Page) show() {
	title := ""
	if len(p.ids) > 1 {
		title = fmt.Sprintf(lang.L("%d of %d"), p.at+1, len(p.ids))
	}
	if p.Name != nil {
		title = strings.TrimSpace(title + "   " + p.Name(p.Shown()))
	}
	p.viewer.ShowPicture(p.Shown(), title)
	p.viewer.Preload(p.ids[p.beside(1)], p.ids[p.beside(-1)])
	kit.Call(p.Turned)
}

// Close takes the page away.
func (p *Page) Close() {
	if p.Closed() {
		return
	}
	p.work.End()
	p.viewer.Clear()
	p.Layer.Close()
}
