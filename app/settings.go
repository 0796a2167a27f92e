package app

import (
	"fmt"
	"maps"
	"sync"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// Settings are a person's choices; secrets are not among them.
type Settings struct {
	Appearance string             `json:"appearance,omitempty"` // "light", "dark", "" for the system's
	BaseURLs   map[string]string  `json:"base_urls,omitempty"`  // by service id, in place of its own
	Bucket     BucketSettings     `json:"bucket,omitzero"`
	Prices     map[string]float64 `json:"prices,omitempty"` // by price key, US dollars
	// CallbackListen is where the callback receiver listens, "127.0.0.1:8710";
	// "" for not at all. CallbackURL is the public address that leads there.
	CallbackListen string `json:"callback_listen,omitempty"`
	CallbackURL    string `json:"callback_url,omitempty"`

	LastFolder string            `json:"last_folder,omitempty"`
	LastTasks  map[string]string `json:"last_tasks,omitempty"` // tab to task id
	// LastForms are what the tabs' forms held, by task id.
	LastForms map[string]providers.Values `json:"last_forms,omitempty"`
}

// BucketSettings say where photos are hosted; the secret lies in the keyring.
type BucketSettings struct {
	Endpoint  string `json:"endpoint,omitempty"`
	Region    string `json:"region,omitempty"`
	Name      string `json:"name,omitempty"`
	AccessKey string `json:"access_key,omitempty"`
	PublicURL string `json:"public_url,omitempty"`
}

var settingsTable = storage.NewTable[Settings]("settings")

const settingsKey = "settings"

type settingsStore struct {
	changing sync.Mutex // held while a change goes to disk

	mu  sync.Mutex // never held during disk work: the window reads under it
	now Settings
}

func loadSettings(db *storage.DB) (*settingsStore, error) {
	store := &settingsStore{}
	err := db.View(func(tx *storage.Tx) (err error) {
		store.now, _, err = settingsTable.Get(tx, settingsKey)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("loading settings: %w", err)
	}
	return store, nil
}

// Settings returns a copy of the settings.
func (s *Studio) Settings() Settings {
	s.settings.mu.Lock()
	defer s.settings.mu.Unlock()
	return s.settings.now.clone()
}

func (s Settings) clone() Settings {
	s.BaseURLs, s.Prices, s.LastTasks = maps.Clone(s.BaseURLs), maps.Clone(s.Prices), maps.Clone(s.LastTasks)
	return s
}

// ChangeSettings applies change to a copy of the settings and stores it.
func (s *Studio) ChangeSettings(change func(*Settings)) error {
	s.settings.changing.Lock()
	defer s.settings.changing.Unlock()
	next := s.Settings()
	change(&next)
	err := s.db.Update(func(tx *storage.Tx) error { return settingsTable.Put(tx, settingsKey, next) })
	if err != nil {
		return storageFailure("saving settings", err)
	}
	s.settings.mu.Lock()
	s.settings.now = next
	s.settings.mu.Unlock()
	s.receiver.mu.Lock()
	used := s.receiver.used
	s.receiver.mu.Unlock()
	if used {
		s.receive()
	}
	s.publish(SettingsChanged, "")
	return nil
}
