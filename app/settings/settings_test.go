package settings_test

import (
	"path/filepath"
	"testing"

	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

func TestSettingsOutliveARestartAndCopiesChangeNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "maquette.db")
	db, err := storage.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	store, err := settings.Load(db, func() { told++ })
	if err != nil {
		t.Fatal(err)
	}
	err = store.Change(func(s *settings.Settings) {
		s.Appearance, s.Prices = "dark", map[string]float64{"luma/photon-1": 0.02}
		s.BaseURLs = map[string]string{"luma": "https://gateway.example.com"}
		s.LastForms = map[string]providers.Values{"luma/image": {"prompt": "a fox"}}
	})
	if err != nil || told != 1 {
		t.Fatal(err, told)
	}
	copied := store.Now()
	copied.Prices["luma/photon-1"], copied.BaseURLs["luma"] = 9, "https://elsewhere.example.com"
	delete(copied.LastForms, "luma/image")
	if now := store.Now(); now.Prices["luma/photon-1"] != 0.02 || now.BaseURLs["luma"] != "https://gateway.example.com" || len(now.LastForms) != 1 {
		t.Errorf("changing a copy changed the settings: %+v", now)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := store.Change(func(s *settings.Settings) { s.Appearance = "light" }); err == nil || store.Now().Appearance != "dark" || told != 1 {
		t.Errorf("what could not be written is shown: %v, %s", err, store.Now().Appearance)
	}

	if db, err = storage.Open(path); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	again, err := settings.Load(db, func() {})
	if err != nil || again.Now().Appearance != "dark" || again.Now().LastForms["luma/image"].Text("prompt") != "a fox" {
		t.Errorf("after a restart: %+v, %v", again.Now(), err)
	}
}
