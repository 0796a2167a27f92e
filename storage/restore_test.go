package storage_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/storage"
)

// filled is a data directory whose database holds some notes, with a day's backups of it.
func filled(t *testing.T, records, days int) storage.Layout {
	t.Helper()
	l := storage.LayoutAt(t.TempDir())
	if err := l.Make(); err != nil {
		t.Fatal(err)
	}
	db := openDB(t, l.DB)
	for i := range records {
		put(t, db, fmt.Sprintf("n%03d", i), note{"kept", i})
	}
	for day := range days {
		if err := db.BackupDaily(l.Backups, testTime.AddDate(0, 0, day)); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return l
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func backupsIn(t *testing.T, l storage.Layout) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(l.Backups)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestADatabaseThatIsGoneIsDamageWhereSomethingRefersToIt(t *testing.T) {
	t.Parallel()
	gone := map[string]func(path string) error{
		"missing": os.Remove,
		"empty":   func(path string) error { return os.Truncate(path, 0) },
		"a page":  func(path string) error { return os.Truncate(path, 4096) },
		"a byte":  func(path string) error { return os.Truncate(path, 1) },
		"a folder": func(path string) error {
			return errors.Join(os.Remove(path), os.MkdirAll(filepath.Join(path, "more"), 0o700))
		},
		"zeros": func(path string) error {
			info, err := os.Stat(path)
			if err != nil {
				return err
			}
			return os.WriteFile(path, make([]byte, info.Size()), 0o600)
		},
	}
	beside := map[string]func(t *testing.T, l storage.Layout){
		"a picture":         func(t *testing.T, l storage.Layout) { write(t, filepath.Join(l.Library, "ab", "abcd.png"), "picture") },
		"a model":           func(t *testing.T, l storage.Layout) { write(t, filepath.Join(l.Models, "luma-x.safetensors"), "model") },
		"a backup":          func(*testing.T, storage.Layout) {},
		"an unreadable one": func(t *testing.T, l storage.Layout) { spoilBackups(t, l) },
	}
	for how, lose := range gone {
		for what, add := range beside {
			t.Run(how+" beside "+what, func(t *testing.T) {
				t.Parallel()
				l := filled(t, 1, 1)
				add(t, l)
				if strings.HasPrefix(what, "a picture") || strings.HasPrefix(what, "a model") {
					if err := os.RemoveAll(l.Backups); err != nil {
						t.Fatal(err)
					}
				}
				if err := lose(l.DB); err != nil {
					t.Fatal(err)
				}
				var damage *storage.DamagedError
				if _, err := storage.Open(l.DB); !errors.As(err, &damage) {
					t.Fatalf("got %v", err)
				}
				if (damage.Backup != "") != (what == "a backup") {
					t.Errorf("the good backup is said to be %q", damage.Backup)
				}
			})
		}
	}
}

func spoilBackups(t *testing.T, l storage.Layout) {
	t.Helper()
	for _, name := range backupsIn(t, l) {
		if err := os.Truncate(filepath.Join(l.Backups, name), 5000); err != nil {
			t.Fatal(err)
		}
	}
}

func TestANewDataDirectoryIsNoDamage(t *testing.T) {
	t.Parallel()
	l := filled(t, 0, 1) // its first day's backup holds nothing
	write(t, filepath.Join(l.Library, ".maquette-tmp-x"), "half")
	for range 2 {
		db, err := storage.Open(l.DB)
		if err != nil {
			t.Fatal(err)
		}
		db.Close()
		write(t, l.DB, "")
	}
}

func TestTheNewestGoodBackupIsFound(t *testing.T) {
	t.Parallel()
	l := filled(t, 3, 3)
	names := backupsIn(t, l)
	if err := os.Truncate(filepath.Join(l.Backups, names[2]), 4096); err != nil {
		t.Fatal(err)
	}
	write(t, l.DB, "")
	var damage *storage.DamagedError
	if _, err := storage.Open(l.DB); !errors.As(err, &damage) || filepath.Base(damage.Backup) != names[1] {
		t.Fatalf("got %v", err)
	}
	aside, err := storage.Restore(l.DB, damage.Backup, testTime)
	if err != nil {
		t.Fatal(err)
	}
	if want := l.DB + ".damaged-" + testTime.UTC().Format("20060102-150405"); aside != want {
		t.Errorf("the damaged file is now %s, not %s", aside, want)
	}
	if _, err := os.Stat(aside); err != nil {
		t.Error(err)
	}
	db := openDB(t, l.DB)
	if n, found := get(t, db, "n002"); !found || n.Count != 2 {
		t.Errorf("got %v", n)
	}
	if restored, settled, err := db.Restored(); !restored || settled || err != nil {
		t.Error("it isn't marked as restored")
	}
	if after, restored, err := db.FoundAfter(); !restored || err != nil || !after.Equal(testTime.AddDate(0, 0, 1).UTC().Truncate(time.Second)) {
		t.Errorf("files may lack their records since %v, %v, %v", after, restored, err)
	}
}

func TestADatabaseThatIsOpenIsNotReplaced(t *testing.T) {
	t.Parallel()
	l := filled(t, 3, 1)
	openDB(t, l.DB)
	if _, err := storage.Restore(l.DB, filepath.Join(l.Backups, backupsIn(t, l)[0]), testTime); !errors.Is(err, storage.ErrInUse) {
		t.Errorf("got %v", err)
	}
	if _, err := storage.Rebuild(l.DB, testTime); !errors.Is(err, storage.ErrInUse) {
		t.Errorf("got %v", err)
	}
}

func TestADamagedBackupIsNotPutInPlace(t *testing.T) {
	t.Parallel()
	l := filled(t, 300, 1)
	backup := filepath.Join(l.Backups, backupsIn(t, l)[0])
	spoilBackups(t, l)
	if _, err := storage.Restore(l.DB, backup, testTime); !errors.Is(err, storage.ErrDamaged) {
		t.Errorf("got %v", err)
	}
	if n, found := get(t, openDB(t, l.DB), "n299"); !found || n.Count != 299 {
		t.Error("the database was touched")
	}
}

func TestADatabaseIsRebuiltEmptyAndTheOldOneKept(t *testing.T) {
	t.Parallel()
	l := filled(t, 1, 0)
	write(t, l.DB, "damaged")
	for range 2 { // twice within the same second
		aside, err := storage.Rebuild(l.DB, testTime)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(aside); err != nil {
			t.Error(err)
		}
	}
	if b, err := os.ReadFile(l.DB + ".damaged-" + testTime.UTC().Format("20060102-150405")); string(b) != "damaged" {
		t.Errorf("the damaged file holds %q, %v", b, err)
	}
	db := openDB(t, l.DB)
	if after, restored, err := db.FoundAfter(); !restored || !after.IsZero() || err != nil {
		t.Errorf("got %v, %v, %v", after, restored, err)
	}
	if err := db.Update(db.FoundAll); err != nil {
		t.Fatal(err)
	}
	if _, restored, _ := db.FoundAfter(); restored {
		t.Error("it still counts as incomplete")
	}
}

func TestAFullBackupIsNotRotatedAwayByEmptierOnes(t *testing.T) {
	t.Parallel()
	l := filled(t, 100, 1)
	full := backupsIn(t, l)[0]
	if err := os.Remove(l.DB); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(l.Backups, l.Backups+"-hidden"); err != nil { // as an earlier program did: it began anew
		t.Fatal(err)
	}
	db := openDB(t, l.DB)
	put(t, db, "a", note{"new", 1})
	if err := os.Rename(l.Backups+"-hidden", l.Backups); err != nil {
		t.Fatal(err)
	}
	var shrunk *storage.ShrunkError
	for day := range 7 {
		err := db.BackupDaily(l.Backups, testTime.AddDate(0, 0, day+1))
		if day >= 2 && (!errors.As(err, &shrunk) || shrunk.Now != 1 || shrunk.Backup.Total() != 100) {
			t.Errorf("day %d: got %v", day, err)
		}
	}
	names := backupsIn(t, l)
	if len(names) != 4 || names[0] != full {
		t.Errorf("there are %v, the full one was %s", names, full)
	}
	for i := range 60 {
		put(t, db, fmt.Sprintf("b%d", i), note{"new", i})
	}
	if err := db.BackupDaily(l.Backups, testTime.AddDate(0, 0, 9)); err != nil {
		t.Error(err)
	}
	if names := backupsIn(t, l); len(names) != 3 || names[0] == full {
		t.Errorf("as full a one has taken its place, but there are %v", names)
	}
}

func TestAnEmptyFileIsNoFreshBackup(t *testing.T) {
	t.Parallel()
	l := filled(t, 1, 1)
	write(t, filepath.Join(l.Backups, backupsIn(t, l)[0]), "")
	db := openDB(t, l.DB)
	if err := db.BackupDaily(l.Backups, testTime.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if good, found := storage.NewestGood(storage.Backups(l.DB)); !found || good.Total() != 1 {
		t.Errorf("got %v", good)
	}
}

func TestWhatIsMovedIntoQuarantineStays(t *testing.T) {
	t.Parallel()
	l := filled(t, 3, 1)
	db := openDB(t, l.DB)
	wrong := storage.NewTable[[]string]("notes")
	if err := db.Update(func(tx *storage.Tx) error { return wrong.Put(tx, "n001", []string{"?"}) }); err != nil {
		t.Fatal(err)
	}
	var keys []string
	if err := notes.Load(db, func(key string, _ note) error { keys = append(keys, key); return nil }); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(keys) != "[n000 n002]" {
		t.Errorf("got %v", keys)
	}
	list, err := db.Quarantined()
	if err != nil || len(list) != 1 || list[0].Table != "notes" || list[0].Key != "n001" || !strings.Contains(string(list[0].Raw), `["?"]`) {
		t.Fatalf("got %v, %v", list, err)
	}
	if _, found := get(t, db, "n001"); found {
		t.Error("it is still in its table")
	}
	id := storage.RecordID{Table: "notes", Key: "n001"}
	found := storage.FromBackups(l.DB, []storage.RecordID{id, {Table: "notes", Key: "none"}}, func(storage.RecordID, []byte) bool { return true })
	if len(found) != 1 {
		t.Fatalf("got %v", found)
	}
	if err := db.Update(func(tx *storage.Tx) error { return storage.Repair(tx, list[0], found[id]) }); err != nil {
		t.Fatal(err)
	}
	if n, found := get(t, db, "n001"); !found || n.Count != 1 {
		t.Errorf("got %v", n)
	}
	if list, err := db.Quarantined(); len(list) != 0 || err != nil {
		t.Errorf("got %v, %v", list, err)
	}
}

func TestAMissingBackupFolderHoldsNoBackups(t *testing.T) {
	t.Parallel()
	if got := storage.Backups(filepath.Join(t.TempDir(), "maquette.db")); len(got) != 0 {
		t.Errorf("got %v", got)
	}
	if _, err := storage.Restore(filepath.Join(t.TempDir(), "maquette.db"), "none", testTime); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}
