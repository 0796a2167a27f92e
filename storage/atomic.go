// Writing a file so that it is whole or not there at all.

package storage

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// tempPrefix marks a file that is being written. What a kill leaves behind
// under this prefix was never referred to and may be removed.
const tempPrefix = ".maquette-tmp-"

// tempAge is how old a temporary file must be to count as abandoned rather
// than being written right now.
const tempAge = time.Hour

// WriteFile replaces the file at path with what write produces: into a
// temporary file beside it, fsync, rename, fsync of the folder. When anything
// fails, path is what it was before. The file is readable by its owner only.
// Errors: ErrDiskFull, ErrReadOnly, what write returned, or the system's own.
func WriteFile(path string, write func(io.Writer) error) error {
	tmp, err := writeTemp(filepath.Dir(path), 0o600, write)
	if err != nil {
		return fmt.Errorf("writing %s: %w", filepath.Base(path), err)
	}
	if err := moveInto(tmp, path); err != nil {
		return fmt.Errorf("writing %s: %w", filepath.Base(path), err)
	}
	return nil
}

// writeTemp writes a temporary file in dir, on the disk when it returns.
func writeTemp(dir string, mode os.FileMode, write func(io.Writer) error) (path string, err error) {
	path = filepath.Join(dir, tempPrefix+rand.Text())
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return "", diskError(err)
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		os.Remove(path)
		return "", diskError(err)
	}
	return path, nil
}

// moveInto renames tmp to path and makes that durable; tmp is gone either way.
func moveInto(tmp, path string) error {
	if err := os.Rename(tmp, path); err != nil {
		os.Remove(tmp)
		return diskError(err)
	}
	return diskError(syncDir(filepath.Dir(path)))
}

// sweep removes abandoned temporary files from dir; one that is missing is swept.
func sweep(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("sweeping away half-written files: %w", err)
	}
	var errs []error
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() || !strings.HasPrefix(e.Name(), tempPrefix) {
			continue
		}
		if time.Since(info.ModTime()) < tempAge {
			continue
		}
		if err := os.Remove(filepath.Join(dir, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, fmt.Errorf("sweeping away half-written files: %w", diskError(err)))
		}
	}
	return errors.Join(errs...)
}
