package views

import (
	"bytes"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"github.com/maquette-studio/maquette/app/datasets"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/picture"
)

// jpegOf is a photo of one colour, as a file.
func jpegOf(t *testing.T, edge int, c color.Color) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := jpeg.Encode(&file, viewtest.Plain(edge, edge, c), nil); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func writeFile(t *testing.T, name string, content []byte) fyne.URI {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return storage.NewFileURI(path)
}

// openTrain opens a demo window at the Train tab with its sample photos shown.
func openTrain(t *testing.T) (*viewtest.UI, *Window) {
	t.Helper()
	ui, w := openDemo(t)
	w.Resize(fyne.NewSize(1100, 760))
	ui.Until("the sample photos", func() bool { return len(w.train.dataset.grid.Items()) == 8 })
	return ui, w
}

// dropOnTrain drops files in the middle of the photos.
func dropOnTrain(t *testing.T, w *Window, uris ...fyne.URI) {
	t.Helper()
	if !w.drops.Dropped(fyne.NewPos(300, 300), uris) {
		t.Fatal("nobody took the drop")
	}
}

func titles(items []picture.Item) []string {
	names := make([]string, len(items))
	for i, item := range items {
		names[i] = item.Title
	}
	return names
}

func TestDroppedPhotosAppearWithTheirFitness(t *testing.T) {
	ui, w := openTrain(t)
	dropOnTrain(t, w, writeFile(t, "tiny.jpg", jpegOf(t, 64, color.White)))
	grid := w.train.dataset.grid
	ui.Until("the dropped photo", func() bool { return slices.Contains(titles(grid.Items()), "tiny.jpg") })
	item := grid.Items()[8]
	if item.Badge != "64×64" || !strings.Contains(item.Warning, "small") {
		t.Errorf("the photo's cell says %+v", item)
	}
	if got := w.train.dataset.summary.Text(); got != "9 photos · 1 with a warning" {
		t.Errorf("the summary says %q", got)
	}
}

func TestFilesThatAreNoPhotosAreNamedOneByOneAndTheRestGoesOn(t *testing.T) {
	ui, w := openTrain(t)
	good := jpegOf(t, 600, color.Gray{Y: 90})
	far, err := storage.ParseURI("https://example.com/far.jpg")
	if err != nil {
		t.Fatal(err)
	}
	dropOnTrain(
		t, w,
		writeFile(t, "empty.jpg", nil),
		writeFile(t, "cut.jpg", good[:len(good)/3]),
		writeFile(t, "good.jpg", good),
		writeFile(t, "letter.jpg", []byte("Dear photo, you are text.")),
		far,
	)
	ui.Until("everything to be checked", func() bool { return !w.train.dataset.intake.busy.Visible() })
	ui.Until("the good photo", func() bool { return slices.Contains(titles(w.train.dataset.grid.Items()), "good.jpg") })
	for _, name := range []string{"empty.jpg: ", "cut.jpg: ", "letter.jpg: ", "far.jpg: "} {
		if !viewtest.Says(w.train.content, name) {
			t.Errorf("%q is not named", name)
		}
	}
	if !viewtest.Says(w.train.content, "4 files were not added") || viewtest.Says(w.train.content, "good.jpg: ") {
		t.Errorf("the texts are %q", viewtest.LabelTexts(w.train.content))
	}
	viewtest.TapButton(t, w.train.content, "Dismiss")
	if viewtest.Says(w.train.content, "empty.jpg") {
		t.Error("the list stays after it was dismissed")
	}
}

func TestADropOnTheFormGoesToThePhotosToo(t *testing.T) {
	ui, w := openTrain(t)
	if !w.drops.Dropped(fyne.NewPos(1000, 300), []fyne.URI{writeFile(t, "new.jpg", jpegOf(t, 600, color.Black))}) {
		t.Fatal("nobody took the drop")
	}
	ui.Until("the photo", func() bool { return len(w.studio.Datasets.Photos()) == 9 })
}

func TestACaptionIsSavedAsItIsTypedAndWhenTheWindowCloses(t *testing.T) {
	ui, w := openTrain(t)
	first, second := w.studio.Datasets.Photos()[0], w.studio.Datasets.Photos()[1]
	w.train.dataset.grid.Select(first.Ref())
	captions := w.train.dataset.captions
	if captions.entry.Text != first.Caption {
		t.Fatalf("the caption shown is %q", captions.entry.Text)
	}
	captions.entry.SetText("a fox by the sea")
	ui.Until("the caption to be saved", func() bool { return w.studio.Datasets.Photos()[0].Caption == "a fox by the sea" })

	captions.entry.TypedKey(viewtest.Key(fyne.KeyPageDown))
	if captions.ref != second.Ref() || captions.entry.Text != second.Caption {
		t.Errorf("PageDown leads to %q with the caption %q", captions.ref, captions.entry.Text)
	}
	captions.entry.SetText("typed last")
	w.train.close()
	if got := w.studio.Datasets.Photos()[1].Caption; got != "typed last" {
		t.Errorf("after closing the caption is %q", got)
	}
}

func TestACaptionNotYetStoredIsThereWhenOneComesBack(t *testing.T) {
	_, w := openTrain(t)
	photos := w.studio.Datasets.Photos()
	captions := w.train.dataset.captions
	for i, p := range photos[:2] {
		w.train.dataset.grid.Select(p.Ref())
		captions.entry.SetText("caption " + p.Name)
		w.train.dataset.grid.Select(photos[1-i].Ref())
		w.train.dataset.grid.Select(p.Ref())
		if captions.entry.Text != "caption "+p.Name {
			t.Errorf("%s has the caption %q", p.Name, captions.entry.Text)
		}
	}
}

func TestNothingStartsWhilePhotosAreBeingChecked(t *testing.T) {
	ui, w := openTrain(t)
	w.train.order.consent.SetChecked(true)
	dropOnTrain(t, w, writeFile(t, "new.jpg", jpegOf(t, 600, color.Black)))
	w.train.start(t)
	if !viewtest.Says(w.train.content, "photos are still being checked") {
		t.Errorf("the texts are %q", viewtest.LabelTexts(w.train.content))
	}
	ui.Until("the photo", func() bool { return !w.train.dataset.intake.checking() })
	if len(w.studio.Jobs.List()) != 0 {
		t.Error("a training began with part of the photos")
	}
}

func TestRemovedPhotosComeBackByUndoWithWhatWasAddedSince(t *testing.T) {
	ui, w := openTrain(t)
	dataset := w.train.dataset
	before := titles(dataset.grid.Items())
	dataset.grid.Select(dataset.grid.Items()[1].ID, dataset.grid.Items()[3].ID)
	dataset.grid.TypedKey(viewtest.Key(fyne.KeyDelete))
	ui.Until("the photos to go", func() bool { return len(dataset.grid.Items()) == 6 })
	ui.Until("the offer to undo", func() bool { return viewtest.Says(w.train.content, "2 photos removed.") })
	dropOnTrain(t, w, writeFile(t, "later.jpg", jpegOf(t, 600, color.Black)))
	ui.Until("the later photo", func() bool { return len(dataset.grid.Items()) == 7 })
	viewtest.TapButton(t, w.train.content, "Undo")
	ui.Until("the photos to come back", func() bool { return len(dataset.grid.Items()) == 9 })
	if got := titles(dataset.grid.Items()); !slices.Equal(got, append(before, "later.jpg")) {
		t.Errorf("the photos are %q", got)
	}
}

func TestWithoutPhotosTheTabSaysWhatToDo(t *testing.T) {
	ui, w := openTrain(t)
	w.train.dataset.grid.TypedShortcut(&fyne.ShortcutSelectAll{})
	viewtest.TapButton(t, w.train.content, "Remove")
	ui.Until("the hint", func() bool { return viewtest.Says(w.train.content, "Drop photos or a folder here") })
	w.train.start(t)
	ui.Until("the problem of no photos", func() bool { return viewtest.Says(w.train.content, "there are no photos yet") })
}

// start taps the button that starts the training.
func (t *trainTab) start(tb *testing.T) {
	tb.Helper()
	viewtest.TapButton(tb, t.content, "Start training")
}

func TestAPhotoIsLookedAtLargeAndItsCaptionIsAKeyAway(t *testing.T) {
	ui, w := openTrain(t)
	grid, captions := w.train.dataset.grid, w.train.dataset.captions
	refs := w.train.dataset.photos
	grid.Select(refs[0].Ref())
	grid.TypedKey(viewtest.Key(fyne.KeyReturn))
	if w.large == nil || !viewtest.Says(w.large.Object(), refs[0].Name) {
		t.Fatal("Enter doesn't show the photo large")
	}
	ui.Until("the photo", func() bool { return viewtest.ShowsPicture(w.large.Object()) })
	w.Canvas().Focused().TypedKey(viewtest.Key(fyne.KeyRight))
	w.Canvas().Focused().TypedKey(viewtest.Key(fyne.KeyEscape))
	if w.large != nil || captions.ref != refs[1].Ref() {
		t.Errorf("left is a page %v and the photo %q", w.large, captions.ref)
	}
	grid.TypedKey(viewtest.Key(fyne.KeyF2))
	if w.Canvas().Focused() != captions.entry {
		t.Errorf("F2 leads to %T", w.Canvas().Focused())
	}
}

func TestTheTrainingsFormIsAsItWasAtTheNextStart(t *testing.T) {
	ui, w := openTrain(t)
	w.train.order.form.SetValue("instance_prompt", "photo of my teapot")
	w.train.close()
	ui.Drain()
	again := newTrainOrder(w.desk, w, w.train.dataset, nil)
	again.begin()
	if got := again.form.Raw()["instance_prompt"]; got != "photo of my teapot" {
		t.Errorf("back is %v", got)
	}
	again.keeper.Work.End()
	ui.Drain()
}

func TestWithoutConsentNothingIsSent(t *testing.T) {
	ui, w := openTrain(t)
	w.train.start(t)
	problem := w.train.order.consentProblem
	ui.Until("the problem beside the box", problem.Visible)
	if len(w.studio.Jobs.List()) != 0 {
		t.Fatal("a job was made without consent")
	}
	if !viewtest.Says(w.train.content, "Nothing was sent: one thing is to be fixed first.") {
		t.Errorf("the texts are %q", viewtest.LabelTexts(w.train.content))
	}
	test.Tap(w.train.order.consent)
	ui.Until("the problem to go", func() bool { return !problem.Visible() })
}

func TestATrainingRunsToAModelToGenerateWith(t *testing.T) {
	ui, w := openTrain(t)
	test.Tap(w.train.order.consent)
	w.train.start(t)
	ui.Until("the training to be shown", w.train.progress.Visible)
	ui.Until("the offer to generate", func() bool {
		return slices.Contains(viewtest.ButtonTexts(w.train.content), "Generate with this")
	})
	job := w.studio.Jobs.List()[0]
	if job.State != providers.Done || job.Consent == nil || len(job.Photos) != 8 {
		t.Errorf("the job is %+v", job)
	}
	if w.train.order.consent.Checked() {
		t.Error("the statement stays given for the next training")
	}
	viewtest.TapButton(t, w.train.content, "Generate with this")
	if w.tabs.SelectedIndex() != tabGenerate {
		t.Error("Generate isn't shown")
	}
}

func TestTheTaskIsRememberedAndAJobsFormComesBack(t *testing.T) {
	ui, w := openTrain(t)
	w.train.fill("dreamlook/dreambooth_image_gen", map[string]any{"instance_prompt": "a zwx fox"})
	ui.Until("the task to be remembered", func() bool {
		return w.studio.Settings.Now().LastTasks[trainTabName] == "dreamlook/dreambooth_image_gen"
	})
	if got := w.train.order.form.Raw()["instance_prompt"]; got != "a zwx fox" {
		t.Errorf("the form holds %q", got)
	}
}

func TestACaptionTypedWhileAnOlderOneIsSavedIsKept(t *testing.T) {
	var stored []string
	var saver *captionSaver
	a := captionPlace{"dataset", "a"}
	saver = newCaptionSaver(func(_ captionPlace, caption string) error {
		if caption == "old" {
			saver.note(a, "new")
		}
		stored = append(stored, caption)
		return nil
	})
	saver.note(a, "old")
	if err := saver.save(); err != nil || !slices.Equal(stored, []string{"old", "new"}) || !saver.idle() {
		t.Errorf("stored %q, %v", stored, err)
	}
}

// The caption of a photo that is gone is told of once, and keeps nothing else from being saved.
func TestACaptionWithoutItsPhotoIsToldOnce(t *testing.T) {
	_, w := openTrain(t)
	photo := w.studio.Datasets.Photos()[0]
	saver := w.train.dataset.captions.saver
	saver.note(captionPlace{w.studio.Datasets.Current().ID, photo.Hash}, "too late")
	if err := w.studio.Datasets.RemovePhotos(photo.Hash); err != nil {
		t.Fatal(err)
	}
	if err := saver.save(); err == nil || !strings.Contains(err.Error(), "no longer in its dataset") {
		t.Errorf("told: %v", err)
	}
	if err := saver.save(); err != nil {
		t.Errorf("told again: %v", err)
	}
}

func TestTheDatasetIsSummedUpInWords(t *testing.T) {
	rows := []struct {
		verdicts []datasets.Level
		says     string
	}{
		{nil, ""},
		{[]datasets.Level{datasets.OK}, "1 photo · good"},
		{[]datasets.Level{datasets.OK, datasets.Warning, datasets.Error}, "3 photos · 1 can't be used · 1 with a warning"},
	}
	for _, row := range rows {
		var verdicts []datasets.Verdict
		for _, level := range row.verdicts {
			verdicts = append(verdicts, datasets.Verdict{Level: level})
		}
		if got := datasetSummary(len(verdicts), verdicts); got != row.says {
			t.Errorf("%v is summed up as %q", row.verdicts, got)
		}
	}
}
