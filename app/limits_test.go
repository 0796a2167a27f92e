package app_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
)

// minuteOfTests is a service's minute at the tempo of the tests.
const minuteOfTests = time.Minute * 2 / 100

// refusals are when a service refused a request as one too many.
type refusals struct {
	mu  sync.Mutex
	all []time.Time
	n   int // requests
}

// watched puts a proxy before a service that notes its refusals.
func (w *world) watched(variable string) *refusals {
	w.t.Helper()
	target, err := url.Parse(w.env[variable])
	if err != nil {
		w.t.Fatal(err)
	}
	seen := &refusals{}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(&url.URL{Scheme: target.Scheme, Host: target.Host}) },
		ModifyResponse: func(r *http.Response) error {
			seen.mu.Lock()
			defer seen.mu.Unlock()
			seen.n++
			if r.StatusCode == http.StatusTooManyRequests {
				seen.all = append(seen.all, time.Now())
			}
			return nil
		},
	}
	server := httptest.NewServer(proxy)
	w.t.Cleanup(server.Close)
	w.env[variable] = server.URL + target.Path
	return seen
}

func TestFourTrainingsOnAFreePlanMeetOneRefusalAMinute(t *testing.T) {
	for _, service := range []*limitedBria{
		{perMinute: 10},
		{perMinute: 10, sliding: true, retryAfter: "20"},
	} {
		t.Run(fmt.Sprintf("sliding %v", service.sliding), func(t *testing.T) {
			w := newWorld(t)
			w.env["MAQUETTE_BRIA_URL"] = service.start(t)
			studio, _ := w.open()
			var started []jobs.Job
			for i := range 4 {
				order := fennec(t, studio, "light")
				order.Values["model_name"] = fmt.Sprint("Fennec ", i)
				started = append(started, start(t, studio, order))
			}
			for _, job := range started {
				wantState(t, wait(t, studio, job.ID), providers.Done)
			}
			if len(service.started) != 4 {
				t.Errorf("%d trainings were started", len(service.started))
			}
			for model, times := range service.started {
				if times != 1 {
					t.Errorf("training %s was started %d times", model, times)
				}
			}
			if most := service.mostRefused(); most > 1 {
				t.Errorf("%d of %d requests were refused, %d within a minute", len(service.refused), service.requests, most)
			}
		})
	}
}

func TestAWaitForALimitIsShownAndCanBeCancelled(t *testing.T) {
	w := newWorldAt(t, 0.1, "bria POST /tailored-gen/projects: limit 1 retry-after 600")
	studio, _ := w.open()
	first := start(t, studio, fennec(t, studio, "light"))
	until(t, studio, first.ID, func(j jobs.Job) bool { return j.State == providers.Running || j.State.Ended() })
	refused := start(t, studio, fennec(t, studio, "light"))
	until(t, studio, refused.ID, func(j jobs.Job) bool {
		return strings.Contains(j.Status.Note.String(), "asks for fewer requests")
	})
	queued := start(t, studio, fennec(t, studio, "light"))
	until(t, studio, queued.ID, func(j jobs.Job) bool {
		return strings.HasPrefix(j.Status.Note.String(), "Waiting for Bria's limit of ")
	})
	for _, job := range []jobs.Job{refused, queued} {
		if err := studio.Jobs.Cancel(job.ID); err != nil {
			t.Fatal(err)
		}
		if job = mustJob(t, studio, job.ID); job.State != providers.Cancelled || job.Error != nil {
			t.Errorf("%s, %v", job.State, job.Error)
		}
	}
}

func TestManyJobsAtAServiceWithUnknownLimitsSettle(t *testing.T) {
	w := newWorldAt(t, 0.02, "dreamlook GET /jobs: limit 12")
	seen := w.watched("MAQUETTE_DREAMLOOK_URL")
	studio, _ := w.open()
	var started []jobs.Job
	for i := range 8 {
		started = append(started, start(t, studio, jobs.Order{Task: "dreamlook/image_gen", Values: map[string]any{
			"prompt": fmt.Sprint("a paper fox ", i), "num_samples": 1,
		}}))
	}
	for _, job := range started {
		wantState(t, wait(t, studio, job.ID), providers.Done)
	}
	if len(seen.all)*3 > seen.n {
		t.Errorf("%d of %d requests were refused", len(seen.all), seen.n)
	}
}
