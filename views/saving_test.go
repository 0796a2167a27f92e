package views

import (
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/kit"
)

// openSave makes a picture, opens it large and asks where to save it. The
// question begins in a folder with a folder in it.
func openSave(t *testing.T) (ui *viewtest.UI, w *Window, id, folder string) {
	t.Helper()
	ui, w = openDemo(t)
	folder = t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "prints"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := w.rememberFolder(folder); err != nil {
		t.Fatal(err)
	}
	id = makePictures(t, ui, w, map[string]any{"prompt": "a paper fox"}).Images[0]
	w.showPicture([]string{id}, 0)
	w.page.saveAs()
	ui.Until("the folder", func() bool { return viewtest.Says(topOf(w), "prints") })
	return ui, w, id, folder
}

func topOf(w *Window) fyne.CanvasObject { return w.Canvas().Overlays().Top() }

func TestSavingAsksWhereAndEscapeTakesItBack(t *testing.T) {
	_, w, _, _ := openSave(t)
	w.Canvas().Focused().TypedKey(viewtest.Key(fyne.KeyEscape))
	if topOf(w) != w.page.Object() {
		t.Fatal("Escape doesn't close the question")
	}
	w.Canvas().OnTypedKey()(viewtest.Key(fyne.KeyEscape))
	if w.page != nil {
		t.Error("the second Escape doesn't close the picture")
	}
}

func TestAPictureIsSavedWhereOneSaysAndNeverOverAnother(t *testing.T) {
	ui, w, id, folder := openSave(t)
	page := w.page
	name := viewtest.Find[*kit.Entry](topOf(w))[1]
	name.SetText("fox")
	name.TypedKey(viewtest.Key(fyne.KeyReturn))
	ui.Until("the file", func() bool { return viewtest.Says(page.Object(), "Saved as fox.jpg") })
	picture, _ := w.studio.Library.Picture(id)
	if info, err := os.Stat(filepath.Join(folder, "fox.jpg")); err != nil || info.Size() != picture.Bytes {
		t.Errorf("of %d bytes there are %v, %v", picture.Bytes, info, err)
	}

	page.saveAs()
	ui.Until("the folder", func() bool { return viewtest.Says(topOf(w), "prints") })
	viewtest.Find[*kit.Entry](topOf(w))[1].SetText("fox.jpg")
	if !viewtest.Says(topOf(w), "A file of that name is there already.") {
		t.Error("it isn't said that the name is taken")
	}
	viewtest.TapPanelButton(t, topOf(w), "Save")
	ui.Until("the second file", func() bool { return viewtest.Says(page.Object(), "Saved as fox (2).jpg") })
}

func TestANewFolderIsMadeAndSavedInto(t *testing.T) {
	ui, w, _, folder := openSave(t)
	viewtest.TapPanelButton(t, topOf(w), "New folder…")
	fresh, ok := w.Canvas().Focused().(*kit.Entry)
	if !ok {
		t.Fatalf("the keyboard is at %T", w.Canvas().Focused())
	}
	fresh.SetText("for Ada")
	fresh.TypedKey(viewtest.Key(fyne.KeyReturn))
	made := filepath.Join(folder, "for Ada")
	ui.Until("the new folder", func() bool {
		return viewtest.Find[*kit.Entry](topOf(w))[0].Text == made && viewtest.Says(topOf(w), "No folders in here")
	})
	viewtest.TapPanelButton(t, topOf(w), "Save")
	ui.Until("the end", func() bool { return w.studio.Settings.Now().LastFolder == made })
	files, err := os.ReadDir(made)
	if err != nil || len(files) != 1 {
		t.Errorf("in the new folder are %v, %v", files, err)
	}
	ui.Until("the word of it", func() bool { return viewtest.Says(w.page.Object(), "Saved as a-paper-fox") })
}

func TestWhatCantBeANameIsNotSaved(t *testing.T) {
	_, w, _, _ := openSave(t)
	name := viewtest.Find[*kit.Entry](topOf(w))[1]
	for _, typed := range []string{"", " ", "../fox.jpg", "prints/fox.jpg", `a\b`} {
		name.SetText(typed)
		name.TypedKey(viewtest.Key(fyne.KeyReturn))
		if topOf(w) == w.page.Object() {
			t.Fatalf("%q is taken for a name", typed)
		}
	}
	w.Canvas().Focused().TypedKey(viewtest.Key(fyne.KeyEscape))
}

func TestExportingAsksForAFolderOnly(t *testing.T) {
	ui, w := openDemo(t)
	w.tabs.SelectIndex(tabGallery)
	ids := makePictures(t, ui, w, map[string]any{"prompt": "a paper fox", "count": 2}).Images
	folder := t.TempDir()
	if err := w.rememberFolder(folder); err != nil {
		t.Fatal(err)
	}
	w.gallery.export(ids)
	ui.Until("the folder", func() bool { return viewtest.Says(topOf(w), "No folders in here") })
	if entries := viewtest.Find[*kit.Entry](topOf(w)); len(entries) != 1 {
		t.Errorf("%d things can be typed", len(entries))
	}
	w.Canvas().OnTypedKey()(viewtest.Key(fyne.KeyReturn))
	ui.Until("the copies", func() bool { return viewtest.Says(w.gallery.content, "2 pictures exported") })
	if files, err := os.ReadDir(folder); err != nil || len(files) != 2 {
		t.Errorf("exported are %v, %v", files, err)
	}
}
