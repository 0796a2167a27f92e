package app_test

import (
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
)

func TestTheDemoCallsItsFoxAFox(t *testing.T) {
	studio, err := app.Open(app.Config{Dir: t.TempDir(), Demo: true, SandboxPace: 0.05, SandboxMaxEdge: 96, Tempo: 0.02})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { noError(t, studio.Close()) })
	dataset := studio.Datasets.Current()
	said := []string{dataset.Name}
	for _, p := range dataset.Photos {
		said = append(said, p.Name, p.Caption)
	}
	form := studio.Settings.Now().LastForms["dreamlook/dreambooth"]
	order := jobs.NewOrder(studio.Services(), "dreamlook/dreambooth", form)
	order.Photos, order.Consent = dataset.Photos, true
	job, problems, err := studio.Jobs.Start(t.Context(), order)
	if err != nil || len(problems) > 0 {
		t.Fatalf("starting what the form begins with: %v, %v", problems, err)
	}
	if job, err = studio.Jobs.Wait(t.Context(), job.ID); err != nil || len(job.Models) == 0 {
		t.Fatalf("%v %v", job.Error, err)
	}
	model, _ := studio.Models.Model(job.Models[0])
	for _, text := range append(said, form.Text("instance_prompt"), model.Title) {
		if !strings.Contains(strings.ToLower(text), "fox") {
			t.Errorf("%q doesn't say fox", text)
		}
	}
}
