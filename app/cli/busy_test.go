// Commands on a data directory that another process has.

package cli_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/cli"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/storage"
)

// host opens the shell's data directory as the window does, with the shell's
// environment as it is now, until the test ends or close is called.
func (sh *shell) host(demo bool) (studio *app.Studio, closeIt func()) {
	sh.t.Helper()
	env := map[string]string{}
	for name, value := range sh.env {
		env[name] = value
	}
	studio, err := cli.Open(app.Config{
		Dir: sh.data, Demo: demo, Tempo: tempoOfTests, SandboxPace: paceOfTests, SandboxMaxEdge: 96,
		Env: func(name string) string { return env[name] },
	})
	if err != nil {
		sh.t.Fatal(err)
	}
	studio.Resume()
	closeIt = sync.OnceFunc(func() {
		if err := studio.Close(); err != nil {
			sh.t.Error(err)
		}
	})
	sh.t.Cleanup(closeIt)
	return studio, closeIt
}

func TestABusyDataDirectoryIsSaidOrWaitedFor(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	sh.run("jobs", "list").want(cli.ExitDone)
	db, err := storage.Open(storage.LayoutAt(sh.data).DB)
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"jobs", "list"},
		{"images", "list", "--json"},
		{"call", "luma/ping"},
		{"run", "luma/image", "--set", "prompt=a fox"},
	} {
		sh.run(args...).want(cli.ExitBusy).says("Nothing was sent", "--wait")
	}
	sh.wantSubmissions(0)
	time.AfterFunc(300*time.Millisecond, func() { _ = db.Close() })
	sh.run("run", "luma/image", "--set", "prompt=a fox", "--wait").want(cli.ExitDone)
	sh.wantSubmissions(1)
}

func TestCommandsWorkBesideAnOpenStudio(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	studio, _ := sh.host(false)
	job := sh.fox()
	if job.text("state") != "done" || len(job.texts("images")) != 1 {
		t.Fatalf("the job: %v", job)
	}
	if here, ok := studio.Jobs.Job(job.text("id")); !ok || here.State != "done" {
		t.Errorf("the open studio has %+v", here)
	}
	model := sh.run(append(sh.training(), "--json")...).want(cli.ExitDone).last().texts("models")[0]
	for _, args := range [][]string{
		{"jobs", "list", "--json"},
		{"jobs", "show", job.text("id"), "--json"},
		{"jobs", "resume"},
		{"jobs", "import", "luma"},
		{"images", "list", "--json"},
		{"models", "list", "--json"},
		{"models", "download", model},
		{"datasets", "list"},
		{"call", "luma/credits"},
		{"run", "luma/image", "--set", "prompt=a fox", "--print", "curl"},
		{"remote", "list"},
		{"keys", "check", "luma"},
		{"bucket", "check"},
		{"check"},
		{"services"},
		{"help", "run"},
	} {
		sh.run(args...).want(cli.ExitDone)
	}
	sh.run("jobs", "show", "nothing").want(cli.ExitInvalid).says("no job nothing")
	sh.run("run", "luma/image", "--set", "aspect_ratio=7:1").want(cli.ExitInvalid).says("Nothing was sent")
	sh.wantSubmissions(2)
}

func TestPathsStartFromTheCallersFolder(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	folder, paths := sh.photos(2)
	sh.dir = folder
	sh.host(false)
	photo := filepath.Base(paths[0])
	sh.run("run", "dreamlook/dreambooth", "--photo", photo, "--photo", "./"+filepath.Base(paths[1]), "--consent",
		"--set", "instance_prompt=photo of ukj fox", "--out", "models").want(cli.ExitDone)
	sh.secrets = nil // the folder's name may be printed from here on
	sh.run("run", "luma/image", "--set", "prompt=a fox", "--set", `image_ref=[{"image":"`+photo+`","weight":0.8}]`, "--out", "pictures").
		want(cli.ExitDone)
	made := sh.run("datasets", "import", ".", "--json").want(cli.ExitDone).last().text("id")
	sh.run("datasets", "export", made, "--out", filepath.Join("deep", "dataset")).want(cli.ExitDone)
	id := sh.run("images", "list", "--json").last().text("id")
	if out := sh.run("images", "export", id, "--out", "copies").want(cli.ExitDone).out; !strings.HasPrefix(out, "copies") {
		t.Errorf("printed %q", out)
	}
	for _, pattern := range []string{"models/*.safetensors", "pictures/*", "deep/dataset/*.jpg", "copies/*"} {
		if found, _ := filepath.Glob(filepath.Join(folder, pattern)); len(found) == 0 {
			t.Errorf("no %s", pattern)
		}
	}
}

func TestAKeyIsHandedOverOnStandardInput(t *testing.T) {
	t.Parallel()
	sh := newShell(t)
	studio, _ := sh.host(false)
	const key = "luma-11111111-2222-3333-4444-555555555555"
	sh.secrets = append(sh.secrets, key)
	sh.feed(t.Context(), key+"\n", "keys", "set", "luma").want(cli.ExitDone).says("until the Maquette")
	if kept, _, err := studio.Access.Keys.Get(t.Context(), "luma"); err != nil || kept != key {
		t.Errorf("kept %q, %v", kept, err)
	}
	sh.feed(t.Context(), "", "keys", "set", "luma").want(cli.ExitInvalid).says("nothing came")
	sh.feed(t.Context(), strings.Repeat("k", 1<<20), "keys", "set", "luma").want(cli.ExitInvalid).says("too long")
}

func TestAnotherAccountIsRefused(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	_, closeIt := sh.host(false)
	own := sh.env
	for _, other := range []struct{ name, value string }{
		{"LUMAAI_API_KEY", "luma-99999999-2222-3333-4444-555555555555"},
		{"MAQUETTE_LUMA_URL", "http://127.0.0.1:9"},
		{"MAQUETTE_BUCKET_SECRET_KEY", "another"},
	} {
		sh.env = map[string]string{}
		for name, value := range own {
			sh.env[name] = value
		}
		sh.env[other.name] = other.value
		sh.run("run", "luma/image", "--set", "prompt=a fox").want(cli.ExitBusy).says(other.name, "Nothing was sent")
		sh.run("jobs", "resume").want(cli.ExitBusy).says(other.name)
		sh.run("jobs", "list").want(cli.ExitDone)
	}
	// What differs at one service keeps nothing from another.
	sh.env = map[string]string{"BRIA_API_TOKEN": "another"}
	sh.run("run", "luma/image", "--set", "prompt=a fox").want(cli.ExitDone)
	sh.run("run", "luma/image", "--set", "prompt=a fox", "--demo", "--no-wait").want(cli.ExitDone) // another directory
	// With --wait it is done with one's own, once the directory is free.
	sh.env = map[string]string{"LUMAAI_API_KEY": "luma-99999999-2222-3333-4444-555555555555", "MAQUETTE_LUMA_URL": own["MAQUETTE_LUMA_URL"]}
	time.AfterFunc(300*time.Millisecond, closeIt)
	waited := sh.run("run", "luma/image", "--set", "prompt=a fox", "--wait").want(cli.ExitFailed).says("keys set luma")
	if strings.Contains(waited.err, "Nothing was sent. Close") {
		t.Errorf("a command that waits is refused: %s", waited)
	}
	sh.wantSubmissions(1)
}

func TestTheDemoFindsTheDemo(t *testing.T) {
	t.Parallel()
	sh := newShell(t)
	studio, _ := sh.host(true)
	job := sh.run("--demo", "run", "luma/image", "--set", "prompt=a fox", "--json").want(cli.ExitDone).last()
	if _, ok := studio.Jobs.Job(job.text("id")); !ok {
		t.Error("the open demo doesn't have the job")
	}
	sh.run("jobs", "list", "--data", filepath.Join(sh.data, "demo")).want(cli.ExitBusy).says("demo")
}

func TestAnInterruptedCallerLeavesTheJobToTheHost(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t, "luma GET /generations: status 503 x400")
	studio, _ := sh.host(false)
	ctx, interrupt := context.WithCancel(t.Context())
	unsubscribe := studio.Events.Subscribe(func(e app.Event) {
		if job, _ := studio.Jobs.Job(e.ID); e.Kind == app.JobChanged && job.Paid {
			interrupt()
		}
	})
	defer unsubscribe()
	r := sh.feed(ctx, "", "run", "luma/image", "--set", "prompt=a fox", "--json").want(cli.ExitFailed).says("goes on in the Maquette", "jobs resume")
	id := r.last().text("id")
	if job, _ := studio.Jobs.Job(id); job.State.Ended() {
		t.Errorf("the job is %s", job.State)
	}
	sh.run("jobs", "cancel", id).want(cli.ExitDone)
	if job, _ := studio.Jobs.Job(id); job.State != "cancelled" {
		t.Errorf("the job is %s after it was cancelled", job.State)
	}
	sh.wantSubmissions(1)
}

func TestACommandGoesOnWhenItsHostEnds(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t, "luma GET /generations: status 503 x10")
	studio, closeIt := sh.host(false)
	closed := make(chan struct{})
	var once sync.Once
	unsubscribe := studio.Events.Subscribe(func(e app.Event) {
		if job, _ := studio.Jobs.Job(e.ID); e.Kind == app.JobChanged && job.Paid {
			once.Do(func() {
				go func() {
					defer close(closed)
					closeIt()
				}()
			})
		}
	})
	defer unsubscribe()
	r := sh.run("run", "luma/image", "--set", "prompt=a fox", "--json", "--wait", "--out", t.TempDir()).want(cli.ExitDone).says("goes on here")
	if job := r.last(); job.text("state") != "done" || len(job.texts("files")) != 1 {
		t.Errorf("the job: %v", job)
	}
	<-closed
	sh.wantSubmissions(1)
}

func TestManyCommandsAtOnce(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	const many = 20
	var work sync.WaitGroup
	for i := range many {
		work.Go(func() {
			switch i % 4 {
			case 0:
				sh.run("jobs", "list", "--wait").want(cli.ExitDone)
			default:
				sh.run("run", "luma/image", "--set", "prompt=a fox", "--wait").want(cli.ExitDone)
			}
		})
	}
	work.Wait()
	sh.wantSubmissions(many * 3 / 4)
	list := sh.run("jobs", "list", "--json").want(cli.ExitDone).lines()
	for _, job := range list {
		if job.text("state") != "done" {
			t.Errorf("%v", job)
		}
	}
	if len(list) != many*3/4 {
		t.Errorf("%d jobs", len(list))
	}
	if _, err := os.Lstat(filepath.Join(sh.data, "maquette.sock")); err == nil {
		t.Error("a socket is left")
	}
}

func TestAHostIsNoPlaceForOtherCommands(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	studio, _ := sh.host(false)
	order := jobs.NewOrder(studio.Services(), "luma/image", map[string]any{"prompt": "a fox"})
	job, problems, err := studio.Jobs.Start(t.Context(), order)
	if err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	done := sh.run("jobs", "resume", job.ID, "--json").want(cli.ExitDone).last()
	if done.text("state") != "done" {
		t.Errorf("%v", done)
	}
	sh.wantSubmissions(1)
}
