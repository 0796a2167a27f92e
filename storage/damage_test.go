package storage_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/storage"
	"github.com/maquette-studio/maquette/storage/bounds"
)

// sampleDB returns the bytes of a database with tables large and small, and
// with free pages.
func sampleDB(t testing.TB) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "maquette.db")
	db, err := storage.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	small := storage.NewTable[note]("small")
	for round := range 2 {
		err := db.Update(func(tx *storage.Tx) error {
			for i := range 400 {
				if err := notes.Put(tx, fmt.Sprintf("note/%04d", i), note{strings.Repeat("x", 100+200*round), i}); err != nil {
					return err
				}
			}
			return small.Put(tx, "one", note{"inline", round})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	db.Close()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// useDamaged opens a file with this content and uses all of it. It fails the
// test when the file is refused other than as damaged, or changed by that.
func useDamaged(t testing.TB, path string, content []byte) (refused bool) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := storage.Open(path)
	if err != nil {
		if !errors.Is(err, storage.ErrDamaged) && !errors.Is(err, storage.ErrNewer) {
			t.Errorf("refused for another reason: %v", err)
		}
		if after, _ := os.ReadFile(path); !bytes.Equal(after, content) {
			t.Error("the damaged file was changed")
		}
		return true
	}
	defer db.Close()
	err = db.Update(func(tx *storage.Tx) error {
		err := notes.Each(tx, "", func(string, note) error { return nil })
		var bad *storage.RecordError
		if err != nil && !errors.As(err, &bad) {
			return err
		}
		for i := range 20 {
			if err := notes.Delete(tx, fmt.Sprintf("note/%04d", i)); err != nil {
				return err
			}
		}
		return notes.Put(tx, "new", note{"after the damage", 1})
	})
	if err != nil {
		t.Errorf("opened, but then: %v", err)
	}
	return false
}

func TestADamagedDatabaseIsRefusedAndLeftUntouched(t *testing.T) {
	good := sampleDB(t)
	page := os.Getpagesize()
	with := func(change func(b []byte) []byte) []byte { return change(bytes.Clone(good)) }
	rows := map[string][]byte{
		"one byte":               with(func(b []byte) []byte { return b[:1] }),
		"cut in the first page":  with(func(b []byte) []byte { return b[:100] }),
		"cut after the headers":  with(func(b []byte) []byte { return b[:2*page] }),
		"cut in the middle":      with(func(b []byte) []byte { return b[:6*page+7] }),
		"zeroed":                 make([]byte, len(good)),
		"both headers zeroed":    with(func(b []byte) []byte { clear(b[:2*page]); return b }),
		"all but headers zeroed": with(func(b []byte) []byte { clear(b[2*page:]); return b }),
		"garbage":                with(func(b []byte) []byte { fillRandom(b); return b }),
		"garbage after headers":  with(func(b []byte) []byte { fillRandom(b[2*page:]); return b }),
		"a text file":            []byte(strings.Repeat("Dear diary, today I was a database.\n", 500)),
	}
	for name, content := range rows {
		t.Run(name, func(t *testing.T) {
			if !useDamaged(t, filepath.Join(t.TempDir(), "maquette.db"), content) {
				t.Error("it was opened")
			}
		})
	}
}

func fillRandom(b []byte) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
}

// One flipped bit, in each structural place of every page and in many others:
// whatever it hits, the program goes on.
func TestNoFlippedBitEndsTheProgram(t *testing.T) {
	good := sampleDB(t)
	page := os.Getpagesize()
	path := filepath.Join(t.TempDir(), "maquette.db")
	r := rand.New(rand.NewPCG(3, 4))
	var at []int
	for p := 0; p < len(good); p += page {
		at = append(at, p+r.IntN(16), p+16+r.IntN(16), p+32+r.IntN(256), p+r.IntN(page))
	}
	refused := 0
	for _, i := range at {
		b := bytes.Clone(good)
		b[i] ^= 1 << r.IntN(8)
		if useDamaged(t, path, b) {
			refused++
		}
		if t.Failed() {
			t.Fatalf("bit flipped in byte %d of page %d", i%page, i/page)
		}
	}
	if refused == 0 || refused == len(at) {
		t.Errorf("refused %d of %d: the test proves nothing", refused, len(at))
	}
}

func FuzzOpen(f *testing.F) {
	good := sampleDB(f)
	f.Add(uint32(4096), []byte{0xff, 0xff, 0xff, 0xff})
	f.Add(uint32(3*4096+8), []byte{1, 0, 0xff, 0xff})
	f.Add(uint32(5*4096+16), bytes.Repeat([]byte{0x80}, 32))
	f.Fuzz(func(t *testing.T, at uint32, damage []byte) {
		b := bytes.Clone(good)
		copy(b[int(at)%len(b):], damage)
		bounds.Hold(t, bounds.Text, func() { useDamaged(t, filepath.Join(t.TempDir(), "maquette.db"), b) })
	})
}

func TestADamagedDatabaseNamesItsNewestBackup(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "maquette.db")
	db := openDB(t, path)
	put(t, db, "a", note{"kept", 1})
	now := testTime
	if err := db.BackupDaily(filepath.Join(dir, "backups"), now); err != nil {
		t.Fatal(err)
	}
	db.Close()
	if err := os.WriteFile(path, []byte("oops"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := storage.Open(path)
	var damage *storage.DamagedError
	if !errors.As(err, &damage) {
		t.Fatalf("got %v", err)
	}
	if filepath.Dir(damage.Backup) != filepath.Join(dir, "backups") || !strings.Contains(err.Error(), damage.Backup) {
		t.Errorf("the backup is said to be %q: %v", damage.Backup, err)
	}
	restored, err := os.ReadFile(damage.Backup)
	if err != nil {
		t.Fatal(err)
	}
	if useDamaged(t, path, restored) {
		t.Error("the backup does not open")
	}
}

func TestAFileCutShortWhileOpenIsAnErrorNotACrash(t *testing.T) {
	path := filepath.Join(t.TempDir(), "maquette.db")
	content := sampleDB(t)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	db := openDB(t, path)
	if err := os.Truncate(path, int64(2*os.Getpagesize())); err != nil {
		t.Skipf("this system does not cut a mapped file: %v", err)
	}
	defer os.WriteFile(path, content, 0o600) // so that Close finds its pages
	err := db.View(func(tx *storage.Tx) error {
		return notes.Each(tx, "", func(string, note) error { return nil })
	})
	if !errors.Is(err, storage.ErrDamaged) {
		t.Errorf("View: got %v", err)
	}
	if err := db.Check(); !errors.Is(err, storage.ErrDamaged) {
		t.Errorf("Check: got %v", err)
	}
	if err := db.Backup(path + ".copy"); !errors.Is(err, storage.ErrDamaged) {
		t.Errorf("Backup: got %v", err)
	}
	if _, err := os.Stat(path + ".copy"); err == nil {
		t.Error("a backup of a damaged database was kept")
	}
}
