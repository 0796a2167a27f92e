package storage_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/maquette-studio/maquette/storage"
)

func openPart(t *testing.T, path string) *storage.Part {
	t.Helper()
	p, err := storage.OpenPart(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

func restart(t *testing.T, p *storage.Part, validator string) {
	t.Helper()
	if err := p.Restart(validator); err != nil {
		t.Fatal(err)
	}
}

func writePart(t *testing.T, p *storage.Part, text string) {
	t.Helper()
	if _, err := p.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
}

func TestADownloadGoesOnWhereItBrokeOff(t *testing.T) {
	path := filepath.Join(t.TempDir(), "models", "fox.safetensors")
	p := openPart(t, path)
	if p.Offset() != 0 || p.Validator() != "" {
		t.Errorf("a new download begins at %d with %q", p.Offset(), p.Validator())
	}
	restart(t, p, `"v1"`)
	writePart(t, p, "first half, ")
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Error("half a model lies in its place")
	}

	p = openPart(t, path)
	if p.Offset() != 12 || p.Validator() != `"v1"` {
		t.Fatalf("it goes on at %d with %q", p.Offset(), p.Validator())
	}
	writePart(t, p, "second half")
	head := make([]byte, 5)
	if _, err := p.ReaderAt().ReadAt(head, 0); err != nil || string(head) != "first" {
		t.Errorf("read %q, %v", head, err)
	}
	if err := p.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if b, _ := os.ReadFile(path); string(b) != "first half, second half" {
		t.Errorf("got %q", b)
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("left: %v", entries)
	}
}

func TestADownloadStartsOverWhenItCannotGoOn(t *testing.T) {
	for name, validator := range map[string]string{"no validator": "", "a weak one": `W/"v1"`, "a forged one": "a\r\nb"} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "fox.safetensors")
			p := openPart(t, path)
			restart(t, p, validator)
			writePart(t, p, "some bytes")
			p.Close()
			if p = openPart(t, path); p.Offset() != 0 {
				t.Errorf("it goes on at %d", p.Offset())
			}
		})
	}
	t.Run("the file changed at the server", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "fox.safetensors")
		p := openPart(t, path)
		restart(t, p, `"v1"`)
		writePart(t, p, "a long old version")
		restart(t, p, `"v2"`)
		writePart(t, p, "new")
		if err := p.Commit(); err != nil {
			t.Fatal(err)
		}
		if b, _ := os.ReadFile(path); string(b) != "new" {
			t.Errorf("got %q", b)
		}
	})
}

func TestADiscardedDownloadLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	p := openPart(t, filepath.Join(dir, "fox.safetensors"))
	restart(t, p, `"v1"`)
	writePart(t, p, "bytes")
	if err := p.Discard(); err != nil {
		t.Fatal(err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Errorf("left: %v", entries)
	}
}

// pattern is what the killed download was writing: any byte is known by its place.
func pattern(from, n int64) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte((from + int64(i)) % 251)
	}
	return b
}

func TestAKilledDownloadGoesOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fox.safetensors")
	killChildAfterLines(t, "part", path, 20)
	p := openPart(t, path)
	if p.Validator() != `"v1"` || p.Offset() < 20*chunk {
		t.Fatalf("it goes on at %d with %q", p.Offset(), p.Validator())
	}
	size := p.Offset() + 3*chunk
	if _, err := p.Write(pattern(p.Offset(), size-p.Offset())); err != nil {
		t.Fatal(err)
	}
	if err := p.Commit(); err != nil {
		t.Fatal(err)
	}
	if b, _ := os.ReadFile(path); !bytes.Equal(b, pattern(0, size)) {
		t.Error("the download is not what was sent")
	}
}
