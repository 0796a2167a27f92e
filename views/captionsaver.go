// Saving captions: the newest text of each photo, one write at a time.

package views

import (
	"errors"
	"sync"

	"github.com/maquette-studio/maquette/providers"
)

// captionPlace is where a caption belongs: a photo of a dataset, by its id.
type captionPlace struct{ dataset, hash string }

// captionSaver holds captions that are typed and not yet stored. Its methods
// are safe from any goroutine.
type captionSaver struct {
	store   func(of captionPlace, caption string) error
	writing sync.Mutex // held by save

	mu      sync.Mutex
	pending map[captionPlace]string
}

func newCaptionSaver(store func(of captionPlace, caption string) error) *captionSaver {
	return &captionSaver{store: store, pending: map[captionPlace]string{}}
}

// note remembers a caption for the next save.
func (s *captionSaver) note(of captionPlace, caption string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending[of] = caption
}

// typed is the photo's caption while it is not stored yet.
func (s *captionSaver) typed(of captionPlace) (caption string, pending bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	caption, pending = s.pending[of]
	return caption, pending
}

// idle reports whether everything is stored.
func (s *captionSaver) idle() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.pending) == 0
}

// save stores what is noted. It writes to the disk: never on the UI goroutine
// of a window in use. What can't be stored stays noted, unless its photo is gone.
func (s *captionSaver) save() error {
	s.writing.Lock()
	defer s.writing.Unlock()
	for {
		of, caption, ok := s.any()
		if !ok {
			return nil
		}
		err := s.store(of, caption)
		gone := (*providers.Failure)(nil)
		if err == nil || errors.As(err, &gone) && gone.Kind == providers.NotFound {
			s.forget(of, caption)
		}
		if err != nil {
			return err
		}
	}
}

func (s *captionSaver) any() (of captionPlace, caption string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for of, caption := range s.pending {
		return of, caption, true
	}
	return captionPlace{}, "", false
}

// forget drops a caption, unless a newer one was noted meanwhile.
func (s *captionSaver) forget(of captionPlace, caption string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pending[of] == caption {
		delete(s.pending, of)
	}
}
