// Reading a JPEG as far as it can be read, in the memory of one row of blocks
// where its pixels come in order. The standard library's decoder is faster, but
// needs all of the picture to be there and in memory.

package photo

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
)

// jpegStream reads one baseline, extended or progressive JPEG (ITU-T T.81).
type jpegStream struct {
	jpegFrame
	ctx     context.Context // between the rows of a scan
	in      *bufio.Reader
	bits    uint32
	count   int  // how many of bits are valid
	marker  byte // the marker that ended the coded data, 0 for none yet
	quant   [4][64]uint16
	tables  [2][4]*huffman // DC, AC
	restart int            // MCUs between restart markers, 0 for none
	adobe   int            // colour transform by Adobe's marker, -1 without one
	whole   bool           // the end mark was reached and nothing was wrong before it
	wrong   bool           // some of the coded data made no sense
	eobrun  int            // blocks of a progressive scan that hold nothing more

	share float64 // of the picture's blocks that were read, by their first scan
}

type jpegFrame struct {
	width, height int
	precision     int
	progressive   bool
	components    []*jpegComponent
	hMost, vMost  int
	mcusX, mcusY  int
}

type jpegComponent struct {
	id, h, v, table byte
	dcTable         byte
	acTable         byte
	predicted       int
	across, down    int     // blocks, padded to whole MCUs
	own, ownDown    int     // blocks in a scan of its own
	coefficients    []int16 // where they are kept: perBlock of each block
	read            bool    // some scan brought its DC values
	strip           []uint8 // pixels of one row of MCUs
}

var (
	errJPEGKind = errors.New("an unusual kind of JPEG")
	errJPEG     = errors.New("damaged coded data")
)

// zigzag is the place of each coefficient in its block (T.81, figure A.6).
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}

// Markers (T.81, table B.1).
const (
	mDHT, mRST0, mRST7, mEOI, mSOS, mDQT, mDRI, mAPP14 = 0xc4, 0xd0, 0xd7, 0xd9, 0xda, 0xdb, 0xdd, 0xee
)

// openJPEG reads up to the first scan.
func openJPEG(ctx context.Context, r io.Reader) (*jpegStream, error) {
	j := &jpegStream{ctx: ctx, in: bufio.NewReaderSize(r, 64<<10), adobe: -1}
	if _, err := j.in.Discard(2); err != nil {
		return nil, err
	}
	marker, err := j.untilScan()
	switch {
	case err != nil:
		return nil, err
	case marker != mSOS || j.width == 0:
		return nil, errNoPixels
	}
	return j, nil
}

// untilScan reads segments up to the next scan or the end mark.
func (j *jpegStream) untilScan() (marker byte, err error) {
	for {
		if marker, err = j.nextMarker(); err != nil {
			return 0, err
		}
		switch {
		case marker == mSOS, marker == mEOI:
			return marker, nil
		case marker >= mRST0 && marker <= mEOI-1, marker <= 0x01:
			continue
		}
		if err := j.segment(marker); err != nil {
			return 0, err
		}
	}
}

// nextMarker passes over anything that is none.
func (j *jpegStream) nextMarker() (byte, error) {
	if marker := j.marker; marker != 0 {
		j.marker = 0
		return marker, nil
	}
	for {
		b, err := j.in.ReadByte()
		for err == nil && b == 0xff {
			if b, err = j.in.ReadByte(); err == nil && b != 0xff && b != 0 {
				return b, nil
			}
		}
		if err != nil {
			return 0, err
		}
	}
}

func (j *jpegStream) segment(marker byte) error {
	body, err := j.segmentBody()
	if err != nil {
		return err
	}
	switch {
	case marker == mDQT:
		return j.readQuant(body)
	case marker == mDHT:
		return j.readHuffman(body)
	case marker == mDRI && len(body) >= 2:
		j.restart = int(binary.BigEndian.Uint16(body))
	case marker == mAPP14 && len(body) >= 12 && string(body[:5]) == "Adobe":
		j.adobe = int(body[11])
	case marker >= 0xc0 && marker <= 0xc2:
		return j.readFrame(marker, body)
	case marker > 0xc2 && marker <= 0xcf && marker != 0xc8:
		return errJPEGKind // lossless, hierarchical, arithmetic
	}
	return nil
}

func (j *jpegStream) segmentBody() ([]byte, error) {
	var length [2]byte
	if _, err := io.ReadFull(j.in, length[:]); err != nil {
		return nil, err
	}
	n := int(binary.BigEndian.Uint16(length[:]))
	if n < 2 {
		return nil, errJPEG
	}
	body := make([]byte, n-2)
	_, err := io.ReadFull(j.in, body)
	return body, err
}

func (j *jpegStream) readQuant(b []byte) error {
	for len(b) > 0 {
		wide, table := b[0]>>4, b[0]&15
		size := 64 << min(wide, 1)
		if wide > 1 || table > 3 || len(b) < 1+size {
			return errJPEG
		}
		for i := range 64 {
			value := uint16(b[1+i])
			if wide == 1 {
				value = binary.BigEndian.Uint16(b[1+2*i:])
			}
			j.quant[table][zigzag[i]] = value
		}
		b = b[1+size:]
	}
	return nil
}

func (j *jpegStream) readFrame(marker byte, b []byte) error {
	if j.width > 0 || len(b) < 6 || len(b) < 6+3*int(b[5]) {
		return errJPEG
	}
	j.progressive, j.precision = marker == 0xc2, int(b[0])
	height, width, n := int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:])), int(b[5])
	if j.precision != 8 && j.precision != 12 || width == 0 || height == 0 || n != 1 && n != 3 && n != 4 {
		return errJPEGKind
	}
	for i := range n {
		c := &jpegComponent{id: b[6+3*i], h: b[7+3*i] >> 4, v: b[7+3*i] & 15, table: b[8+3*i] & 3}
		if c.h < 1 || c.h > 4 || c.v < 1 || c.v > 4 {
			return errJPEG
		}
		if n == 1 {
			c.h, c.v = 1, 1
		}
		j.components = append(j.components, c)
		j.hMost, j.vMost = max(j.hMost, int(c.h)), max(j.vMost, int(c.v))
	}
	j.width, j.height = width, height
	j.mcusX, j.mcusY = blocks(width, 8*j.hMost), blocks(height, 8*j.vMost)
	for _, c := range j.components {
		c.across, c.down = j.mcusX*int(c.h), j.mcusY*int(c.v)
		c.own, c.ownDown = blocks(blocks(width*int(c.h), j.hMost), 8), blocks(blocks(height*int(c.v), j.vMost), 8)
	}
	return nil
}

// blocks is n divided by size, rounded up.
func blocks(n, size int) int { return (n + size - 1) / size }

// jpegScan is the head of one scan.
type jpegScan struct {
	components   []*jpegComponent
	start, end   int // which coefficients it brings
	high, low    uint
	mcusX, mcusY int
	interleaved  bool
	restNum      int // the number of the next restart marker
}

func (j *jpegStream) readScan() (*jpegScan, error) {
	b, err := j.segmentBody()
	if err != nil {
		return nil, err
	}
	if len(b) < 1 || b[0] < 1 || b[0] > 4 || len(b) < 4+2*int(b[0]) {
		return nil, errJPEG
	}
	n := int(b[0])
	s := &jpegScan{interleaved: n > 1}
	for i := range n {
		for _, c := range j.components {
			if c.id == b[1+2*i] {
				c.dcTable, c.acTable = b[2+2*i]>>4&3, b[2+2*i]&3
				s.components = append(s.components, c)
			}
		}
	}
	if len(s.components) != n {
		return nil, errJPEG
	}
	rest := b[1+2*n:]
	s.start, s.end, s.high, s.low = int(rest[0]), int(rest[1]), uint(rest[2]>>4), uint(rest[2]&15)
	if !j.progressive {
		s.start, s.end, s.high, s.low = 0, 63, 0, 0
	}
	if s.start > s.end || s.end > 63 || s.low > 13 || s.start == 0 && s.end > 0 && j.progressive || s.start > 0 && n > 1 {
		return nil, errJPEG
	}
	s.mcusX, s.mcusY = j.mcusX, j.mcusY
	if !s.interleaved {
		s.mcusX, s.mcusY = s.components[0].own, s.components[0].ownDown
	}
	return s, nil
}
