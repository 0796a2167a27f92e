//go:build unix

// The built program as a script or a person at a terminal meets it: processes, signals and kills.
// What each command does is tested in app/cli.

package main_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/assets"
)

const commandTimeout = 2 * time.Minute

// terminal is a data directory and an environment to run commands in.
type terminal struct {
	t    *testing.T
	home string
	env  []string
}

func newTerminal(t *testing.T) *terminal {
	t.Helper()
	home := t.TempDir()
	// A bus that isn't there: no test reaches the keyring of whoever runs it.
	return &terminal{t: t, home: home, env: append(cleanEnvironment(), asProgram,
		"HOME="+home, "MAQUETTE_DATA="+filepath.Join(home, "data"), "DBUS_SESSION_BUS_ADDRESS=unix:path="+home+"/nobody")}
}

func (term *terminal) command(args ...string) *exec.Cmd {
	ctx, cancel := context.WithTimeout(context.Background(), commandTimeout)
	term.t.Cleanup(cancel)
	command := exec.CommandContext(ctx, os.Args[0], args...)
	command.Dir, command.Env = term.home, term.env
	return command
}

// run runs a command to its end and returns what it printed; another exit code than want fails the test.
func (term *terminal) run(want int, args ...string) (out, errs string) {
	term.t.Helper()
	var stdout, stderr bytes.Buffer
	command := term.command(args...)
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		term.t.Fatal(err)
	}
	if got := command.ProcessState.ExitCode(); got != want {
		term.t.Fatalf("maquette %s: exit code %d instead of %d\n%s\n%s", strings.Join(args, " "), got, want, &stdout, &stderr)
	}
	return stdout.String(), stderr.String()
}

// jobLine is what these tests read of a job.
type jobLine struct {
	ID       string   `json:"id"`
	State    string   `json:"state"`
	RemoteID string   `json:"remote_id"`
	Images   []string `json:"images"`
	Models   []string `json:"models"`
}

// lastJob is the job of the last line.
func lastJob(t *testing.T, lines string) jobLine {
	t.Helper()
	all := strings.Split(strings.TrimSpace(lines), "\n")
	var job jobLine
	if err := json.Unmarshal([]byte(all[len(all)-1]), &job); err != nil {
		t.Fatalf("no job in %q: %v", lines, err)
	}
	return job
}

// sandboxProcess is `maquette sandbox` in the foreground of a process of its own.
type sandboxProcess struct {
	*exec.Cmd
	exited <-chan struct{}
	env    []string // as printed
}

// sandbox starts `maquette sandbox` and exports everything that it prints.
func (term *terminal) sandbox(args ...string) *sandboxProcess {
	term.t.Helper()
	process := &sandboxProcess{Cmd: term.command(append([]string{"sandbox"}, args...)...)}
	out, err := process.StdoutPipe()
	if err != nil {
		term.t.Fatal(err)
	}
	errs := &syncBuffer{}
	process.Stderr = errs
	printed := make(chan []string, 1)
	go func() {
		// Its last line is the bucket's secret; the rest of stdout stays empty.
		var lines []string
		for scanner := bufio.NewScanner(out); scanner.Scan(); {
			lines = append(lines, scanner.Text())
			if strings.HasPrefix(scanner.Text(), "MAQUETTE_BUCKET_SECRET_KEY=") {
				break
			}
		}
		printed <- lines
	}()
	process.exited = startProcess(term.t, process.Cmd)
	process.env = <-printed
	if len(process.env) == 0 {
		<-process.exited
		term.t.Fatalf("the sandbox printed nothing: %s", errs)
	}
	term.env = append(term.env, process.env...)
	return process
}

// end asks the sandbox to end and returns its exit code.
func (s *sandboxProcess) end(signal os.Signal) int {
	_ = s.Process.Signal(signal)
	<-s.exited
	return s.ProcessState.ExitCode()
}

// value is what a variable was printed with.
func (s *sandboxProcess) value(name string) string {
	for _, line := range s.env {
		if value, found := strings.CutPrefix(line, name+"="); found {
			return value
		}
	}
	return ""
}

// submissions asks the sandbox how many paid requests a service has accepted.
func (s *sandboxProcess) submissions(t *testing.T, service string) int {
	t.Helper()
	root, _, found := strings.Cut(strings.TrimPrefix(s.value("MAQUETTE_LUMA_URL"), "http://"), "/")
	if !found {
		t.Fatalf("the sandbox printed %q", s.env)
	}
	response, err := http.Get("http://" + root + "/_sandbox/submissions")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	counts := map[string]int{}
	if err := json.NewDecoder(response.Body).Decode(&counts); err != nil {
		t.Fatal(err)
	}
	return counts[service]
}

// training is a command that trains on two sample photos.
func (term *terminal) training() []string {
	term.t.Helper()
	args := []string{"run", "dreamlook/dreambooth", "--consent", "--set", "instance_prompt=photo of ukj fox", "--json"}
	for _, sample := range assets.Samples(2) {
		path := filepath.Join(term.home, sample.Name)
		if err := os.WriteFile(path, sample.JPEG, 0o600); err != nil {
			term.t.Fatal(err)
		}
		args = append(args, "--photo", filepath.Base(path))
	}
	return args
}

func TestCommandKilledInTheMiddleOfATrainingGoesOn(t *testing.T) {
	t.Parallel()
	for _, state := range []string{"submitting", "running"} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			term := newTerminal(t)
			services := term.sandbox()
			job := term.killWhen(state, func() { services.await(t, "dreamlook") }, term.training()...)
			resumed, _ := term.run(0, "jobs", "resume", job.ID, "--json")
			if done := lastJob(t, resumed); done.State != "done" || len(done.Models) == 0 || job.RemoteID != "" && done.RemoteID != job.RemoteID {
				t.Errorf("resumed: %+v", done)
			}
			if paid := services.submissions(t, "dreamlook"); paid != 1 {
				t.Fatalf("%d paid submissions", paid)
			}
			term.run(0, "check")
		})
	}
}

// await waits for a service's first paid request: a job that was killed before
// it left is looked for during minutes.
func (s *sandboxProcess) await(t *testing.T, service string) {
	t.Helper()
	for s.submissions(t, service) == 0 && t.Context().Err() == nil {
		time.Sleep(10 * time.Millisecond)
	}
}

// killWhen runs a command until its job is in a state, and kills it there, once
// before has returned.
func (term *terminal) killWhen(state string, before func(), args ...string) (job jobLine) {
	term.t.Helper()
	run := term.command(args...)
	out, err := run.StdoutPipe()
	if err != nil {
		term.t.Fatal(err)
	}
	wait := startReading(term.t, run)
	for lines := bufio.NewScanner(out); job.State != state && lines.Scan(); {
		job = lastJob(term.t, lines.Text())
	}
	before()
	if err := run.Process.Kill(); err != nil || job.State != state {
		term.t.Fatalf("killed when %q instead of %q: %v", job.State, state, err)
	}
	wait()
	return job
}

// startReading starts a command whose output the test reads itself, and returns how to wait for its end.
func startReading(t *testing.T, command *exec.Cmd) (wait func()) {
	t.Helper()
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	wait = sync.OnceFunc(func() { _ = command.Wait() }) // it was killed
	t.Cleanup(func() {
		_ = command.Process.Kill()
		wait()
	})
	return wait
}

func TestCommandInterruptedSaysHowToGoOn(t *testing.T) {
	t.Parallel()
	term := newTerminal(t)
	services := term.sandbox()
	run := term.command("run", "luma/image", "--set", "prompt=a paper fox", "--json")
	var errs bytes.Buffer
	run.Stderr = &errs
	out, err := run.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	wait := startReading(t, run)
	lines := bufio.NewScanner(out)
	var job jobLine
	for job.RemoteID == "" && lines.Scan() {
		job = lastJob(t, lines.Text())
	}
	if err := run.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
		job = lastJob(t, lines.Text())
	}
	wait()
	if code := run.ProcessState.ExitCode(); code != 1 || !strings.Contains(errs.String(), "maquette jobs resume "+job.ID) {
		t.Errorf("exit code %d, stderr %q", code, &errs)
	}
	term.run(0, "jobs", "resume")
	if paid := services.submissions(t, "luma"); paid != 1 {
		t.Errorf("%d paid submissions", paid)
	}
}

func TestSandboxKeepsItsStateAndEndsWhenAsked(t *testing.T) {
	t.Parallel()
	term := newTerminal(t)
	state := filepath.Join(term.home, "state")
	services := term.sandbox("--state", state)
	out, _ := term.run(0, "run", "luma/image", "--set", "prompt=a paper fox", "--no-wait", "--json")
	if _, errs := term.run(1, "sandbox", "--state", state); errs == "" {
		t.Error("nothing says that another sandbox has the state")
	}
	if code := services.end(syscall.SIGTERM); code != 0 {
		t.Errorf("exit code %d after SIGTERM", code)
	}

	again := term.sandbox("--state", state, "--fault", "luma GET /credits: status 401 x1")
	if !slices.Equal(again.env, services.env) {
		t.Errorf("another environment after a restart: %q, %q", services.env, again.env)
	}
	done, _ := term.run(0, "jobs", "resume", lastJob(t, out).ID, "--json")
	if job := lastJob(t, done); job.State != "done" || len(job.Images) != 1 {
		t.Errorf("resumed: %+v", job)
	}
	term.run(1, "keys", "check", "luma")
	term.run(0, "keys", "check", "luma")
	term.run(0, "keys", "check", "dreamlook")
	term.run(0, "bucket", "check")
	if paid := again.submissions(t, "luma"); paid != 1 {
		t.Errorf("%d paid submissions", paid)
	}
	if code := again.end(os.Interrupt); code != 0 {
		t.Errorf("exit code %d after an interrupt", code)
	}

	listening := term.sandbox("--listen", "localhost:0")
	if paid := listening.submissions(t, "luma"); paid != 0 {
		t.Errorf("a new sandbox counts %d", paid)
	}
	term.run(2, "sandbox", "--fault", "luma: explode")
	term.run(2, "sandbox", "--wrong")
}

func TestCommandDemoTrainsAndGenerates(t *testing.T) {
	t.Parallel()
	term := newTerminal(t)
	out, _ := term.run(0, append(term.training(), "--demo")...)
	model := lastJob(t, out).Models[0]
	out, errs := term.run(0, "--demo", "run", "dreamlook/image_gen", "--set", "prompt=photo of ukj fox", "--set", "num_samples=2",
		"--set", "checkpoint_id="+model, "--out", "pictures")
	pictures, err := filepath.Glob(filepath.Join(term.home, "pictures", "*.png"))
	if err != nil || len(pictures) != 2 || strings.Count(out, "pictures/") != 2 {
		t.Errorf("%v, %v: %s%s", pictures, err, out, errs)
	}
}

func TestCommandUsage(t *testing.T) {
	t.Parallel()
	term := newTerminal(t)
	for _, args := range [][]string{{"--help"}, {"-h"}, {"help"}, {"run", "--help"}, {"--demo", "-help"}} {
		if out, errs := term.run(0, args...); !strings.Contains(out, "maquette run TASK") || errs != "" {
			t.Errorf("maquette %v: %q, %q", args, out, errs)
		}
	}
	for _, args := range [][]string{{"paint"}, {"run"}, {"--wrong"}, {"--data"}} {
		if out, errs := term.run(2, args...); out != "" || !strings.HasPrefix(errs, "maquette: ") {
			t.Errorf("maquette %v: %q, %q", args, out, errs)
		}
	}
	if out, _ := term.run(0, "services", "--json"); strings.Count(out, "\n") < 2 {
		t.Errorf("services: %q", out)
	}
	if _, err := os.Stat(filepath.Join(term.home, "data")); err == nil {
		t.Error("asking for help made a data directory")
	}
}
