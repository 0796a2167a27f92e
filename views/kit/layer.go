// What lies over the window.

package kit

import (
	"slices"

	"fyne.io/fyne/v2"
)

// Layer lies over the window and has its keyboard until it is closed. Its owner
// embeds it. It belongs to the UI goroutine.
type Layer struct {
	OnClosed func() // may be nil

	window fyne.Window
	object fyne.CanvasObject
	keys   func(*fyne.KeyEvent) // the window's own, while the layer has them
	runes  func(rune)
	closed bool
}

// Lay lays an object over the window; keys and runes get what is typed while
// nothing has the keyboard. focus gets the keyboard, unless it is nil.
func (l *Layer) Lay(w fyne.Window, object fyne.CanvasObject, keys func(*fyne.KeyEvent), runes func(rune), focus fyne.Focusable) {
	l.window, l.object = w, object
	canvas := w.Canvas()
	l.keys, l.runes = canvas.OnTypedKey(), canvas.OnTypedRune()
	canvas.SetOnTypedKey(keys)
	canvas.SetOnTypedRune(runes)
	canvas.Overlays().Add(object)
	if focus != nil {
		canvas.Focus(focus)
	}
}

// Focus gives something in the layer the keyboard.
func (l *Layer) Focus(target fyne.Focusable) { l.window.Canvas().Focus(target) }

// Below hands a key to what the layer lies over.
func (l *Layer) Below(event *fyne.KeyEvent) {
	if l.keys != nil {
		l.keys(event)
	}
}

// Closed reports whether the layer was taken away.
func (l *Layer) Closed() bool { return l.closed }

// Object is what lies over the window.
func (l *Layer) Object() fyne.CanvasObject { return l.object }

// Close takes the layer away, once, and gives the window its keys back.
func (l *Layer) Close() {
	if l.closed {
		return
	}
	l.closed = true
	canvas := l.window.Canvas()
	canvas.SetOnTypedKey(l.keys)
	canvas.SetOnTypedRune(l.runes)
	if slices.Contains(canvas.Overlays().List(), l.object) {
		canvas.Overlays().Remove(l.object)
	}
	Call(l.OnClosed)
}
