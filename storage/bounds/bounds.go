// Package bounds holds tests of hostile input to a bound on the time and the
// memory that one input may take. It is for tests only.
package bounds

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

const (
	// longest is far longer than any input takes, also under the race detector
	// on a busy machine.
	longest = 30 * time.Second

	// Text bounds what the parsing of a short text may allocate in all, bytes.
	Text = 64 << 20
	// Picture bounds what looking at a small picture may, bytes.
	Picture = 512 << 20
)

// Hold calls do, and fails the test where it allocated more than most bytes in
// all, whatever was freed meanwhile. Where it doesn't come back the process ends
// with the stacks of all goroutines, so that a fuzzer keeps the input: a test
// that only failed would hang with it. Calls must not overlap.
func Hold(t testing.TB, most uint64, do func()) {
	t.Helper()
	hanging := time.AfterFunc(longest, func() {
		debug.SetTraceback("all")
		panic(fmt.Sprintf("%s takes more than %v", t.Name(), longest))
	})
	defer hanging.Stop()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > most {
		t.Errorf("one input took %d MB of memory, more than %d MB", took>>20, most>>20)
	}
}
