package views

import (
	"bytes"
	"io"
	"testing"

	"github.com/maquette-studio/maquette/app/library"
	"github.com/maquette-studio/maquette/assets"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

const (
	psdSample               = "8BPS\x00\x01\x00\x00\x00\x00\x00\x00\x00\x03\x00\x00\x03\x00\x00\x00\x04\x00\x00\x08\x00\x03"
	svgSample               = `<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><script>alert(1)</script></svg>`
	damagedID, unreadableID = "j1-01", "j1-02"
	drawingID               = "j1-03"
)

// openFlawed opens a window over a library with a damaged picture and one that
// can't be shown.
func openFlawed(t *testing.T) (*viewtest.UI, *Window) {
	t.Helper()
	ui, w := openDemo(t)
	whole := assets.Samples(1)[0].JPEG
	for id, content := range map[string][]byte{damagedID: whole[:len(whole)/2], unreadableID: []byte(psdSample), drawingID: []byte(svgSample)} {
		in, err := w.studio.Library.Receive(t.Context(), providers.Pixels, func(to io.Writer) error {
			_, err := io.Copy(to, bytes.NewReader(content))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		p, err := in.Store(library.Picture{ID: id, Job: "j1", Task: "luma/image", Service: "luma", Prompt: "a paper fox"})
		if err != nil {
			t.Fatal(err)
		}
		w.studio.Library.Show(p)
	}
	return ui, w
}

func TestTheGalleryShowsWhatIsKeptAsItCame(t *testing.T) {
	ui, w := openFlawed(t)
	w.tabs.SelectIndex(tabGallery)
	gallery := w.gallery
	ui.Until("all are listed", func() bool { return len(gallery.grid.Items()) == 3 })
	ui.Until("the cell says what it is", func() bool {
		return viewtest.Says(gallery.grid, "PSD\n1024 × 768\nKept as it came") && viewtest.ShowsPicture(gallery.grid)
	})
	gallery.grid.Select(unreadableID)
	ui.Until("the pane says why", func() bool {
		return viewtest.Says(gallery.details, "which can't be shown here") && viewtest.Says(gallery.details, "PSD, 1024 × 768")
	})
	if buttons := viewtest.ButtonTexts(gallery.details); !viewtest.ContainsAll(buttons, []string{"Save as…", "Open with another program"}) {
		t.Errorf("the buttons are %q", buttons)
	}
	gallery.grid.Select(drawingID)
	ui.Until("the pane says that it isn't drawn", func() bool {
		return viewtest.Says(gallery.grid, "SVG") && viewtest.Says(gallery.details, "An SVG graphic came where a picture made of pixels was ordered")
	})
	gallery.grid.Select(damagedID)
	ui.Until("the pane says how much is there", func() bool { return viewtest.Says(gallery.details, "% of it could be read") })
	for _, text := range viewtest.ButtonTexts(gallery.details) {
		if text == "Use as reference" || text == "Modify" {
			t.Errorf("a damaged picture is offered for %q", text)
		}
	}
}

func TestALargePictureThatCannotBeShownSaysWhatItIs(t *testing.T) {
	ui, w := openFlawed(t)
	w.showPicture([]string{unreadableID, damagedID}, 0)
	page := w.page
	ui.Until("it says what it is", func() bool {
		return viewtest.Says(page.Object(), "PSD, 1024 × 768") && viewtest.Says(page.Object(), "another program may show it")
	})
	if page.other == nil || !page.other.Visible() || !page.use[0].Disabled() || !page.use[1].Disabled() {
		t.Error("it can be used, or not be opened elsewhere")
	}
	page.TypedKey(viewtest.Key("Right"))
	ui.Until("the damaged one is there", func() bool {
		return viewtest.ShowsPicture(page.Object()) && viewtest.Says(page.Object(), "% of it could be read")
	})
	if page.other.Visible() || viewtest.Says(page.Object(), "PSD") {
		t.Error("what was said of the first picture stays")
	}
}
