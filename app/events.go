// What changed, for those who show it.

package app

import "sync"

// EventKind says what changed.
type EventKind string

// What can change.
const (
	JobChanged      EventKind = "job"      // state, progress or results of a job
	PicturesChanged EventKind = "pictures" // the library gained or lost pictures
	ModelsChanged   EventKind = "models"
	DatasetChanged  EventKind = "dataset"
	SettingsChanged EventKind = "settings" // settings, keys or bucket
	RemoteChanged   EventKind = "remote"   // what waits for a dataset at a service
	TroubleChanged  EventKind = "trouble"  // a notice appeared or went
)

// Event says that something changed; who cares reads it anew.
type Event struct {
	Kind EventKind
	ID   string
}

// Events tells subscribers about changes, on the goroutine that made them.
type Events struct {
	mu   sync.Mutex
	next int
	subs map[int]func(Event)
}

// Subscribe calls fn for every change until the returned function is called.
// fn must return at once; it runs on any goroutine.
func (e *Events) Subscribe(fn func(Event)) (unsubscribe func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.subs == nil {
		e.subs = map[int]func(Event){}
	}
	e.next++
	id := e.next
	e.subs[id] = fn
	return func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(e.subs, id)
	}
}

func (e *Events) publish(kind EventKind, id string) {
	e.mu.Lock()
	subs := make([]func(Event), 0, len(e.subs))
	for _, fn := range e.subs {
		subs = append(subs, fn)
	}
	e.mu.Unlock()
	for _, fn := range subs {
		fn(Event{kind, id})
	}
}
