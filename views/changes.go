// What changes in the studio, gathered and brought to the UI goroutine.

package views

import (
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
	deliver     func(kind app.EventKind, ids []string)
	unsubscribe func()
	woken       chan struct{}
	done        chan struct{}
	over        sync.WaitGroup

	mu      sync.Mutex
	pending map[app.EventKind][]string
}

// followChanges calls deliver on the UI goroutine until stop.
func followChanges(studio *app.Studio, deliver func(app.EventKind, []string)) *changeFeed {
	f := &changeFeed{
		deliver: deliver, pending: map[app.EventKind][]string{},
		woken: make(chan struct{}, 1), done: make(chan struct{}),
	}
	f.unsubscribe = studio.Subscribe(f.note)
	f.over.Go(f.run)
	return f
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

func (f *changeFeed) run() {
	tick := time.NewTicker(changeEvery)
	defer tick.Stop()
	for {
		select {
		case <-f.done:
			return
		case <-f.woken:
		}
		kit.OnUI(f.flush)
		select {
		case <-f.done:
			return
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

// stop ends the feed and waits for it.
func (f *changeFeed) stop() {
	f.unsubscribe()
	close(f.done)
	f.over.Wait()
}
