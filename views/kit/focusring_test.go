package kit_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/kit"
)

func TestTheRingFollowsTheKeyboard(t *testing.T) {
	ui := viewtest.Start(t)
	blue, entry := widget.NewButton("Start", nil), widget.NewEntry()
	blue.Importance = widget.HighImportance
	ring := kit.NewFocusRing(nil)
	w := ui.Window(container.NewStack(container.NewVBox(entry, container.NewHBox(blue)), ring), 400, 300)
	w.Canvas().Focus(blue)
	at, size, shown := ring.Around()
	button := fyne.CurrentApp().Driver().AbsolutePositionForObject(blue)
	if !shown || at.X >= button.X || at.Y >= button.Y || at.X+size.Width <= button.X+blue.Size().Width {
		t.Errorf("the button is at %v, %v, the ring at %v, %v, shown %v (%v)", button, blue.Size(), at, size, shown, w.Canvas().Overlays().Top())
	}
	w.Canvas().Focus(entry)
	if _, _, shown := ring.Around(); shown {
		t.Error("text with a cursor has a ring too")
	}
}
