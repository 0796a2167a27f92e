package views

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

// reached walks through a canvas by Tab until it comes around.
func reached(c fyne.Canvas) map[fyne.Focusable]bool {
	walked := map[fyne.Focusable]bool{}
	c.Unfocus()
	for {
		c.FocusNext()
		at := c.Focused()
		if at == nil || walked[at] {
			return walked
		}
		walked[at] = true
	}
}

// pressable are the widgets under root that a mouse can press.
func pressable(root fyne.CanvasObject) []fyne.Tappable {
	var all []fyne.Tappable
	for _, widget := range viewtest.Find[fyne.Widget](root) {
		tapped, ok := widget.(fyne.Tappable)
		disableable, can := widget.(fyne.Disableable)
		if ok && (!can || !disableable.Disabled()) {
			all = append(all, tapped)
		}
	}
	return all
}

// otherwise are the kinds that Tab passes by, with the keys that do the same.
var otherwise = map[string]string{
	"*picture.gridCell":        "the arrows and Enter of the grid",
	"*widget.gridWrapItem":     "the arrows and Enter of the grid",
	"*widget.listItem":         "the arrows and Space of the list",
	"*kit.IconButton":          "Up and Down in a number, Explain for the marks beside fields",
	"*kit.ConsentBox":          "Space on the box in it",
	"*widget.passwordRevealer": "nothing: a key is pasted and checked, not read",
	"*widget.scrollBarArea":    "the focus, which scrolls with it",
}

func TestEverythingThatCanBePressedIsReachedByTab(t *testing.T) {
	ui, w := openDemo(t)
	w.Resize(fyne.NewSize(1200, 900))
	job := generateDemo(t, w, 2)
	ui.Until("both are in the gallery", func() bool { return len(w.gallery.grid.Items()) == 2 })
	w.gallery.grid.Select(job.Images[0])
	w.train.dataset.grid.TypedShortcut(&fyne.ShortcutSelectAll{})
	w.showJob(job.ID)
	for i, tab := range w.tabs.Items {
		w.tabs.SelectIndex(i)
		ui.Drain()
		walked := reached(w.Canvas())
		if len(walked) == 0 {
			t.Errorf("%s: Tab leads nowhere", tab.Text)
		}
		for _, press := range pressable(tab.Content) {
			focusable, ok := press.(fyne.Focusable)
			_, known := otherwise[fmt.Sprintf("%T", press)]
			if !known && (!ok || !walked[focusable]) {
				t.Errorf("%s: Tab doesn't lead to a %T (%s)", tab.Text, press, fmt.Sprint(viewtest.LabelTexts(press.(fyne.CanvasObject))))
			}
		}
	}
}
