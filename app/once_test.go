package app_test

import (
	"testing"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
)

// Whatever becomes of the paid request and its answer, a job is done with
// exactly as many paid requests as it has pictures, or stops without one more.
func TestNothingIsPaidTwice(t *testing.T) {
	for _, row := range []struct {
		name   string
		faults []string
		state  providers.State
		kind   providers.FailureKind
		money  providers.Money
		paid   int
	}{
		{name: "all is well", state: providers.Done, paid: 1},
		{name: "accepted but unanswered", faults: []string{"luma POST /generations: lost x1"}, state: providers.Done, paid: 1},
		{name: "reset before anything was done", faults: []string{"luma POST /generations: reset x1"}, state: providers.Done, paid: 1},
		{name: "a server error", faults: []string{"luma POST /generations: status 500 x1"}, state: providers.Done, paid: 1},
		{name: "a gateway's error", faults: []string{"luma POST /generations: status 502 x2"}, state: providers.Done, paid: 1},
		{name: "half an answer", faults: []string{"luma POST /generations: cut x1"}, state: providers.Done, paid: 1},
		{name: "a garbled answer", faults: []string{"luma POST /generations: garble x1"}, state: providers.Done, paid: 1},
		{name: "a web page", faults: []string{"luma POST /generations: html x1"}, state: providers.Done, paid: 1},
		{name: "null", faults: []string{"luma POST /generations: null x1"}, state: providers.Done, paid: 1},
		{name: "an endless answer", faults: []string{"luma POST /generations: endless x1"}, state: providers.Done, paid: 1},
		{name: "too many requests", faults: []string{"luma POST /generations: status 429 retry-after 1 x1"}, state: providers.Done, paid: 1},
		{
			name:   "unanswered, and the list is down for a while",
			faults: []string{"luma POST /generations: lost x1", "luma GET /generations: status 503 x3"}, state: providers.Done, paid: 1,
		},
		{
			name:   "unanswered, and the list is nonsense for a while",
			faults: []string{"luma POST /generations: lost x1", "luma GET /generations: garble x2"}, state: providers.Done, paid: 1,
		},
		{name: "polling fails for a while", faults: []string{"luma GET /generations: status 500 x4"}, state: providers.Done, paid: 1},
		{name: "polling is cut", faults: []string{"luma GET /generations: cut x2"}, state: providers.Done, paid: 1},
		{name: "the service doesn't know its own job yet", faults: []string{"luma GET /generations: status 404 x2"}, state: providers.Done, paid: 1},
		{name: "the picture's link is refused", faults: []string{"assets /luma: status 403 x2"}, state: providers.Done, paid: 1},
		{name: "the picture is cut", faults: []string{"assets /luma: cut x1"}, state: providers.Done, paid: 1},
		{name: "the picture is a web page", faults: []string{"assets /luma: html x1"}, state: providers.Done, paid: 1},
		{
			name:   "never accepted however often it is sent",
			faults: []string{"luma POST /generations: status 500"}, state: providers.Failed, kind: providers.ServiceTrouble, money: providers.NotSpent,
		},
		{
			name:   "the key is refused",
			faults: []string{"luma POST /generations: status 401"}, state: providers.Failed, kind: providers.BadKey, money: providers.NotSpent,
		},
		{
			name:   "no credit",
			faults: []string{"luma POST /generations: status 402"}, state: providers.Failed, kind: providers.NoCredit, money: providers.NotSpent,
		},
		{
			name:   "the input is refused",
			faults: []string{"luma POST /generations: status 422"}, state: providers.Failed, kind: providers.InvalidInput, money: providers.NotSpent,
		},
		{
			name:   "redirected elsewhere",
			faults: []string{"luma POST /generations: redirect https://example.com/"}, state: providers.Failed, money: providers.NotSpent,
		},
		{
			name:   "unanswered, and the key is refused when asking",
			faults: []string{"luma POST /generations: lost x1", "luma GET /generations: status 401"}, state: providers.NeedsYou, kind: providers.UnknownOutcome,
			money: providers.MoneyUnknown, paid: 1,
		},
		{
			name:   "the answers stay nonsense",
			faults: []string{"luma GET /generations: html"}, state: providers.NeedsYou, kind: providers.ServiceTrouble, money: providers.Spent, paid: 1,
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t, row.faults...)
			studio, _ := w.open()
			job := run(t, studio, fox())
			wantState(t, job, row.state)
			if paid := w.Submissions("luma"); paid != row.paid {
				t.Fatalf("%d paid requests instead of %d", paid, row.paid)
			}
			if row.state == providers.Done {
				if len(job.Images) != 1 {
					t.Fatalf("%d pictures were kept", len(job.Images))
				}
				return
			}
			if row.kind != "" && job.Error.Kind != row.kind || job.Error.Money != row.money || job.Error.Message.IsZero() {
				t.Fatalf("the failure is %+v", job.Error)
			}
		})
	}
}

func TestAQuestionStaysOpenUntilAPersonDecides(t *testing.T) {
	unanswered := []string{"dreamlook POST /image_gen: lost x1"}
	order := jobs.Order{Task: "dreamlook/image_gen", Values: map[string]any{"prompt": "a fox", "num_samples": 1, "base_model": "stable-diffusion-v1-5"}}

	// Two requests at the service look like ours: one is, the other was made
	// elsewhere with the same key.
	needing := func(t *testing.T) (*world, *app.Studio, jobs.Job) {
		w := newWorld(t)
		elsewhere := &world{Sandbox: w.Sandbox, t: t, dir: t.TempDir(), env: w.env}
		other, _ := elsewhere.open()
		wantState(t, run(t, other, order), providers.Done)
		for _, fault := range unanswered {
			if err := w.AddFault(fault); err != nil {
				t.Fatal(err)
			}
		}
		studio, _ := w.open()
		job := run(t, studio, order)
		wantState(t, job, providers.NeedsYou)
		if len(job.Ask.Candidates) != 2 || job.Error.Money != providers.MoneyUnknown {
			t.Fatalf("the question is %+v", job.Ask)
		}
		return w, studio, job
	}

	t.Run("adopted", func(t *testing.T) {
		w, studio, job := needing(t)
		if _, err := studio.Jobs.Resolve(job.ID, jobs.Resolution{Adopt: job.Ask.Candidates[0].ID}); err != nil {
			t.Fatal(err)
		}
		job = wait(t, studio, job.ID)
		wantState(t, job, providers.Done)
		if len(job.Images) != 1 || w.Submissions("dreamlook") != 2 {
			t.Fatalf("%d pictures, %d paid requests", len(job.Images), w.Submissions("dreamlook"))
		}
	})
	t.Run("sent again", func(t *testing.T) {
		w, studio, job := needing(t)
		if _, err := studio.Jobs.Resolve(job.ID, jobs.Resolution{Resubmit: true}); err != nil {
			t.Fatal(err)
		}
		wantState(t, wait(t, studio, job.ID), providers.Done)
		if paid := w.Submissions("dreamlook"); paid != 3 {
			t.Fatalf("%d paid requests", paid)
		}
	})
	t.Run("given up", func(t *testing.T) {
		w, studio, job := needing(t)
		job, err := studio.Jobs.Resolve(job.ID, jobs.Resolution{GiveUp: true})
		if err != nil {
			t.Fatal(err)
		}
		wantState(t, job, providers.Failed)
		if w.Submissions("dreamlook") != 2 || job.Error.Money != providers.MoneyUnknown {
			t.Fatalf("%d paid requests, %+v", w.Submissions("dreamlook"), job.Error)
		}
	})
	t.Run("asked again, and survives a restart", func(t *testing.T) {
		w, studio, job := needing(t)
		if _, err := studio.Jobs.Resolve(job.ID, jobs.Resolution{Look: true}); err != nil {
			t.Fatal(err)
		}
		wantState(t, wait(t, studio, job.ID), providers.NeedsYou)
		if err := studio.Close(); err != nil {
			t.Fatal(err)
		}
		again, err := app.Open(w.config())
		if err != nil {
			t.Fatal(err)
		}
		defer again.Close()
		again.Resume()
		if kept, _ := again.Jobs.Job(job.ID); kept.State != providers.NeedsYou || len(kept.Ask.Candidates) != 2 {
			t.Fatalf("after a restart: %s %+v", kept.State, kept.Ask)
		}
	})
	t.Run("nothing is decided by two answers at once", func(t *testing.T) {
		_, studio, job := needing(t)
		if _, err := studio.Jobs.Resolve(job.ID, jobs.Resolution{Resubmit: true, GiveUp: true}); err == nil {
			t.Fatal("two answers were taken")
		}
	})
}
