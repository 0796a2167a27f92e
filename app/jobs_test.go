package app_test

import (
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/consent"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
)

func TestAModelIsTrainedAndUsed(t *testing.T) {
	w := newWorld(t)
	studio, _ := w.open()
	job := run(t, studio, training(t, studio))
	wantState(t, job, providers.Done)
	if job.Consent == nil || job.Consent.Statement != consent.Statement {
		t.Errorf("the consent kept with the job is %+v", job.Consent)
	}
	model, ok := studio.Models.Model(job.Models[0])
	if !ok || studio.Models.Path(model) == "" || time.Until(model.Expires) < 40*time.Hour {
		t.Fatalf("the model is %+v", model)
	}
	job = run(t, studio, jobs.Order{Task: "dreamlook/image_gen", Values: map[string]any{
		"prompt": "a paper fox at sea", "checkpoint_id": model.ID, "num_samples": 3,
	}})
	wantState(t, job, providers.Done)
	if len(job.Images) != 3 {
		t.Fatalf("%d pictures", len(job.Images))
	}
	p, _ := studio.Library.Picture(job.Images[0])
	if p.Seed == nil || p.Model != model.RemoteID || p.Prompt != "a paper fox at sea" {
		t.Errorf("what made the picture: %+v", p)
	}
}

func TestWhatCannotBeSentIsSaidAndNothingIsWritten(t *testing.T) {
	w := newWorld(t)
	studio, _ := w.open()
	taken := photos(t, studio, 2)
	for _, row := range []struct {
		name  string
		order jobs.Order
		field string
	}{
		{"an unknown task", jobs.Order{Task: "luma/video"}, "task"},
		{"a prompt too short", jobs.Order{Task: "luma/image", Values: map[string]any{"prompt": "a"}}, "prompt"},
		{"a field that doesn't exist", jobs.Order{Task: "luma/image", Values: map[string]any{"prompt": "a fox", "seed": 1}}, "seed"},
		{"no photos", jobs.Order{Task: "dreamlook/dreambooth", Consent: true}, jobs.PhotosField},
		{"no consent", jobs.Order{Task: "dreamlook/dreambooth", Photos: taken}, consent.Field},
		{"photos where none are used", jobs.Order{Task: "luma/image", Values: map[string]any{"prompt": "a fox"}, Photos: taken}, jobs.PhotosField},
		{"a picture that isn't there", jobs.Order{Task: "luma/image", Values: map[string]any{
			"prompt": "a fox", "image_ref": []map[string]any{{"image": "/nowhere/fox.jpg"}},
		}}, "image_ref[0].image"},
		{"a picture by plain http", jobs.Order{Task: "luma/image", Values: map[string]any{
			"prompt": "a fox", "image_ref": []map[string]any{{"image": "http://example.com/fox.jpg"}},
		}}, "image_ref[0].image"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, problems, err := studio.Jobs.Start(t.Context(), parsed(row.order))
			if err != nil || len(problems) == 0 || problems[0].Field != row.field {
				t.Fatalf("got %v, %v; want a problem of %s", problems, err, row.field)
			}
			if strings.Contains(problems[0].Message.String(), "/nowhere/") {
				t.Errorf("the message tells a path: %s", problems[0].Message)
			}
		})
	}
	if all := studio.Jobs.List(); len(all) > 0 {
		t.Errorf("%d jobs were written", len(all))
	}
}

func TestAJobWaitsForTheNetwork(t *testing.T) {
	w := newWorld(t)
	service := w.env["MAQUETTE_LUMA_URL"]
	w.env["MAQUETTE_LUMA_URL"] = "http://127.0.0.1:1" // nobody listens there
	cfg := w.config()
	cfg.Patience = 300 * time.Millisecond
	studio, err := app.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer studio.Close()
	job := run(t, studio, fox())
	wantState(t, job, providers.Failed)
	if job.Error.Kind != providers.NoNetwork || job.Error.Money != providers.NotSpent {
		t.Fatalf("the failure is %+v", job.Error)
	}
	w.env["MAQUETTE_LUMA_URL"] = service
	again, problems, err := studio.Jobs.Retry(t.Context(), job.ID)
	if err != nil || len(problems) > 0 || again.ID != job.ID {
		t.Fatalf("retry: %v %v %s", err, problems, again.ID)
	}
	wantState(t, wait(t, studio, job.ID), providers.Done)
	if w.Submissions("luma") != 1 {
		t.Errorf("%d paid requests", w.Submissions("luma"))
	}
}

func TestCancellingStopsOnlyTheWaiting(t *testing.T) {
	w := newWorld(t, "luma GET /generations: status 503")
	studio, _ := w.open()
	job := start(t, studio, fox())
	until(t, studio, job.ID, func(j jobs.Job) bool { return j.Paid })
	paid, _ := studio.Jobs.Job(job.ID)
	if words := studio.Jobs.CancelConsequence(paid); !strings.Contains(words.String(), "goes on and charges") {
		t.Errorf("cancelling is said to do: %s", words)
	}
	if err := studio.Jobs.Cancel(job.ID); err != nil {
		t.Fatal(err)
	}
	job, _ = studio.Jobs.Job(job.ID)
	wantState(t, job, providers.Cancelled)
	if err := studio.Jobs.Cancel(job.ID); err == nil {
		t.Error("an ended job was cancelled")
	}
}

func TestARetryAfterTheServiceGaveUpIsANewJob(t *testing.T) {
	w := newWorld(t)
	studio, _ := w.open()
	job := run(t, studio, jobs.Order{Task: "luma/image", Values: map[string]any{"prompt": "a forbidden fox"}})
	wantState(t, job, providers.Failed)
	if job.Error.Kind != providers.RefusedContent || job.Error.Money != providers.Refunded || !strings.Contains(job.Error.Service, "moderate") {
		t.Fatalf("the failure is %+v", job.Error)
	}
	again, problems, err := studio.Jobs.Retry(t.Context(), job.ID)
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	if again.ID == job.ID || again.RetryOf != job.ID {
		t.Errorf("the retry is %s of %s", again.ID, again.RetryOf)
	}
	wait(t, studio, again.ID)
	if w.Submissions("luma") != 2 {
		t.Errorf("%d paid requests", w.Submissions("luma"))
	}
}

func TestADryRunCostsNothing(t *testing.T) {
	w := newWorld(t)
	studio, _ := w.open()
	order := training(t, studio)
	order.Values["dry_run"] = true
	job := run(t, studio, order)
	wantState(t, job, providers.Done)
	if w.Submissions("dreamlook") != 0 || job.Paid || !strings.Contains(job.Note.String(), "nothing charged") {
		t.Errorf("%d paid requests, paid %v, note %q", w.Submissions("dreamlook"), job.Paid, job.Note)
	}
}

func TestNoKeyIsSaidWithWhereToPutIt(t *testing.T) {
	w := newWorld(t)
	w.env["LUMAAI_API_KEY"] = ""
	w.env["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nowhere"
	studio, _ := w.open()
	job := run(t, studio, fox())
	wantState(t, job, providers.Failed)
	if job.Error.Kind != providers.BadKey || !strings.Contains(job.Error.Advice.String(), "LUMAAI_API_KEY") || job.Error.Money != providers.NotSpent {
		t.Errorf("the failure is %+v", job.Error)
	}
}

func TestNoBucketIsSaidBeforeAnythingIsPrepared(t *testing.T) {
	w := newWorld(t)
	w.env["MAQUETTE_BUCKET_ENDPOINT"] = ""
	studio, _ := w.open()
	job := run(t, studio, training(t, studio))
	wantState(t, job, providers.Failed)
	if job.Error.Kind != providers.NoBucket || job.Error.Money != providers.NotSpent {
		t.Errorf("the failure is %+v", job.Error)
	}
}

func TestASecondStudioIsRefused(t *testing.T) {
	w := newWorld(t)
	w.open()
	if _, err := app.Open(w.config()); err == nil || !strings.Contains(err.Error(), "Maquette") {
		t.Errorf("the second one says: %v", err)
	}
}

// until waits for a job to be as wanted.
func until(t *testing.T, studio *app.Studio, id string, want func(jobs.Job) bool) {
	t.Helper()
	changed := make(chan struct{}, 1)
	defer studio.Events.Subscribe(func(app.Event) {
		select {
		case changed <- struct{}{}:
		default:
		}
	})()
	timeout := time.After(20 * time.Second)
	for {
		if job, _ := studio.Jobs.Job(id); want(job) {
			return
		}
		select {
		case <-changed:
		case <-timeout:
			job, _ := studio.Jobs.Job(id)
			t.Fatalf("waited in vain; the job is %s", job.State)
		}
	}
}

func TestAJobSaysWhatItWaitsForAndSinceWhen(t *testing.T) {
	const away = "luma: stall 1ms"
	for fault, lacks := range map[string]providers.FailureKind{
		"luma GET /generations: status 503": providers.ServiceTrouble,
		away:                                providers.NoNetwork,
		"luma GET /generations: garble":     providers.ServiceTrouble,
		"luma POST /generations: status 429 retry-after 60":   providers.RateLimited,
		"assets /luma: reset":                                 providers.NoNetwork,
		"luma GET /generations: status 429 retry-after 60 x1": providers.RateLimited,
	} {
		t.Run(fault, func(t *testing.T) {
			w := newWorld(t, fault)
			if fault == away {
				w.env["MAQUETTE_LUMA_URL"] = "http://127.0.0.1:1"
			}
			studio, _ := w.open()
			began := time.Now()
			job := start(t, studio, fox())
			until(t, studio, job.ID, func(j jobs.Job) bool {
				return !j.State.Ended() && j.Status.Lacks == lacks && !j.Status.Since.Before(began)
			})
		})
	}
}

func TestAJobIsCancelledInEveryState(t *testing.T) {
	for _, row := range []struct {
		name   string
		faults []string
		when   func(jobs.Job) bool
	}{
		{"just begun", nil, func(jobs.Job) bool { return true }},
		{"submitting", []string{"luma POST /generations: stall 1s"}, func(j jobs.Job) bool { return j.State == providers.Submitting }},
		{"waiting for a place in the queue", []string{"luma POST /generations: status 429 retry-after 60"}, func(j jobs.Job) bool { return j.State == providers.Waiting }},
		{"asking what became of it", []string{"luma POST /generations: lost", "luma GET /generations: status 503"}, func(j jobs.Job) bool { return !j.Status.Note.IsZero() }},
		{"watched", []string{"luma GET /generations: stall 1s"}, func(j jobs.Job) bool { return j.Paid }},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t, row.faults...)
			studio, _ := w.open()
			for range 3 {
				job := start(t, studio, fox())
				until(t, studio, job.ID, row.when)
				if err := studio.Jobs.Cancel(job.ID); err != nil {
					t.Fatal(err)
				}
				job, _ = studio.Jobs.Job(job.ID)
				wantState(t, job, providers.Cancelled)
			}
		})
	}
}
