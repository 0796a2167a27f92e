package storage_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/storage"
	"go.etcd.io/bbolt"
)

type note struct {
	Text  string
	Count int
}

var notes = storage.NewTable[note]("notes")

func openDB(t *testing.T, path string) *storage.DB {
	t.Helper()
	db, err := storage.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func put(t *testing.T, db *storage.DB, key string, n note) {
	t.Helper()
	if err := db.Update(func(tx *storage.Tx) error { return notes.Put(tx, key, n) }); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, db *storage.DB, key string) (n note, found bool) {
	t.Helper()
	err := db.View(func(tx *storage.Tx) (err error) {
		n, found, err = notes.Get(tx, key)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n, found
}

func TestRecordsSurviveReopening(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new folder", "maquette.db")
	db := openDB(t, path)
	put(t, db, "a", note{"first", 1})
	put(t, db, "b", note{"second", 2})
	if err := db.Update(func(tx *storage.Tx) error { return notes.Delete(tx, "b") }); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = openDB(t, path)
	if n, found := get(t, db, "a"); !found || n != (note{"first", 1}) {
		t.Errorf("got %v, %v", n, found)
	}
	if _, found := get(t, db, "b"); found {
		t.Error("a deleted record came back")
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read the database: %v", info.Mode())
	}
	if err := db.Check(); err != nil {
		t.Error(err)
	}
}

func TestAFailedUpdateChangesNothing(t *testing.T) {
	db := openDB(t, filepath.Join(t.TempDir(), "maquette.db"))
	want := errors.New("changed my mind")
	err := db.Update(func(tx *storage.Tx) error {
		if err := notes.Put(tx, "a", note{"x", 1}); err != nil {
			return err
		}
		return want
	})
	if !errors.Is(err, want) {
		t.Errorf("got %v", err)
	}
	if _, found := get(t, db, "a"); found {
		t.Error("the record was written")
	}
}

func TestAPanicInATransactionReleasesTheDatabase(t *testing.T) {
	db := openDB(t, filepath.Join(t.TempDir(), "maquette.db"))
	func() {
		defer func() {
			if recover() == nil {
				t.Error("a programming error was swallowed")
			}
		}()
		_ = db.Update(func(*storage.Tx) error { panic("bug") })
	}()
	put(t, db, "a", note{"still works", 1})
}

func TestEachGoesInKeyOrderAndPassesOverBadRecords(t *testing.T) {
	path := filepath.Join(t.TempDir(), "maquette.db")
	db := openDB(t, path)
	for _, key := range []string{"job/3", "job/1", "job/2", "job/4", "other/1"} {
		put(t, db, key, note{key, 1})
	}
	broken := storage.NewTable[[]string]("notes") // the wrong type for this table
	err := db.Update(func(tx *storage.Tx) error { return broken.Put(tx, "job/2", []string{"?"}) })
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	err = db.View(func(tx *storage.Tx) error {
		return notes.Each(tx, "job/", func(key string, n note) error {
			keys = append(keys, key)
			return nil
		})
	})
	if want := []string{"job/1", "job/3", "job/4"}; !slices.Equal(keys, want) {
		t.Errorf("got %v, want %v", keys, want)
	}
	var bad *storage.RecordError
	if !errors.As(err, &bad) || bad.Key != "job/2" || bad.Table != "notes" {
		t.Errorf("got %v", err)
	}
	stop := errors.New("enough")
	err = db.View(func(tx *storage.Tx) error {
		return notes.Each(tx, "job/", func(string, note) error { return stop })
	})
	if !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
	err = db.View(func(tx *storage.Tx) error {
		_, found, err := notes.Get(tx, "job/2")
		if !found {
			t.Error("a record that cannot be read is there all the same")
		}
		return err
	})
	if !errors.As(err, &bad) {
		t.Errorf("got %v", err)
	}
}

func TestASecondStartIsToldThatTheDatabaseIsInUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "maquette.db")
	db := openDB(t, path)
	put(t, db, "a", note{"x", 1})
	if _, err := storage.Open(path); !errors.Is(err, storage.ErrInUse) {
		t.Fatalf("got %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	openDB(t, path)
}

func TestMigrationsRunOnceInOrderAfterABackup(t *testing.T) {
	path := filepath.Join(t.TempDir(), "maquette.db")
	db := openDB(t, path)
	put(t, db, "a", note{"old", 1})
	db.Close()

	change := func(from, to string) func(*storage.Tx) error {
		return func(tx *storage.Tx) error {
			n, _, err := notes.Get(tx, "a")
			if err != nil {
				return err
			}
			if n.Text != from {
				return fmt.Errorf("found %q, not %q", n.Text, from)
			}
			return notes.Put(tx, "a", note{to, n.Count + 1})
		}
	}
	toNew, toNewest := change("old", "new"), change("new", "newest")
	for range 2 { // the second time there is nothing to do
		db, err := storage.OpenWithMigrations(path, toNew, toNewest)
		if err != nil {
			t.Fatal(err)
		}
		if n, _ := get(t, db, "a"); n != (note{"newest", 3}) {
			t.Errorf("got %v", n)
		}
		db.Close()
	}
	if n, _ := get(t, openDB(t, path+".before-v2"), "a"); n != (note{"old", 1}) {
		t.Errorf("the backup holds %v", n)
	}
	if _, err := storage.Open(path); !errors.Is(err, storage.ErrNewer) {
		t.Errorf("an older program got %v", err)
	}
}

func TestAFailedMigrationLeavesTheDatabaseAsItWas(t *testing.T) {
	path := filepath.Join(t.TempDir(), "maquette.db")
	db := openDB(t, path)
	put(t, db, "a", note{"old", 1})
	db.Close()
	_, err := storage.OpenWithMigrations(path, func(tx *storage.Tx) error {
		return errors.Join(notes.Delete(tx, "a"), errors.New("no luck"))
	})
	if err == nil || !strings.Contains(err.Error(), "from schema 1 to 2: no luck") {
		t.Errorf("got %v", err)
	}
	if n, _ := get(t, openDB(t, path), "a"); n != (note{"old", 1}) {
		t.Errorf("got %v", n)
	}
}

func TestABoltFileOfAnotherProgramIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "other.db")
	other, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = other.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket([]byte("theirs"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	other.Close()
	if _, err := storage.Open(path); !errors.Is(err, storage.ErrDamaged) {
		t.Errorf("got %v", err)
	}
}

func TestADailyBackupIsKeptForThreeDays(t *testing.T) {
	dir := t.TempDir()
	db := openDB(t, filepath.Join(dir, "maquette.db"))
	backups := filepath.Join(dir, "backups")
	day := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	count := func() []string {
		entries, err := os.ReadDir(backups)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return names
	}
	for i := range 5 {
		put(t, db, "a", note{"day", i})
		for _, later := range []time.Duration{0, time.Hour, 23 * time.Hour} {
			if err := db.BackupDaily(backups, day.AddDate(0, 0, i).Add(later)); err != nil {
				t.Fatal(err)
			}
		}
		if want := min(i+1, 3); len(count()) != want {
			t.Fatalf("after day %d: %v", i, count())
		}
	}
	newest := filepath.Join(backups, count()[2])
	if n, _ := get(t, openDB(t, newest), "a"); n.Count != 4 {
		t.Errorf("the newest backup is of day %d", n.Count)
	}
	t.Run("a clock that was wrong stops no backup", func(t *testing.T) {
		if err := db.BackupDaily(backups, day.AddDate(-1, 0, 0)); err != nil {
			t.Fatal(err)
		}
		names := count()
		if len(names) != 3 || !strings.HasPrefix(names[0], "maquette-20250301") {
			t.Errorf("got %v", names)
		}
	})
}

func TestABackupIsConsistentWhileOthersWrite(t *testing.T) {
	dir := t.TempDir()
	db := openDB(t, filepath.Join(dir, "maquette.db"))
	stop, stopped := make(chan struct{}), make(chan error, 1)
	put(t, db, "a", note{"", 0})
	put(t, db, "b", note{"", 0})
	go func() {
		for i := 1; ; i++ {
			select {
			case <-stop:
				stopped <- nil
				return
			default:
			}
			err := db.Update(func(tx *storage.Tx) error {
				return errors.Join(notes.Put(tx, "a", note{"", i}), notes.Put(tx, "b", note{"", i}))
			})
			if err != nil {
				stopped <- err
				return
			}
		}
	}()
	for i := range 5 {
		path := filepath.Join(dir, fmt.Sprintf("copy%d.db", i))
		if err := db.Backup(path); err != nil {
			t.Fatal(err)
		}
		copied := openDB(t, path)
		a, _ := get(t, copied, "a")
		b, _ := get(t, copied, "b")
		if a != b {
			t.Errorf("the copy holds half an update: %v, %v", a, b)
		}
	}
	close(stop)
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

// What was taken out lies in the file's free pages until they are used again,
// and in no backup made since.
func TestABackupHoldsNothingThatWasTakenOut(t *testing.T) {
	dir := t.TempDir()
	db := openDB(t, filepath.Join(dir, "maquette.db"))
	all := func(text string) {
		err := db.Update(func(tx *storage.Tx) (err error) {
			for i := range 200 {
				err = errors.Join(err, notes.Put(tx, fmt.Sprint(i), note{text + strings.Repeat("x", 300), i}))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	all("X-Amz-Signature=taken-out ")
	all("")
	path := filepath.Join(dir, "copy.db")
	if err := db.Backup(path); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil || bytes.Contains(content, []byte("taken-out")) {
		t.Errorf("the backup holds what was taken out, %v", err)
	}
	copied := openDB(t, path)
	for i := range 200 {
		if n, found := get(t, copied, fmt.Sprint(i)); !found || n.Count != i {
			t.Fatalf("record %d is %+v", i, n)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".maquette-tmp-*")); len(left) > 0 {
		t.Errorf("left are %v", left)
	}
}

var testTime = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
