// Work off the UI goroutine: whatever reads a disk, the network or the keyring, or takes longer than a frame.

package kit

import (
	"context"
	"sync"
	"time"
)

// workGrace is how long a closing window waits for its workers; a keyring's
// unlock dialog or a hanging disk may hold one for longer.
const workGrace = 5 * time.Second

// Workers are the goroutines that a window started and has to end.
type Workers struct {
	ctx  context.Context
	stop context.CancelFunc

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

func NewWorkers() *Workers {
	ws := &Workers{}
	ws.ctx, ws.stop = context.WithCancel(context.Background())
	return ws
}

// Work runs do in a goroutine of the window and then, on the UI goroutine,
// then with what do returned. do's context ends with the window or when the
// returned function is called; after the latter then still runs, so that what
// was done until there can be shown. Once the window is closed it doesn't. then
// may be nil.
func Work[T any](ws *Workers, do func(ctx context.Context) T, then func(T)) (cancel context.CancelFunc) {
	ctx, cancel := context.WithCancel(ws.ctx)
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if ws.closed {
		cancel()
		return cancel
	}
	ws.running.Go(func() {
		defer cancel()
		result := do(ctx)
		if then == nil || ws.ctx.Err() != nil {
			return
		}
		OnUI(func() {
			if ws.ctx.Err() == nil {
				then(result)
			}
		})
	})
	return cancel
}

// AfterRest runs do on the UI goroutine after a while, unless it is stopped or
// the window closes before.
func AfterRest(ws *Workers, rest time.Duration, do func()) (stop context.CancelFunc) {
	return Work(ws, func(ctx context.Context) bool {
		select {
		case <-time.After(rest):
			return true
		case <-ctx.Done():
			return false
		}
	}, func(rested bool) {
		if rested {
			do()
		}
	})
}

// Close ends all work and waits for it, at most workGrace.
func (ws *Workers) Close() {
	ws.mu.Lock()
	ws.closed = true
	ws.mu.Unlock()
	ws.stop()
	ended := make(chan struct{})
	go func() {
		ws.running.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(workGrace):
	}
}
