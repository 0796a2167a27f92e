// What a person meant for a service's datasets and isn't there yet: photos to
// be uploaded, and captions that are typed. It outlives a restart.

package remote

import (
	"fmt"
	"maps"
	"sync"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
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
	photo.Photo

	// Tried reports that its upload was begun: the service may have it.
	Tried bool `json:"tried,omitempty"`
}

var unsentTable = storage.NewTable[Unsent]("unsent")

// Waiting holds what isn't at its service yet, in memory and on disk.
type Waiting struct {
	db *storage.DB

	changing sync.Mutex // held while a change goes to disk

	mu  sync.Mutex // never held during disk work: the window reads under it
	now map[string]Unsent
}

// LoadWaiting reads what isn't at these services yet.
func LoadWaiting(db *storage.DB, services providers.Services) (*Waiting, error) {
	w := &Waiting{db: db, now: map[string]Unsent{}}
	err := db.View(func(tx *storage.Tx) error {
		for _, service := range services {
			kept, found, err := unsentTable.Get(tx, service.ID)
			if err != nil {
				return err
			}
			if found {
				w.now[service.ID] = kept
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("loading what is not at its service yet: %w", err)
	}
	return w, nil
}

// Unsent is a copy of what isn't at a service yet.
func (w *Waiting) Unsent(service string) Unsent {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now[service].clone()
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

// Change applies change to a copy of what isn't at a service yet, and
// stores it. It writes to the disk: never call it on the UI goroutine of a
// window in use.
func (w *Waiting) Change(service string, change func(*Unsent)) error {
	w.changing.Lock()
	defer w.changing.Unlock()
	next := w.Unsent(service)
	change(&next)
	err := w.db.Update(func(tx *storage.Tx) error { return unsentTable.Put(tx, service, next) })
	if err != nil {
		return failure.Storage("keeping what is not at its service yet", err)
	}
	w.mu.Lock()
	w.now[service] = next
	w.mu.Unlock()
	return nil
}

// Hashes are the contents of the photos that are to be uploaded.
func (w *Waiting) Hashes() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var hashes []string
	for _, kept := range w.now {
		for _, photos := range kept.Photos {
			for _, p := range photos {
				hashes = append(hashes, p.Hash)
			}
		}
	}
	return hashes
}
