package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/assets"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
	"github.com/maquette-studio/maquette/providers/sandbox"
)

// instead is what the crash test makes this binary do instead of testing.
var instead func() bool

func TestMain(m *testing.M) {
	if instead != nil && instead() {
		return
	}
	goleak.VerifyTestMain(m)
}

// world is a sandbox and the data directory of a studio that uses it.
type world struct {
	*sandbox.Sandbox
	t   *testing.T
	dir string
	env map[string]string
}

func newWorld(t *testing.T, faults ...string) *world {
	t.Helper()
	return newWorldAt(t, 0.05, faults...)
}

// newWorldAt is newWorld with services that take their time times pace.
func newWorldAt(t *testing.T, pace float64, faults ...string) *world {
	t.Helper()
	s, err := sandbox.Start(t.Context(), sandbox.Config{Dir: t.TempDir(), Pace: pace, Faults: faults, MaxEdge: 96})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &world{Sandbox: s, t: t, dir: t.TempDir(), env: map[string]string{}}
	for _, line := range s.Env() {
		name, value, _ := strings.Cut(line, "=")
		w.env[name] = value
	}
	return w
}

func (w *world) config() app.Config {
	return app.Config{
		Dir: w.dir, Env: func(name string) string { return w.env[name] },
		Tempo: 0.02, Lateness: 0.001, Patience: 10 * time.Second,
	}
}

// open opens the studio; it is closed when the test ends, or earlier by the
// returned function.
func (w *world) open() (*app.Studio, func()) {
	w.t.Helper()
	studio, err := app.Open(w.config())
	if err != nil {
		w.t.Fatal(err)
	}
	closed := false
	closing := func() {
		if closed {
			return
		}
		closed = true
		if err := studio.Close(); err != nil {
			w.t.Error(err)
		}
	}
	w.t.Cleanup(closing)
	return studio, closing
}

// run starts an order and waits for its end.
func run(t *testing.T, studio *app.Studio, order jobs.Order) jobs.Job {
	t.Helper()
	return wait(t, studio, start(t, studio, order).ID)
}

// parsed is the order with its values as a form or the command line parses
// them.
func parsed(order jobs.Order) jobs.Order {
	read := jobs.NewOrder(registry.All(), order.Task, order.Values)
	order.Values, order.Invalid = read.Values, read.Invalid
	return order
}

func start(t *testing.T, studio *app.Studio, order jobs.Order) jobs.Job {
	t.Helper()
	job, problems, err := studio.Jobs.Start(t.Context(), parsed(order))
	if err != nil || len(problems) > 0 {
		t.Fatalf("starting %s: %v %v", order.Task, err, problems)
	}
	return job
}

func wait(t *testing.T, studio *app.Studio, id string) jobs.Job {
	t.Helper()
	job, err := studio.Jobs.Wait(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return job
}

func wantState(t *testing.T, job jobs.Job, want providers.State) {
	t.Helper()
	if job.State != want {
		t.Fatalf("the job is %s instead of %s: %+v", job.State, want, job.Error)
	}
}

// samplePhotos writes n sample photos and returns their paths.
func samplePhotos(t *testing.T, n int) []string {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	for _, sample := range assets.Samples(n) {
		path := filepath.Join(dir, sample.Name)
		if err := os.WriteFile(path, sample.JPEG, 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

// photos takes n sample photos into the studio.
func photos(t *testing.T, studio *app.Studio, n int) []photo.Photo {
	t.Helper()
	taken, rejected, err := studio.Intake.Photos(t.Context(), samplePhotos(t, n))
	if err != nil || len(rejected) > 0 {
		t.Fatal(err, rejected)
	}
	return taken
}

// foxes is the order of two pictures at Luma.
func foxes() jobs.Order {
	return jobs.Order{Task: "luma/image", Values: map[string]any{"prompt": "a paper fox on a hill", "count": 2}}
}

// fox is the order of one.
func fox() jobs.Order {
	return jobs.Order{Task: "luma/image", Values: map[string]any{"prompt": "a paper fox by the sea"}}
}

// training is the order of a training on two sample photos.
func training(t *testing.T, studio *app.Studio) jobs.Order {
	t.Helper()
	return jobs.Order{
		Task: "dreamlook/dreambooth", Photos: photos(t, studio, 2), Consent: true,
		Values: map[string]any{"instance_prompt": "photo of a paper fox", "steps": 600},
	}
}

func reframing(t *testing.T, studio *app.Studio) jobs.Order {
	return jobs.Order{Task: "luma/reframe", Values: map[string]any{
		"media": photos(t, studio, 1)[0].Ref(), "aspect_ratio": "16:9", "prompt": "a wide field",
	}}
}

// briaTraining is the order of a training on two sample photos.
func briaTraining(t *testing.T, studio *app.Studio) jobs.Order {
	t.Helper()
	taken := photos(t, studio, 2)
	taken[0].Caption = "sitting in the snow"
	return jobs.Order{
		Task: "bria/train", Photos: taken, Consent: true,
		Values: map[string]any{
			"model_name": "Paper fox", "project_name": "Foxes", "ip_type": "defined_character", "ip_medium": "illustration",
			"ip_name": "Fox", "ip_description": "a folded orange paper fox", "caption_prefix": "A paper fox,",
		},
	}
}

// must ends a process of a test's, which has no testing.T.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
