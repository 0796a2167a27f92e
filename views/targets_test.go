package views

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/kit"
)

// tooSmall names what can be pressed under root and is smaller than kit.LeastTarget.
func tooSmall(root fyne.CanvasObject) []string {
	var found []string
	for _, press := range pressable(root) {
		if kind := fmt.Sprintf("%T", press); kind == "*widget.scrollBarArea" {
			continue // the wheel and the keyboard scroll too
		}
		size := press.(fyne.CanvasObject).Size()
		if size.Width < kit.LeastTarget || size.Height < kit.LeastTarget {
			found = append(found, fmt.Sprintf("%T of %v (%q)", press, size, viewtest.LabelTexts(press.(fyne.CanvasObject))))
		}
	}
	return found
}

// fillForLooking has in each tab what a person would have there.
func fillForLooking(t *testing.T, ui *viewtest.UI, w *Window) {
	t.Helper()
	job := generateDemo(t, w, 2)
	ui.Until("both are in the gallery", func() bool { return len(w.gallery.grid.Items()) == 2 })
	w.gallery.grid.Select(job.Images[0])
	w.train.dataset.grid.Select(w.train.dataset.grid.Items()[0].ID)
	w.train.dataset.notice.OfferUndo("done", func() {})
	w.showJob(job.ID)
}

// everywhere calls look for each tab and panel.
func everywhere(t *testing.T, ui *viewtest.UI, w *Window, look func(where string, root fyne.CanvasObject)) {
	t.Helper()
	fillForLooking(t, ui, w)
	for i, row := range declaredTabs() {
		w.openTab(i)
		ui.Drain()
		look(row.title, w.tabs.Items[i].Content)
	}
	for name, show := range map[string]func(){
		"about": w.showAbout, "calls": func() { showCalls(w.desk, w) }, "check": func() { showCheck(w.desk) }, "photos": w.addPhotos,
	} {
		show()
		ui.Drain()
		look(name, w.Canvas().Overlays().Top())
		for _, button := range viewtest.Find[*kit.Button](w.Canvas().Overlays().Top()) {
			if button.Text == "Cancel" || button.Text == "Close" {
				test.Tap(button)
				break
			}
		}
	}
}

func TestWhatCanBePressedIsLargeEnough(t *testing.T) {
	ui, w := openTrain(t)
	w.Resize(fyne.NewSize(1000, 700))
	everywhere(t, ui, w, func(where string, root fyne.CanvasObject) {
		for _, small := range tooSmall(root) {
			t.Errorf("%s: %s", where, small)
		}
	})
}
