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

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/providers"
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
func trainDemo(t *testing.T, w *Window) app.Model {
	t.Helper()
	job, problems, err := w.studio.Start(t.Context(), app.Order{
		Task: "dreamlook/dreambooth", Values: map[string]any{"steps": 400}, Photos: w.studio.Photos(), Consent: true,
	})
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	job, err = w.studio.Wait(t.Context(), job.ID)
	if err != nil || len(job.Models) == 0 {
		t.Fatalf("the training ended with %v: %v %v", job.State, job.Error, err)
	}
	model, _ := w.studio.Model(job.Models[0])
	return model
}

func TestATrainedModelIsListedAndItsFileBroughtBack(t *testing.T) {
	ui, w := openDemo(t)
	model := trainDemo(t, w)
	w.tabs.SelectIndex(tabModels)
	ui.until("the model is here", func() bool { return says(w.models.content, "On this computer") })
	if !says(w.models.content, model.Title) || !says(w.models.content, "left") {
		t.Errorf("the tab says %q", labelTexts(w.models.content))
	}

	if err := os.Remove(w.studio.ModelPath(model)); err != nil {
		t.Fatal(err)
	}
	w.models.refresh()
	ui.until("the file is missed", func() bool { return says(w.models.content, "Not on this computer") })
	tapButton(t, w.models.content, "Download")
	if !says(w.models.content, "Starting the download") || !slices.Contains(buttonTexts(w.models.content), "Cancel") {
		t.Errorf("while downloading it says %q, with %q", labelTexts(w.models.content), buttonTexts(w.models.content))
	}
	ui.until("the file is back", func() bool { return says(w.models.content, "On this computer") })
	if _, err := os.Stat(w.studio.ModelPath(model)); err != nil {
		t.Error(err)
	}
}

func TestModelsAreFoundByWords(t *testing.T) {
	ui, w := openDemo(t)
	trainDemo(t, w)
	w.tabs.SelectIndex(tabModels)
	ui.until("the model is listed", func() bool { return len(w.models.shown) == 1 })
	w.find()
	test.Type(w.models.search, "nothing such")
	ui.until("nothing is found", func() bool { return says(w.models.content, "No model matches") })
	tapButton(t, w.models.content, "Clear the search")
	ui.until("it is back", func() bool { return len(w.models.shown) == 1 })
}

func TestForgettingAModelSaysWhatHappens(t *testing.T) {
	ui, w := openDemo(t)
	model := trainDemo(t, w)
	w.tabs.SelectIndex(tabModels)
	ui.until("the model is here", func() bool { return says(w.models.content, "On this computer") })
	w.models.list.Select(0)
	w.models.list.TypedKey(key(fyne.KeyDelete))
	dialog := w.Canvas().Overlays().Top()
	if !says(dialog, "is deleted from this computer") || !says(dialog, "it stays until it expires") {
		t.Errorf("the question is %q", labelTexts(dialog))
	}
	tapPickerButton(t, dialog, "Forget")
	ui.until("the tab is empty", func() bool { return says(w.models.content, "No models yet") })
	if _, ok := w.studio.Model(model.ID); ok {
		t.Error("the model is still known")
	}
	tapButton(t, w.models.content, "Train a model")
	if got := w.tabs.SelectedIndex(); got != tabTrain {
		t.Errorf("the button leads to tab %d", got)
	}
}

func TestAFailedDownloadStandsBesideTheModel(t *testing.T) {
	ui, w := openDemo(t)
	model := trainDemo(t, w)
	w.tabs.SelectIndex(tabModels)
	ui.until("the model is here", func() bool { return says(w.models.content, "On this computer") })
	if err := os.Remove(w.studio.ModelPath(model)); err != nil {
		t.Fatal(err)
	}
	w.models.downloadFailed(model.ID, &providers.Failure{Kind: providers.NoNetwork, Message: "The download was interrupted", Advice: "Retry: it goes on where it stopped."})
	w.models.refresh()
	ui.until("the failure is beside the model", func() bool {
		return slices.Contains(labelTexts(w.models.list), "The download was interrupted")
	})
	if !says(w.models.failure, "it goes on where it stopped") {
		t.Errorf("the card says %q", labelTexts(w.models.failure))
	}
	tapButton(t, w.models.failure, "Retry")
	ui.until("it is here again", func() bool { return says(w.models.content, "On this computer") })
	if w.models.failure.Visible() {
		t.Error("the failure is still shown")
	}
}

func TestADownloadUnderWayShowsItsProgress(t *testing.T) {
	_, w := openDemo(t)
	row := newModelRow(w.models)
	entry := modelEntry{Model: app.Model{ID: "dreamlook:1", Downloading: true, Downloaded: 43, Model: providers.Model{Title: "ohwx", Size: 100, URL: "https://example.com/m"}}}
	_, cancel := context.WithCancel(t.Context())
	defer cancel()
	w.models.loading[entry.ID] = &modelDownload{cancel: cancel}
	row.show(entry)
	test.NewTempWindow(t, row)
	if !says(row, "Downloading 43 %") || row.bar.Value != 43 || !slices.Contains(buttonTexts(row), "Cancel") {
		t.Errorf("the row says %q with a bar at %v and %q", labelTexts(row), row.bar.Value, buttonTexts(row))
	}
}
