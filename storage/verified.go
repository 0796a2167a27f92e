// Reading a file whose content is known by its hash, and taking one that is
// not what it was out of the way.

package storage

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Verified reads from r what has that SHA-256 in hex: at its end, anything else
// gives ErrDamagedFile instead of io.EOF. Nothing that was read before that is
// known to be good.
func Verified(r io.Reader, sum string) io.Reader {
	return &verified{r, sha256.New(), sum}
}

type verified struct {
	r    io.Reader
	sum  hash.Hash
	want string
}

func (v *verified) Read(b []byte) (int, error) {
	n, err := v.r.Read(b)
	v.sum.Write(b[:n])
	if errors.Is(err, io.EOF) && hex.EncodeToString(v.sum.Sum(nil)) != v.want {
		return n, ErrDamagedFile
	}
	return n, err
}

// SumFile returns the SHA-256 in hex of a file, and its size in bytes.
func SumFile(path string) (sum string, size int64, err error) {
	file, err := OpenRegular(path)
	if err != nil {
		return "", 0, BaseNameOnly(err)
	}
	defer file.Close()
	sum, size, err = Sum(file)
	return sum, size, BaseNameOnly(err)
}

// Sum returns the SHA-256 in hex of what r holds, and its size in bytes.
func Sum(r io.Reader) (sum string, size int64, err error) {
	h := sha256.New()
	size, err = io.Copy(h, r)
	return hex.EncodeToString(h.Sum(nil)), size, err
}

// OpenVerified is Open for one who reads to the end: content that no longer
// has its hash gives ErrDamagedFile there.
func (f *Files) OpenVerified(hash, ext string) (io.ReadCloser, error) {
	file, err := f.Open(hash, ext)
	if err != nil {
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{Verified(file, hash), file}, nil
}

// Stored is a file of the library's folder.
type Stored struct {
	Hash, Ext string
	fs.FileInfo
}

// Each calls fn with every stored file, until it returns an error. What isn't
// named as one is passed over.
func (f *Files) Each(fn func(Stored) error) error {
	return filepath.WalkDir(f.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return ignoreMissing(err)
		}
		ext := strings.TrimPrefix(filepath.Ext(d.Name()), ".")
		hash := strings.TrimSuffix(d.Name(), "."+ext)
		if f.Path(hash, ext) != path {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return ignoreMissing(err)
		}
		return fn(Stored{hash, ext, info})
	})
}

// OpenRegular opens a file for reading. What lies in its place and is none is
// ErrDamagedFile: a folder, a link that leads in circles, or a pipe, which would
// be waited for without end. A missing one is fs.ErrNotExist.
func OpenRegular(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if errors.Is(err, syscall.ELOOP) || err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("opening %s: %w", filepath.Base(path), ErrDamagedFile)
	}
	if err != nil {
		return nil, BaseNameOnly(err)
	}
	file, err := os.Open(path)
	return file, BaseNameOnly(err)
}

// SetAside moves a damaged file of the data directory into the quarantine
// folder, below the name of its own, and returns where it lies then. Nothing is
// overwritten. A missing file is fs.ErrNotExist; so is one whose folder is a file,
// which is moved aside instead.
func (l Layout) SetAside(path string) (aside string, err error) {
	rel, err := filepath.Rel(l.Root, path)
	if err != nil || !filepath.IsLocal(rel) {
		return "", fmt.Errorf("setting aside %s: it isn't in the data directory", filepath.Base(path))
	}
	dir := filepath.Join(l.Quarantine, filepath.Dir(rel))
	if err := errors.Join(makeFolder(filepath.Dir(path)), makeFolder(l.Quarantine)); err != nil {
		return "", fmt.Errorf("setting aside %s: %w", filepath.Base(path), diskError(BaseNameOnly(err)))
	}
	what, err := os.Lstat(path)
	if err != nil {
		return "", BaseNameOnly(err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("setting aside %s: %w", filepath.Base(path), diskError(BaseNameOnly(err)))
	}
	aside, err = OpenFolder(dir).claim(filepath.Base(path))
	if err != nil {
		return "", fmt.Errorf("setting aside %s: %w", filepath.Base(path), diskError(BaseNameOnly(err)))
	}
	if what.IsDir() {
		os.Remove(aside) // a folder takes no file's place
	}
	if err := os.Rename(path, aside); err != nil {
		os.Remove(aside)
		return "", fmt.Errorf("setting aside %s: %w", filepath.Base(path), diskError(err))
	}
	return aside, errors.Join(syncDir(dir), syncDir(filepath.Dir(path)))
}

// Check looks at every entry of the cache and calls damaged with the name of
// each that isn't what was put there, having dropped it if drop says so. It
// returns how many there are.
func (t *Thumbs) Check(drop bool, damaged func(name string) error) (n int, err error) {
	err = filepath.WalkDir(t.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || strings.HasPrefix(d.Name(), tempPrefix) {
			return ignoreMissing(err)
		}
		n++
		b, err := os.ReadFile(path) //nolint:gosec // a link in the cache only gives a wrong checksum
		if err != nil {
			return ignoreMissing(BaseNameOnly(err))
		}
		if thumbWhole(b) {
			return nil
		}
		if drop {
			name, err := filepath.Rel(t.dir, path)
			if err != nil {
				return err
			}
			t.drop(name)
		}
		return damaged(d.Name())
	})
	return n, err
}
