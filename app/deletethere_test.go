package app_test

import (
	"testing"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
)

// What a job made is deleted at its service, all of it, and stays here.
func TestWhatAJobMadeIsDeletedAtItsService(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	studio, closeStudio := w.open()
	job := run(t, studio, foxes())
	other := run(t, studio, fox())
	wantState(t, job, providers.Done)
	if !studio.Jobs.DeletableThere(job) {
		t.Fatal("a finished job can't be deleted there")
	}
	// Half of it is gone already.
	if _, _, err := studio.Call(t.Context(), jobs.NewOrder(registry.All(), "luma/delete", map[string]any{"id": job.RemoteID})); err != nil {
		t.Fatal(err)
	}
	if err := studio.Jobs.DeleteThere(t.Context(), job.ID); err != nil {
		t.Fatal(err)
	}
	list, _, err := studio.Call(t.Context(), jobs.NewOrder(registry.All(), "luma/generations", nil))
	if err != nil {
		t.Fatal(err)
	}
	if left := list.(map[string]any)["generations"].([]any); len(left) != 1 || left[0].(map[string]any)["id"] != other.RemoteID {
		t.Errorf("Luma still has %v", left)
	}
	closeStudio()
	studio, _ = w.open()
	job, _ = studio.Jobs.Job(job.ID)
	if job.DeletedThere.IsZero() || studio.Jobs.DeletableThere(job) || studio.Jobs.DeleteThere(t.Context(), job.ID) == nil {
		t.Error("it can be deleted twice")
	}
	for _, id := range job.Images {
		if _, here := studio.Library.Picture(id); !here {
			t.Errorf("the picture %s is gone here too", id)
		}
	}
}

func TestARefusedDeletionCanBeTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "luma DELETE /generations: status 500 x1")
	studio, _ := w.open()
	job := run(t, studio, foxes())
	if err := studio.Jobs.DeleteThere(t.Context(), job.ID); err == nil {
		t.Fatal("nothing went wrong")
	}
	if job, _ = studio.Jobs.Job(job.ID); !studio.Jobs.DeletableThere(job) {
		t.Fatal("it counts as deleted")
	}
	if err := studio.Jobs.DeleteThere(t.Context(), job.ID); err != nil {
		t.Fatal(err)
	}
}

func TestWhereNothingCanBeDeletedThereItIsNotOffered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	studio, _ := w.open()
	dream := run(t, studio, jobs.Order{Task: "dreamlook/image_gen", Values: map[string]any{"prompt": "a fox", "num_samples": 1, "base_model": "stable-diffusion-v1-5"}})
	for what, job := range map[string]jobs.Job{
		"a service that can't": dream,
		"a job that goes on":   {Task: "luma/image", State: providers.Running, Paid: true},
		"a job to be resumed":  {Task: "luma/image", State: providers.Failed, Paid: true},
		"a job never paid":     {Task: "luma/image", State: providers.Failed, Error: &providers.Failure{Ended: true}},
	} {
		if studio.Jobs.DeletableThere(job) {
			t.Error(what)
		}
	}
}
