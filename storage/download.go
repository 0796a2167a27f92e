// Downloads that are resumed where they broke off.

package storage

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Part is a download on its way: the bytes so far in path.part, and beside
// them, in path.part.validator, the ETag or Last-Modified they belong to. The
// way to use one:
//
//	ask with "Range: bytes=Offset()-" and "If-Range: Validator()" when Offset > 0;
//	on 200 call Restart with the answer's validator, on 206 go on;
//	copy the body into it; Commit when it is whole, Close when it broke off.
//
// One goroutine, one Part per path.
type Part struct {
	path      string
	file      *os.File
	offset    int64
	validator string
}

// OpenPart opens or begins the download that will become path. Bytes without
// a validator cannot be continued safely and are dropped.
func OpenPart(path string) (*Part, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("opening download %s: %w", filepath.Base(path), diskError(err))
	}
	p := &Part{path: path}
	f, err := os.OpenFile(p.partPath(), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, p.failed("opening", err)
	}
	p.file = f
	if err := p.resume(); err != nil {
		f.Close()
		return nil, p.failed("opening", err)
	}
	return p, nil
}

func (p *Part) resume() error {
	b, err := os.ReadFile(p.validatorPath())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	p.validator = strings.TrimSpace(string(b))
	if p.validator == "" {
		return p.file.Truncate(0)
	}
	p.offset, err = p.file.Seek(0, io.SeekEnd)
	return err
}

// Offset is how many bytes are already there.
func (p *Part) Offset() int64 { return p.offset }

// Validator is the ETag or Last-Modified of the bytes that are there, "" when
// none was given to Restart.
func (p *Part) Validator() string { return p.validator }

// Restart drops what is there; what follows belongs to validator: a strong
// ETag or a Last-Modified date, or "" when the server gave neither (the
// download then starts over after an interruption).
func (p *Part) Restart(validator string) error {
	if strings.HasPrefix(validator, "W/") || strings.ContainsAny(validator, "\r\n") {
		validator = "" // a weak ETag may not be used for ranges (RFC 9110, 13.1.5)
	}
	if err := p.file.Truncate(0); err != nil {
		return p.failed("restarting", err)
	}
	if _, err := p.file.Seek(0, io.SeekStart); err != nil {
		return p.failed("restarting", err)
	}
	// The old bytes must be gone from the disk before the new validator is on it.
	if err := p.file.Sync(); err != nil {
		return p.failed("restarting", err)
	}
	p.offset = 0
	err := WriteFile(p.validatorPath(), func(w io.Writer) error {
		_, err := io.WriteString(w, validator)
		return err
	})
	if err != nil {
		return p.failed("restarting", err)
	}
	p.validator = validator
	return nil
}

// Write appends b. Errors: ErrDiskFull, ErrReadOnly, or the system's own; what
// was written before stays.
func (p *Part) Write(b []byte) (int, error) {
	n, err := p.file.Write(b)
	p.offset += int64(n)
	if err != nil {
		return n, p.failed("writing", err)
	}
	return n, nil
}

// ReaderAt reads what is there, for verifying it before Commit.
func (p *Part) ReaderAt() io.ReaderAt { return p.file }

// Commit puts the whole download in its place, replacing what was there, and
// closes the part. Verify the size first: Commit cannot know it.
func (p *Part) Commit() error {
	if err := p.file.Sync(); err != nil {
		return p.failed("finishing", err)
	}
	if err := p.file.Close(); err != nil {
		return p.failed("finishing", err)
	}
	if err := os.Rename(p.partPath(), p.path); err != nil {
		return p.failed("finishing", err)
	}
	if err := syncDir(filepath.Dir(p.path)); err != nil {
		return p.failed("finishing", err)
	}
	if err := os.Remove(p.validatorPath()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return p.failed("finishing", err)
	}
	return nil
}

// Close stops here and keeps what is there for the next OpenPart. After Commit
// or Discard it does nothing.
func (p *Part) Close() error {
	err := p.file.Sync()
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	if closeErr := p.file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return p.failed("closing", err)
	}
	return nil
}

// Discard closes the part and deletes what is there.
func (p *Part) Discard() error {
	p.file.Close()
	for _, path := range []string{p.partPath(), p.validatorPath()} {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return p.failed("discarding", err)
		}
	}
	return nil
}

func (p *Part) partPath() string      { return p.path + ".part" }
func (p *Part) validatorPath() string { return p.path + ".part.validator" }

func (p *Part) failed(doing string, err error) error {
	return fmt.Errorf("%s download %s: %w", doing, filepath.Base(p.path), diskError(BaseNameOnly(err)))
}
