package views

import (
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

// openTwo shows a dataset of two images with their captions.
func openTwo(t *testing.T) (*viewtest.UI, *Window, *briaPane) {
	t.Helper()
	ui, w := openDemo(t)
	ids := fillBria(t, w)
	second := atBria(t, w, "image-upload", map[string]any{"dataset_id": ids.dataset, "file": bigPicture(t, "b.png", color.RGBA{20, 90, 200, 255})})
	atBria(t, w, "image-caption", map[string]any{"dataset_id": ids.dataset, "image_id": ids.image, "caption": "sits"})
	atBria(t, w, "image-caption", map[string]any{"dataset_id": ids.dataset, "image_id": second, "caption": "runs"})
	return ui, w, showDataset(t, ui, w, ids.dataset)
}

func TestAPictureAtBriaOpensLargeWithItsCaption(t *testing.T) {
	ui, w, p := openTwo(t)
	thumb := viewtest.Find[*remoteThumb](p.detail)[0]
	w.Canvas().Focus(thumb)
	for _, name := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace} {
		thumb.TypedKey(viewtest.Key(name))
		if w.large == nil {
			t.Fatalf("%s doesn't open the picture", name)
		}
		w.Canvas().Focused().TypedKey(viewtest.Key(fyne.KeyEscape))
		if w.large != nil {
			t.Fatal("Escape doesn't close it")
		}
	}
	test.DoubleTap(thumb)
	if w.large == nil {
		t.Fatal("a double click doesn't open the picture")
	}
	page := w.Canvas().Overlays().Top()
	if !viewtest.Says(page, "sits") || !viewtest.Says(page, "Written by hand") || !viewtest.Says(page, "1 of 2") {
		t.Errorf("beside it stands %q", viewtest.LabelTexts(page))
	}
	ui.Until("the picture is there in all its pixels", func() bool { return viewtest.ShowsPicture(page) && viewtest.Says(page, "1024 × ") })
	w.Canvas().Focused().TypedKey(viewtest.Key(fyne.KeyRight))
	if !viewtest.Says(page, "runs") || !viewtest.Says(page, "2 of 2") {
		t.Errorf("beside the next stands %q", viewtest.LabelTexts(page))
	}
	w.Canvas().Focused().TypedKey(viewtest.Key(fyne.KeyLeft))
	if !viewtest.Says(page, "sits") {
		t.Errorf("beside the first stands %q", viewtest.LabelTexts(page))
	}
}

func TestTheListOfPicturesAtBriaIsGoneThroughByKeyboard(t *testing.T) {
	_, w, p := openTwo(t)
	list := p.dataset.images
	w.Canvas().Focus(list)
	list.TypedKey(viewtest.Key(fyne.KeyDown))
	list.TypedKey(viewtest.Key(fyne.KeyReturn))
	if w.large == nil || !viewtest.Says(w.Canvas().Overlays().Top(), "runs") {
		t.Errorf("Enter opens %q", viewtest.LabelTexts(w.Canvas().Overlays().Top()))
	}
}

func TestACaptionThatArrivesIsShownBesideTheLargePicture(t *testing.T) {
	ui, w, p, _ := openWriting(t)
	viewtest.Find[*remoteThumb](p.detail)[0].DoubleTapped(nil)
	page := w.Canvas().Overlays().Top()
	if !viewtest.Says(page, "Bria is writing a caption…") {
		t.Errorf("beside it stands %q", viewtest.LabelTexts(page))
	}
	ui.Until("the caption arrives", func() bool { return viewtest.Says(page, "Written by Bria") })
}
