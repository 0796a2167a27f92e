// Package crash writes down where the program breaks: what it was doing, which
// version on which system. The report that a person is told of holds no value,
// so that it can be handed on.
//
// Go itself writes into an open file as the program breaks (wherever that is,
// in libraries and in the graphics driver's calls too), for then nothing of the
// program can run any more. The next start takes all but names of functions and
// lines of code out of it, and only that is a report. Until then the file is
// readable by its owner alone.
package crash

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/maquette-studio/maquette/app/release"
)

// Recorder has the crash of this process written down. There is one in a
// process.
type Recorder struct {
	file *os.File
}

// Start has Go write into a new file in the folder if the program breaks from
// now on. The error is why nothing will be written down.
func (r *Recorder) Start(folder string) error {
	if r.file != nil {
		return nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("making the folder for crash reports: %w", err)
	}
	prune(folder, rawEnding) // where no start gets as far as News
	name := fmt.Sprintf("%s%s-%d%s", prefix, time.Now().UTC().Format(timeFormat), os.Getpid(), rawEnding)
	file, err := os.OpenFile(filepath.Join(folder, name), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("making the file for a crash: %w", err)
	}
	r.file = file
	err = hold(file)
	if err == nil {
		_, err = fmt.Fprintln(file, release.This()) // a later version may read it
	}
	if err == nil {
		err = debug.SetCrashOutput(file, debug.CrashOptions{})
	}
	if err != nil {
		r.End()
		return fmt.Errorf("setting where a crash is written down: %w", err)
	}
	return nil
}

// End removes the file: the program ends in a good way. What is left of one
// that was killed goes at the next start.
func (r *Recorder) End() {
	if r.file == nil {
		return
	}
	_ = debug.SetCrashOutput(nil, debug.CrashOptions{})
	_ = r.file.Close()
	_ = os.Remove(r.file.Name())
	r.file = nil
}
