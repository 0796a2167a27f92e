package dbcheck_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/maquette-studio/maquette/storage/dbcheck"
)

// Another bbolt may write other files; whoever brings it in looks at them first.
func TestThisIsTheBboltThatIsUsed(t *testing.T) {
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(mod), "go.etcd.io/bbolt "+dbcheck.Bbolt+"\n") {
		t.Errorf("go.mod has another bbolt than %s, whose file format dbcheck knows", dbcheck.Bbolt)
	}
}

func TestSoundFilesPass(t *testing.T) {
	for name, row := range map[string]struct {
		options bbolt.Options
		fill    func(tx *bbolt.Tx) error
	}{
		"empty":           {bbolt.Options{}, func(*bbolt.Tx) error { return nil }},
		"many records":    {bbolt.Options{}, records(2000, 100)},
		"long records":    {bbolt.Options{}, records(20, 100_000)},
		"small pages":     {bbolt.Options{PageSize: 1024}, records(500, 50)},
		"large pages":     {bbolt.Options{PageSize: 64 << 10}, records(500, 50)},
		"no freelist":     {bbolt.Options{NoFreelistSync: true}, records(500, 50)},
		"tables in table": {bbolt.Options{}, nested},
	} {
		t.Run(name, func(t *testing.T) {
			if err := dbcheck.Check(written(t, row.options, row.fill)); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestBrokenFilesDoNot(t *testing.T) {
	const pageSize = 4096
	for name, damage := range map[string]func(b []byte) []byte{
		"nothing in it": func([]byte) []byte { return nil },
		"cut short":     func(b []byte) []byte { return b[:len(b)/2] },
		"another format": func(b []byte) []byte {
			binary.NativeEndian.PutUint32(b[20:], 3)
			clear(b[pageSize : 2*pageSize])
			return b
		},
		"no headers":      func(b []byte) []byte { clear(b[:2*pageSize]); return b },
		"no pages":        func(b []byte) []byte { clear(b[2*pageSize:]); return b },
		"pages exchanged": func(b []byte) []byte { copy(b[3*pageSize:4*pageSize], b[4*pageSize:]); return b },
		"keys out of order": func(b []byte) []byte {
			return []byte(strings.ReplaceAll(string(b), "key-0001", "yek-0001"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := written(t, bbolt.Options{PageSize: pageSize}, records(500, 50))
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, damage(content), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := dbcheck.Check(path); !errors.Is(err, dbcheck.ErrBroken) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAFileThatIsNotThereIsNotBroken(t *testing.T) {
	if err := dbcheck.Check(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) || errors.Is(err, dbcheck.ErrBroken) {
		t.Errorf("got %v", err)
	}
}

// written is the path of a closed database that was filled twice, so that it has free pages.
func written(t *testing.T, options bbolt.Options, fill func(tx *bbolt.Tx) error) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "some.db")
	db, err := bbolt.Open(path, 0o600, &options)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := db.Update(fill); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func records(n, size int) func(tx *bbolt.Tx) error {
	return func(tx *bbolt.Tx) error {
		table, err := tx.CreateBucketIfNotExists([]byte("table"))
		for i := 0; i < n && err == nil; i++ {
			err = table.Put(fmt.Appendf(nil, "key-%04d", i), make([]byte, size))
		}
		return err
	}
}

func nested(tx *bbolt.Tx) error {
	outer, err := tx.CreateBucketIfNotExists([]byte("outer"))
	if err != nil {
		return err
	}
	for i := range 20 {
		inner, err := outer.CreateBucketIfNotExists(fmt.Appendf(nil, "inner-%d", i))
		if err != nil {
			return err
		}
		if err := inner.Put([]byte("key"), make([]byte, 300*i)); err != nil {
			return err
		}
	}
	return nil
}
