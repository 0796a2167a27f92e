// Content codings: a body as its file was before the host packed it.

package network

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// AcceptEncoding are the codings that Decode reads.
const AcceptEncoding = "gzip, deflate, zstd"

// CodingError is a coding that can't be read. The file itself may be fine.
type CodingError struct{ Coding string }

// Error names the coding.
func (c *CodingError) Error() string { return fmt.Sprintf("unknown content coding %q", c.Coding) }

// UnpackError is a body that isn't what its coding says.
type UnpackError struct{ Err error }

// Error says so.
func (u *UnpackError) Error() string { return "unpacking: " + u.Err.Error() }

// Unwrap returns the cause.
func (u *UnpackError) Unwrap() error { return u.Err }

// mostCodings bounds how often a body may be packed.
const mostCodings = 4

// Codings are the names of an answer's content codings, in the order in which
// they were applied; none for a body as it is.
func Codings(header http.Header) []string {
	var codings []string
	for _, value := range header.Values("Content-Encoding") {
		for name := range strings.SplitSeq(value, ",") {
			name = strings.ToLower(strings.TrimSpace(name))
			if name != "" && name != "identity" {
				codings = append(codings, name)
			}
		}
	}
	return codings
}

// Decode undoes an answer's content codings. A body that claims gzip or zstd
// and is not is taken as it is: hosts label files so that were packed before,
// or never. The reader's errors are the body's own, or an *UnpackError.
func Decode(header http.Header, body io.Reader) (io.Reader, error) {
	codings := Codings(header)
	if len(codings) > mostCodings {
		return nil, &CodingError{strings.Join(codings, ", ")}
	}
	for i := len(codings) - 1; i >= 0; i-- {
		open, known := unpack[codings[i]]
		if !known {
			return nil, &CodingError{codings[i]}
		}
		source := &source{from: body}
		body = &unpacked{source: source, packed: bufio.NewReader(source), open: open}
	}
	return body, nil
}

// DecodeFile is Decode for a file that is wanted however it came: codings that
// aren't known stay undone, and where one can't be undone the file ends there,
// or, if nothing of it was unpacked, comes as it is.
func DecodeFile(header http.Header, body io.Reader) io.Reader {
	codings := Codings(header)
	for i := len(codings) - 1; i >= 0 && i >= len(codings)-mostCodings; i-- {
		open, known := unpack[codings[i]]
		if !known {
			continue
		}
		packed := &source{from: body}
		read := &spare{from: packed}
		body = &salvaged{plain: &unpacked{source: packed, packed: bufio.NewReader(read), open: open}, read: read}
	}
	return body
}

// spareMost bounds what is kept of a packed file until something was unpacked,
// in bytes.
const spareMost = 1 << 20

// spare keeps what was read, as long as it is wanted and small.
type spare struct {
	from   io.Reader
	read   []byte
	closed bool
}

// Read reads, and keeps.
func (s *spare) Read(p []byte) (int, error) {
	n, err := s.from.Read(p)
	if s.closed = s.closed || len(s.read)+n > spareMost; s.closed {
		s.read = nil
	} else {
		s.read = append(s.read, p[:n]...)
	}
	return n, err
}

// salvaged is what can be unpacked of a file, else the file as it is.
type salvaged struct {
	plain io.Reader
	read  *spare
	some  bool // something was unpacked
}

// Read reads what can be had.
func (s *salvaged) Read(p []byte) (int, error) {
	n, err := s.plain.Read(p)
	if n > 0 {
		s.some, s.read.closed, s.read.read = true, true, nil
	}
	if !errors.As(err, new(*UnpackError)) {
		return n, err
	}
	if s.some || s.read.closed {
		return n, io.EOF
	}
	asItIs := io.MultiReader(bytes.NewReader(s.read.read), s.read.from)
	s.plain, s.some = asItIs, true
	return asItIs.Read(p)
}

// opener begins to unpack; nil when the body is not packed at all.
type opener func(packed *bufio.Reader) (io.Reader, error)

var unpack = map[string]opener{"gzip": openGzip, "x-gzip": openGzip, "deflate": openDeflate, "zstd": openZstd}

// source remembers the error of a packed body, to tell it from its coding's.
type source struct {
	from io.Reader
	err  error
}

// Read reads the packed bytes.
func (s *source) Read(p []byte) (int, error) {
	n, err := s.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// unpacked unpacks a body once it is read.
type unpacked struct {
	source *source
	packed *bufio.Reader
	open   opener
	plain  io.Reader
}

// Read reads the plain bytes.
func (u *unpacked) Read(p []byte) (n int, err error) {
	if u.plain == nil {
		if _, err := u.packed.Peek(1); err != nil {
			return 0, err // an empty body has no coding
		}
		u.plain, err = u.open(u.packed)
	}
	if err == nil {
		n, err = u.plain.Read(p)
	}
	switch {
	case err == nil || errors.Is(err, io.EOF):
		return n, err
	case u.source.err != nil:
		return n, u.source.err
	}
	return n, &UnpackError{err}
}

func openGzip(packed *bufio.Reader) (io.Reader, error) {
	if head, _ := packed.Peek(2); !bytes.Equal(head, []byte{0x1f, 0x8b}) {
		return packed, nil
	}
	plain, err := gzip.NewReader(packed)
	if err != nil {
		return nil, err
	}
	return &tailless{plain}, nil
}

// tailless reads gzip and ends at bytes behind it that belong to none, such as
// padding.
type tailless struct{ plain *gzip.Reader }

// Read reads the plain bytes.
func (t *tailless) Read(p []byte) (int, error) {
	n, err := t.plain.Read(p)
	if errors.Is(err, gzip.ErrHeader) {
		err = io.EOF
	}
	return n, err
}

// openDeflate reads zlib's form, as the standard has it, and bare deflate,
// which some send instead (RFC 9110, 8.4.1.2).
func openDeflate(packed *bufio.Reader) (io.Reader, error) {
	head, _ := packed.Peek(2)
	if len(head) == 2 && head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
		return zlib.NewReader(packed)
	}
	return flate.NewReader(packed), nil
}

func openZstd(packed *bufio.Reader) (io.Reader, error) {
	if head, _ := packed.Peek(4); !bytes.Equal(head, []byte{0x28, 0xb5, 0x2f, 0xfd}) {
		return packed, nil
	}
	// One goroutine, ours, so that none is left when the body isn't read to its end.
	return zstd.NewReader(packed, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(64<<20), zstd.WithDecoderLowmem(true))
}
