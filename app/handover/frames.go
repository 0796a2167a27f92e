// What goes over the socket: frames of a kind, a length and a content.

package handover

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

type kind byte

// The host's frames, and the caller's.
const (
	kindHello kind = 'H'
	kindOut   kind = 'o'
	kindErr   kind = 'e'
	kindRead  kind = 'r' // a line of standard input is wanted
	kindBegin kind = 'b' // from here on something may be sent; wants kindKnown
	kindJob   kind = 'j' // the job that is followed
	kindExit  kind = 'x'

	kindOrder  kind = 'O'
	kindInput  kind = 'i' // the line that was wanted
	kindKnown  kind = 'k' // kindBegin was received
	kindCancel kind = 'c'
)

const (
	// maxOrder bounds the arguments, bytes: what systems allow in a command line.
	maxOrder = 2 << 20
	// maxFrame bounds every other frame's content, bytes.
	maxFrame = 64 << 10
)

var errMalformed = errors.New("what came over the socket is no command's")

type frame struct {
	kind    kind
	content []byte
}

// readFrame reads one frame. Only a frame of one of the kinds that are
// expected is read any further than its head.
func readFrame(r io.Reader, expected ...kind) (frame, error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return frame{}, err
	}
	f := frame{kind: kind(head[0])}
	size := binary.BigEndian.Uint32(head[1:])
	most := uint32(maxFrame)
	if f.kind == kindOrder {
		most = maxOrder
	}
	if size > most || !slices.Contains(expected, f.kind) {
		return frame{}, errMalformed
	}
	f.content = make([]byte, size)
	_, err := io.ReadFull(r, f.content)
	return f, err
}

// writeFrame writes one frame in one write.
func writeFrame(w io.Writer, k kind, content []byte) error {
	text := make([]byte, 5, 5+len(content))
	text[0] = byte(k)
	binary.BigEndian.PutUint32(text[1:], uint32(len(content)))
	_, err := w.Write(append(text, content...))
	return err
}

func writeJSON(w io.Writer, k kind, v any) error {
	content, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("writing a frame: %w", err)
	}
	return writeFrame(w, k, content)
}

func (f frame) decode(v any) error {
	if err := json.Unmarshal(f.content, v); err != nil {
		return errMalformed
	}
	return nil
}
