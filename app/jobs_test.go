package app_test

import (
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/providers"
)

func TestAModelIsTrainedAndUsed(t *testing.T) {
	studio, err := app.Open(app.Config{Dir: t.TempDir(), Demo: true, SandboxPace: 0.1, Tempo: 0.1, Patience: 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer studio.Close()
	studio.Resume()
	t.Log(studio.Photos())
	job, problems, err := studio.Start(t.Context(), app.Order{Task: "luma/image", Values: map[string]any{"prompt": "a paper fox", "count": 2}})
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	job, err = studio.Wait(t.Context(), job.ID)
	if err != nil || job.State != providers.Done {
		t.Fatal(err, job.State, job.Error)
	}
	t.Logf("%+v", job)
}
