// The library's files, each named by the hash of what is in it.

package storage

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

var (
	// ErrDamagedFile: a stored file's content no longer has the hash it is named by.
	ErrDamagedFile = errors.New("the file's content has changed since it was stored")
	// ErrBadName: a hash that is not 64 lowercase hex digits, or an extension
	// that is not 1 to 16 letters and digits.
	ErrBadName = errors.New("not the name of a stored file")
)

// Files is a folder of files named by the SHA-256 of their content:
// dir/ab/abcdef….ext. Safe for concurrent use, by several processes too.
type Files struct{ dir string }

// OpenFiles opens the folder dir, creating it when missing.
func OpenFiles(dir string) (*Files, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("opening the library: %w", diskError(err))
	}
	return &Files{dir: dir}, nil
}

// Put stores what r holds and returns its SHA-256 in hex and its size in
// bytes. When it returns, the file survives a power cut; content that is
// already there is kept if it is whole, else replaced. ext is
// the extension with or without its dot ("png"). Errors: ErrDiskFull,
// ErrReadOnly, ErrBadName, or r's own.
func (f *Files) Put(r io.Reader, ext string) (hash string, size int64, err error) {
	if _, ok := cleanExt(ext); !ok {
		return "", 0, fmt.Errorf("storing a file with extension %q: %w", ext, ErrBadName)
	}
	in, err := f.Receive(func(w io.Writer) error {
		_, err := io.Copy(w, r)
		return err
	})
	if err != nil {
		return "", 0, err
	}
	if err := in.Keep(ext); err != nil {
		in.Discard()
		return "", 0, err
	}
	return in.Hash, in.Size, nil
}

// Incoming is a file that is on the disk whole but not yet among the others,
// for what must be looked at before it is named. It ends with Keep or Discard;
// one that neither happened to is removed by the sweep at a later start.
type Incoming struct {
	Hash string // the SHA-256 of its content, hex
	Size int64  // bytes

	files *Files
	path  string
}

// Receive takes in what write writes, without holding it in memory. Errors:
// ErrDiskFull, ErrReadOnly, or write's own.
func (f *Files) Receive(write func(io.Writer) error) (*Incoming, error) {
	in := &Incoming{files: f}
	sum := sha256.New()
	var err error
	in.path, err = writeTemp(f.dir, 0o600, func(file io.Writer) error {
		counted := &counter{w: io.MultiWriter(file, sum)}
		err := write(counted)
		in.Size = counted.n
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("storing a file: %w", err)
	}
	in.Hash = hex.EncodeToString(sum.Sum(nil))
	return in, nil
}

// counter counts the bytes that are written to w.
type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}

// Open opens the file for reading.
func (in *Incoming) Open() (*os.File, error) {
	file, err := os.Open(in.path)
	if err != nil {
		return nil, fmt.Errorf("opening a stored file: %w", BaseNameOnly(err))
	}
	return file, nil
}

// Keep puts the file among the others, under its hash and ext. When it
// returns, the file survives a power cut; content that is already there is kept
// if it is whole, else replaced. After an error it can be tried again.
func (in *Incoming) Keep(ext string) error {
	path := in.files.Path(in.Hash, ext)
	if path == "" {
		return fmt.Errorf("storing a file with extension %q: %w", ext, ErrBadName)
	}
	if in.files.Verify(in.Hash, ext) == nil {
		in.Discard()
		return diskError(syncDir(filepath.Dir(path)))
	}
	if err := in.files.place(in.path, path); err != nil {
		return fmt.Errorf("storing a file: %w", err)
	}
	return nil
}

// Discard removes the file.
func (in *Incoming) Discard() { os.Remove(in.path) }

func (f *Files) place(tmp, path string) error {
	folder := filepath.Dir(path)
	err := os.Mkdir(folder, 0o700)
	if err == nil {
		err = syncDir(f.dir)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return diskError(err)
	}
	if err := os.Rename(tmp, path); err != nil {
		return diskError(err)
	}
	return diskError(syncDir(folder))
}

// Path returns where the file of that name lies or would lie, and "" when
// hash or ext cannot name a stored file.
func (f *Files) Path(hash, ext string) string {
	ext, ok := cleanExt(ext)
	if !ok || !isHash(hash) {
		return ""
	}
	return filepath.Join(f.dir, hash[:2], hash+"."+ext)
}

// Open opens a stored file for reading. A missing one is fs.ErrNotExist, what is
// no file at all ErrDamagedFile. What is read is not verified; Verify is for that.
func (f *Files) Open(hash, ext string) (*os.File, error) {
	path := f.Path(hash, ext)
	if path == "" {
		return nil, fmt.Errorf("opening a stored file: %w", ErrBadName)
	}
	file, err := OpenRegular(path)
	if err != nil {
		return nil, fmt.Errorf("opening a stored file: %w", err)
	}
	return file, nil
}

// Has reports whether the file is there. Its content is not looked at.
func (f *Files) Has(hash, ext string) bool {
	path := f.Path(hash, ext)
	if path == "" {
		return false
	}
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// Remove deletes a stored file for good. A missing one is no error.
func (f *Files) Remove(hash, ext string) error {
	path := f.Path(hash, ext)
	if path == "" {
		return fmt.Errorf("removing a stored file: %w", ErrBadName)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing a stored file: %w", diskError(BaseNameOnly(err)))
	}
	return nil
}

// Verify reads a stored file and compares its hash with its name. Errors:
// ErrDamagedFile, fs.ErrNotExist, or the system's own.
func (f *Files) Verify(hash, ext string) error {
	file, err := f.Open(hash, ext)
	if err != nil {
		return err
	}
	defer file.Close()
	sum, _, err := Sum(file)
	if err != nil {
		return fmt.Errorf("verifying a stored file: %w", BaseNameOnly(err))
	}
	if sum != hash {
		return fmt.Errorf("verifying %s: %w", filepath.Base(file.Name()), ErrDamagedFile)
	}
	return nil
}

func isHash(s string) bool {
	return len(s) == sha256.Size*2 && strings.Trim(s, "0123456789abcdef") == ""
}

// cleanExt returns ext without its dot in lower case, and whether it may be
// part of a file name.
func cleanExt(ext string) (string, bool) {
	ext = strings.ToLower(strings.TrimPrefix(ext, "."))
	notAllowed := func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }
	return ext, ext != "" && len(ext) <= 16 && !strings.ContainsFunc(ext, notAllowed)
}

// BaseNameOnly shortens the path in an error to its last element: a log
// must not say where a person keeps photos.
func BaseNameOnly(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return &fs.PathError{Op: pe.Op, Path: filepath.Base(pe.Path), Err: pe.Err}
	}
	return err
}
