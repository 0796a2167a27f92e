package storage_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/maquette-studio/maquette/storage"
)

func TestACopyThatTakesTheDatabasesPlaceIsKnown(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, backup := filepath.Join(dir, "maquette.db"), filepath.Join(dir, "backup.db")
	open := func(restored, settled bool) *storage.DB {
		t.Helper()
		db, err := storage.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if was, is, err := db.Restored(); was != restored || is != settled || err != nil {
			t.Errorf("restored: %v, settled: %v, %v", was, is, err)
		}
		if err := db.Update(db.Settled); err != nil {
			t.Fatal(err)
		}
		return db
	}
	closed := func(db *storage.DB) {
		t.Helper()
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	closed(open(false, false))
	db := open(false, true)
	if err := db.Backup(backup); err != nil {
		t.Fatal(err)
	}
	closed(db)
	closed(open(false, true))

	content, err := os.ReadFile(backup)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil { // into the same file
		t.Fatal(err)
	}
	closed(open(true, false))
	closed(open(false, true))

	content, err = os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(dir, "copy")
	if err := os.WriteFile(elsewhere, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(elsewhere, path); err != nil { // another file
		t.Fatal(err)
	}
	closed(open(true, false))
	closed(open(false, true))
}
