package app_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/providers"
)

// patient never asks by itself within a test: only a callback makes it look.
const patient = 100_000

// reachable is a world whose studio can be called back.
func reachable(t *testing.T, faults ...string) (*world, string) {
	t.Helper()
	w := newWorld(t, faults...)
	address := freeAddress(t)
	w.env["MAQUETTE_CALLBACK_LISTEN"] = address
	w.env["MAQUETTE_CALLBACK_URL"] = "http://" + address + "/hooks/"
	return w, "http://" + address
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func (w *world) openPatient() *app.Studio {
	w.t.Helper()
	cfg := w.config()
	cfg.Tempo = patient
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

func TestACallbackEndsTheWait(t *testing.T) {
	t.Parallel()
	w, _ := reachable(t)
	studio := w.openPatient()
	for _, order := range []jobs.Order{
		fox(),
		{Task: "dreamlook/image_gen", Values: map[string]any{"prompt": "a paper fox", "num_samples": 1}},
		training(t, studio),
	} {
		job := run(t, studio, order)
		wantState(t, job, providers.Done)
	}
	if w.Submissions("luma") != 1 || w.Submissions("dreamlook") != 2 {
		t.Errorf("%d and %d submissions", w.Submissions("luma"), w.Submissions("dreamlook"))
	}
}

func TestALostRequestIsFoundAlthoughTheCallbackAddressChanged(t *testing.T) {
	t.Parallel()
	w, _ := reachable(t, "luma POST /generations/image: lost x1", "luma GET /generations: status 503 x6")
	studio, closing := w.open()
	id := start(t, studio, fox()).ID
	for w.Submissions("luma") == 0 {
		time.Sleep(time.Millisecond)
	}
	closing()
	address := freeAddress(t)
	w.env["MAQUETTE_CALLBACK_LISTEN"], w.env["MAQUETTE_CALLBACK_URL"] = address, "http://"+address
	studio, _ = w.open()
	studio.Resume()
	wantState(t, wait(t, studio, id), providers.Done)
	if n := w.Submissions("luma"); n != 1 {
		t.Errorf("%d submissions", n)
	}
}

func TestNothingThatACallbackSaysIsBelieved(t *testing.T) {
	t.Parallel()
	w, receiver := reachable(t, "luma POST /generations/image: stall 300ms x1")
	studio, _ := w.open()
	studio.Resume()
	job := start(t, studio, fox())
	job, _ = studio.Jobs.Job(job.ID)
	forged := `{"id":"` + job.ID + `","state":"failed","failure_reason":"forged","assets":{"image":"http://127.0.0.1/forged.png"}}`
	known, unknown := receiver+"/hooks/"+job.Callback, receiver+"/hooks/"+strings.Repeat("A", len(job.Callback))
	var bodies []string
	for _, row := range []struct {
		method, url, body string
		status            int
	}{
		{"POST", known, forged, 200},
		{"POST", known, forged, 200}, // again
		{"POST", known, "", 200},
		{"POST", known, "{\x00 no JSON", 200},
		{"POST", known, strings.Repeat("x", 1<<16), 200},
		{"POST", receiver + "/" + job.Callback, forged, 200},
		{"GET", known, "", 404},
		{"PUT", known, forged, 404},
		{"DELETE", known, "", 404},
		{"POST", unknown, forged, 404},
		{"POST", known + "/", forged, 200},
		{"POST", receiver, forged, 404},
		{"POST", receiver + "/..%2f..%2fetc", forged, 404},
	} {
		status, body := call(t, row.method, row.url, row.body)
		if status != row.status {
			t.Errorf("%s %.60s answers %d instead of %d", row.method, row.url, status, row.status)
		}
		bodies = append(bodies, body)
	}
	for _, body := range bodies {
		if body != bodies[0] {
			t.Errorf("answers differ: %q and %q", bodies[0], body)
		}
	}
	done := wait(t, studio, job.ID)
	wantState(t, done, providers.Done)
	if status, _ := call(t, "POST", known, forged); status != 200 { // late
		t.Errorf("a late callback is answered %d", status)
	}
	if again, _ := studio.Jobs.Job(job.ID); again.State != providers.Done || len(again.Images) != 1 {
		t.Errorf("a late callback changed the job: %+v", again)
	}
}

func call(t *testing.T, method, url, body string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewBufferString(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	said, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(said)
}

// Many connections that never finish a request don't keep the studio from closing, nor other jobs from going on.
func TestSlowCallersAreHarmless(t *testing.T) {
	t.Parallel()
	w, receiver := reachable(t)
	studio, closing := w.open()
	studio.Resume()
	var dialer net.Dialer
	for range 100 {
		conn, err := dialer.DialContext(t.Context(), "tcp", strings.TrimPrefix(receiver, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprint(conn, "POST /hooks/x HTTP/1.1\r\nHost: x\r\nContent-Le")
	}
	wantState(t, run(t, studio, fox()), providers.Done)
	closing()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if conn, err := dialer.DialContext(ctx, "tcp", strings.TrimPrefix(receiver, "http://")); err == nil {
		conn.Close()
		t.Error("the receiver outlives its studio")
	}
}

// A storm of callbacks makes a few polls, not as many as there are callbacks.
func TestAStormOfCallbacksMakesFewPolls(t *testing.T) {
	t.Parallel()
	w, receiver := reachable(t)
	studio := w.openPatient()
	studio.Resume()
	var changes atomic.Int32
	defer studio.Events.Subscribe(func(e app.Event) {
		if e.Kind == app.JobChanged {
			changes.Add(1)
		}
	})()
	job := start(t, studio, fox())
	for range 300 {
		call(t, "POST", receiver+"/"+job.Callback, "")
	}
	if n := changes.Load(); n > 60 {
		t.Errorf("%d changes were published for 300 callbacks", n)
	}
}

// What waits because of trouble waits its time, however often somebody calls.
func TestAStormOfCallbacksShortensNoWaitButTheNextLook(t *testing.T) {
	for name, row := range map[string]struct {
		fault string
		paid  int
	}{
		"after a refusal for a while": {"luma POST /generations/image: status 429 retry-after 1 x1", 0},
		"between tries of a download": {"assets /luma: status 503 x1", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, receiver := reachable(t, row.fault)
			studio := w.openPatient()
			studio.Resume()
			waits := start(t, studio, fox())
			for !strings.Contains(waits.Status.Note.String(), "Trying again by itself") && t.Context().Err() == nil {
				time.Sleep(time.Millisecond)
				waits, _ = studio.Jobs.Job(waits.ID)
			}
			var asked atomic.Int32
			defer studio.Events.Subscribe(func(e app.Event) {
				if e.ID == waits.ID {
					asked.Add(1)
				}
			})()
			// The storm lasts until another job, which its service calls back, is through.
			other := start(t, studio, jobs.Order{Task: "dreamlook/image_gen", Values: map[string]any{"prompt": "a paper fox", "num_samples": 1}})
			for !other.State.Ended() {
				call(t, "POST", receiver+"/"+waits.Callback, "")
				other, _ = studio.Jobs.Job(other.ID)
			}
			wantState(t, other, providers.Done)
			if job, _ := studio.Jobs.Job(waits.ID); asked.Load() > 0 || w.Submissions("luma") != row.paid || job.State != providers.Waiting {
				t.Errorf("it was shortened: %d changes, %d paid requests, %s", asked.Load(), w.Submissions("luma"), job.State)
			}
		})
	}
}

func TestTheReceiverFollowsItsSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	studio, _ := w.open()
	studio.Resume()
	job := run(t, studio, fox())
	if job.Callback != "" {
		t.Error("a job has a path although there is no receiver")
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	set := func(listen, url string) {
		if err := studio.Settings.Change(func(s *settings.Settings) { s.CallbackListen, s.CallbackURL = listen, url }); err != nil {
			t.Fatal(err)
		}
	}
	set(taken.Addr().String(), "http://127.0.0.1:1")
	if !troubled(studio, "callbacks") {
		t.Error("nothing says that the receiver can't listen")
	}
	wantState(t, run(t, studio, fox()), providers.Done)
	taken.Close()
	address := freeAddress(t)
	set(address, "http://"+address)
	if troubled(studio, "callbacks") {
		t.Errorf("troubles: %v", studio.Troubles.List())
	}
	if status, _ := call(t, "POST", "http://"+address+"/nothing", ""); status != 404 {
		t.Errorf("an unknown path is answered %d", status)
	}
	set("", "")
	if _, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address); err == nil {
		t.Error("the receiver still listens")
	}
}

func troubled(studio *app.Studio, code string) bool {
	for _, trouble := range studio.Troubles.List() {
		if trouble.Code == code {
			return true
		}
	}
	return false
}
