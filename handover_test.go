//go:build unix

// Commands on a data directory that another process of the built program has: a command, or the window.

package main_test

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// occupied is a terminal whose data directory a command has that waits for Luma.
func occupied(t *testing.T) (term *terminal, services *sandboxProcess, host *exec.Cmd) {
	t.Helper()
	term = newTerminal(t)
	services = term.sandbox("--fault", "luma GET /generations: stall 60s")
	host = term.command("run", "luma/image", "--set", "prompt=a paper fox", "--json")
	out, err := host.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	startReading(t, host)
	if !bufio.NewScanner(out).Scan() {
		t.Fatal("the first command printed nothing")
	}
	return term, services, host
}

func TestCommandsWorkBesideARunningOne(t *testing.T) {
	t.Parallel()
	term, services, _ := occupied(t)
	if job := lastJob(t, first(term.run(0, "jobs", "list", "--json"))); job.ID == "" {
		t.Error("the first command's job isn't listed")
	}
	term.run(0, "call", "luma/ping")
	term.run(0, "check")
	done, _ := term.run(0, append(term.training(), "--out", "models")...)
	if job := lastJob(t, done); job.State != "done" {
		t.Errorf("the training: %+v", job)
	}
	if models, err := filepath.Glob(filepath.Join(term.home, "models", "*.safetensors")); err != nil || len(models) == 0 {
		t.Errorf("models: %v, %v", models, err)
	}
	term.run(0, "jobs", "list", "--data", filepath.Join(term.home, "another"))
	if paid := services.submissions(t, "dreamlook"); paid != 1 {
		t.Errorf("%d paid submissions", paid)
	}

	term.env = append(term.env, "LUMAAI_API_KEY=another")
	if printed, errs := term.run(4, "run", "luma/image", "--set", "prompt=a fox"); printed != "" || !strings.Contains(errs, "LUMAAI_API_KEY") {
		t.Errorf("stdout %q, stderr %q", printed, errs)
	}
	if paid := services.submissions(t, "luma"); paid > 1 {
		t.Errorf("%d paid submissions", paid)
	}
}

func first(out, _ string) string { return strings.SplitAfter(out, "\n")[0] }

func TestCommandGoesOnAfterItsHostWasKilled(t *testing.T) {
	t.Parallel()
	for _, state := range []string{"queued", "submitting", "running"} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			term, services, host := occupied(t)
			guest := term.command(term.training()...)
			var errs bytes.Buffer
			guest.Stderr = &errs
			out, err := guest.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			wait := startReading(t, guest)
			var job jobLine
			killed := false
			for lines := bufio.NewScanner(out); lines.Scan(); {
				job = lastJob(t, lines.Text())
				if !killed && job.State == state {
					killed = true
					if state != "queued" {
						services.await(t, "dreamlook")
					}
					if err := host.Process.Kill(); err != nil {
						t.Fatal(err)
					}
				}
			}
			wait()
			if code := guest.ProcessState.ExitCode(); code != 0 || job.State != "done" || len(job.Models) == 0 || !strings.Contains(errs.String(), "goes on here") {
				t.Errorf("exit code %d, %+v, stderr %q", code, job, &errs)
			}
			if paid := services.submissions(t, "dreamlook"); paid != 1 {
				t.Errorf("%d paid submissions", paid)
			}
		})
	}
}

func TestCommandInterruptedLeavesItsJobToTheHost(t *testing.T) {
	t.Parallel()
	term, services, _ := occupied(t)
	guest := term.command("run", "luma/image", "--set", "prompt=a paper boat", "--json")
	var errs bytes.Buffer
	guest.Stderr = &errs
	out, err := guest.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	wait := startReading(t, guest)
	lines := bufio.NewScanner(out)
	var job jobLine
	for job.RemoteID == "" && lines.Scan() {
		job = lastJob(t, lines.Text())
	}
	if err := guest.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
	}
	wait()
	if code := guest.ProcessState.ExitCode(); code != 1 || !strings.Contains(errs.String(), "maquette jobs resume "+job.ID) {
		t.Errorf("exit code %d, stderr %q", code, &errs)
	}
	term.run(0, "jobs", "cancel", job.ID)
	if paid := services.submissions(t, "luma"); paid != 2 {
		t.Errorf("%d paid submissions", paid)
	}
}

// waitForFile polls, because the system tells nobody when a program has made a file.
func waitForFile(t *testing.T, path string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), windowTimeout)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := os.Lstat(path); err == nil {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("no %s within %v", path, windowTimeout)
		}
	}
}

func TestCommandsWorkBesideTheWindow(t *testing.T) {
	t.Parallel()
	display := startXvfb(t)
	window := startMaquette(t, display, "--demo")
	waitForFile(t, filepath.Join(window.process.Dir, "maquette", "demo", "maquette.sock"))
	run := func(want int, args ...string) string {
		t.Helper()
		command := exec.CommandContext(t.Context(), os.Args[0], args...)
		command.Dir, command.Env = window.process.Dir, window.process.Env
		out, err := command.Output()
		if command.ProcessState == nil || command.ProcessState.ExitCode() != want {
			t.Fatalf("maquette %v: %v, %s", args, err, out)
		}
		return string(out)
	}
	done := lastJob(t, run(0, "--demo", "run", "luma/image", "--set", "prompt=a paper fox", "--json"))
	if done.State != "done" || len(done.Images) != 1 {
		t.Errorf("%+v", done)
	}
	if listed := lastJob(t, run(0, "--demo", "jobs", "list", "--json")); listed.ID != done.ID {
		t.Errorf("listed: %+v", listed)
	}
	// The window still has the directory.
	run(0, "--demo", "images", "export", done.Images[0], "--out", "pictures")
	if pictures, err := filepath.Glob(filepath.Join(window.process.Dir, "pictures", "*")); err != nil || len(pictures) != 1 {
		t.Errorf("%v, %v", pictures, err)
	}
}

// A second start ends at once, and what it was given arrives in the first window.
func TestSecondStartHandsItsFilesToTheWindow(t *testing.T) {
	t.Parallel()
	display := startXvfb(t)
	window := startMaquette(t, display, "--demo")
	demo := filepath.Join(window.process.Dir, "maquette", "demo")
	waitForFile(t, filepath.Join(demo, "maquette.sock"))
	before := countFiles(t, filepath.Join(demo, "library"))
	photos, folder := writePhotos(t)
	second := exec.CommandContext(t.Context(), os.Args[0], "--demo", photos[0], folder)
	second.Dir, second.Env = window.process.Dir, window.process.Env
	if out, err := second.CombinedOutput(); err != nil || len(out) > 0 {
		t.Fatalf("the second start: %v, %s", err, out)
	}
	waitUntil(t, "three more photos", func() bool { return countFiles(t, filepath.Join(demo, "library")) == before+3 })
}
