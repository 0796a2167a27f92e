// Package settings keeps a person's choices. Secrets are not among them.
package settings

import (
	"maps"
	"sync"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// Settings are a person's choices.
type Settings struct {
	Appearance string             `json:"appearance,omitempty"` // "light", "dark", "" for the system's
	BaseURLs   map[string]string  `json:"base_urls,omitempty"`  // by service id, in place of its own
	Bucket     Bucket             `json:"bucket,omitzero"`
	Place      Place              `json:"place,omitzero"`
	Prices     map[string]float64 `json:"prices,omitempty"` // by price key, US dollars
	// CallbackListen is where the callback receiver listens, "127.0.0.1:8710";
	// "" for not at all. CallbackURL is the public address that leads there.
	CallbackListen string `json:"callback_listen,omitempty"`
	CallbackURL    string `json:"callback_url,omitempty"`

	// KeysSeen says by service id whether the keyring had a key when it was asked
	// last, so that it isn't asked again to draw a list.
	KeysSeen map[string]bool `json:"keys_seen,omitempty"`
	// Welcomed is that the welcome of a first start was left, or there was
	// something in the data directory.
	Welcomed bool `json:"welcomed,omitempty"`

	// Paused is that nothing new is sent until a person ends the pause.
	Paused bool `json:"paused,omitempty"`

	LastFolder string            `json:"last_folder,omitempty"`
	LastTasks  map[string]string `json:"last_tasks,omitempty"` // tab to task id
	// LastForms are what the tabs' forms held, by task id.
	LastForms map[string]providers.Values `json:"last_forms,omitempty"`
}

// Bucket says where photos are hosted; the secret lies in the keyring.
type Bucket struct {
	Endpoint  string `json:"endpoint,omitempty"`
	Region    string `json:"region,omitempty"`
	Name      string `json:"name,omitempty"`
	AccessKey string `json:"access_key,omitempty"`
	PublicURL string `json:"public_url,omitempty"`
}

// Place says whether photos are served by this computer instead of lying in the
// bucket, and how it is reached.
type Place struct {
	Computer bool `json:"computer,omitempty"`
	// Address is the public address that leads here; "" has cloudflared give one.
	Address string `json:"address,omitempty"`
	// Listen is where what leads here hands requests on to, "127.0.0.1:8711";
	// with cloudflared "" is a free port.
	Listen string `json:"listen,omitempty"`
}

var table = storage.NewTable[Settings]("settings")

const key = "settings"

// Store holds the settings in memory and on disk.
type Store struct {
	db      *storage.DB
	changed func()

	changing sync.Mutex // held while a change goes to disk

	mu  sync.Mutex // never held during disk work: the window reads under it
	now Settings
}

// Load reads the settings. changed is called after each change, without a lock.
func Load(db *storage.DB, changed func()) (*Store, error) {
	store := &Store{db: db, changed: changed}
	return store, store.load()
}

func (s *Store) load() error {
	now, _, err := table.LoadOne(s.db, key)
	if err != nil {
		return providers.Errorf("loading settings: %v", err)
	}
	s.mu.Lock()
	s.now = now
	s.mu.Unlock()
	return nil
}

// Reload reads the settings again, once their record was repaired.
func (s *Store) Reload() error {
	if err := s.load(); err != nil {
		return err
	}
	s.changed()
	return nil
}

// Now returns a copy of the settings.
func (s *Store) Now() Settings {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now.clone()
}

func (s Settings) clone() Settings {
	s.BaseURLs, s.Prices, s.LastTasks = maps.Clone(s.BaseURLs), maps.Clone(s.Prices), maps.Clone(s.LastTasks)
	s.LastForms, s.KeysSeen = maps.Clone(s.LastForms), maps.Clone(s.KeysSeen)
	return s
}

// Change applies change to a copy of the settings and stores it. It writes to
// the disk: never call it on the UI goroutine.
func (s *Store) Change(change func(*Settings)) error {
	if err := s.change(change); err != nil {
		return failure.Storage("saving settings", err)
	}
	s.changed()
	return nil
}

func (s *Store) change(change func(*Settings)) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	next := s.Now()
	change(&next)
	if err := s.db.Update(func(tx *storage.Tx) error { return table.Put(tx, key, next) }); err != nil {
		return err
	}
	s.mu.Lock()
	s.now = next
	s.mu.Unlock()
	return nil
}
