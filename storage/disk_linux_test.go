package storage_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/maquette-studio/maquette/storage"
	"github.com/maquette-studio/maquette/storage/realparts"
)

func TestAFullDiskIsNamedAndNothingHalfIsKept(t *testing.T) {
	dir := realparts.SmallDisk(t, "1m")
	large := bytes.Repeat([]byte("x"), 2<<20)
	library := filepath.Join(dir, "library")
	files := openFiles(t, library)
	db := openDB(t, filepath.Join(dir, "maquette.db"))
	put(t, db, "a", note{"before", 1})

	if _, _, err := files.Put(bytes.NewReader(large), "png"); !errors.Is(err, storage.ErrDiskFull) {
		t.Errorf("Files: %v", err)
	}
	if entries, _ := os.ReadDir(library); len(entries) != 0 {
		t.Errorf("left: %v", entries)
	}
	if _, err := storage.SaveAs(dir, "large.png", bytes.NewReader(large)); !errors.Is(err, storage.ErrDiskFull) {
		t.Errorf("SaveAs: %v", err)
	}
	thumbs := openThumbs(t, filepath.Join(dir, "thumbs"), 10<<20)
	if err := thumbs.Put("large", large); !errors.Is(err, storage.ErrDiskFull) {
		t.Errorf("Thumbs: %v", err)
	}
	part := openPart(t, filepath.Join(dir, "models", "fox.safetensors"))
	if err := part.Restart(`"v1"`); err != nil {
		t.Fatal(err)
	}
	n, err := part.Write(large)
	if !errors.Is(err, storage.ErrDiskFull) || int64(n) != part.Offset() {
		t.Errorf("Part: %d of %d, %v", n, part.Offset(), err)
	}
	if err := part.Discard(); err != nil {
		t.Error(err)
	}

	err = db.Update(func(tx *storage.Tx) error { return notes.Put(tx, "a", note{string(large), 2}) })
	if !errors.Is(err, storage.ErrDiskFull) {
		t.Errorf("DB: %v", err)
	}
	if n, _ := get(t, db, "a"); n != (note{"before", 1}) {
		t.Error("half an update was kept")
	}
	put(t, db, "b", note{"there is room for this", 3})
	if err := db.Check(); err != nil {
		t.Error(err)
	}
}

func TestAReadOnlyDiskIsNamed(t *testing.T) {
	dir := realparts.SmallDisk(t, "1m")
	path := filepath.Join(dir, "maquette.db")
	db := openDB(t, path)
	files := openFiles(t, filepath.Join(dir, "library"))
	hash, _, err := files.Put(strings.NewReader("kept"), "png")
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Skipf("a disk cannot be made read-only here: %v", err)
	}
	if _, err := storage.Open(path); !errors.Is(err, storage.ErrReadOnly) {
		t.Errorf("Open: %v", err)
	}
	if _, _, err := files.Put(strings.NewReader("new"), "png"); !errors.Is(err, storage.ErrReadOnly) {
		t.Errorf("Put: %v", err)
	}
	if err := files.Remove(hash, "png"); !errors.Is(err, storage.ErrReadOnly) {
		t.Errorf("Remove: %v", err)
	}
	if err := files.Verify(hash, "png"); err != nil {
		t.Errorf("reading: %v", err)
	}
	if _, err := storage.OpenFiles(filepath.Join(dir, "another")); !errors.Is(err, storage.ErrReadOnly) {
		t.Errorf("OpenFiles: %v", err)
	}
	if _, err := storage.OpenPart(filepath.Join(dir, "model")); !errors.Is(err, storage.ErrReadOnly) {
		t.Errorf("OpenPart: %v", err)
	}
}
