package views

import (
	"testing"

	"fyne.io/fyne/v2"
)

func TestTheRingIsAroundWhatHasTheKeyboard(t *testing.T) {
	_, w := openGenerate(t)
	driver := fyne.CurrentApp().Driver()
	w.Canvas().Focus(w.generate.button)
	at, size, shown := w.ring.Around()
	button := driver.AbsolutePositionForObject(w.generate.button)
	within := button.X > at.X && button.Y > at.Y && button.X+w.generate.button.Size().Width < at.X+size.Width
	if !shown || !within || size.Height > w.generate.button.Size().Height+8 {
		t.Errorf("the blue button is at %v, the ring at %v, %v; %T has the keyboard", button, at, size, w.Canvas().Focused())
	}
	w.Canvas().Focus(w.generate.form.Input("prompt"))
	if _, _, shown := w.ring.Around(); shown {
		t.Error("text with a cursor has a ring too")
	}
	w.Canvas().Unfocus()
	if _, _, shown := w.ring.Around(); shown {
		t.Error("without the keyboard anywhere there is a ring")
	}
	w.Canvas().Focus(w.generate.button)
	w.showAbout()
	if _, _, shown := w.ring.Around(); shown {
		t.Error("the window's ring is drawn under a panel")
	}
}
