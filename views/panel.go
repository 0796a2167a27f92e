// A panel over the window: it has the keyboard until it is closed.

package views

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

// panel dims the window behind it; Escape closes it. Its owner embeds it and
// fills it. It belongs to the UI goroutine.
type panel struct {
	OnEnter  func() // Enter where nothing else takes it; may be nil
	OnClosed func() // may be nil

	window  *Window
	overlay *pickerOverlay
	keys    func(*fyne.KeyEvent) // the window's own, while the panel has them
	closed  bool
}

// show lays content over the window, at most so large; the zero size means as
// large as the window lets it be. focus gets the keyboard.
func (p *panel) show(w *Window, content fyne.CanvasObject, most fyne.Size, focus fyne.Focusable) {
	p.window, p.overlay = w, newPickerPanel(content, most)
	canvas := w.Canvas()
	p.keys = canvas.OnTypedKey()
	canvas.SetOnTypedKey(func(event *fyne.KeyEvent) { p.key(event) })
	canvas.Overlays().Add(p.overlay)
	canvas.Focus(focus)
}

// key is what keys do wherever the focus is in the panel.
func (p *panel) key(event *fyne.KeyEvent) bool {
	switch event.Name {
	case fyne.KeyEscape:
		p.Close()
		return true
	case fyne.KeyReturn, fyne.KeyEnter:
		call(p.OnEnter)
		return p.OnEnter != nil
	}
	return false
}

// escape is key for what has its own use for Enter.
func (p *panel) escape(event *fyne.KeyEvent) bool {
	return event.Name == fyne.KeyEscape && p.key(event)
}

// Close takes the panel away with nothing done.
func (p *panel) Close() {
	if p.closed {
		return
	}
	p.closed = true
	canvas := p.window.Canvas()
	canvas.SetOnTypedKey(p.keys)
	if slices.Contains(canvas.Overlays().List(), fyne.CanvasObject(p.overlay)) {
		canvas.Overlays().Remove(p.overlay)
	}
	call(p.OnClosed)
}

// buttonRow is a panel's buttons, at the right.
func buttonRow(buttons ...fyne.CanvasObject) fyne.CanvasObject {
	return container.NewHBox(append([]fyne.CanvasObject{layout.NewSpacer()}, buttons...)...)
}
