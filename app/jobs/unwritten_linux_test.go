package jobs_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage/realparts"
)

// largeAnswer takes more room than a database has left by itself.
func largeAnswer() json.RawMessage { return json.RawMessage(`"` + strings.Repeat("x", 100<<10) + `"`) }

// whenHeld waits until a job shows that its id could not be written down.
func whenHeld(t *testing.T, r *room, id string) jobs.Job {
	t.Helper()
	for {
		job, _ := r.Job(id)
		if len(r.Unwritten()) > 0 && strings.Contains(job.Status.Note.String(), "r1") {
			return job
		}
		if job.State.Ended() {
			t.Fatalf("the job is %s: %+v", job.State, job.Error)
		}
		time.Sleep(time.Millisecond)
	}
}

func TestAnIDThatArrivesWhileTheDiskIsFullIsKeptAndWritten(t *testing.T) {
	dir, service := realparts.SmallDisk(t, "2m"), &fakeService{answer: largeAnswer()}
	r := open(t, dir, service)
	var free func()
	service.during = func() { free = realparts.Fill(t, dir) }
	id := r.start(t).ID
	job := whenHeld(t, r, id)
	if held := r.Unwritten(); job.RemoteID != "r1" || len(held) != 1 || held[0] != (jobs.Unwritten{Job: id, Service: "Fake", ID: "r1"}) {
		t.Errorf("shown as %q, %+v", job.RemoteID, held)
	}
	free()
	job = r.ended(t, id, providers.Done)
	if job.RemoteID != "r1" || !job.Paid || len(r.Unwritten()) > 0 || service.paid() != 1 {
		t.Errorf("paid %d times, unwritten %v, %+v", service.paid(), r.Unwritten(), job)
	}
	r.close()
	service.during = nil
	r = open(t, dir, service)
	if job, _ := r.Job(id); job.RemoteID != "r1" || job.State != providers.Done {
		t.Errorf("on disk: %+v", job)
	}
}

func TestAnUnwrittenIDOutlivesItsCancelledJobAndIsToldAtTheEnd(t *testing.T) {
	dir, service := realparts.SmallDisk(t, "2m"), &fakeService{answer: largeAnswer()}
	r := open(t, dir, service)
	var free func()
	service.during = func() { free = realparts.Fill(t, dir) }
	id := r.start(t).ID
	whenHeld(t, r, id)
	_ = r.Cancel(id)
	if job, _ := r.Job(id); job.State != providers.Cancelled || len(r.Unwritten()) != 1 {
		t.Errorf("cancelled as %s, unwritten %v", job.State, r.Unwritten())
	}
	if _, _, err := r.Retry(t.Context(), id); err == nil || !strings.Contains(err.Error(), "could not be written down yet") {
		t.Errorf("retried while its answer is in memory only: %v", err)
	}
	free()
	for len(r.Unwritten()) > 0 {
		if t.Context().Err() != nil {
			t.Fatal("it was never written")
		}
		time.Sleep(time.Millisecond)
	}
	_, _, err := r.Retry(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if job := r.ended(t, id, providers.Done); job.RemoteID != "r1" || service.paid() != 1 {
		t.Errorf("paid %d times: %+v", service.paid(), job)
	}

	second := &fakeService{answer: largeAnswer()}
	dir = realparts.SmallDisk(t, "2m")
	r = open(t, dir, second)
	second.during = func() { free = realparts.Fill(t, dir) }
	id = r.start(t).ID
	whenHeld(t, r, id)
	r.stop()
	r.Close()
	if held := r.Unwritten(); len(held) != 1 || held[0].ID != "r1" {
		t.Errorf("told at the end: %v", held)
	}
	free()
}
