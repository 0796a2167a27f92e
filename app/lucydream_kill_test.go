//go:build !race

// Like the other kills, without the race detector.

package app_test

import (
	"testing"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/providers"
)

// Killed at any durable write, a training is finished at the next start with
// one paid request; where its answer may have been lost, after a person has
// said whether it is in the bucket.
func TestALucyDreamTrainingSurvivesAKillAtEveryDurableStep(t *testing.T) {
	asked := 0
	for at := 1; ; at++ {
		w := newWorld(t)
		studio, closeStudio := w.open()
		order := portrait(t, studio)
		closeStudio()
		if w.crash(order, at) {
			if at < 10 {
				t.Fatalf("only %d durable writes were seen", at)
			}
			break
		}
		job := w.finish(at)
		if job == nil {
			continue
		}
		if job.State == providers.NeedsYou {
			asked++
			job = w.decide(job.ID)
		}
		if job.State != providers.Done || len(job.Models) != 1 || w.Submissions("lucydream") != 1 {
			t.Fatalf("killed at write %d: %s with %d models and %d paid requests: %v", at, job.State, len(job.Models), w.Submissions("lucydream"), job.Error)
		}
	}
	if asked == 0 || asked > 3 {
		t.Errorf("a person was asked after %d of the kills", asked)
	}
}

// decide answers a job's question as a person does who has looked.
func (w *world) decide(id string) *app.Job {
	w.t.Helper()
	studio, closeStudio := w.open()
	defer closeStudio()
	how := app.Resolution{Resubmit: true}
	if w.Submissions("lucydream") > 0 {
		var ids []string
		for len(ids) == 0 && w.t.Context().Err() == nil {
			ids = w.delivered()
		}
		how = app.Resolution{Adopt: ids[0]}
	}
	if _, err := studio.Resolve(id, how); err != nil {
		w.t.Fatal(err)
	}
	job := wait(w.t, studio, id)
	return &job
}
