package views

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/kit"
)

// isWhole reports whether an object lies within the window, in at least the size it needs.
func isWhole(w *Window, object fyne.CanvasObject) bool {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(object)
	size, least, room := object.Size(), object.MinSize(), w.Canvas().Size()
	return size.Width >= least.Width && size.Height >= least.Height &&
		at.X >= 0 && at.Y > 0 && at.X+size.Width <= room.Width && at.Y+size.Height <= room.Height
}

// noticeIsWhole looks at a bar that has something to say.
func noticeIsWhole(t *testing.T, w *Window, bar *kit.NoticeBar, when string) {
	t.Helper()
	if !bar.Visible() || !isWhole(w, bar) {
		t.Errorf("%s: the bar is %v at %v", when, bar.Size(), fyne.CurrentApp().Driver().AbsolutePositionForObject(bar))
	}
	for _, button := range viewtest.Find[*widget.Button](bar) {
		if !isWhole(w, button) {
			t.Errorf("%s: the button %q is cut", when, button.Text)
		}
	}
}

// dismiss closes the bar by its cross.
func dismiss(bar *kit.NoticeBar) {
	buttons := viewtest.Find[*widget.Button](bar)
	test.Tap(buttons[len(buttons)-1])
}

func TestTheUndoBarOfTheGalleryIsWholeEachTime(t *testing.T) {
	ui, w, gallery := openGallery(t, 40)
	for _, width := range []float32{1000, 820, 1920} {
		w.Resize(fyne.NewSize(width, 700))
		for round := range 3 {
			left := len(gallery.grid.Items())
			gallery.delete([]string{gallery.grid.Items()[0].ID, gallery.grid.Items()[1].ID})
			ui.Until("the deletion", func() bool { return len(gallery.grid.Items()) == left-2 && gallery.notice.Visible() })
			noticeIsWhole(t, w, gallery.notice, fmt.Sprintf("%v wide, round %d", width, round))
			dismiss(gallery.notice)
			if gallery.notice.Visible() {
				t.Fatal("the cross doesn't dismiss the bar")
			}
			w.openTab(tabTrain)
			w.openTab(tabGallery)
		}
	}
	left := len(gallery.grid.Items())
	gallery.delete([]string{gallery.grid.Items()[0].ID})
	ui.Until("the deletion", func() bool { return len(gallery.grid.Items()) == left-1 && gallery.notice.Visible() })
	viewtest.TapButton(t, gallery.notice, "Undo")
	ui.Until("it is back", func() bool { return len(gallery.grid.Items()) == left && !gallery.notice.Visible() })
}

func TestTheUndoBarOfTheDatasetIsWholeEachTime(t *testing.T) {
	ui, w := openTrain(t)
	w.Resize(fyne.NewSize(1000, 700))
	pane := w.train.dataset
	for round := range 3 {
		pane.grid.Select(pane.grid.Items()[0].ID)
		left := len(pane.grid.Items())
		pane.removePhotos(pane.grid.Selected())
		ui.Until("the removal", func() bool { return len(pane.grid.Items()) == left-1 && pane.notice.Visible() })
		noticeIsWhole(t, w, pane.notice, fmt.Sprint("round ", round))
		dismiss(pane.notice)
		w.openTab(tabGallery)
		w.openTab(tabTrain)
	}
}

func TestALongNoticeWrapsAndStaysWhole(t *testing.T) {
	speakPseudo(t)
	ui, w, gallery := openGallery(t, 4)
	w.Resize(fyne.NewSize(820, 600))
	long := "Saved as " + "a very long name of a file that somebody gave it because they could, and then some more of it, twice over and with a date.png"
	gallery.exported(long, t.TempDir(), nil)
	ui.Drain()
	noticeIsWhole(t, w, gallery.notice, "a long text")
	gallery.exported("short", t.TempDir(), nil)
	high := gallery.notice.Size().Height
	gallery.exported(long+long, t.TempDir(), nil)
	noticeIsWhole(t, w, gallery.notice, "a longer text in its place")
	if gallery.notice.Size().Height <= high {
		t.Error("a text of several lines has the room of one")
	}
}
