package views

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/kit"
)

// drawn has the window asked for all that it draws, in which it follows the keyboard. Nothing is painted: Fyne's painter for
// tests falls over a field that has no width yet.
func drawn(ui *viewtest.UI, w *Window) {
	for range 2 {
		_ = viewtest.Find[*kit.FocusRing](w.Content())
		ui.Drain()
	}
}

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

func TestTabReachesTheFormBeforeTheResultsAndScrollsWithIt(t *testing.T) {
	ui, w := openGenerate(t)
	makePictures(t, ui, w, map[string]any{"prompt": "a paper fox", "count": int64(2)})
	w.Resize(fyne.NewSize(1000, 560))
	w.openTab(tabGenerate)
	w.Canvas().Unfocus()
	driver := fyne.CurrentApp().Driver()
	scroll := w.generate.form.Scroll
	top := driver.AbsolutePositionForObject(scroll).Y
	first, last, button := -1, -1, -1
	scrolled := false
	seen := map[fyne.Focusable]bool{}
	for i := range 80 {
		w.Canvas().FocusNext()
		at := w.Canvas().Focused()
		if at == nil || seen[at] {
			break
		}
		seen[at] = true
		object := at.(fyne.CanvasObject)
		drawn(ui, w)
		position := driver.AbsolutePositionForObject(object)
		switch {
		case at == fyne.Focusable(w.generate.button):
			button = i
		case position.X > formColumn+80 && first < 0:
			first = i
		case position.X <= formColumn+80:
			last = i
			if _, text := at.(*widget.Entry); text && (position.Y < top || position.Y+object.Size().Height > top+scroll.Size().Height+1) {
				t.Errorf("a field at %v has the keyboard out of sight", position)
			}
		}
		scrolled = scrolled || scroll.Offset.Y > 0
		if position.X <= formColumn+80 && at != fyne.Focusable(w.generate.button) && (position.Y < 0 || position.Y+object.Size().Height > w.Canvas().Size().Height) {
			t.Errorf("%T at %v has the keyboard outside of the window", at, position)
		}
	}
	if first >= 0 && (first < last || first < button) || last < 0 || button < 0 {
		t.Errorf("the results come at step %d, the form's end at %d, its button at %d", first, last, button)
	}
	if !scrolled {
		t.Error("the form never scrolled")
	}
}

func TestNothingIsTypedIntoATabThatIsOutOfSight(t *testing.T) {
	_, w := openDemo(t)
	w.openTab(tabSettings)
	field := viewtest.Find[*widget.Entry](w.settings.content)[0]
	w.Canvas().Focus(field)
	w.openTab(tabJobs)
	if focused := w.Canvas().Focused(); focused != nil {
		t.Errorf("%T in Settings still has the keyboard", focused)
	}
}
