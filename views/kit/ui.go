// The UI goroutine: what workers hand to it.

package kit

import (
	"sync/atomic"

	"fyne.io/fyne/v2"
)

// OnUI hands f to the window's goroutine. Once the window's end has begun nothing is handed over: Fyne would run it
// on the caller. Fyne's test driver always runs f on the caller, so tests put a queue here that they drain themselves.
var OnUI = func(f func()) {
	if WindowEnds.Load() {
		return
	}
	fyne.Do(func() {
		if !WindowEnds.Load() {
			f()
		}
	})
}

// WindowEnds is set when the program's window begins to close.
var WindowEnds atomic.Bool
