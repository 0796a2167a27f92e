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
	LastFolder string             `json:"last_folder,omitempty"`
	LastTasks  map[string]string  `json:"last_tasks,omitempty"` // tab to task id
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
	mu  sync.Mutex
	db  *storage.DB
	now Settings
}

func loadSettings(db *storage.DB) (*settingsStore, error) {
	store := &settingsStore{db: db}
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
	now := s.settings.now
	now.BaseURLs, now.Prices, now.LastTasks = maps.Clone(now.BaseURLs), maps.Clone(now.Prices), maps.Clone(now.LastTasks)
	now.LastForms = maps.Clone(now.LastForms)
	return now
}

// ChangeSettings applies change to a copy of the settings and stores it.
func (s *Studio) ChangeSettings(change func(*Settings)) error {
	next := s.Settings()
	change(&next)
	s.settings.mu.Lock()
	err := s.db.Update(func(tx *storage.Tx) error { return settingsTable.Put(tx, settingsKey, next) })
	if err == nil {
		s.settings.now = next
	}
	s.settings.mu.Unlock()
	if err != nil {
		return storageFailure("saving settings", err)
	}
	s.publish(SettingsChanged, "")
	return nil
}
