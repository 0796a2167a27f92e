package storage_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/storage"
)

func TestTheDataFolderIsTheSystemsOwn(t *testing.T) {
	home := func() (string, error) { return "/home/ada", nil }
	rows := map[string]struct {
		goos string
		env  map[string]string
		want string
	}{
		"macOS":               {"darwin", nil, "/home/ada/Library/Application Support/Maquette"},
		"Windows":             {"windows", map[string]string{"LocalAppData": "/ada/local"}, "/ada/local/Maquette"},
		"Linux":               {"linux", nil, "/home/ada/.local/share/maquette"},
		"Linux with XDG":      {"linux", map[string]string{"XDG_DATA_HOME": "/data"}, "/data/maquette"},
		"Linux, relative XDG": {"linux", map[string]string{"XDG_DATA_HOME": "data"}, "/home/ada/.local/share/maquette"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			got, err := storage.SystemDataDir(row.goos, func(key string) string { return row.env[key] }, home)
			if err != nil || got != filepath.FromSlash(row.want) {
				t.Errorf("got %q, %v; want %q", got, err, row.want)
			}
		})
	}
	noHome := func() (string, error) { return "", errors.New("no home") }
	for _, goos := range []string{"darwin", "windows", "linux"} {
		if dir, err := storage.SystemDataDir(goos, func(string) string { return "" }, noHome); err == nil {
			t.Errorf("%s: %q out of nothing", goos, dir)
		}
	}
}

func TestMAQUETTE_DATAChoosesTheDataFolder(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv("MAQUETTE_DATA", "here")
	got, err := storage.DataDir()
	if err != nil || filepath.Base(got) != "here" || !filepath.IsAbs(got) {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestTheLayoutIsMadeForItsOwnerOnly(t *testing.T) {
	l := storage.LayoutAt(filepath.Join(t.TempDir(), "maquette"))
	if err := l.Make(); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{l.Root, l.Backups, l.Library, l.Thumbs, l.Models} {
		info, err := os.Stat(dir)
		if err != nil || !info.IsDir() || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v, %v", filepath.Base(dir), info, err)
		}
	}
	openDB(t, l.DB)
}

// A file where a folder should be keeps nothing else from being opened, and
// isn't lost.
func TestAFileInAFoldersPlaceIsMovedAside(t *testing.T) {
	l := storage.LayoutAt(t.TempDir())
	for _, dir := range []string{l.Backups, l.Library, l.Thumbs, l.Models, l.Copied} {
		if err := os.WriteFile(dir, []byte("kept"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Make(); err != nil {
		t.Fatal(err)
	}
	aside, _ := filepath.Glob(filepath.Join(l.Root, "*.damaged-*"))
	if len(aside) != 5 {
		t.Errorf("moved aside are %v", aside)
	}
	openDB(t, l.DB)
}

func TestTheLayoutIsSweptOfWhatAKillLeft(t *testing.T) {
	l := storage.LayoutAt(t.TempDir())
	if err := l.Sweep(); err != nil {
		t.Errorf("before anything is there: %v", err)
	}
	if err := l.Make(); err != nil {
		t.Fatal(err)
	}
	yesterday := time.Now().Add(-24 * time.Hour)
	for _, dir := range []string{l.Root, l.Backups, l.Library, l.Models} {
		path := filepath.Join(dir, ".maquette-tmp-OLD")
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, yesterday, yesterday); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Sweep(); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{l.Root, l.Backups, l.Library, l.Models} {
		assertNoTemp(t, dir)
	}
}

func TestWhatIsBeingWrittenOrStoredIsNotSwept(t *testing.T) {
	l := storage.LayoutAt(t.TempDir())
	files := openFiles(t, l.Library)
	hash, _, err := files.Put(strings.NewReader("kept"), "png")
	if err != nil {
		t.Fatal(err)
	}
	abandoned, current := filepath.Join(l.Library, ".maquette-tmp-OLD"), filepath.Join(l.Library, ".maquette-tmp-NOW")
	for _, path := range []string{abandoned, current} {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	yesterday := time.Now().Add(-24 * time.Hour)
	for _, path := range []string{abandoned, files.Path(hash, "png")} {
		if err := os.Chtimes(path, yesterday, yesterday); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Sweep(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(abandoned); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the abandoned file is still there")
	}
	if _, err := os.Stat(current); err != nil {
		t.Error("a file being written was removed")
	}
	if err := files.Verify(hash, "png"); err != nil {
		t.Error(err)
	}
}
