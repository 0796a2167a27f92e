package storage_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/storage"
)

// image is about what a library record is: some 400 bytes of JSON.
type image struct {
	Hash, Ext, Prompt, Service, Task, Model, Job string
	Seed                                         int64
	Width, Height                                int
	Made                                         time.Time
}

var images = storage.NewTable[image]("images")

const benchImages = 100_000

func benchDB(b *testing.B, n int) *storage.DB {
	b.Helper()
	db, err := storage.Open(filepath.Join(b.TempDir(), "maquette.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	err = db.Update(func(tx *storage.Tx) error {
		for i := range n {
			if err := images.Put(tx, fmt.Sprintf("%016x", i), benchImage(i)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return db
}

func benchImage(i int) image {
	return image{
		Hash: strings.Repeat("ab", 32), Ext: "png", Prompt: strings.Repeat("a red fox in the snow, ", 5),
		Service: "dreamlook", Task: "dreamlook/generate", Model: "photo-of-my-cat-v3", Job: "01JABCDEFGHJKMNPQRSTVWXYZ0",
		Seed: int64(i), Width: 1024, Height: 1024, Made: testTime,
	}
}

func BenchmarkEach100k(b *testing.B) {
	db := benchDB(b, benchImages)
	for b.Loop() {
		n := 0
		err := db.View(func(tx *storage.Tx) error {
			return images.Each(tx, "", func(string, image) error { n++; return nil })
		})
		if err != nil || n != benchImages {
			b.Fatal(n, err)
		}
	}
}

// BenchmarkOpen100k is the check of the whole file that a start begins with.
func BenchmarkOpen100k(b *testing.B) {
	path := filepath.Join(b.TempDir(), "copy.db")
	if err := benchDB(b, benchImages).Backup(path); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		db, err := storage.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		db.Close()
	}
}

func BenchmarkUpdateOneRecord(b *testing.B) {
	db := benchDB(b, 1000)
	i := 0
	for b.Loop() {
		i++
		err := db.Update(func(tx *storage.Tx) error { return images.Put(tx, "0000000000000001", benchImage(i)) })
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkThumbGet(b *testing.B) {
	thumbs, err := storage.OpenThumbs(b.TempDir(), 1<<30)
	if err != nil {
		b.Fatal(err)
	}
	if err := thumbs.Put("a", make([]byte, 20<<10)); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, ok := thumbs.Get("a"); !ok {
			b.Fatal("missed")
		}
	}
}
