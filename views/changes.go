// What changes in the studio, gathered and brought to the UI goroutine.

package views

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/views/kit"
)

// changeEvery is how often the window takes note of changes: four times a
// second is as often as anybody reads progress.
const changeEvery = 250 * time.Millisecond

// changeFeed gathers events, so that a hundred progress ticks become one
// refresh.
type changeFeed struct {
	deliver func(kind app.EventKind, ids []string)
	woken   chan struct{}

	mu      sync.Mutex
	pending map[app.EventKind][]string
}

// hear calls deliver on the UI goroutine as long as work goes on; unhear ends
// it before.
func hear(studio *app.Studio, work *kit.Work, deliver func(app.EventKind, []string)) (unhear func()) {
	f := &changeFeed{deliver: deliver, pending: map[app.EventKind][]string{}, woken: make(chan struct{}, 1)}
	unsubscribe := studio.Events.Subscribe(f.note)
	stop := kit.Do(work, f.run, nil)
	return func() {
		unsubscribe()
		stop()
	}
}

func (f *changeFeed) note(e app.Event) {
	f.mu.Lock()
	if !slices.Contains(f.pending[e.Kind], e.ID) {
		f.pending[e.Kind] = append(f.pending[e.Kind], e.ID)
	}
	f.mu.Unlock()
	select {
	case f.woken <- struct{}{}:
	default:
	}
}

func (f *changeFeed) run(ctx context.Context) struct{} {
	tick := time.NewTicker(changeEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return struct{}{}
		case <-f.woken:
		}
		kit.OnUI(func() {
			if ctx.Err() == nil {
				f.flush()
			}
		})
		select {
		case <-ctx.Done():
			return struct{}{}
		case <-tick.C:
		}
	}
}

func (f *changeFeed) flush() {
	f.mu.Lock()
	pending := f.pending
	f.pending = map[app.EventKind][]string{}
	f.mu.Unlock()
	for kind, ids := range pending {
		f.deliver(kind, ids)
	}
}
