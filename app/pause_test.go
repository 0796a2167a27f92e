package app_test

import (
	"errors"
	"testing"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
)

func TestAPauseOutlivesARestartAndHoldsCallsBackToo(t *testing.T) {
	w := newWorld(t)
	studio, closing := w.open()
	if err := studio.SetPaused(true); err != nil {
		t.Fatal(err)
	}
	job, problems, err := studio.Jobs.Start(t.Context(), parsed(jobs.Order{Task: "luma/image", Values: map[string]any{"prompt": "a fox"}}))
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	closing()

	studio, _ = w.open()
	studio.Resume()
	if now, _ := studio.Jobs.Job(job.ID); !studio.Paused() || now.State != providers.Queued || !now.Held || now.Paid {
		t.Fatalf("after a restart it is paused: %v, the job is %+v", studio.Paused(), now)
	}
	call := jobs.NewOrder(studio.Services(), "bria/model-start", map[string]any{"model_id": "1"})
	call.Consent = true
	_, _, err = studio.Call(t.Context(), call)
	var failure *providers.Failure
	if !errors.As(err, &failure) || failure.Outcome != providers.NotSent || failure.Money != providers.NotSpent {
		t.Errorf("a training is begun all the same: %v", err)
	}
	if err := studio.SetPaused(false); err != nil {
		t.Fatal(err)
	}
	done, err := studio.Jobs.Wait(t.Context(), job.ID)
	if err != nil || done.State != providers.Done || studio.Settings.Now().Paused {
		t.Errorf("resumed, the job is %s: %v", done.State, err)
	}
}
