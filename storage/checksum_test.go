package storage_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/maquette-studio/maquette/storage"
)

// inBolt changes a database beneath this package.
func inBolt(t *testing.T, path string, change func(tx *bbolt.Tx) error) {
	t.Helper()
	bolt, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := bolt.Update(change); err != nil {
		t.Fatal(err)
	}
	if err := bolt.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestEachFlippedBitOfARecordIsFound(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "maquette.db")
	db := openDB(t, path)
	put(t, db, "a", note{"some text", 12345})
	db.Close()
	var raw []byte
	inBolt(t, path, func(tx *bbolt.Tx) error {
		raw = bytes.Clone(tx.Bucket([]byte("notes")).Get([]byte("a")))
		return nil
	})
	var plain note
	if err := json.Unmarshal(raw, &plain); err != nil || plain.Count != 12345 {
		t.Errorf("a program that knows no checksums reads %v, %v", plain, err)
	}
	inBolt(t, path, func(tx *bbolt.Tx) error {
		for bit := range len(raw) * 8 {
			b := bytes.Clone(raw)
			b[bit/8] ^= 1 << (bit % 8)
			if err := tx.Bucket([]byte("notes")).Put(fmt.Appendf(nil, "a%04d", bit), b); err != nil {
				return err
			}
		}
		return tx.Bucket([]byte("notes")).Put([]byte("b"), raw) // the same under another key
	})
	db = openDB(t, path)
	var keys []string
	err := db.View(func(tx *storage.Tx) error {
		return notes.Each(tx, "", func(key string, _ note) error { keys = append(keys, key); return nil })
	})
	bad, rest := storage.Unreadable(err)
	if len(keys) != 1 || len(bad) != len(raw)*8+1 || rest != nil {
		t.Errorf("%v are readable, %d aren't, %v", keys, len(bad), rest)
	}
	found := 0
	err = db.EachRecord(func(_ storage.RecordID, bad *storage.RecordError) {
		if bad != nil {
			found++
		}
	})
	if err != nil || found != len(raw)*8+1 {
		t.Errorf("the check finds %d, %v", found, err)
	}
}

func TestRecordsWithoutAChecksumAreValid(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "maquette.db")
	openDB(t, path).Close()
	inBolt(t, path, func(tx *bbolt.Tx) error {
		bucket, err := tx.CreateBucket([]byte("notes"))
		if err != nil {
			return err
		}
		return bucket.Put([]byte("old"), []byte(`{"Text":"old","Count":7}`))
	})
	db := openDB(t, path)
	if n, found := get(t, db, "old"); !found || n.Count != 7 {
		t.Errorf("got %v", n)
	}
	put(t, db, "old", note{"newer", 8})
	if n, _ := get(t, db, "old"); n.Count != 8 {
		t.Errorf("got %v", n)
	}
}

func TestUnreadableTakesErrorsApart(t *testing.T) {
	t.Parallel()
	one, other := &storage.RecordError{Key: "1", Err: errors.New("x")}, errors.New("other")
	bad, rest := storage.Unreadable(errors.Join(one, fmt.Errorf("wrapped: %w", one), errors.Join(other, one)))
	if len(bad) != 3 || !errors.Is(rest, other) {
		t.Errorf("got %v, %v", bad, rest)
	}
	if bad, rest := storage.Unreadable(nil); bad != nil || rest != nil {
		t.Errorf("got %v, %v", bad, rest)
	}
}

// rounds is how often a random test repeats itself, and the seed it begins with: what MAQUETTE_SOAK and MAQUETTE_SEED
// say, or a few with a seed of the moment.
func rounds(t *testing.T, few int) (n int, seed uint64) {
	t.Helper()
	n, seed = few, uint64(time.Now().UnixNano())
	if text := os.Getenv("MAQUETTE_SOAK"); text != "" {
		many, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		n = few * many
	}
	if text := os.Getenv("MAQUETTE_SEED"); text != "" {
		given, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		seed = given
	}
	t.Logf("%d rounds, MAQUETTE_SEED=%d", n, seed)
	return n, seed
}

// Whatever a flipped bit hits, the database either says that it is damaged, or holds each record as it was, or names those
// it can't read, or knows that it may lack what was written last.
func TestAFlippedBitIsNeverAnotherRecord(t *testing.T) {
	t.Parallel()
	n, seed := rounds(t, 150)
	r := rand.New(rand.NewPCG(seed, 1))
	good := sampleDB(t)
	path := filepath.Join(t.TempDir(), "maquette.db")
	write(t, path, string(good))
	want := readable(t, path)
	seen := map[string]int{}
	for range n {
		b := bytes.Clone(good)
		bit := r.IntN(len(b) * 8)
		b[bit/8] ^= 1 << (bit % 8)
		write(t, path, string(b))
		db, err := storage.Open(path)
		if err != nil {
			if !errors.Is(err, storage.ErrDamaged) {
				t.Errorf("bit %d: %v", bit, err)
			}
			seen["refused"]++
			continue
		}
		got := map[string]note{}
		err = db.View(func(tx *storage.Tx) error {
			return notes.Each(tx, "", func(key string, v note) error { got[key] = v; return nil })
		})
		bad, rest := storage.Unreadable(err)
		if rest != nil {
			t.Errorf("bit %d: %v", bit, rest)
		}
		restored, _, _ := db.Restored()
		if len(got)+len(bad) != len(want) && !restored {
			t.Errorf("bit %d: %d records are readable, %d aren't; there were %d", bit, len(got), len(bad), len(want))
		}
		for key, v := range got {
			if v != want[key] && !restored {
				t.Errorf("bit %d: %s is %v", bit, key, v)
			}
		}
		switch {
		case len(bad) > 0:
			seen["unreadable records"]++
		case restored:
			seen["behind"]++
		default:
			seen["harmless"]++
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Log(seen)
}

func readable(t *testing.T, path string) map[string]note {
	t.Helper()
	all := map[string]note{}
	db := openDB(t, path)
	err := db.View(func(tx *storage.Tx) error {
		return notes.Each(tx, "", func(key string, v note) error { all[key] = v; return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return all
}
