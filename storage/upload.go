// The bytes of an upload: sent again from the start when a connection breaks.

package storage

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"sync"
)

// upload is what a reader holds from where it stands.
type upload struct {
	*io.SectionReader
	source *uploadSource
}

// newUpload checks that r holds size bytes. A reader that is not also an
// io.ReaderAt and io.Seeker is read into memory.
func newUpload(r io.Reader, size int64) (upload, error) {
	if size < 0 {
		return upload{}, errors.New("the size must be known")
	}
	file, ok := r.(interface {
		io.ReaderAt
		io.Seeker
	})
	if !ok {
		b := make([]byte, size)
		if _, err := io.ReadFull(r, b); err != nil {
			return upload{}, tooShort(err)
		}
		file = bytes.NewReader(b)
	}
	start, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return upload{}, err
	}
	if size > 0 {
		last := make([]byte, 1)
		if n, err := file.ReadAt(last, start+size-1); n == 0 {
			return upload{}, tooShort(err)
		}
	}
	source := &uploadSource{file: file}
	return upload{SectionReader: io.NewSectionReader(source, start, size), source: source}, nil
}

func tooShort(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// uploadSource remembers that reading failed, which an HTTP client reports
// like trouble with the network. It is read by the client's own goroutines.
type uploadSource struct {
	file io.ReaderAt

	mu  sync.Mutex
	err error
}

func (s *uploadSource) ReadAt(b []byte, at int64) (int, error) {
	n, err := s.file.ReadAt(b, at)
	if err != nil && !errors.Is(err, io.EOF) {
		s.mu.Lock()
		s.err = err
		s.mu.Unlock()
	}
	return n, err
}

func (s *uploadSource) failed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// attempt is the body of one request that sends an upload. An HTTP client may
// go on reading it after the answer came, when the next request already reads
// the same upload from its start: an attempt that failed reads no more.
type attempt struct {
	io.ReadCloser

	mu    sync.Mutex
	ended bool
}

// withAttempt makes a request's body an attempt; nil where it has none.
func withAttempt(r *http.Request) (*http.Request, *attempt) {
	if r.Body == nil || r.Body == http.NoBody {
		return r, nil
	}
	body := &attempt{ReadCloser: r.Body}
	r = r.WithContext(r.Context())
	r.Body = body
	return r, body
}

// Read reads from the upload, unless the attempt has ended.
func (a *attempt) Read(b []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ended {
		return 0, http.ErrBodyReadAfterClose
	}
	return a.ReadCloser.Read(b)
}

// end ends it, once nothing reads.
func (a *attempt) end() {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ended = true
}
