package views

import (
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// openTwo shows a dataset of two images with their captions.
func openTwo(t *testing.T) (*testUI, *Window, *briaPane) {
	t.Helper()
	ui, w := openDemo(t)
	ids := furnishBria(t, w)
	second := atBria(t, w, "image-upload", map[string]any{"dataset_id": ids.dataset, "file": bigPicture(t, "b.png", color.RGBA{20, 90, 200, 255})})
	atBria(t, w, "image-caption", map[string]any{"dataset_id": ids.dataset, "image_id": ids.image, "caption": "sits"})
	atBria(t, w, "image-caption", map[string]any{"dataset_id": ids.dataset, "image_id": second, "caption": "runs"})
	return ui, w, showDataset(t, ui, w, ids.dataset)
}

func TestAPictureAtBriaOpensLargeWithItsCaption(t *testing.T) {
	ui, w, p := openTwo(t)
	thumb := find[*remoteThumb](p.detail)[0]
	w.Canvas().Focus(thumb)
	for _, name := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace} {
		thumb.TypedKey(key(name))
		if w.large == nil {
			t.Fatalf("%s doesn't open the picture", name)
		}
		w.Canvas().Focused().TypedKey(key(fyne.KeyEscape))
		if w.large != nil {
			t.Fatal("Escape doesn't close it")
		}
	}
	test.DoubleTap(thumb)
	if w.large == nil {
		t.Fatal("a double click doesn't open the picture")
	}
	page := w.Canvas().Overlays().Top()
	if !says(page, "sits") || !says(page, "Written by hand") || !says(page, "1 of 2") {
		t.Errorf("beside it stands %q", labelTexts(page))
	}
	viewer := w.large.viewer
	ui.until("the picture is there in all its pixels", func() bool { return viewer.full != nil && viewer.full.Rect.Dx() == 1024 })
	w.Canvas().Focused().TypedKey(key(fyne.KeyRight))
	if !says(page, "runs") || !says(page, "2 of 2") {
		t.Errorf("beside the next stands %q", labelTexts(page))
	}
	w.Canvas().Focused().TypedKey(key(fyne.KeyLeft))
	if !says(page, "sits") {
		t.Errorf("beside the first stands %q", labelTexts(page))
	}
}

func TestTheListOfPicturesAtBriaIsGoneThroughByKeyboard(t *testing.T) {
	_, w, p := openTwo(t)
	list := p.dataset.images
	w.Canvas().Focus(list)
	list.TypedKey(key(fyne.KeyDown))
	list.TypedKey(key(fyne.KeyReturn))
	if w.large == nil || !says(w.Canvas().Overlays().Top(), "runs") {
		t.Errorf("Enter opens %q", labelTexts(w.Canvas().Overlays().Top()))
	}
}

func TestACaptionThatArrivesIsShownBesideTheLargePicture(t *testing.T) {
	ui, w, p, _ := openWriting(t)
	find[*remoteThumb](p.detail)[0].DoubleTapped(nil)
	page := w.Canvas().Overlays().Top()
	if !says(page, "Bria is writing a caption…") {
		t.Errorf("beside it stands %q", labelTexts(page))
	}
	ui.until("the caption arrives", func() bool { return says(page, "Written by Bria") })
}
