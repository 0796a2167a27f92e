//go:build !race

// Like the other kills, without the race detector.

package app_test

import (
	"testing"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
)

// Killed at any durable write, a training is finished at the next start with
// one paid request; where its answer may have been lost, after a person has
// said whether it is in the bucket.
func TestALucyDreamTrainingSurvivesAKillAtEveryDurableStep(t *testing.T) {
	t.Parallel()
	asked := survivesTraining(t, 1, func(w *world, at int) bool {
		studio, closeStudio := w.open()
		order := portrait(t, studio)
		closeStudio()
		return w.crash(order, at)
	})
	if asked == 0 || asked > 3 {
		t.Errorf("a person was asked after %d of the kills", asked)
	}
}

// A program that is closed still waits for the answer: nobody is asked.
func TestALucyDreamTrainingSurvivesAClosingLikeAKill(t *testing.T) {
	t.Parallel()
	asked := survivesTraining(t, 3, func(w *world, at int) bool { return w.closeAt(portrait, at) })
	if asked > 0 {
		t.Errorf("a person was asked after %d of the closings", asked)
	}
}

// survivesTraining ends the program at every stride-th durable write until the
// job ended before, which end reports, and returns how often a person was asked.
func survivesTraining(t *testing.T, stride int, end func(w *world, at int) bool) (asked int) {
	t.Helper()
	for at := 1; ; at += stride {
		w := newWorld(t)
		if end(w, at) {
			if at < 10 {
				t.Fatalf("only %d durable writes were seen", at)
			}
			return asked
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
			t.Fatalf("ended at write %d: %s with %d models and %d paid requests: %v", at, job.State, len(job.Models), w.Submissions("lucydream"), job.Error)
		}
	}
}

// decide answers a job's question as a person does who has looked.
func (w *world) decide(id string) *jobs.Job {
	w.t.Helper()
	studio, closeStudio := w.open()
	defer closeStudio()
	how := jobs.Resolution{Resubmit: true}
	if w.Submissions("lucydream") > 0 {
		var ids []string
		for len(ids) == 0 && w.t.Context().Err() == nil {
			ids = w.delivered()
		}
		how = jobs.Resolution{Adopt: ids[0]}
	}
	if _, err := studio.Jobs.Resolve(id, how); err != nil {
		w.t.Fatal(err)
	}
	job := wait(w.t, studio, id)
	return &job
}
