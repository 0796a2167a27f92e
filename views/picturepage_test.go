package views

import (
	"testing"

	"fyne.io/fyne/v2"

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

func TestTheNeighboursAreReadyBeforeOneTurns(t *testing.T) {
	ui, w := openDemo(t)
	job := makePictures(t, ui, w, map[string]any{"prompt": "a paper fox", "count": 3})
	viewer := w.showPicture(job.Images, 0).viewer
	ui.until("both neighbours", func() bool { return viewer.ahead[job.Images[1]] != nil && viewer.ahead[job.Images[2]] != nil })
	next := viewer.ahead[job.Images[1]]
	viewer.TypedKey(key(fyne.KeyRight))
	if viewer.full != next {
		t.Error("the next picture isn't there at once")
	}
	if viewer.ahead[job.Images[0]] == nil || len(viewer.ahead) != 2 {
		t.Errorf("%d pictures are held ready", len(viewer.ahead))
	}
}
