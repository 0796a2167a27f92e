// Package realparts starts the real programs that tests of storage work
// against: a keyring daemon on a session bus of its own, an S3 server, exiftool, and a
// small disk.
//
// A part that is not installed skips the test, except where everything is
// expected to be there: under CI=true or MAQUETTE_TEST_REAL=1, which `make
// test` sets after installing them.
package realparts

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// session says, in a test's second run, which kind of session it is in.
const session = "MAQUETTE_TEST_SESSION"

// Session reports whether the test runs inside of a session of InSession's.
func Session() bool { return os.Getenv(session) != "" }

// find returns where a program lies; without it the test ends here.
func find(t *testing.T, program, from string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		missing(t, program+" ("+from+")")
	}
	return path
}

func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" || os.Getenv("MAQUETTE_TEST_REAL") == "1" {
		t.Fatalf("a real part is missing: %s", what)
	}
	t.Skipf("a real part is missing: %s", what)
}

// start starts a program that is killed by stop, or else when the test ends,
// and whose words are shown when the test failed.
func start(t *testing.T, cmd *exec.Cmd) (stop func()) {
	t.Helper()
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
		if t.Failed() {
			t.Logf("%s said:\n%s", filepath.Base(cmd.Path), output.String())
		}
	})
	t.Cleanup(stop)
	return stop
}

// await waits until a program that was started answers.
func await(t *testing.T, what string, answers func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(20 * time.Second)
	for !answers() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%s doesn't answer", what)
		}
	}
}
