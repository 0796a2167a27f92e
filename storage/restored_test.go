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
		if err := db.Settle(func(*storage.Tx) error { return nil }); err != nil {
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

// A person puts a copy back in one of the ways that write into the same files.
func TestACopyInTheSameFileIsKnownOnceSomethingPaidLeft(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name     string
		before   func(db *storage.DB) error // of the copy
		both     bool                       // what lies beside is put back too
		without  bool                       // what lies beside is removed
		left     int                        // what left after the copy
		restored bool
	}{
		{"nothing left since", nil, false, false, 0, false},
		{"one left", nil, false, false, 1, true},
		{"three left", nil, false, false, 3, true},
		{"one before, one since", (*storage.DB).Depart, false, false, 1, true},
		{"all of it, one left", nil, true, false, 1, true},
		{"all of it, after one", (*storage.DB).Depart, true, false, 2, true},
		{"all of it, nothing left since", nil, true, false, 0, true}, // put back all the same
		{"the database alone is there", nil, false, true, 1, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "maquette.db")
			write := func(db *storage.DB) { noError(t, db.Update(func(*storage.Tx) error { return nil })) }
			db := opened(t, path, false)
			noError(t, db.Settle(func(*storage.Tx) error { return nil }))
			write(db)
			if row.before != nil {
				noError(t, row.before(db))
				write(db)
			}
			noError(t, db.Close())
			copied, beside := read(t, path), read(t, path+".sent")

			db = opened(t, path, false)
			for range row.left {
				write(db) // its intent
				noError(t, db.Depart())
				write(db) // its answer
			}
			noError(t, db.Close())
			noError(t, os.WriteFile(path, copied, 0o600))
			if row.both {
				noError(t, os.WriteFile(path+".sent", beside, 0o600))
			}
			if row.without {
				noError(t, os.Remove(path+".sent"))
			}
			db = opened(t, path, row.restored)
			noError(t, db.Settle(func(*storage.Tx) error { return nil }))
			noError(t, db.Close())
			noError(t, opened(t, path, false).Close())
		})
	}
}

// A kill may come between any two of the writes around a paid request.
func TestAKillAroundADepartureIsNoRestoredCopy(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "maquette.db")
	db := opened(t, path, false)
	noError(t, db.Settle(func(*storage.Tx) error { return nil }))
	noError(t, db.Close()) // it left, and the database doesn't know yet
	for range 3 {
		db = opened(t, path, false)
		noError(t, db.Update(func(*storage.Tx) error { return nil }))
		noError(t, db.Depart())
		noError(t, db.Close())
	}
	db = opened(t, path, false)
	noError(t, db.Depart())
	noError(t, db.Depart())
	noError(t, db.Close())
	noError(t, opened(t, path, false).Close())
}

func opened(t *testing.T, path string, restored bool) *storage.DB {
	t.Helper()
	db, err := storage.Open(path)
	noError(t, err)
	if was, _, err := db.Restored(); was != restored || err != nil {
		t.Fatalf("restored: %v, %v; want %v", was, err, restored)
	}
	return db
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	noError(t, err)
	return content
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
