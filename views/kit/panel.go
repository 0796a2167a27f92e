// A panel over the window: it has the keyboard until it is closed.

package kit

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

// Panel dims the window behind it; Escape closes it. Its owner embeds it and
// fills it. It belongs to the UI goroutine.
type Panel struct {
	OnEnter  func() // Enter where nothing else takes it; may be nil
	OnClosed func() // may be nil

	Window  fyne.Window
	Overlay *Overlay
	keys    func(*fyne.KeyEvent) // the window's own, while the panel has them
	Closed  bool
}

// Show lays content over the window, at most so large; the zero size means as
// large as the window lets it be. focus gets the keyboard.
func (p *Panel) Show(w fyne.Window, content fyne.CanvasObject, most fyne.Size, focus fyne.Focusable) {
	p.Window, p.Overlay = w, NewOverlayOf(content, most)
	canvas := w.Canvas()
	p.keys = canvas.OnTypedKey()
	canvas.SetOnTypedKey(func(event *fyne.KeyEvent) { p.Key(event) })
	canvas.Overlays().Add(p.Overlay)
	canvas.Focus(focus)
}

// Key is what keys do wherever the focus is in the panel.
func (p *Panel) Key(event *fyne.KeyEvent) bool {
	switch event.Name {
	case fyne.KeyEscape:
		p.Close()
		return true
	case fyne.KeyReturn, fyne.KeyEnter:
		Call(p.OnEnter)
		return p.OnEnter != nil
	}
	return false
}

// Escape is key for what has its own use for Enter.
func (p *Panel) Escape(event *fyne.KeyEvent) bool {
	return event.Name == fyne.KeyEscape && p.Key(event)
}

// Close takes the panel away with nothing done.
func (p *Panel) Close() {
	if p.Closed {
		return
	}
	p.Closed = true
	canvas := p.Window.Canvas()
	canvas.SetOnTypedKey(p.keys)
	if slices.Contains(canvas.Overlays().List(), fyne.CanvasObject(p.Overlay)) {
		canvas.Overlays().Remove(p.Overlay)
	}
	Call(p.OnClosed)
}

// ButtonRow is a panel's buttons, at the right.
func ButtonRow(buttons ...fyne.CanvasObject) fyne.CanvasObject {
	return container.NewHBox(append([]fyne.CanvasObject{layout.NewSpacer()}, buttons...)...)
}
