package views

import (
	"slices"
	"testing"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

func TestAJobThatLumaRefusedFillsTheFormWithTheOtherModel(t *testing.T) {
	ui, w := openGenerate(t)
	job := startJob(t, w.studio, jobs.Order{Task: "luma/image", Values: map[string]any{"prompt": "a forbidden dog", "aspect_ratio": "1:1"}})
	failed := func(id string) {
		t.Helper()
		ui.Until("the refusal", func() bool {
			card := w.generate.results.card(id)
			return card != nil && card.failure.Visible()
		})
	}
	failed(job.ID)
	viewtest.TapButton(t, w.generate.results.card(job.ID).content, "Try with photon-flash-1")
	values := w.generate.form.Raw()
	if values["prompt"] != "a forbidden dog" || values["aspect_ratio"] != "1:1" || values["model"] != "photon-flash-1" {
		t.Errorf("the form holds %v", values)
	}
	if kept, _ := w.studio.Jobs.Job(job.ID); kept.Values.Text("model") == "photon-flash-1" || len(w.studio.Jobs.List()) != 1 {
		t.Errorf("there are %d jobs, the first with %v", len(w.studio.Jobs.List()), kept.Values)
	}

	viewtest.TapButton(t, w.generate.content, "Generate")
	ui.Until("the second job", func() bool { return len(w.studio.Jobs.List()) == 2 })
	second := w.studio.Jobs.List()[0].ID
	failed(second)
	w.showJob(second)
	ui.Until("the refusal in Jobs", func() bool { return slices.Contains(viewtest.ButtonTexts(w.jobs.details), "Try with photon-1") })
	viewtest.TapButton(t, w.jobs.details, "Try with photon-1")
	if w.tabs.SelectedIndex() != tabGenerate || w.generate.form.Raw()["model"] != "photon-1" {
		t.Errorf("in tab %d the form holds %v", w.tabs.SelectedIndex(), w.generate.form.Raw())
	}
}

func TestTheOtherModelIsOfferedOnlyWhereItMayHelp(t *testing.T) {
	_, w := openGenerate(t)
	failed := func(task string, failure *providers.Failure) jobs.Job {
		return jobs.Job{Task: task, State: providers.Failed, Error: failure, Values: providers.Values{"model": "photon-1"}}
	}
	for name, job := range map[string]jobs.Job{
		"a key that is refused": failed("luma/image", &providers.Failure{Kind: providers.BadKey}),
		"one without models":    failed("bria/text-to-image", &providers.Failure{Kind: providers.RefusedContent}),
		"one that is done":      {Task: "luma/image", State: providers.Done},
	} {
		card := newFailureCard(w.desk, w)
		card.offerOtherModel(job)
		if slices.ContainsFunc(viewtest.ButtonTexts(card.content), func(text string) bool { return text != "" }) {
			t.Errorf("%s: %q", name, viewtest.ButtonTexts(card.content))
		}
	}
}
