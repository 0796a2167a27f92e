// Reading a PNG row by row: in the memory of two rows, and as far as it can be
// read. Checksums are compared, and what they say is told, not obeyed.

package photo

import (
	"bufio"
	"compress/flate"
	"encoding/binary"
	"errors"
	"hash"
	"hash/adler32"
	"hash/crc32"
	"io"
)

// pngRows reads a PNG (PNG specification, third edition).
type pngRows struct {
	pngHeader
	in   *bufio.Reader
	left int // bytes of the current chunk that are still to come
	sum  hash.Hash32
	odd  bool // a checksum was wrong

	kind        string // of the current chunk
	wrongPixels bool   // the checksum of one that the pixels need was wrong

	after string // the kind of the chunk that follows the pixels, once it is reached
}

type pngHeader struct {
	width, height int
	depth, colour byte
	interlaced    bool
	palette       []byte
	transparent   []byte // the tRNS chunk
}

// pngChannels is the samples of a pixel by colour type; 0 where there is none.
var pngChannels = [7]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}

var errNoPixels = errors.New("no pixels were found")

// openPNG reads up to the pixels.
func openPNG(r io.Reader) (*pngRows, error) {
	p := &pngRows{in: bufio.NewReaderSize(r, 64<<10), sum: crc32.NewIEEE()}
	if _, err := p.in.Discard(len(pngSignature)); err != nil {
		return nil, err
	}
	for {
		kind, err := p.chunk()
		if err != nil {
			return nil, err
		}
		switch {
		case kind == "IDAT" && p.width > 0:
			return p, nil
		case kind == "IEND", kind == "IDAT":
			return nil, errNoPixels
		}
		if err := p.body(kind); err != nil {
			return nil, err
		}
	}
}

// chunk reads the head of the next chunk.
func (p *pngRows) chunk() (kind string, err error) {
	var head [8]byte
	if _, err := io.ReadFull(p.in, head[:]); err != nil {
		return "", err
	}
	length := binary.BigEndian.Uint32(head[:])
	for _, c := range head[4:] {
		if c|0x20 < 'a' || c|0x20 > 'z' {
			return "", errNoPixels
		}
	}
	if length > 1<<31-1 {
		return "", errNoPixels
	}
	p.left = int(length)
	p.sum.Reset()
	p.sum.Write(head[4:])
	p.kind = string(head[4:])
	return string(head[4:]), nil
}

// bodyMost bounds a chunk that is looked into; others are passed over.
const bodyMost = 1024

// body reads a chunk that is not pixels.
func (p *pngRows) body(kind string) error {
	var body []byte
	if p.left <= bodyMost {
		body = make([]byte, p.left)
		if _, err := io.ReadFull(p.in, body); err != nil {
			return err
		}
		p.sum.Write(body)
	} else if _, err := io.CopyN(p.sum, p.in, int64(p.left)); err != nil {
		return err
	}
	p.left = 0
	if err := p.checksum(); err != nil {
		return err
	}
	switch {
	case kind == "IHDR" && p.width == 0:
		return p.header(body)
	case kind == "PLTE":
		p.palette = body
	case kind == "tRNS":
		p.transparent = body
	}
	return nil
}

func (p *pngRows) checksum() error {
	var crc [4]byte
	if _, err := io.ReadFull(p.in, crc[:]); err != nil {
		return err
	}
	wrong := binary.BigEndian.Uint32(crc[:]) != p.sum.Sum32()
	p.odd = p.odd || wrong
	// Capital letters begin what a picture can't do without (5.4).
	p.wrongPixels = p.wrongPixels || wrong && p.kind[0] < 'a' && p.kind != "IEND"
	return nil
}

func (p *pngRows) header(b []byte) error {
	if len(b) < 13 {
		return errNoPixels
	}
	width, height := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
	p.depth, p.colour, p.interlaced = b[8], b[9], b[12] == 1
	known := int(p.colour) < len(pngChannels) && pngChannels[p.colour] > 0
	switch p.depth {
	case 1, 2, 4:
		known = known && (p.colour == 0 || p.colour == 3)
	case 8:
	case 16:
		known = known && p.colour != 3
	default:
		known = false
	}
	if !known || width == 0 || height == 0 || width > streamedEdge || height > streamedEdge || b[10] != 0 || b[11] != 0 || b[12] > 1 {
		return errNoPixels
	}
	p.width, p.height = int(width), int(height)
	return nil
}

// Read is the compressed pixels: what all IDAT chunks hold.
func (p *pngRows) Read(b []byte) (int, error) {
	for p.left == 0 || p.after != "" {
		if p.after != "" {
			return 0, io.EOF
		}
		if err := p.checksum(); err != nil {
			return 0, err
		}
		kind, err := p.chunk()
		if err != nil {
			return 0, err
		}
		if kind != "IDAT" {
			p.after = kind
		}
	}
	n, err := p.in.Read(b[:min(len(b), p.left)])
	p.sum.Write(b[:n])
	p.left -= n
	return n, err
}

// pixelSink takes pixels as straight RGBA.
type pixelSink interface {
	row(y int, rgba []uint8) // rows come from top to bottom
	dot(x, y int, p []uint8) // these come in no order
	grey(y int)              // nothing more comes from row y on
	flush()                  // all rows came
	full() bool              // what isn't there yet is to be filled
}

// pngResult is how far the pixels of a PNG could be read.
type pngResult struct {
	rows  int     // whole rows from the top; of an interlaced picture all or none
	share float64 // of the pixels
	right bool    // the pixels' own checksum is right, or was cut off
	odd   bool    // something beside the pixels is wrong
}

// read inflates all pixels and hands them to sink, which may be nil.
func (p *pngRows) read(sink pixelSink) pngResult {
	body := bufio.NewReader(p)
	_, _ = body.Discard(2) // the zlib header holds nothing that is needed
	inflated := flate.NewReader(body)
	sum := adler32.New()
	source := io.TeeReader(inflated, sum)
	var result pngResult
	if p.interlaced {
		result.share = p.readPasses(source, sink)
		if result.share == 1 {
			result.rows = p.height
		}
	} else {
		result.rows = p.readRows(source, sink)
		result.share = float64(result.rows) / float64(p.height)
	}
	if result.share < 1 {
		return result
	}
	// At the end only its own end mark may follow.
	extra, err := io.Copy(io.Discard, io.LimitReader(inflated, 1))
	var adler [4]byte
	_, cut := io.ReadFull(body, adler[:])
	result.right = err == nil && extra == 0 && (cut != nil || binary.BigEndian.Uint32(adler[:]) == sum.Sum32())
	ended := p.ends()
	result.odd = p.odd || err != nil || extra > 0 || cut != nil || !ended
	return result
}

// ends reports whether what follows the pixels leads to the end mark.
func (p *pngRows) ends() bool {
	if _, err := io.Copy(io.Discard, p); err != nil {
		return false
	}
	for {
		if _, err := io.CopyN(p.sum, p.in, int64(p.left)); err != nil {
			return false
		}
		if err := p.checksum(); err != nil || p.after == "IEND" {
			return err == nil
		}
		var err error
		if p.after, err = p.chunk(); err != nil {
			return false
		}
	}
}

// readRows returns how many whole rows there are.
func (p *pngRows) readRows(r io.Reader, sink pixelSink) int {
	f := newPNGFilter(&p.pngHeader, p.width)
	rgba := make([]uint8, 4*p.width)
	for y := range p.height {
		row, ok := f.next(r)
		if !ok {
			if sink != nil {
				sink.grey(y)
			}
			return y
		}
		if sink != nil {
			p.expand(rgba, row, p.width)
			sink.row(y, rgba)
		}
	}
	if sink != nil {
		sink.flush()
	}
	return p.height
}

// passes of Adam7: the first column and row, and the steps.
var passes = [7]struct{ x, y, dx, dy int }{
	{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2},
}

// readPasses returns the share of the pixels that are there. What lies beside
// a pixel takes its colour until a later pass says better.
func (p *pngRows) readPasses(r io.Reader, sink pixelSink) float64 {
	if sink != nil {
		sink.grey(0)
	}
	read := 0
	rgba := make([]uint8, 4*p.width)
	for i, pass := range passes {
		width := (p.width - pass.x + pass.dx - 1) / pass.dx
		if width <= 0 || p.height <= pass.y {
			continue
		}
		f := newPNGFilter(&p.pngHeader, width)
		for y := pass.y; y < p.height; y += pass.dy {
			row, ok := f.next(r)
			if !ok {
				return float64(read) / (float64(p.width) * float64(p.height))
			}
			read += width
			if sink == nil {
				continue
			}
			p.expand(rgba, row, width)
			for n := range width {
				p.block(sink, pass.x+n*pass.dx, y, i, rgba[4*n:4*n+4])
			}
		}
	}
	return 1
}

// block draws a pixel of a pass, and those that no pass has brought yet.
func (p *pngRows) block(sink pixelSink, x, y, pass int, rgba []uint8) {
	spread := [7][2]int{{8, 8}, {4, 8}, {4, 4}, {2, 4}, {2, 2}, {1, 2}, {1, 1}}[pass]
	if !sink.full() {
		spread = [2]int{1, 1}
	}
	for v := y; v < min(y+spread[1], p.height); v++ {
		for u := x; u < min(x+spread[0], p.width); u++ {
			sink.dot(u, v, rgba)
		}
	}
}
