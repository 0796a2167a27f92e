package views

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/kit"
)

func TestTheWindowAsksBeforeItClosesOverAnUnwrittenID(t *testing.T) {
	viewtest.Start(t)
	w := test.NewWindow(widget.NewLabel("studio"))
	defer w.Close()
	w.Resize(fyne.NewSize(1000, 700))
	closed := false
	askUnwritten(w, []jobs.Unwritten{{Job: "j-1", Service: "LucyDream", ID: "tune_17"}}, func() { closed = true })
	panel := w.Canvas().Overlays().Top()
	if !slices.ContainsFunc(viewtest.Labels(panel), func(text string) bool { return strings.Contains(text, "tune_17") }) {
		t.Errorf("the id isn't shown: %q", viewtest.Labels(panel))
	}
	copyButton("tune_17").OnTapped()
	if got := fyne.CurrentApp().Clipboard().Content(); got != "tune_17" || closed {
		t.Errorf("copied %q, closed %v", got, closed)
	}
	for _, label := range viewtest.Find[*widget.Label](panel) {
		if label.Size().Height < label.MinSize().Height {
			t.Errorf("%q has a height of %v and needs %v: the buttons stand out of the panel", label.Text, label.Size().Height, label.MinSize().Height)
		}
	}
	for _, button := range viewtest.Find[*kit.Button](panel) {
		if button.Text == "Close anyway" {
			button.OnTapped()
		}
	}
	if !closed {
		t.Error("the window can't be closed")
	}
}
