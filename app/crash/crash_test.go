//go:build unix

package crash_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/maquette-studio/maquette/app/crash"
)

// breaks are ways to break, in a process of its own.
var breaks = map[string]func(){
	"a panic": func() {
		panic("luma-secret-key in /home/me/Photos/aunt.jpg\ngoroutine 1 [running]:\nmain.aunt(...)\n\t/home/me/Photos/aunt.go:1 +0x1")
	},
	"an error": func() {
		panic(fmt.Errorf("luma-secret-key: %w", &os.PathError{Op: "open", Path: "/home/me/Photos/aunt.jpg", Err: errors.New("gone")}))
	},
	"an index": func() {
		var wait sync.WaitGroup
		wait.Go(func() { fmt.Println([]string{"luma-secret-key"}[len(os.Args)+7]) })
		wait.Wait()
	},
	"a nil":   func() { var file *os.File; fmt.Println(*file) },
	"a mutex": func() { new(sync.Mutex).Unlock() },
	"panic in a deferred call": func() {
		defer func() { panic("luma-secret-key") }()
		panic("aunt.jpg")
	},
	"a good end": func() {},
	"a kill":     func() { _ = syscall.Kill(os.Getpid(), syscall.SIGKILL) },
}

// TestMain is the program that breaks, and what watches over it.
func TestMain(m *testing.M) {
	if crash.Watcher() {
		if err := crash.Report(os.Stdin); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		// The test waits for this pipe to be opened: then all is written.
		_ = os.WriteFile(os.Getenv("CRASH_TEST_DONE"), nil, 0o600)
		os.Exit(0)
	}
	if way := os.Getenv("CRASH_TEST_WAY"); way != "" {
		if err := crash.Watch(os.Getenv("CRASH_TEST_FOLDER")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(3)
		}
		breaks[way]()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// broken runs the program until it breaks in that way and whoever watches over it has ended, and returns the folder for
// reports.
func broken(t *testing.T, way, folder, temp string) {
	t.Helper()
	done := filepath.Join(t.TempDir(), "done")
	if err := syscall.Mkfifo(done, 0o600); err != nil {
		t.Fatal(err)
	}
	program := exec.CommandContext(t.Context(), os.Args[0])
	program.Env = append(os.Environ(), "CRASH_TEST_WAY="+way, "CRASH_TEST_FOLDER="+folder, "CRASH_TEST_DONE="+done, "TMPDIR="+temp)
	said, err := program.CombinedOutput()
	if program.ProcessState.ExitCode() == 3 || err == nil && way != "a good end" {
		t.Fatalf("%s: %v\n%s", way, err, said)
	}
	if _, err := os.ReadFile(done); err != nil {
		t.Fatal(err)
	}
}

func TestACrashLeavesAReportWithoutValues(t *testing.T) {
	for _, row := range []struct{ way, says string }{
		{"a panic", "panic: (what was said is left out)"},
		{"an error", "panic: (what was said is left out)"},
		{"an index", "panic: runtime error: index out of range [8] with length 1"},
		{"a nil", "panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV"},
		{"a mutex", "fatal error\n\ngoroutine 1 [running]:\ninternal/sync.fatal(...)"},
		{"panic in a deferred call", "panic: (what was said is left out)\npanic: (what was said is left out)"},
	} {
		t.Run(row.way, func(t *testing.T) {
			folder, temp := filepath.Join(t.TempDir(), "crashes"), t.TempDir()
			t.Setenv("TMPDIR", temp)
			broken(t, row.way, folder, temp)
			reports := crash.Untold(folder)
			if len(reports) != 1 || filepath.Dir(reports[0]) != folder {
				t.Fatalf("there are %q", reports)
			}
			text, err := os.ReadFile(reports[0])
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{row.says, "Maquette 0.", "goroutine ", "app/crash_test.", "(...)\n\t", "crash_test.go:"} {
				if !strings.Contains(string(text), want) {
					t.Errorf("it is without %q", want)
				}
			}
			for _, secret := range []string{"secret", "aunt", "/home", "Photos", "0x", folder} {
				if strings.Contains(signal.ReplaceAllString(string(text), ""), secret) {
					t.Errorf("it holds %q", secret)
				}
			}
			if t.Failed() {
				t.Logf("%s", text)
			}
			if again := crash.Untold(folder); len(again) != 0 {
				t.Errorf("it is told twice: %q", again)
			}
			if _, err := os.Stat(reports[0]); err != nil {
				t.Errorf("it is gone once it was told: %v", err)
			}
		})
	}
}

// signal is what a processor's fault says: numbers of the program itself.
var signal = regexp.MustCompile(`\[signal SIGSEGV: segmentation violation code=0x\d addr=0x0 pc=0x[0-9a-f]+\]`)

func TestOtherEndsLeaveNoReport(t *testing.T) {
	for _, way := range []string{"a good end", "a kill"} {
		folder, temp := filepath.Join(t.TempDir(), "crashes"), t.TempDir()
		t.Setenv("TMPDIR", temp)
		broken(t, way, folder, temp)
		if reports := crash.Untold(folder); len(reports) != 0 {
			t.Errorf("%s left %q", way, reports)
		}
	}
}

func TestWhereTheFolderCannotBeMadeAReportLiesInTheSystems(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	taken := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(taken, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(taken, "crashes")
	broken(t, "an index", folder, temp)
	if reports := crash.Untold(folder); len(reports) != 1 || filepath.Dir(reports[0]) != temp {
		t.Errorf("there are %q", reports)
	}
}

func TestTheNewestTenReportsAreKept(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	folder := t.TempDir()
	for i := range 13 {
		file := filepath.Join(folder, fmt.Sprintf("maquette-crash-2026%02d.txt", i))
		for _, name := range []string{file, file + ".new", filepath.Join(folder, "another.txt")} {
			if err := os.WriteFile(name, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	reports := crash.Untold(folder)
	left, err := os.ReadDir(folder)
	if err != nil || len(reports) != 10 || !strings.HasSuffix(reports[9], "202612.txt") || len(left) != 11 {
		t.Errorf("told are %q, left is %v, %v", reports, left, err)
	}
}
