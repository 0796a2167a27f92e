// Package windowstate keeps how a person has the window: its language and scale,
// its size and place, what was open in it. It lies in a small file of its own,
// because the window is drawn before the database is open.
package windowstate

import (
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/maquette-studio/maquette/storage"
)

// FileName is the file's name in the data directory.
const FileName = "window.json"

// mostBytes bounds what is read: a longer file is none of ours.
const mostBytes = 1 << 20

// quiet is how long a change waits for more before it is written.
const quiet = time.Second

// State is how the window was left, or is to be. The zero value is that of a
// first start.
type State struct {
	Language string  `json:"language,omitempty"` // a language tag such as "pt-BR"; "" for the system's
	Scale    float32 `json:"scale,omitempty"`    // of all that is drawn, 1 for 100 %; 0 for the system's

	// Tray is that the window goes into the system's tray when it is closed while
	// jobs run.
	Tray bool `json:"tray,omitempty"`

	Window Place              `json:"window,omitzero"`
	Tab    string             `json:"tab,omitempty"`    // the tab in sight
	Splits map[string]float64 `json:"splits,omitempty"` // where a divider stands, 0 to 1, by its name
	Sizes  map[string]float32 `json:"sizes,omitempty"`  // other sizes a person chose, in density-independent pixels, by name
}

// Place is where the window is: its content's size in density-independent
// pixels, and its corner on the screen in the screen's own.
type Place struct {
	Width     float32 `json:"width,omitempty"`
	Height    float32 `json:"height,omitempty"`
	X         int     `json:"x,omitempty"`
	Y         int     `json:"y,omitempty"`
	Placed    bool    `json:"placed,omitempty"` // X and Y are known
	Maximized bool    `json:"maximized,omitempty"`
}

// Store holds the state in memory and, a moment later, on disk.
type Store struct {
	path string

	writing sync.Mutex // held while the file is written

	mu      sync.Mutex // never held during disk work
	now     State
	pending *time.Timer // writes when it fires; nil when all is written
}

// Open reads the state that lies in a data directory. What can't be read is as
// if there were none: nothing of value is lost with it.
func Open(dir string) *Store {
	d := &Store{path: filepath.Join(dir, FileName)}
	f, err := os.Open(d.path)
	if err != nil {
		return d
	}
	defer f.Close()
	var state State
	if json.NewDecoder(io.LimitReader(f, mostBytes)).Decode(&state) == nil {
		d.now = state
	}
	return d
}

// Now is the state at present. Its maps are for reading only.
func (s *Store) Now() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// Change changes the state in memory at once; it is written a moment later, on
// another goroutine. Call it from anywhere, as often as a divider is moved.
func (s *Store) Change(change func(*State)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := s.now
	next.Splits, next.Sizes = maps.Collect(maps.All(next.Splits)), maps.Collect(maps.All(next.Sizes)) // copies, never nil
	change(&next)
	s.now = next
	if s.pending == nil {
		s.pending = time.AfterFunc(quiet, func() { _ = s.write() }) // what can't be written is written when it closes, which tells
	}
}

// Close writes what wasn't yet. Nothing may change the state afterwards.
func (s *Store) Close() error { return s.write() }

func (s *Store) write() error {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.mu.Lock()
	if s.pending == nil {
		s.mu.Unlock()
		return nil
	}
	s.pending.Stop()
	s.pending = nil
	state := s.now
	s.mu.Unlock()
	return storage.WriteFile(s.path, func(w io.Writer) error {
		return json.NewEncoder(w).Encode(state)
	})
}
