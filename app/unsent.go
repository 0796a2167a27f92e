// What a person meant for a service's datasets and isn't there yet: photos to
// be uploaded, and captions that are typed. It outlives a restart.

package app

import (
	"fmt"
	"maps"
	"sync"

	"github.com/maquette-studio/maquette/storage"
)

// Unsent is what isn't at a service yet. Its slices are never changed in
// place.
type Unsent struct {
	Captions map[string]UnsentCaption `json:"captions,omitempty"` // by the image's id there
	Photos   map[string][]UnsentPhoto `json:"photos,omitempty"`   // by the dataset's id there, in the order of their upload
}

// UnsentCaption is a caption that the service doesn't have.
type UnsentCaption struct {
	Dataset string `json:"dataset"` // its id there
	Text    string `json:"text"`
	// Send reports that it is to be sent as soon as the service has written
	// its own, which would take this one's place.
	Send bool `json:"send,omitempty"`
}

// UnsentPhoto is a photo that is to be uploaded.
type UnsentPhoto struct {
	DatasetPhoto

	// Tried reports that its upload was begun: the service may have it.
	Tried bool `json:"tried,omitempty"`
}

var unsentTable = storage.NewTable[Unsent]("unsent")

type unsentStore struct {
	changing sync.Mutex // held while a change goes to disk

	mu  sync.Mutex // never held during disk work: the window reads under it
	now map[string]Unsent
}

func (s *Studio) loadUnsent() error {
	s.unsent.now = map[string]Unsent{}
	err := s.db.View(func(tx *storage.Tx) error {
		for _, service := range s.services {
			kept, found, err := unsentTable.Get(tx, service.ID)
			if err != nil {
				return err
			}
			if found {
				s.unsent.now[service.ID] = kept
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("loading what is not at its service yet: %w", err)
	}
	return nil
}

// Unsent is a copy of what isn't at a service yet.
func (s *Studio) Unsent(service string) Unsent {
	s.unsent.mu.Lock()
	defer s.unsent.mu.Unlock()
	return s.unsent.now[service].clone()
}

func (u Unsent) clone() Unsent {
	u.Captions, u.Photos = maps.Clone(u.Captions), maps.Clone(u.Photos)
	if u.Captions == nil {
		u.Captions = map[string]UnsentCaption{}
	}
	if u.Photos == nil {
		u.Photos = map[string][]UnsentPhoto{}
	}
	return u
}

// ChangeUnsent applies change to a copy of what isn't at a service yet, and
// stores it. It writes to the disk: never call it on the UI goroutine of a
// window in use.
func (s *Studio) ChangeUnsent(service string, change func(*Unsent)) error {
	s.unsent.changing.Lock()
	defer s.unsent.changing.Unlock()
	next := s.Unsent(service)
	change(&next)
	err := s.db.Update(func(tx *storage.Tx) error { return unsentTable.Put(tx, service, next) })
	if err != nil {
		return storageFailure("keeping what is not at its service yet", err)
	}
	s.unsent.mu.Lock()
	s.unsent.now[service] = next
	s.unsent.mu.Unlock()
	return nil
}

// unsentHashes are the contents of the photos that are to be uploaded.
func (s *Studio) unsentHashes() []string {
	s.unsent.mu.Lock()
	defer s.unsent.mu.Unlock()
	var hashes []string
	for _, kept := range s.unsent.now {
		for _, photos := range kept.Photos {
			for _, p := range photos {
				hashes = append(hashes, p.Hash)
			}
		}
	}
	return hashes
}
