package views

import (
	"os"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"github.com/maquette-studio/maquette/app"
)

// makePictures generates pictures in the sandbox and returns the job that made them.
func makePictures(t *testing.T, ui *testUI, w *Window, values map[string]any) app.Job {
	t.Helper()
	job, problems, err := w.studio.Start(t.Context(), app.Order{Task: "luma/image", Values: values})
	if err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	ui.until("the pictures", func() bool {
		job, _ = w.studio.Job(job.ID)
		return job.State.Ended()
	})
	if len(job.Images) == 0 {
		t.Fatalf("the job is %s: %v", job.State, job.Error)
	}
	return job
}

func TestAPictureLargeSaysWhatMadeItAndTurnsToTheNext(t *testing.T) {
	ui, w := openDemo(t)
	job := makePictures(t, ui, w, map[string]any{"prompt": "a paper fox", "count": 2})
	page := w.showPicture(job.Images, 0)
	ui.until("the picture", func() bool { return page.viewer.full != nil })
	for _, words := range []string{"a paper fox", "photon-1", "1 of 2", "Luma Dream Machine · Image"} {
		if !says(page.overlay, words) {
			t.Errorf("the page doesn't say %q but %q", words, labelTexts(page.overlay))
		}
	}
	page.viewer.TypedKey(key(fyne.KeyRight))
	if !says(page.overlay, "2 of 2") {
		t.Error("the right arrow doesn't lead to the second picture")
	}
	page.viewer.TypedKey(key(fyne.KeyEscape))
	if w.page != nil || w.Canvas().Overlays().Top() != nil {
		t.Error("Escape doesn't close the page")
	}
}

func TestSavingAsksWhereAndEscapeTakesItBack(t *testing.T) {
	ui, w := openDemo(t)
	job := makePictures(t, ui, w, map[string]any{"prompt": "a paper fox"})
	page := w.showPicture(job.Images, 0)
	page.saveAs()
	ui.until("the dialog", func() bool { return w.Canvas().Overlays().Top() != page.overlay })
	w.Canvas().OnTypedKey()(key(fyne.KeyEscape))
	if w.Canvas().Overlays().Top() != page.overlay {
		t.Fatal("Escape doesn't close the dialog")
	}
	w.Canvas().OnTypedKey()(key(fyne.KeyEscape))
	if w.page != nil {
		t.Error("the second Escape doesn't close the picture")
	}
}

func TestAPictureIsSavedWhereOneSays(t *testing.T) {
	ui, w := openDemo(t)
	job := makePictures(t, ui, w, map[string]any{"prompt": "a paper fox"})
	page := w.showPicture(job.Images, 0)
	folder := t.TempDir()
	uri := storage.NewFileURI(folder + "/" + w.studio.ExportName(job.Images[0]))
	file, err := storage.Writer(uri)
	if err != nil {
		t.Fatal(err)
	}
	page.save(job.Images[0], file)
	ui.until("the file", func() bool { return says(page.overlay, "Saved as a-paper-fox-"+job.Images[0]) })
	if got := w.studio.Settings().LastFolder; got != folder {
		t.Errorf("the folder remembered is %q", got)
	}
	picture, _ := w.studio.Picture(job.Images[0])
	saved, err := os.ReadFile(uri.Path())
	if err != nil || int64(len(saved)) != picture.Bytes {
		t.Errorf("%d of %d bytes are saved: %v", len(saved), picture.Bytes, err)
	}
}
