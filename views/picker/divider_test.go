package picker

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/kit"
)

// dividerIn is the divider of a picker that is open.
func dividerIn(t *testing.T, w fyne.Window) *container.Split {
	t.Helper()
	splits := viewtest.Find[*container.Split](w.Canvas().Overlays().Top())
	if len(splits) != 1 {
		t.Fatalf("the picker has %d dividers", len(splits))
	}
	return splits[0]
}

func TestADividerStaysWhereItWasMoved(t *testing.T) {
	ui := viewtest.Start(t)
	w := ui.Window(container.NewWithoutLayout(), 1000, 700)
	work := kit.NewWork()
	t.Cleanup(work.Close)
	open := func() *SavePicker {
		return ChoosePlace(w, work, SaveRequest{Title: "Save", Yes: "Save", Name: "a.png", Folder: t.TempDir()}, func(string, string) {})
	}
	p := open()
	if got := dividerIn(t, w).Offset; got != 0.28 {
		t.Errorf("at first it stands at %v", got)
	}
	dividerIn(t, w).SetOffset(0.45)
	p.Close()
	p = open()
	if got := dividerIn(t, w).Offset; got != 0.45 {
		t.Errorf("the next time it stands at %v", got)
	}
	p.Close()
}
