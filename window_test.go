// The real program in a real X display of its own: what tests need to start it and look at it.

package main_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// fyneThreadError is what Fyne logs, in builds without the tag migrated_fynedo, when a window is
// touched outside fyne.Do. Only Fyne's real driver looks; its test driver never does.
const fyneThreadError = "Error in Fyne call thread"

const windowTimeout = 60 * time.Second

// needReal skips a test when a program it needs isn't installed, or fails it under
// MAQUETTE_TEST_REAL=1, which `make test` sets after installing them all.
func needReal(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	switch {
	case err == nil:
	case os.Getenv("MAQUETTE_TEST_REAL") == "1":
		t.Fatalf("%s is not installed; `make setup` installs it", program)
	default:
		t.Skipf("%s is not installed; `make setup` installs it", program)
	}
	return path
}

// startXvfb starts an X server without a screen, for this test alone, and returns its display (":3").
func startXvfb(t *testing.T) string {
	t.Helper()
	xvfb := needReal(t, "Xvfb")
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatalf("making Xvfb's pipe: %v", err)
	}
	defer read.Close()
	server := exec.Command(xvfb, "-displayfd", "3", "-screen", "0", "1920x1080x24", "-nolisten", "tcp")
	server.ExtraFiles = []*os.File{write}
	startProcess(t, server)
	write.Close()

	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb named no display: %v", err)
	}
	return ":" + strings.TrimSpace(number)
}

// asProgram in the environment makes this test binary the program; program_test.go says how.
const asProgram = "MAQUETTE_TEST_PROGRAM=1"

// maquette is a running program.
type maquette struct {
	process *exec.Cmd
	log     *syncBuffer
	exited  <-chan struct{}
}

// startMaquette starts the program on a display and waits for its window. Its home, and so its
// settings, are the test's own; no key, address or session bus of the person running the test reaches it.
// It is asked to end when the test does, and the test fails if it was seen breaking Fyne's threads or racing.
func startMaquette(t *testing.T, display string, arguments ...string) *maquette {
	t.Helper()
	if !threadsAreChecked {
		t.Fatal("with the tag migrated_fynedo Fyne doesn't check its threads: run the tests without it")
	}
	program := &maquette{process: exec.Command(os.Args[0], arguments...), log: &syncBuffer{}}
	home := t.TempDir()
	program.process.Dir = home
	program.process.Env = append(cleanEnvironment(), asProgram, "HOME="+home, "XDG_CACHE_HOME="+home, "XDG_CONFIG_HOME="+home,
		"XDG_DATA_HOME="+home, "XDG_RUNTIME_DIR="+home, "DISPLAY="+display, "LIBGL_ALWAYS_SOFTWARE=1")
	program.process.Stdout = program.log
	program.process.Stderr = program.log
	program.exited = startProcess(t, program.process)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("Maquette wrote:\n%s", program.log)
		}
	})
	t.Cleanup(func() { program.stop(t) })
	program.waitForWindow(t, display)
	return program
}

// waitForWindow polls the display, because X tells nobody when a window manager has put up a window.
func (m *maquette) waitForWindow(t *testing.T, display string) {
	t.Helper()
	x11, err := connectX(display)
	if err != nil {
		t.Fatal(err)
	}
	defer x11.close()
	ctx, cancel := context.WithTimeout(t.Context(), windowTimeout)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		_, err := x11.findWindow("Maquette")
		if err == nil {
			return
		}
		if !errors.Is(err, errNoSuchWindow) {
			t.Fatal(err)
		}
		select {
		case <-tick.C:
		case <-m.exited:
			t.Fatalf("Maquette ended before its window opened: %v", m.process.ProcessState)
		case <-ctx.Done():
			t.Fatalf("no window within %v", windowTimeout)
		}
	}
}

// stop asks the program to end, waits for it, and checks what it wrote.
func (m *maquette) stop(t *testing.T) {
	t.Helper()
	endProcess(m.process, m.exited)
	for _, complaint := range []string{fyneThreadError, "WARNING: DATA RACE", "panic:"} {
		if strings.Contains(m.log.String(), complaint) {
			t.Errorf("Maquette wrote %q", complaint)
		}
	}
}

// screenshot writes what a display shows to a PNG file.
func screenshot(t *testing.T, display, file string) {
	t.Helper()
	grab := exec.CommandContext(t.Context(), needReal(t, "import"), "-display", display, "-window", "root", file)
	if output, err := grab.CombinedOutput(); err != nil {
		t.Fatalf("taking a screenshot: %v\n%s", err, output)
	}
}

// startProcess starts a process that ends with the test at the latest. The channel closes when it has.
func startProcess(t *testing.T, process *exec.Cmd) <-chan struct{} {
	t.Helper()
	if err := process.Start(); err != nil {
		t.Fatalf("starting %s: %v", filepath.Base(process.Path), err)
	}
	exited := make(chan struct{})
	go func() {
		defer close(exited)
		_ = process.Wait() // How it ended is in ProcessState.
	}()
	t.Cleanup(func() { endProcess(process, exited) })
	return exited
}

// endProcess asks a process to end, and makes it end when it takes longer than 10 s.
func endProcess(process *exec.Cmd, exited <-chan struct{}) {
	_ = process.Process.Signal(syscall.SIGTERM) // An error means that it has ended.
	select {
	case <-exited:
	case <-time.After(10 * time.Second):
		_ = process.Process.Kill()
		<-exited
	}
}

// cleanEnvironment is the test's environment without what would lead the program to a person's own
// screen, settings, keys or services.
func cleanEnvironment() []string {
	personal := []string{
		"HOME=", "DISPLAY=", "WAYLAND_DISPLAY=", "XAUTHORITY=", "XDG_", "DBUS_SESSION_BUS_ADDRESS=", "FYNE_",
		"MAQUETTE_", "LUMAAI_", "DREAMLOOK_", "BRIA_", "LUCYDREAM_",
	}
	return slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return slices.ContainsFunc(personal, func(prefix string) bool { return strings.HasPrefix(variable, prefix) })
	})
}

// syncBuffer collects what a process writes while a test reads it.
type syncBuffer struct {
	mutex  sync.Mutex
	buffer bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.Write(p)
}

func (b *syncBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.String()
}
