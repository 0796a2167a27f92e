package views

import (
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
)

// openSave makes a picture, opens it large and asks where to save it. The
// question begins in a folder with a folder in it.
func openSave(t *testing.T) (ui *testUI, w *Window, id, folder string) {
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
	w.showPicture([]string{id}, 0).saveAs()
	ui.until("the folder", func() bool { return says(topOf(w), "prints") })
	return ui, w, id, folder
}

func topOf(w *Window) fyne.CanvasObject { return w.Canvas().Overlays().Top() }

func TestSavingAsksWhereAndEscapeTakesItBack(t *testing.T) {
	_, w, _, _ := openSave(t)
	w.Canvas().Focused().TypedKey(key(fyne.KeyEscape))
	if topOf(w) != w.page.overlay {
		t.Fatal("Escape doesn't close the question")
	}
	w.Canvas().OnTypedKey()(key(fyne.KeyEscape))
	if w.page != nil {
		t.Error("the second Escape doesn't close the picture")
	}
}

func TestAPictureIsSavedWhereOneSaysAndNeverOverAnother(t *testing.T) {
	ui, w, id, folder := openSave(t)
	page := w.page
	name := find[*pickerEntry](topOf(w))[1]
	name.SetText("fox")
	name.TypedKey(key(fyne.KeyReturn))
	ui.until("the file", func() bool { return says(page.overlay, "Saved as fox.jpg") })
	picture, _ := w.studio.Picture(id)
	if info, err := os.Stat(filepath.Join(folder, "fox.jpg")); err != nil || info.Size() != picture.Bytes {
		t.Errorf("of %d bytes there are %v, %v", picture.Bytes, info, err)
	}

	page.saveAs()
	ui.until("the folder", func() bool { return says(topOf(w), "prints") })
	find[*pickerEntry](topOf(w))[1].SetText("fox.jpg")
	if !says(topOf(w), "A file of that name is there already.") {
		t.Error("it isn't said that the name is taken")
	}
	tapPickerButton(t, topOf(w), "Save")
	ui.until("the second file", func() bool { return says(page.overlay, "Saved as fox (2).jpg") })
}

func TestANewFolderIsMadeAndSavedInto(t *testing.T) {
	ui, w, _, folder := openSave(t)
	tapPickerButton(t, topOf(w), "New folder…")
	fresh, ok := w.Canvas().Focused().(*pickerEntry)
	if !ok {
		t.Fatalf("the keyboard is at %T", w.Canvas().Focused())
	}
	fresh.SetText("for Ada")
	fresh.TypedKey(key(fyne.KeyReturn))
	made := filepath.Join(folder, "for Ada")
	ui.until("the new folder", func() bool {
		return find[*pickerEntry](topOf(w))[0].Text == made && says(topOf(w), "No folders in here")
	})
	tapPickerButton(t, topOf(w), "Save")
	ui.until("the end", func() bool { return w.studio.Settings().LastFolder == made })
	files, err := os.ReadDir(made)
	if err != nil || len(files) != 1 {
		t.Errorf("in the new folder are %v, %v", files, err)
	}
	ui.until("the word of it", func() bool { return says(w.page.overlay, "Saved as a-paper-fox") })
}

func TestWhatCantBeANameIsNotSaved(t *testing.T) {
	_, w, _, _ := openSave(t)
	name := find[*pickerEntry](topOf(w))[1]
	for _, typed := range []string{"", " ", "../fox.jpg", "prints/fox.jpg", `a\b`} {
		name.SetText(typed)
		name.TypedKey(key(fyne.KeyReturn))
		if topOf(w) == w.page.overlay {
			t.Fatalf("%q is taken for a name", typed)
		}
	}
	w.Canvas().Focused().TypedKey(key(fyne.KeyEscape))
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
	ui.until("the folder", func() bool { return says(topOf(w), "No folders in here") })
	if entries := find[*pickerEntry](topOf(w)); len(entries) != 1 {
		t.Errorf("%d things can be typed", len(entries))
	}
	w.Canvas().OnTypedKey()(key(fyne.KeyReturn))
	ui.until("the copies", func() bool { return says(w.gallery.content, "2 pictures exported") })
	if files, err := os.ReadDir(folder); err != nil || len(files) != 2 {
		t.Errorf("exported are %v, %v", files, err)
	}
}
