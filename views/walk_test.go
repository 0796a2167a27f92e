package views

import (
	"image/color"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

// The whole way, as a person goes it: photos in, a model trained, a picture
// made with it, found again.
func TestFromPhotosToAPictureInTheGallery(t *testing.T) {
	ui, w := openTrain(t)
	w.Resize(fyne.NewSize(1180, 760))

	photo := writeFile(t, "my own fox.jpg", jpegOf(t, 1024, color.NRGBA{R: 0xe0, G: 0x70, B: 0x20, A: 0xff}))
	dropOnTrain(t, w, photo)
	ui.Until("the dropped photo beside the demo's own", func() bool {
		return len(w.studio.Datasets.Photos()) == 9 && !w.train.dataset.intake.checking()
	})

	test.Tap(w.train.order.consent)
	viewtest.TapButton(t, w.train.content, "Start training")
	ui.Until("the trained model", func() bool {
		return slices.Contains(viewtest.ButtonTexts(w.train.content), "Generate with this")
	})
	viewtest.TapButton(t, w.train.content, "Generate with this")

	if w.tabs.SelectedIndex() != tabGenerate {
		t.Fatal("the model doesn't lead to Generate")
	}
	model := w.studio.Models.List()[0]
	if got := w.generate.form.Raw()["checkpoint_id"]; got != model.ID {
		t.Fatalf("the chosen model is %v instead of %s", got, model.ID)
	}
	typePrompt(w, "a paper fox under a paper moon")
	w.generate.form.SetValue("num_samples", int64(2))
	viewtest.TapButton(t, w.generate.content, "Generate")
	ui.Until("both pictures", func() bool { return len(w.studio.Library.Search("paper moon")) == 2 })

	w.tabs.SelectIndex(tabGallery)
	test.Type(w.gallery.search, "paper moon")
	ui.Until("the search to show both", func() bool { return len(w.gallery.grid.Items()) == 2 })
	if len(w.studio.Jobs.List()) != 2 {
		t.Errorf("%d jobs were made instead of 2", len(w.studio.Jobs.List()))
	}
}
