// Simulated services, the network before them, and a studio that uses both, in one process.

package soak_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
	"github.com/maquette-studio/maquette/providers/sandbox"
)

// hangs is how long a job may take, whatever becomes of its requests, before it counts as hanging.
var hangs = 10 * time.Minute

type world struct {
	*sandbox.Sandbox
	t      testing.TB
	front  *front
	env    map[string]string
	stock  stock
	studio *app.Studio
	model  string // of Bria, once one is trained
}

// newWorld starts all of it; it ends with the test.
func newWorld(t *testing.T, tempo float64) *world {
	t.Helper()
	s, err := sandbox.Start(context.Background(), sandbox.Config{Dir: t.TempDir(), Pace: 0.02, MaxEdge: 96})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &world{Sandbox: s, t: t, stock: newStock(t)}
	w.front, w.env = newFront(t, variables(s.Env()))
	w.studio, err = app.Open(app.Config{
		Dir: t.TempDir(), Env: func(name string) string { return w.env[name] },
		Tempo: tempo, Lateness: lateness, Patience: 2 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.studio.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// variables reads NAME=value lines.
func variables(lines []string) map[string]string {
	env := map[string]string{}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, "=")
		env[name] = value
	}
	return env
}

// start orders a piece.
func (w *world) start(p piece, mark string) jobs.Job {
	w.t.Helper()
	if p.model && w.model == "" {
		w.train()
	}
	values, photos := w.stock.of(p, mark, w.model)
	order := jobs.NewOrder(registry.All(), p.task, values)
	order.Consent = true
	if len(photos) > 0 {
		taken, rejected, err := w.studio.Intake.Photos(w.t.Context(), photos)
		if err != nil || len(rejected) > 0 {
			w.t.Fatal(err, rejected)
		}
		order.Photos = taken
	}
	job, problems, err := w.studio.Jobs.Start(w.t.Context(), order)
	if err != nil || len(problems) > 0 {
		w.t.Fatalf("ordering %s: %v %v", p.task, err, problems)
	}
	return job
}

// train has Bria train a model to generate with.
func (w *world) train() {
	w.t.Helper()
	at := 0
	for i, p := range pieces() {
		if p.task == "bria/train" {
			at = i
		}
	}
	job := w.end(w.start(pieces()[at], newMark()).ID)
	if job.State != providers.Done {
		w.t.Fatalf("training a model ended as %s: %v", job.State, job.Error)
	}
	w.model = job.Models[0]
}

// end waits for a job's end.
func (w *world) end(id string) jobs.Job {
	w.t.Helper()
	job, ended := w.wait(id)
	if !ended {
		w.t.Fatalf("job %s hangs: it is %s: %s", id, job.State, job.Status.Note)
	}
	return job
}

// wait is end for a job that may hang: !ended.
func (w *world) wait(id string) (job jobs.Job, ended bool) {
	ctx, cancel := context.WithTimeout(w.t.Context(), hangs)
	defer cancel()
	job, err := w.studio.Jobs.Wait(ctx, id)
	return job, err == nil
}

// inBucket lists the copies of photos in the bucket; the models that a service delivers there are none.
func inBucket(t testing.TB, env map[string]string) (names []string) {
	t.Helper()
	client, err := minio.New(strings.TrimPrefix(env["MAQUETTE_BUCKET_ENDPOINT"], "http://"), &minio.Options{
		Creds:  credentials.NewStaticV4(env["MAQUETTE_BUCKET_ACCESS_KEY"], env["MAQUETTE_BUCKET_SECRET_KEY"], ""),
		Region: env["MAQUETTE_BUCKET_REGION"], BucketLookup: minio.BucketLookupPath,
	})
	if err != nil {
		t.Fatal(err)
	}
	for object := range client.ListObjects(t.Context(), env["MAQUETTE_BUCKET_NAME"], minio.ListObjectsOptions{Recursive: true}) {
		if object.Err != nil {
			t.Fatal(object.Err)
		}
		if !strings.HasSuffix(object.Key, ".safetensors") {
			names = append(names, object.Key)
		}
	}
	return names
}

// submissions asks the simulated services how many paid requests each has accepted.
func submissions(t testing.TB, env map[string]string) (counts map[string]int) {
	t.Helper()
	address, err := url.Parse(env["MAQUETTE_LUMA_URL"])
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Get("http://" + address.Host + "/_sandbox/submissions")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&counts); err != nil {
		t.Fatal(err)
	}
	http.DefaultClient.CloseIdleConnections()
	return counts
}
