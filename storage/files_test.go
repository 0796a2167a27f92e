package storage_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/maquette-studio/maquette/storage"
)

func openFiles(t *testing.T, dir string) *storage.Files {
	t.Helper()
	files, err := storage.OpenFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestAFileIsStoredUnderTheHashOfItsContent(t *testing.T) {
	dir := t.TempDir()
	files := openFiles(t, dir)
	content := "not really a picture"
	sum := sha256.Sum256([]byte(content))
	want := hex.EncodeToString(sum[:])
	for _, ext := range []string{"png", ".PNG", "png"} {
		hash, size, err := files.Put(strings.NewReader(content), ext)
		if err != nil || hash != want || size != int64(len(content)) {
			t.Fatalf("got %q, %d, %v", hash, size, err)
		}
	}
	if path := files.Path(want, "png"); path != filepath.Join(dir, want[:2], want+".png") {
		t.Errorf("it lies at %s", path)
	}
	f, err := files.Open(want, "png")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got, _ := io.ReadAll(f); string(got) != content {
		t.Errorf("got %q", got)
	}
	if err := files.Verify(want, "png"); err != nil {
		t.Error(err)
	}
	for range 2 {
		if err := files.Remove(want, "png"); err != nil {
			t.Error(err)
		}
	}
	if files.Has(want, "png") {
		t.Error("it is still there")
	}
	if _, err := files.Open(want, "png"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	assertNoTemp(t, dir)
}

func TestAFileThatChangedIsFoundAndMended(t *testing.T) {
	files := openFiles(t, t.TempDir())
	hash, _, err := files.Put(strings.NewReader("original"), "png")
	if err != nil {
		t.Fatal(err)
	}
	for _, damage := range []string{"", "cut", "0riginal", "original and more"} {
		if err := os.WriteFile(files.Path(hash, "png"), []byte(damage), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := files.Verify(hash, "png"); !errors.Is(err, storage.ErrDamagedFile) {
			t.Errorf("%q: %v", damage, err)
		}
		if _, _, err := files.Put(strings.NewReader("original"), "png"); err != nil {
			t.Fatal(err)
		}
		if err := files.Verify(hash, "png"); err != nil {
			t.Errorf("%q: %v", damage, err)
		}
	}
}

func TestNamesThatLeadElsewhereAreRefused(t *testing.T) {
	files := openFiles(t, t.TempDir())
	good := strings.Repeat("ab", 32)
	rows := []struct{ hash, ext string }{
		{"", "png"},
		{"../../etc/passwd", "png"},
		{strings.ToUpper(good), "png"},
		{good[:63], "png"},
		{good, ""},
		{good, "../x"},
		{good, "p/ng"},
		{good, "tar.gz"},
		{good, strings.Repeat("x", 17)},
	}
	for _, row := range rows {
		if path := files.Path(row.hash, row.ext); path != "" {
			t.Errorf("%v lies at %q", row, path)
		}
		if files.Has(row.hash, row.ext) {
			t.Errorf("%v is there", row)
		}
		if _, err := files.Open(row.hash, row.ext); !errors.Is(err, storage.ErrBadName) {
			t.Errorf("opening %v: %v", row, err)
		}
		if err := files.Remove(row.hash, row.ext); !errors.Is(err, storage.ErrBadName) {
			t.Errorf("removing %v: %v", row, err)
		}
	}
	if _, _, err := files.Put(strings.NewReader("x"), "a/b"); !errors.Is(err, storage.ErrBadName) {
		t.Errorf("got %v", err)
	}
}

func TestABrokenReadLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	files := openFiles(t, dir)
	cut := errors.New("connection reset")
	r := io.MultiReader(strings.NewReader("half a pict"), iotest.ErrReader(cut))
	if _, _, err := files.Put(r, "png"); !errors.Is(err, cut) {
		t.Errorf("got %v", err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Errorf("left: %v", entries)
	}
}

func TestTheSameContentMayBeStoredFromManySides(t *testing.T) {
	files := openFiles(t, t.TempDir())
	content := bytes.Repeat([]byte("pixel"), 10_000)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			hash, _, err := files.Put(bytes.NewReader(content), "png")
			if err == nil {
				err = files.Verify(hash, "png")
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestWriteFileReplacesWhollyOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "settings.json")
	write := func(text string, then error) error {
		return storage.WriteFile(path, func(w io.Writer) error {
			io.WriteString(w, text)
			return then
		})
	}
	if err := write("first", nil); err != nil {
		t.Fatal(err)
	}
	failure := errors.New("no")
	if err := write("seco", failure); !errors.Is(err, failure) {
		t.Errorf("got %v", err)
	}
	if b, _ := os.ReadFile(path); string(b) != "first" {
		t.Errorf("got %q", b)
	}
	if err := write("second", nil); err != nil {
		t.Fatal(err)
	}
	if b, _ := os.ReadFile(path); string(b) != "second" {
		t.Errorf("got %q", b)
	}
	assertNoTemp(t, dir)
}

func TestSaveAsNeverOverwrites(t *testing.T) {
	dir := t.TempDir()
	for _, want := range []string{"red fox.png", "red fox (2).png", "red fox (3).png"} {
		path, err := storage.SaveAs(dir, "red fox.png", strings.NewReader(want))
		if err != nil || filepath.Base(path) != want {
			t.Fatalf("got %q, %v", path, err)
		}
		if b, _ := os.ReadFile(path); string(b) != want {
			t.Errorf("%s holds %q", want, b)
		}
	}
	cut := errors.New("disk unplugged")
	if _, err := storage.SaveAs(dir, "half.png", iotest.ErrReader(cut)); !errors.Is(err, cut) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "half.png")); err == nil {
		t.Error("half a file was kept")
	}
	for _, name := range []string{"", ".", "..", "../up.png", "a/b.png", "/etc/passwd"} {
		if path, err := storage.SaveAs(dir, name, strings.NewReader("x")); err == nil {
			t.Errorf("%q was saved as %s", name, path)
		}
	}
	assertNoTemp(t, dir)
}

func assertNoTemp(t *testing.T, dir string) {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(dir, ".maquette-tmp-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
