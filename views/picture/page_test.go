package picture

import (
	"context"
	"image"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/kit"
)

func TestTheNeighboursAreReadyBeforeOneTurns(t *testing.T) {
	ui := viewtest.Start(t)
	w := ui.Window(widget.NewLabel("behind"), 1000, 700)
	work := kit.NewWork()
	t.Cleanup(work.Close)
	page := &Page{}
	page.Build(w, work, func(_ context.Context, id string, _ int) (image.Image, error) {
		return viewtest.Plain(400, 300, colorOf(id)), nil
	}, []string{"0", "1", "2"}, 0)
	page.Begin(nil)
	t.Cleanup(page.Close)
	viewer := page.viewer
	ui.Until("both neighbours", func() bool { return viewer.ahead["1"] != nil && viewer.ahead["2"] != nil })
	next := viewer.ahead["1"]
	viewer.TypedKey(viewtest.Key(fyne.KeyRight))
	if viewer.full != next {
		t.Error("the next picture isn't there at once")
	}
	if viewer.ahead["0"] == nil || len(viewer.ahead) != 2 {
		t.Errorf("%d pictures are held ready", len(viewer.ahead))
	}
}
