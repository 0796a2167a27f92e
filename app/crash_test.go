//go:build !race

// A dying process has nothing to do with races, and hundreds of them take long:
// this runs without the race detector.

package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
)

// The crash test runs this test binary again as the program that dies.
const (
	crashAtVariable    = "MAQUETTE_TEST_CRASH_AT"
	crashDirVariable   = "MAQUETTE_TEST_CRASH_DIR"
	crashOrderVariable = "MAQUETTE_TEST_CRASH_ORDER"
	survived           = 42 // exit code when the job ended before the point came
)

func init() {
	instead = func() bool {
		if os.Getenv(crashAtVariable) == "" {
			return false
		}
		crash()
		return true
	}
}

// killThis ends this process at once, with nothing tidied up.
func killThis() {
	this, err := os.FindProcess(os.Getpid())
	must(err)
	must(this.Kill())
	select {}
}

// crash runs an order and kills its own process at the n-th durable write.
func crash() {
	at, err := strconv.Atoi(os.Getenv(crashAtVariable))
	must(err)
	var order jobs.Order
	must(json.Unmarshal([]byte(os.Getenv(crashOrderVariable)), &order))
	count := 0
	cfg := app.WithProbe(app.Config{Dir: os.Getenv(crashDirVariable), Tempo: 0.02, Patience: 10 * time.Second}, func(string) {
		if count++; count == at {
			killThis()
		}
	})
	studio, err := app.Open(cfg)
	must(err)
	job, problems, err := studio.Jobs.Start(context.Background(), parsed(order))
	must(err)
	if len(problems) > 0 {
		panic(fmt.Sprint(problems))
	}
	for {
		if now, _ := studio.Jobs.Job(job.ID); now.State.Ended() {
			must(studio.Close())
			os.Exit(survived)
		}
		time.Sleep(time.Millisecond)
	}
}

// findable is a task whose lost answer the service can be asked for, and what
// an order of it costs and makes.
type findable struct {
	task           string
	order          func(*testing.T, *app.Studio) jobs.Order
	paid           int
	images, models int
	stride         int // how many writes lie between two closings
}

func findables() []findable {
	return []findable{
		{"luma/image", func(*testing.T, *app.Studio) jobs.Order { return foxes() }, 2, 2, 0, 1},
		{"luma/reframe", reframing, 1, 1, 0, 1},
		{"bria/train", briaTraining, 1, 0, 1, 3},
		{"dreamlook/dreambooth", training, 1, 0, 1, 3},
		{"dreamlook/image_gen", func(*testing.T, *app.Studio) jobs.Order {
			return jobs.Order{Task: "dreamlook/image_gen", Values: map[string]any{"prompt": "a fox", "num_samples": 2, "base_model": "stable-diffusion-v1-5"}}
		}, 1, 2, 0, 1},
		{"dreamlook/dreambooth_image_gen", func(t *testing.T, studio *app.Studio) jobs.Order {
			order := training(t, studio)
			order.Task = "dreamlook/dreambooth_image_gen"
			order.Values["image_gen"] = []map[string]any{{"prompt": "a fox", "num_samples": 1}}
			return order
		}, 1, 1, 1, 3},
	}
}

// A job survives a kill at any of its durable writes: the next start finishes
// it, with everything kept and paid exactly once.
func TestAJobSurvivesAKillAtEveryDurableStep(t *testing.T) {
	for _, row := range findables() {
		t.Run(row.task, func(t *testing.T) {
			t.Parallel()
			row.survives(t, 1, func(w *world, at int) bool {
				studio, closeStudio := w.open()
				order := row.order(w.t, studio)
				closeStudio()
				return w.crash(order, at)
			})
		})
	}
}

// The same for a program that is closed, at the durable writes of every task.
func TestAJobSurvivesAClosingAtEveryDurableStepLikeAKill(t *testing.T) {
	for _, row := range findables() {
		t.Run(row.task, func(t *testing.T) {
			t.Parallel()
			row.survives(t, row.stride, func(w *world, at int) bool { return w.closeAt(row.order, at) })
		})
	}
}

// lanes is how many of a task's endings run beside each other: most of the time
// they wait, for a process or for the simulated service.
const lanes = 3

// survives ends the program at every stride-th durable write, each time in a
// world of its own, until the job ended before, which end reports.
func (f findable) survives(t *testing.T, stride int, end func(w *world, at int) bool) {
	t.Helper()
	for lane := range lanes {
		t.Run(fmt.Sprintf("from write %d", 1+lane*stride), func(t *testing.T) {
			t.Parallel()
			for at := 1 + lane*stride; ; at += lanes * stride {
				w := newWorld(t)
				if end(w, at) {
					if at < 10 {
						t.Fatalf("only %d durable writes were seen", at)
					}
					return
				}
				f.wholeAfter(t, w, at)
			}
		})
	}
}

// wholeAfter lets the job end that was interrupted at a durable write, and
// holds it to what was ordered.
func (f findable) wholeAfter(t *testing.T, w *world, at int) {
	t.Helper()
	job := w.finish(at)
	if job == nil {
		return // ended before the order was on disk: nothing was promised, nothing paid
	}
	if job.State != providers.Done || len(job.Images) != f.images || len(job.Models) != f.models {
		t.Fatalf("ended at write %d: %s with %d images and %d models: %v", at, job.State, len(job.Images), len(job.Models), job.Error)
	}
	service, _, _ := strings.Cut(f.task, "/")
	if paid := w.Submissions(service); paid != f.paid {
		t.Fatalf("ended at write %d: %d paid requests instead of %d", at, paid, f.paid)
	}
}

// crash runs the order in a process that dies at a durable write; it reports
// whether the job ended before.
func (w *world) crash(order jobs.Order, at int) (ended bool) {
	w.t.Helper()
	text, err := json.Marshal(order)
	must(err)
	child := exec.CommandContext(w.t.Context(), os.Args[0])
	child.Env = append(os.Environ(), crashAtVariable+"="+strconv.Itoa(at), crashDirVariable+"="+w.dir, crashOrderVariable+"="+string(text))
	for name, value := range w.env {
		child.Env = append(child.Env, name+"="+value)
	}
	out, err := child.CombinedOutput()
	if child.ProcessState.ExitCode() == survived {
		return true
	}
	if status, ok := child.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		w.t.Fatalf("the program died otherwise than it should: %v\n%s", err, out)
	}
	return false
}

// finish opens the studio again and lets its one job end.
func (w *world) finish(at int) *jobs.Job {
	w.t.Helper()
	studio, closeStudio := w.open()
	defer closeStudio()
	studio.Resume()
	jobs := studio.Jobs.List()
	if len(jobs) == 0 {
		return nil
	}
	if len(jobs) > 1 {
		w.t.Fatalf("ended at write %d: one job became %d", at, len(jobs))
	}
	job := wait(w.t, studio, jobs[0].ID)
	return &job
}

// closeAt runs an order and closes the studio at a durable write; it reports
// whether the job ended before.
func (w *world) closeAt(order func(*testing.T, *app.Studio) jobs.Order, at int) (ended bool) {
	w.t.Helper()
	count, reached := atomic.Int32{}, make(chan struct{})
	studio, err := app.Open(app.WithProbe(w.config(), func(string) {
		if count.Add(1) == int32(at) {
			close(reached)
		}
	}))
	must(err)
	over := make(chan struct{})
	job, problems, err := studio.Jobs.Start(w.t.Context(), parsed(order(w.t, studio)))
	must(err)
	if len(problems) > 0 {
		w.t.Fatal(problems)
	}
	go func() {
		defer close(over)
		_, _ = studio.Jobs.Wait(w.t.Context(), job.ID)
	}()
	select {
	case <-reached:
	case <-over:
		ended = true
	}
	must(studio.Close())
	<-over
	return ended
}
