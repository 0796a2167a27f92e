// Work off the UI goroutine: whatever reads a disk, the network or the keyring, or takes longer than a frame.

package kit

import (
	"context"
	"sync"
	"time"
)

// workGrace is how long a closing window waits for its work; a keyring's
// unlock dialog or a hanging disk may hold it for longer.
const workGrace = 5 * time.Second

// Work is what a window, or a part of it, does off the UI goroutine. It ends
// with its owner: nothing is shown in a tab or a panel that is gone. Its methods
// and Do, Begin and Every belong to the UI goroutine.
type Work struct {
	ctx     context.Context
	stop    context.CancelFunc
	running *running
	begun   map[string]context.CancelFunc // by name, what Begin and After began and has not ended
}

// running are the goroutines of a window's work and of all its parts.
type running struct {
	mu     sync.Mutex
	closed bool
	all    sync.WaitGroup
}

// start runs f in a goroutine, unless everything is closed.
func (r *running) start(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.closed {
		r.all.Go(f)
	}
}

// NewWork is the work of a window: whoever makes it closes it.
func NewWork() *Work {
	return newWork(context.Background(), &running{})
}

func newWork(ctx context.Context, r *running) *Work {
	w := &Work{running: r, begun: map[string]context.CancelFunc{}}
	w.ctx, w.stop = context.WithCancel(ctx)
	return w
}

// Part is the work of a part of the window. It ends with the window's, or
// earlier by End.
func (w *Work) Part() *Work { return newWork(w.ctx, w.running) }

// Do runs do in a goroutine and then, on the UI goroutine, then with what do
// returned. do's context ends with w or when the returned function is called;
// after the latter then still runs, so that what was done until there can be
// shown. Once w has ended it doesn't. then may be nil.
func Do[T any](w *Work, do func(ctx context.Context) T, then func(T)) (cancel context.CancelFunc) {
	ctx, cancel := context.WithCancel(w.ctx)
	if ctx.Err() != nil {
		cancel()
		return cancel
	}
	w.running.start(func() {
		defer cancel()
		result := do(ctx)
		if then == nil || w.ctx.Err() != nil {
			return
		}
		OnUI(func() {
			if w.ctx.Err() == nil {
				then(result)
			}
		})
	})
	return cancel
}

// Begin is Do for work of which only the newest counts, such as a search: what
// was begun under the same name before is given up, and not shown.
func Begin[T any](w *Work, name string, do func(ctx context.Context) T, then func(T)) {
	w.Drop(name)
	dropped := false
	cancel := Do(w, do, func(result T) {
		if !dropped {
			delete(w.begun, name)
			then(result)
		}
	})
	w.begun[name] = func() {
		dropped = true
		cancel()
	}
}

// After runs do on the UI goroutine after a while, in place of what was begun
// under the same name before.
func (w *Work) After(name string, while time.Duration, do func()) {
	Begin(w, name, func(ctx context.Context) bool {
		select {
		case <-time.After(while):
			return true
		case <-ctx.Done():
			return false
		}
	}, func(over bool) {
		if over {
			do()
		}
	})
}

// Every runs do on the UI goroutine time and again, until w ends.
func (w *Work) Every(period time.Duration, do func()) {
	Do(w, func(ctx context.Context) struct{} {
		tick := time.NewTicker(period)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return struct{}{}
			case <-tick.C:
				OnUI(func() {
					if ctx.Err() == nil {
						do()
					}
				})
			}
		}
	}, nil)
}

// Drop gives up what was begun under a name and has not ended.
func (w *Work) Drop(name string) {
	if drop := w.begun[name]; drop != nil {
		delete(w.begun, name)
		drop()
	}
}

// Busy reports whether something begun under a name has not ended.
func (w *Work) Busy(name string) bool { return w.begun[name] != nil }

// End gives everything up and waits for nothing: what is under way ends soon,
// and isn't shown.
func (w *Work) End() { w.stop() }

// Close ends all of the window's work and waits for it, at most workGrace.
func (w *Work) Close() {
	w.running.mu.Lock()
	w.running.closed = true
	w.running.mu.Unlock()
	w.stop()
	ended := make(chan struct{})
	go func() {
		w.running.all.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(workGrace):
	}
}
