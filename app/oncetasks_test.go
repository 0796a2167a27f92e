package app_test

import (
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
)

// The paid request of every task, answered badly: where the service can be
// asked, the job finds out and is done with one paid request; where it can't
// (Bria's generations, LucyDream's training), a person is asked and told where
// to look. Never is a second one sent that might be paid.
func TestEveryTaskIsPaidOnceWhateverBecomesOfTheAnswer(t *testing.T) {
	bria := func(more map[string]any) func(*testing.T, *app.Studio) jobs.Order {
		return func(t *testing.T, studio *app.Studio) jobs.Order {
			trained := run(t, studio, briaTraining(t, studio))
			wantState(t, trained, providers.Done)
			more["model_id"], more["prompt"], more["num_results"] = trained.Models[0], "a paper fox", 1
			if _, structured := more["structure_image_file"]; structured {
				more["structure_image_file"] = photos(t, studio, 1)[0].Ref()
			}
			return jobs.Order{Values: more}
		}
	}
	dreams := func(values map[string]any) func(*testing.T, *app.Studio) jobs.Order {
		return func(*testing.T, *app.Studio) jobs.Order { return jobs.Order{Values: values} }
	}
	rows := map[string]struct {
		order    func(*testing.T, *app.Studio) jobs.Order
		route    string // of the paid request
		findable bool
	}{
		"luma/image":           {func(*testing.T, *app.Studio) jobs.Order { return fox() }, "/generations/image", true},
		"luma/reframe":         {reframing, "/generations/image/reframe", true},
		"dreamlook/dreambooth": {training, "/dreambooth", true},
		"dreamlook/image_gen":  {dreams(map[string]any{"prompt": "a fox", "num_samples": 1, "base_model": "stable-diffusion-v1-5"}), "/image_gen", true},
		"dreamlook/dreambooth_image_gen": {func(t *testing.T, studio *app.Studio) jobs.Order {
			order := training(t, studio)
			order.Values["image_gen"] = []map[string]any{{"prompt": "a fox", "num_samples": 1}}
			return order
		}, "/dreambooth_image_gen", true},
		"bria/train":          {briaTraining, "/tailored-gen/models/", true},
		"bria/text-to-image":  {bria(map[string]any{}), "/text-to-image", false},
		"bria/text-to-vector": {bria(map[string]any{}), "/text-to-vector", false},
		"bria/reimagine":      {bria(map[string]any{"structure_image_file": nil}), "/reimagine", false},
		"lucydream/train":     {portrait, "", false},
	}
	w := newWorld(t)
	studio, closeStudio := w.open()
	for _, service := range studio.Services() {
		for _, task := range service.Tasks {
			if _, tried := rows[task.ID]; !tried {
				t.Errorf("%s is not tried", task.ID)
			}
		}
	}
	closeStudio()
	for task, row := range rows {
		t.Run(task, func(t *testing.T) {
			t.Parallel()
			service, _, _ := strings.Cut(task, "/")
			w := newWorld(t)
			studio, _ := w.open()
			order := row.order(t, studio)
			order.Task = task
			for fault, accepted := range map[string]int{"lost": 1, "cut": 1, "status 500": 0} {
				before := w.Submissions(service)
				if err := w.AddFault(strings.TrimSpace(service+" POST "+row.route) + ": " + fault + " x1"); err != nil {
					t.Fatal(err)
				}
				job := run(t, studio, order)
				paid := w.Submissions(service) - before
				if row.findable {
					wantState(t, job, providers.Done)
					if paid != 1 {
						t.Errorf("%s: %d paid requests instead of 1", fault, paid)
					}
					continue
				}
				wantState(t, job, providers.NeedsYou)
				if paid != accepted || job.Ask.Look.IsZero() || job.Error.Kind != providers.UnknownOutcome || job.Error.Money != providers.MoneyUnknown {
					t.Errorf("%s: %d paid requests instead of %d: %+v, %+v", fault, paid, accepted, job.Ask, job.Error)
				}
			}
		})
	}
}

// A person may bring in by itself what a lost request may have made: then only
// the person knows whether it is the same.
func TestAMatchThatWasBroughtInByItselfIsAQuestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	elsewhere := &world{Sandbox: w.Sandbox, t: t, dir: t.TempDir(), env: w.env}
	other, _ := elsewhere.open()
	wantState(t, run(t, other, fox()), providers.Done)

	studio, _ := w.open()
	strangers, err := studio.Unclaimed(t.Context(), "luma")
	if err != nil || len(strangers) != 1 {
		t.Fatal(strangers, err)
	}
	if _, err := studio.Import(t.Context(), "luma", []string{strangers[0].ID}); err != nil {
		t.Fatal(err)
	}
	if err := w.AddFault("luma POST /generations: status 500 x1"); err != nil {
		t.Fatal(err)
	}
	job := run(t, studio, fox())
	wantState(t, job, providers.NeedsYou)
	if len(job.Ask.Candidates) != 0 || job.Error.Money != providers.MoneyUnknown || w.Submissions("luma") != 1 {
		t.Errorf("%d paid requests: %+v, %+v", w.Submissions("luma"), job.Ask, job.Error)
	}
	if _, err := studio.Jobs.Resolve(job.ID, jobs.Resolution{Resubmit: true}); err != nil {
		t.Fatal(err)
	}
	wantState(t, wait(t, studio, job.ID), providers.Done)
	if paid := w.Submissions("luma"); paid != 2 {
		t.Errorf("%d paid requests", paid)
	}
}
