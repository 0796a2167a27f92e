// Saving captions: the newest text of each photo, one write at a time.

package views

import "sync"

// captionSaver holds captions that are typed and not yet stored. Its methods
// are safe from any goroutine.
type captionSaver struct {
	store   func(hash, caption string) error
	writing sync.Mutex // held by save

	mu      sync.Mutex
	pending map[string]string // by the photo's hash
}

func newCaptionSaver(store func(hash, caption string) error) *captionSaver {
	return &captionSaver{store: store, pending: map[string]string{}}
}

// note remembers a caption for the next save.
func (s *captionSaver) note(hash, caption string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending[hash] = caption
}

// typed is the photo's caption while it is not stored yet.
func (s *captionSaver) typed(hash string) (caption string, pending bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	caption, pending = s.pending[hash]
	return caption, pending
}

// idle reports whether everything is stored.
func (s *captionSaver) idle() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.pending) == 0
}

// save stores what is noted. It writes to the disk: never on the UI goroutine
// of a window in use. What can't be stored stays noted.
func (s *captionSaver) save() error {
	s.writing.Lock()
	defer s.writing.Unlock()
	for {
		hash, caption, ok := s.any()
		if !ok {
			return nil
		}
		if err := s.store(hash, caption); err != nil {
			return err
		}
		s.stored(hash, caption)
	}
}

func (s *captionSaver) any() (hash, caption string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for hash, caption := range s.pending {
		return hash, caption, true
	}
	return "", "", false
}

// stored forgets a caption, unless a newer one was noted meanwhile.
func (s *captionSaver) stored(hash, caption string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pending[hash] == caption {
		delete(s.pending, hash)
	}
}
