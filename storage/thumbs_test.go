package storage_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/storage"
)

func openThumbs(t *testing.T, dir string, maxBytes int64) *storage.Thumbs {
	t.Helper()
	thumbs, err := storage.OpenThumbs(dir, maxBytes)
	if err != nil {
		t.Fatal(err)
	}
	return thumbs
}

func putThumb(t *testing.T, thumbs *storage.Thumbs, key string, b []byte) {
	t.Helper()
	if err := thumbs.Put(key, b); err != nil {
		t.Fatal(err)
	}
}

func setUsed(t *testing.T, path string, at time.Time) {
	t.Helper()
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

func cachedFiles(t *testing.T, dir string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func TestAThumbnailIsFoundAgainAfterARestart(t *testing.T) {
	dir := t.TempDir()
	key := storage.ThumbKey("abc", 256)
	thumbs := openThumbs(t, dir, 1<<20)
	if _, ok := thumbs.Get(key); ok {
		t.Error("found before it was put")
	}
	if err := thumbs.Put(key, []byte("pixels")); err != nil {
		t.Fatal(err)
	}
	again := openThumbs(t, dir, 1<<20)
	if b, ok := again.Get(key); !ok || string(b) != "pixels" {
		t.Errorf("got %q, %v", b, ok)
	}
	if again.Size() != thumbs.Size() || again.Size() == 0 {
		t.Errorf("sizes %d and %d", thumbs.Size(), again.Size())
	}
}

func TestTheCacheStaysWithinItsSizeAndDropsTheLeastUsed(t *testing.T) {
	dir := t.TempDir()
	thumb := make([]byte, 1000)
	thumbs := openThumbs(t, dir, 5100)
	for i := range 5 {
		putThumb(t, thumbs, fmt.Sprint(i), thumb)
	}
	thumbs.Get("0")
	if err := thumbs.Put("5", thumb); err != nil {
		t.Fatal(err)
	}
	if _, ok := thumbs.Get("0"); !ok {
		t.Error("one in use was dropped")
	}
	if _, ok := thumbs.Get("1"); ok {
		t.Error("the least used was kept")
	}
	if err := thumbs.Put("huge", make([]byte, 6000)); err != nil {
		t.Error(err)
	}
	if _, ok := thumbs.Get("0"); !ok {
		t.Error("one that cannot fit has driven out the others")
	}
	if thumbs.Size() > 5100 || len(cachedFiles(t, dir)) != 5 {
		t.Errorf("%d bytes in %d files", thumbs.Size(), len(cachedFiles(t, dir)))
	}
}

func TestTheOrderOfUseSurvivesARestart(t *testing.T) {
	dir := t.TempDir()
	thumb := make([]byte, 1000)
	thumbs := openThumbs(t, dir, 2100)
	putThumb(t, thumbs, "a", thumb)
	old := time.Now().Add(-48 * time.Hour)
	setUsed(t, cachedFiles(t, dir)[0], old)
	putThumb(t, thumbs, "b", thumb)
	for _, path := range cachedFiles(t, dir) {
		if info, _ := os.Stat(path); info.ModTime().After(old.Add(time.Minute)) {
			setUsed(t, path, old.Add(24*time.Hour))
		}
	}
	again := openThumbs(t, dir, 2100)
	again.Get("a") // now the one used last, and the disk knows
	again = openThumbs(t, dir, 2100)
	if err := again.Put("c", thumb); err != nil {
		t.Fatal(err)
	}
	if _, ok := again.Get("a"); !ok {
		t.Error("one used lately was dropped")
	}
	if _, ok := again.Get("b"); ok {
		t.Error("one used long ago was kept")
	}
}

func TestADamagedThumbnailIsDroppedAndMissed(t *testing.T) {
	whole := bytes.Repeat([]byte("pixel"), 100)
	rows := map[string]func([]byte) []byte{
		"cut":      func(b []byte) []byte { return b[:len(b)-1] },
		"empty":    func([]byte) []byte { return nil },
		"flipped":  func(b []byte) []byte { b[50] ^= 1; return b },
		"replaced": func([]byte) []byte { return []byte("something else entirely") },
	}
	for name, damage := range rows {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			thumbs := openThumbs(t, dir, 1<<20)
			if err := thumbs.Put("a", whole); err != nil {
				t.Fatal(err)
			}
			path := cachedFiles(t, dir)[0]
			b, _ := os.ReadFile(path)
			os.WriteFile(path, damage(b), 0o600)
			if got, ok := thumbs.Get("a"); ok {
				t.Errorf("got %d bytes", len(got))
			}
			if len(cachedFiles(t, dir)) != 0 || thumbs.Size() != 0 {
				t.Error("it was kept")
			}
		})
	}
}

func TestTheCacheIsUsedFromManySides(t *testing.T) {
	dir := t.TempDir()
	thumbs := openThumbs(t, dir, 20_000)
	var wg sync.WaitGroup
	for g := range 6 {
		wg.Go(func() {
			for i := range 60 {
				key := fmt.Sprint((g*7 + i) % 40)
				want := bytes.Repeat([]byte(key), 500)
				if err := thumbs.Put(key, want); err != nil {
					t.Error(err)
				}
				if got, ok := thumbs.Get(key); ok && !bytes.Equal(got, want) {
					t.Errorf("%s holds another picture", key)
				}
			}
		})
	}
	wg.Wait()
	var onDisk int64
	for _, path := range cachedFiles(t, dir) {
		if info, err := os.Stat(path); err == nil {
			onDisk += info.Size()
		}
	}
	if onDisk != thumbs.Size() || onDisk > 20_000 {
		t.Errorf("%d bytes on disk, %d counted", onDisk, thumbs.Size())
	}
}
