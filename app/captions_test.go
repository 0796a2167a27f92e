package app_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
)

// uncaptionedBria never captions, or late, and counts the trainings.
type uncaptionedBria struct {
	caption, source string       // JSON, and the word; of the first picture
	lateBy          atomic.Int64 // looks until captions are there
	looks           atomic.Int64
	completed       bool
	paid            atomic.Int64
}

func (b *uncaptionedBria) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	id := 7
	_, _ = fmt.Sscanf(strings.TrimPrefix(path, "/tailored-gen/models/"), "%d", &id)
	switch {
	case strings.HasSuffix(path, "start_training"):
		b.paid.Add(1)
		fmt.Fprintf(w, `{"id": %d, "status": "InProgress"}`, id)
	case r.Method == http.MethodGet && strings.HasSuffix(path, "/images"):
		caption, source := b.caption, b.source
		if n := b.lateBy.Load(); n > 0 && b.looks.Add(1) > n {
			caption, source = `"a fennec"`, `"automatic"`
		}
		fmt.Fprintf(w, `[{"id": 7, "caption": %s, "caption_source": %s}, {"id": 8, "caption": "a fennec", "caption_source": "automatic"}]`, caption, source)
	case strings.HasSuffix(path, "/projects"), strings.HasSuffix(path, "/datasets"), strings.HasSuffix(path, "/images"):
		fmt.Fprint(w, `{"id": 7, "caption": null, "caption_source": "pending"}`)
	case strings.Contains(path, "/models"):
		fmt.Fprint(w, `{"id": 7, "status": "Completed", "training_version": "light"}`)
	default:
		status := "draft"
		if b.completed {
			status = "completed"
		}
		fmt.Fprintf(w, `{"id": 7, "project_id": 7, "status": %q, "images_count": 2}`, status)
	}
}

func TestATrainingAsksBeforeItIsPaidWithoutCaptions(t *testing.T) {
	for name, service := range map[string]*uncaptionedBria{
		"unknown":         {caption: `null`, source: `"unknown"`},
		"empty":           {caption: `""`, source: `"automatic"`},
		"another word":    {caption: `null`, source: `"failed"`},
		"nothing":         {caption: `null`, source: `null`},
		"completed so":    {caption: `null`, source: `"unknown"`, completed: true},
		"spaces, by hand": {caption: `"  "`, source: `"manual"`},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			server := httptest.NewServer(service)
			t.Cleanup(server.Close)
			w.env["MAQUETTE_BRIA_URL"] = server.URL
			studio := w.hurried()
			order := fennec(t, studio, "light")
			if service.completed {
				order = jobs.Order{Task: "bria/train", Consent: true, Values: map[string]any{"model_name": "Dusk", "start_from": "dataset", "dataset_id": "7"}}
			}
			job := run(t, studio, order)
			wantState(t, job, providers.NeedsYou)
			if n := service.paid.Load(); n != 0 || job.Error.Money != providers.NotSpent || !job.Ask.Doubt {
				t.Fatalf("paid %d times; asked as %+v, %+v", n, job.Ask, job.Error)
			}
			if words := job.Ask.Message.String(); !strings.Contains(words, "1 of 2 pictures") {
				t.Errorf("asked as %q", words)
			}
			for _, wrong := range []jobs.Resolution{{Resubmit: true}, {Adopt: "7"}} {
				if _, err := studio.Jobs.Resolve(job.ID, wrong); err == nil {
					t.Errorf("%+v was taken as an answer", wrong)
				}
			}
			if _, err := studio.Jobs.Resolve(job.ID, jobs.Resolution{Look: true}); err != nil {
				t.Fatal(err)
			}
			wantState(t, wait(t, studio, job.ID), providers.NeedsYou)
			if _, err := studio.Jobs.Resolve(job.ID, jobs.Resolution{GoOn: true}); err != nil {
				t.Fatal(err)
			}
			wantState(t, wait(t, studio, job.ID), providers.Done)
			if n := service.paid.Load(); n != 1 {
				t.Errorf("paid %d times", n)
			}
		})
	}
}

func TestCaptionsThatComeLateAreAwaitedWhateverTheirSourceSays(t *testing.T) {
	for _, source := range []string{`"unknown"`, `"pending"`, `null`} {
		service := &uncaptionedBria{caption: `null`, source: source}
		service.lateBy.Store(8)
		w := newWorld(t)
		server := httptest.NewServer(service)
		t.Cleanup(server.Close)
		w.env["MAQUETTE_BRIA_URL"] = server.URL
		studio := w.hurried()
		wantState(t, run(t, studio, fennec(t, studio, "light")), providers.Done)
		if looks, paid := service.looks.Load(), service.paid.Load(); looks != 9 || paid != 1 {
			t.Errorf("%s: %d looks, paid %d times", source, looks, paid)
		}
	}
}

func TestAGivenUpDoubtCostsNothing(t *testing.T) {
	service := &uncaptionedBria{caption: `null`, source: `"unknown"`}
	w := newWorld(t)
	server := httptest.NewServer(service)
	t.Cleanup(server.Close)
	w.env["MAQUETTE_BRIA_URL"] = server.URL
	studio := w.hurried()
	job := run(t, studio, fennec(t, studio, "light"))
	wantState(t, job, providers.NeedsYou)
	job, err := studio.Jobs.Resolve(job.ID, jobs.Resolution{GiveUp: true})
	if err != nil || job.State != providers.Failed || job.Error.Money != providers.NotSpent || service.paid.Load() != 0 {
		t.Errorf("%+v, %v", job.Error, err)
	}
}

// hurried opens the studio with waits so short that minutes pass at once.
func (w *world) hurried() *app.Studio {
	w.t.Helper()
	cfg := w.config()
	cfg.Tempo = 0.001
	studio, err := app.Open(cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		if err := studio.Close(); err != nil {
			w.t.Error(err)
		}
	})
	return studio
}
