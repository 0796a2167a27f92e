package kit_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/kit"
)

// takes notes drops under a name; it takes them or not.
func takes(name string, willing bool, log *[]string) kit.DropTarget {
	return kit.DropFunc(func(fyne.Position, []fyne.URI) bool {
		*log = append(*log, name)
		return willing
	})
}

func TestDropsReachTheVisibleZoneUnderThem(t *testing.T) {
	ui := viewtest.Start(t)
	w := ui.Window(widget.NewLabel(""), 600, 400)
	d := kit.NewDrops(w)
	var log []string
	area := func() fyne.CanvasObject { return canvas.NewRectangle(nil) }

	slot := d.Zone(area(), takes("slot", true, &log))
	shy := d.Zone(area(), takes("shy", false, &log))
	nested := container.NewWithoutLayout(slot, shy)
	kit.Place(slot, fyne.NewPos(10, 10), fyne.NewSquareSize(50))
	kit.Place(shy, fyne.NewPos(10, 100), fyne.NewSquareSize(50))
	first := d.Zone(nested, takes("first tab", true, &log))
	second := d.Zone(area(), takes("second tab", true, &log))
	second.Hide()
	w.SetContent(container.NewBorder(widget.NewLabel("heading"), nil, nil, nil, container.NewStack(first, second)))

	in := func(object fyne.CanvasObject) fyne.Position {
		return fyne.CurrentApp().Driver().AbsolutePositionForObject(object).AddXY(5, 5)
	}
	photo := []fyne.URI{storage.NewFileURI("/photos/a.jpg")}
	second.Show()
	place := in(second)
	second.Hide()

	for _, row := range []struct {
		name  string
		at    fyne.Position
		files []fyne.URI
		asked []string
		taken bool
	}{
		{"the innermost", in(slot), photo, []string{"slot"}, true},
		{"what it won't have goes to the one around it", in(shy), photo, []string{"shy", "first tab"}, true},
		{"a hidden zone is never asked", place, photo, []string{"first tab"}, true},
		{"outside all", fyne.NewPos(3, 3), photo, nil, false},
		{"nothing", in(slot), nil, nil, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			log = nil
			if taken := d.Dropped(row.at, row.files); taken != row.taken || !slices.Equal(log, row.asked) {
				t.Errorf("asked %v, taken %v", log, taken)
			}
		})
	}

	first.Hide()
	second.Show()
	log = nil
	if d.Dropped(place, photo); !slices.Equal(log, []string{"second tab"}) {
		t.Errorf("after the tab changed: asked %v", log)
	}

	log = nil
	popUp := widget.NewModalPopUp(widget.NewLabel("a question"), w.Canvas())
	popUp.Show()
	if d.Dropped(place, photo) || log != nil {
		t.Errorf("behind a dialog: asked %v", log)
	}
}

func TestDropHintOffersAButton(t *testing.T) {
	ui := viewtest.Start(t)
	chosen := false
	hint := kit.NewDropHint("Drop photos or a folder here, or choose them.", func() { chosen = true })
	ui.Window(hint, 500, 300)
	if got := viewtest.Labels(hint); !slices.Contains(got, "Drop photos or a folder here, or choose them.") {
		t.Errorf("says %v", got)
	}
	test.Tap(viewtest.Find[*widget.Button](hint)[0])
	if !chosen {
		t.Error("the button does nothing")
	}
}

func TestDropHintShowsAllLinesOfItsSentence(t *testing.T) {
	ui := viewtest.Start(t)
	hint := kit.NewDropHint("Drop photos or a folder here, anywhere in the window. JPEG, PNG and WebP.", nil)
	ui.Window(hint, 500, 300)
	text, button := viewtest.Find[*widget.Label](hint)[0], viewtest.Find[*widget.Button](hint)[0]
	if text.MinSize().Height <= widget.NewLabel("one line").MinSize().Height {
		t.Fatal("the sentence fits one line")
	}
	bottom := func(object fyne.CanvasObject) float32 {
		return fyne.CurrentApp().Driver().AbsolutePositionForObject(object).Y + object.MinSize().Height
	}
	if at := bottom(button) - button.MinSize().Height; bottom(text) > at {
		t.Errorf("the sentence ends at %v, the button begins at %v", bottom(text), at)
	}
}
