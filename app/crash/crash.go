// Package crash writes a report where the program breaks: what it was doing,
// which version on which system. No value is in it, so that it can be handed on.
//
// What Go says when a program breaks goes to a second process, started with the
// first one: it takes out everything but names of functions and lines of code,
// and only then is anything written. So it works wherever the program breaks,
// in libraries and in the graphics driver's calls too.
package crash

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/maquette-studio/maquette/app/release"
)

// folderVariable tells the second process where reports go, and so that it is it.
const folderVariable = "MAQUETTE_CRASH_FOLDER"

// mostBytes bounds what is read of a crash.
const mostBytes = 4 << 20

// Watch starts the second process, which writes a report into the folder if
// this one breaks. It ends with this one. The error is why there will be none.
func Watch(folder string) error {
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding the program: %w", err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("making a pipe: %w", err)
	}
	defer read.Close()
	defer write.Close() // SetCrashOutput has one of its own
	watcher := exec.Command(program)
	watcher.Env = append(os.Environ(), folderVariable+"="+folder)
	watcher.Stdin = read
	if err := watcher.Start(); err != nil {
		return fmt.Errorf("starting what watches over the program: %w", err)
	}
	if err := debug.SetCrashOutput(write, debug.CrashOptions{}); err != nil {
		return fmt.Errorf("setting where a crash is told: %w", err)
	}
	return watcher.Process.Release()
}

// Watcher reports whether this is the second process. Then the program calls
// Report, and nothing else.
func Watcher() bool { return os.Getenv(folderVariable) != "" }

// Report waits for the first process to end, and writes a report if it broke.
// Whatever ends the first one doesn't end this one before.
func Report(in io.Reader) error {
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	said, err := io.ReadAll(io.LimitReader(in, mostBytes))
	if len(said) == 0 {
		return err
	}
	_, _ = io.Copy(io.Discard, in) // so that the first process can end
	return write(os.Getenv(folderVariable), text(string(said), release.This(), time.Now()), time.Now())
}

// text is the whole report.
func text(said string, build release.Build, now time.Time) string {
	var report strings.Builder
	fmt.Fprintf(&report, "Maquette broke at %s.\n%s\n\n", now.UTC().Format(time.RFC3339), build)
	report.WriteString("This report holds names of functions and lines of code. Keys, texts, names of files and all other\n" +
		"values were left out before it was written. It was sent to nobody. If you want this mended, hand it on:\n" +
		release.Site + "/issues\n\n")
	report.WriteString(withoutValues(said))
	return report.String()
}
