package crash_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
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
	"all that Go knows": func() {
		debug.SetTraceback("system") // as Go itself does where a driver's code breaks
		panic("luma-secret-key")
	},
	"a good end": func() {},
	"a kill": func() {
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = self.Kill()
		}
		fmt.Println(err)
		select {}
	},
}

// TestMain is also the program that breaks.
func TestMain(m *testing.M) {
	way := os.Getenv("CRASH_TEST_WAY")
	if way == "" {
		os.Exit(m.Run())
	}
	var recorder crash.Recorder
	if err := recorder.Start(os.Getenv("CRASH_TEST_FOLDER")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	breaks[way]()
	recorder.End()
	os.Exit(0)
}

// broken runs the program until it breaks in that way, and returns the folder
// for reports.
func broken(t *testing.T, way string) (folder string) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), "crashes")
	program := exec.CommandContext(t.Context(), os.Args[0])
	program.Env = append(os.Environ(), "CRASH_TEST_WAY="+way, "CRASH_TEST_FOLDER="+folder)
	said, err := program.CombinedOutput()
	if program.ProcessState.ExitCode() == 3 || err == nil && way != "a good end" {
		t.Fatalf("%s: %v\n%s", way, err, said)
	}
	return folder
}

// filesIn are the names of what lies in a folder.
func filesIn(t *testing.T, folder string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func TestACrashLeavesAReportWithoutValues(t *testing.T) {
	for _, row := range []struct{ way, says string }{
		{"a panic", "panic: (what was said is left out)"},
		{"an error", "panic: (what was said is left out)"},
		{"an index", "panic: runtime error: index out of range [8] with length 1"},
		{"a nil", "panic: runtime error: invalid memory address or nil pointer dereference\n[signal "},
		{"a mutex", "fatal error\n\ngoroutine 1 [running]:\ninternal/sync.fatal(...)"},
		{"all that Go knows", "panic: (what was said is left out)\n\ngoroutine 1 [running]:\n"},
		{"panic in a deferred call", "panic: (what was said is left out)\npanic: (what was said is left out)"},
	} {
		t.Run(row.way, func(t *testing.T) {
			t.Parallel()
			folder := broken(t, row.way)
			reports := crash.News(folder)
			if left := filesIn(t, folder); len(reports) != 1 || len(left) != 1 || filepath.Join(folder, left[0]) != reports[0] {
				t.Fatalf("there are %q, and there lie %q", reports, left)
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
			if again := crash.News(folder); len(again) != 0 || len(filesIn(t, folder)) != 1 {
				t.Errorf("it is told twice, or gone once it was told: %q, %q", again, filesIn(t, folder))
			}
		})
	}
}

// signal is what a processor's fault says: numbers of the program itself.
var signal = regexp.MustCompile(`\[signal (SIGSEGV: segmentation violation|0x[0-9a-f]+) code=0x\d addr=0x0 pc=0x[0-9a-f]+\]`)

func TestOtherEndsLeaveNoReport(t *testing.T) {
	t.Parallel()
	folder := broken(t, "a good end")
	if left := filesIn(t, folder); len(left) != 0 {
		t.Errorf("a good end left %q", left)
	}
	folder = broken(t, "a kill")
	reports := crash.News(folder)
	if left := filesIn(t, folder); len(reports) != 0 || len(left) != 0 {
		t.Errorf("a kill left %q, of which %q are told", left, reports)
	}
}

func TestWhatARunningProgramHoldsIsLeftAlone(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "crashes")
	var recorder crash.Recorder
	if err := recorder.Start(folder); err != nil {
		t.Fatal(err)
	}
	defer recorder.End()
	news, left := crash.News(folder), filesIn(t, folder)
	if err := recorder.Start(folder); err != nil || len(news) != 0 || len(left) != 1 || !slices.Equal(left, filesIn(t, folder)) {
		t.Errorf("there are %q and then %q, told are %q, %v", left, filesIn(t, folder), news, err)
	}
	recorder.End()
	if left := filesIn(t, folder); len(left) != 0 {
		t.Errorf("%q is left", left)
	}
}

func TestWithoutAFolderTheErrorIsSaid(t *testing.T) {
	taken := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(taken, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var recorder crash.Recorder
	if err := recorder.Start(filepath.Join(taken, "crashes")); err == nil {
		t.Error("it started")
	}
	recorder.End()
}

func TestTheNewestTenAreKept(t *testing.T) {
	folder := t.TempDir()
	for i := range 13 {
		for _, name := range []string{"maquette-crash-2026%02d-7.txt", "maquette-crash-2027%02d-7.raw", "another-%02d.txt"} {
			if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf(name, i)), []byte("Maquette 0\npanic: \n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	var recorder crash.Recorder
	if err := recorder.Start(folder); err != nil {
		t.Fatal(err)
	}
	recorder.End()
	if left := filesIn(t, folder); len(left) != 13+13+10 {
		t.Errorf("after a start there are %d: %q", len(left), left)
	}
	news := crash.News(folder)
	if left := filesIn(t, folder); len(news) != 10 || !strings.HasSuffix(news[9], "202712-7.txt") || len(left) != 13+10 {
		t.Errorf("told are %q, left is %q", news, left)
	}
}
