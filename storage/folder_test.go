package storage_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/maquette-studio/maquette/storage"
)

// A home folder under eCryptfs takes names of 143 bytes.
func TestNamesAreShortenedWhereTheFileSystemTakesNoLongOnes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	folder := storage.OpenFolder(dir)
	folder.Creating(func(path string) error {
		if len(filepath.Base(path)) > 143 {
			return &os.PathError{Op: "open", Path: path, Err: syscall.ENAMETOOLONG}
		}
		return os.WriteFile(path, nil, 0o600)
	})
	saved := map[string]bool{}
	for range 3 {
		path, err := folder.Save(strings.Repeat("\u00e9", 120)+".png", strings.NewReader("picture"))
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(path)
		if len(name) > 143 || !strings.HasSuffix(name, ".png") || saved[name] {
			t.Errorf("saved as %q", name)
		}
		saved[name] = true
		if content, err := os.ReadFile(path); err != nil || string(content) != "picture" {
			t.Errorf("%q holds %q, %v", name, content, err)
		}
	}
}
