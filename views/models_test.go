package views

import (
	"context"
	"os"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/app/models"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

func TestTheCountdownToExpiry(t *testing.T) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		left       time.Duration
		here       bool
		words      string
		importance widget.Importance
	}{
		{9*24*time.Hour + time.Hour, false, "9 days left", widget.MediumImportance},
		{42*time.Hour + 59*time.Minute, false, "42 h left", widget.MediumImportance},
		{12*time.Hour + time.Minute, false, "12 h left", widget.MediumImportance},
		{12 * time.Hour, false, "12 h left", widget.WarningImportance},
		{2*time.Hour + time.Second, false, "2 h left", widget.WarningImportance},
		{119 * time.Minute, false, "1 h 59 min left", widget.DangerImportance},
		{43 * time.Minute, false, "43 min left", widget.DangerImportance},
		{20 * time.Second, false, "20 s left", widget.DangerImportance},
		{0, false, "link expired", widget.DangerImportance},
		{-time.Hour, false, "link expired", widget.DangerImportance},
		{-time.Hour, true, "link expired", widget.LowImportance},
		{time.Hour, true, "1 h left", widget.LowImportance},
	} {
		words, importance := expiryWords(now.Add(row.left), now, row.here)
		if words != row.words || importance != row.importance {
			t.Errorf("%v before the end (file here: %v) it says %q in %v, wanted %q in %v",
				row.left, row.here, words, importance, row.words, row.importance)
		}
	}
	if words, _ := expiryWords(time.Time{}, now, false); words != "" {
		t.Errorf("without an end it says %q", words)
	}
}

func TestADownloadSaysHowLongItTakes(t *testing.T) {
	var pace downloadPace
	start := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	const size = 2_000_000_000
	pace.note(start, 100_000_000)
	if got := downloadWords(100_000_000, size, pace.left(size)); got != "Downloading 5 %" {
		t.Errorf("at first it says %q", got)
	}
	pace.note(start.Add(10*time.Second), 860_000_000)
	if got := downloadWords(860_000_000, size, pace.left(size)); got != "43 %, 15 s left" {
		t.Errorf("later it says %q", got)
	}
	if got := downloadWords(860_000_000, 0, 0); got != "Downloading, 860.0 MB" {
		t.Errorf("of an unknown size it says %q", got)
	}
}

// trainDemo trains a model in the demo's sandbox.
func trainDemo(t *testing.T, w *Window) models.Model {
	t.Helper()
	job := startJob(t, w.studio, jobs.Order{
		Task: "dreamlook/dreambooth", Values: map[string]any{"steps": 400}, Photos: w.studio.Datasets.Photos(), Consent: true,
	})
	job, err := w.studio.Jobs.Wait(t.Context(), job.ID)
	if err != nil || len(job.Models) == 0 {
		t.Fatalf("the training ended with %v: %v %v", job.State, job.Error, err)
	}
	model, _ := w.studio.Models.Model(job.Models[0])
	return model
}

func TestATrainedModelIsListedAndItsFileBroughtBack(t *testing.T) {
	ui, w := openDemo(t)
	model := trainDemo(t, w)
	w.tabs.SelectIndex(tabModels)
	ui.Until("the model is here", func() bool { return viewtest.Says(w.models.content, "On this computer") })
	if !viewtest.Says(w.models.content, model.Title) || !viewtest.Says(w.models.content, "left") {
		t.Errorf("the tab says %q", viewtest.LabelTexts(w.models.content))
	}

	if err := os.Remove(w.studio.Models.Path(model)); err != nil {
		t.Fatal(err)
	}
	w.models.refresh()
	ui.Until("the file is missed", func() bool { return viewtest.Says(w.models.content, "Not on this computer") })
	viewtest.TapButton(t, w.models.content, "Download")
	if !viewtest.Says(w.models.content, "Starting the download") || !slices.Contains(viewtest.ButtonTexts(w.models.content), "Cancel") {
		t.Errorf("while downloading it says %q, with %q", viewtest.LabelTexts(w.models.content), viewtest.ButtonTexts(w.models.content))
	}
	ui.Until("the file is back", func() bool { return viewtest.Says(w.models.content, "On this computer") })
	if _, err := os.Stat(w.studio.Models.Path(model)); err != nil {
		t.Error(err)
	}
}

func TestAModelIsKnownByWhatItMadeOrWasTrainedOn(t *testing.T) {
	ui, w := openDemo(t)
	model := trainDemo(t, w)
	w.tabs.SelectIndex(tabModels)
	job, _ := w.studio.Jobs.Job(model.Job)
	shows := func(cover string) func() bool {
		return func() bool {
			return len(w.models.shown) == 1 && w.models.shown[0].cover == cover && viewtest.ShowsPicture(w.models.list)
		}
	}
	ui.Until("a photo that it was trained on", shows(job.Photos[0].EditedRef()))
	order := foxOrder
	order.Values = map[string]any{"prompt": "a fox", "num_samples": 2, "checkpoint_id": model.ID}
	made, err := w.studio.Jobs.Wait(t.Context(), startJob(t, w.studio, order).ID)
	if err != nil || len(made.Images) != 2 {
		t.Fatalf("%d pictures: %v %v", len(made.Images), made.Error, err)
	}
	last := w.studio.Library.SearchIDs("")[0]
	ui.Until("the last picture made with it", shows(last))
	if err := w.studio.Library.Delete(last); err != nil {
		t.Fatal(err)
	}
	ui.Until("the last that was kept", shows(w.studio.Library.SearchIDs("")[0]))
}

func TestModelsAreFoundByWords(t *testing.T) {
	ui, w := openDemo(t)
	trainDemo(t, w)
	w.tabs.SelectIndex(tabModels)
	ui.Until("the model is listed", func() bool { return len(w.models.shown) == 1 })
	w.find()
	test.Type(w.models.search, "nothing such")
	ui.Until("nothing is found", func() bool { return viewtest.Says(w.models.content, "No model matches") })
	viewtest.TapButton(t, w.models.content, "Clear the search")
	ui.Until("it is back", func() bool { return len(w.models.shown) == 1 })
}

func TestForgettingAModelSaysWhatHappens(t *testing.T) {
	ui, w := openDemo(t)
	model := trainDemo(t, w)
	w.tabs.SelectIndex(tabModels)
	ui.Until("the model is here", func() bool { return viewtest.Says(w.models.content, "On this computer") })
	w.models.list.Select(0)
	w.models.list.TypedKey(viewtest.Key(fyne.KeyDelete))
	dialog := w.Canvas().Overlays().Top()
	if !viewtest.Says(dialog, "is deleted from this computer") || !viewtest.Says(dialog, "it stays until it expires") {
		t.Errorf("the question is %q", viewtest.LabelTexts(dialog))
	}
	viewtest.TapPanelButton(t, dialog, "Forget")
	ui.Until("the tab is empty", func() bool { return viewtest.Says(w.models.content, "No models yet") })
	if _, ok := w.studio.Models.Model(model.ID); ok {
		t.Error("the model is still known")
	}
	viewtest.TapButton(t, w.models.content, "Train a model")
	if got := w.tabs.SelectedIndex(); got != tabTrain {
		t.Errorf("the button leads to tab %d", got)
	}
}

func TestAFailedDownloadStandsBesideTheModel(t *testing.T) {
	ui, w := openDemo(t)
	model := trainDemo(t, w)
	w.tabs.SelectIndex(tabModels)
	ui.Until("the model is here", func() bool { return viewtest.Says(w.models.content, "On this computer") })
	if err := os.Remove(w.studio.Models.Path(model)); err != nil {
		t.Fatal(err)
	}
	w.models.downloadFailed(model.ID, &providers.Failure{Kind: providers.NoNetwork, Message: providers.Say("The download was interrupted"), Advice: providers.Say("Retry: it goes on where it stopped.")})
	w.models.refresh()
	ui.Until("the failure is beside the model", func() bool {
		return slices.Contains(viewtest.LabelTexts(w.models.list), "The download was interrupted")
	})
	if !viewtest.Says(w.models.failure, "it goes on where it stopped") {
		t.Errorf("the card says %q", viewtest.LabelTexts(w.models.failure))
	}
	viewtest.TapButton(t, w.models.failure, "Retry")
	ui.Until("it is here again", func() bool { return viewtest.Says(w.models.content, "On this computer") })
	if w.models.failure.Visible() {
		t.Error("the failure is still shown")
	}
}

func TestADownloadUnderWayShowsItsProgress(t *testing.T) {
	_, w := openDemo(t)
	row := newModelRow(w.models)
	entry := modelEntry{Model: models.Model{ID: "dreamlook:1", Downloading: true, Downloaded: 43, Model: providers.Model{Title: "ohwx", Size: 100, URL: "https://example.com/m"}}}
	_, cancel := context.WithCancel(t.Context())
	defer cancel()
	w.models.loading[entry.ID] = &modelDownload{cancel: cancel}
	row.show(entry)
	test.NewTempWindow(t, row)
	if !viewtest.Says(row, "Downloading 43 %") || row.bar.Value != 43 || !slices.Contains(viewtest.ButtonTexts(row), "Cancel") {
		t.Errorf("the row says %q with a bar at %v and %q", viewtest.LabelTexts(row), row.bar.Value, viewtest.ButtonTexts(row))
	}
}
