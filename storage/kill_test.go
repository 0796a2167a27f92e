package storage_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/storage"
)

const (
	chunk    = 64 << 10
	whereEnv = "MAQUETTE_STORAGE_TEST_WHERE"
)

// writeFilesForever is a child's part: it stores one file after the other and
// says so on standard output, the hash of each only when it is stored.
func writeFilesForever() error {
	files, err := storage.OpenFiles(os.Getenv(whereEnv))
	if err != nil {
		return err
	}
	for i := range int64(1 << 30) {
		hash, _, err := files.Put(bytes.NewReader(pattern(i, 16*chunk)), "png")
		if err != nil {
			return err
		}
		fmt.Println(hash)
	}
	return nil
}

// downloadForever is a child's part: it downloads and says so, chunk by chunk.
func downloadForever() error {
	p, err := storage.OpenPart(os.Getenv(whereEnv))
	if err != nil {
		return err
	}
	if err := p.Restart(`"v1"`); err != nil {
		return err
	}
	for range 1 << 30 {
		if _, err := p.Write(pattern(p.Offset(), chunk)); err != nil {
			return err
		}
		fmt.Println(p.Offset())
	}
	return nil
}

// killChildAfterLines starts this test binary in a part, kills it in the
// middle of its work after it printed n lines, and returns all it printed.
func killChildAfterLines(t *testing.T, part, where string, n int) (lines []string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+part, whereEnv+"="+where)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	scanner := bufio.NewScanner(out)
	for scanner.Scan() {
		lines = append(lines, scanner.Text())
		if len(lines) == n {
			if err := cmd.Process.Kill(); err != nil {
				t.Error(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the child was not killed")
	}
	if len(lines) < n {
		t.Fatalf("the child ended after %d lines", len(lines))
	}
	return lines
}

func TestAKillLeavesOnlyWholeFiles(t *testing.T) {
	dir := t.TempDir()
	for _, n := range []int{1, 2, 5} {
		for _, hash := range killChildAfterLines(t, "files", dir, n) {
			if err := openFiles(t, dir).Verify(hash, "png"); err != nil {
				t.Errorf("a stored file: %v", err)
			}
		}
	}
	files := openFiles(t, dir)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".maquette-tmp-") {
			return err
		}
		return files.Verify(strings.TrimSuffix(d.Name(), ".png"), "png")
	})
	if err != nil {
		t.Error(err)
	}
}

var _ io.Writer = (*storage.Part)(nil)
