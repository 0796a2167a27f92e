// How much memory pictures may take while they are decoded: one budget for
// the whole program, since it has one memory.

package photo

import (
	"bufio"
	"bytes"
	"context"
	"image"
	"io"

	"golang.org/x/sync/semaphore"
)

const (
	// decodeBudget bounds, in bytes, what all pictures that are being decoded at
	// the same time hold together: their files and their pixels.
	decodeBudget = 96 << 20
	// smallMost bounds, in bytes, a picture that has a budget beside that one,
	// smallBudget: it never waits behind large ones.
	smallMost, smallBudget = 8 << 20, 16 << 20
	// wholeMost bounds, in bytes, a picture of a kind that can only be decoded at
	// once: WebP, GIF, BMP. It waits until nothing else is decoded.
	wholeMost = 160 << 20
	// coefficientsMost is how many bytes of a JPEG's coefficients are kept where
	// its pixels come in several scans; a larger one is drawn from the averages
	// of its blocks of 8 × 8.
	coefficientsMost = 64 << 20
	// streamedEdge and streamedPixels are the limits of what is drawn row by row:
	// how long that may take.
	streamedEdge, streamedPixels = 1<<16 - 1, 400_000_000
	// drawnMost is how many pixels a picture has at most that is drawn from a
	// file too large to be decoded at once: 20 MiB of RGBA.
	drawnMost = 5 << 20
)

// decoding is shared by everything that decodes. What would need more than all
// of it waits until nothing else of its size is decoded. Small pictures share
// decodingSmall.
var decoding, decodingSmall = semaphore.NewWeighted(decodeBudget), semaphore.NewWeighted(smallBudget)

// weigh waits until n bytes of pictures may be held, and returns what gives
// them back. It must not be called while holding some already.
func weigh(ctx context.Context, n int64) (release func(), err error) {
	n = min(max(n, 1), decodeBudget)
	budget := decoding
	if n <= smallMost {
		budget = decodingSmall
	}
	if err := budget.Acquire(ctx, n); err != nil {
		return nil, err
	}
	return func() { budget.Release(n) }, nil
}

// measured is what is known of a picture before it is read.
type measured struct {
	format        string // "" where it can't be decoded at once anyway
	bytes         int64  // of its file
	width, height int
	progressive   bool
	coded         int64 // pixels that are decoded, where more are than are shown
}

// measure reads the beginning of r, and leaves it at its start.
func measure(r io.ReadSeeker) (m measured) {
	defer func() { _, _ = r.Seek(0, io.SeekStart) }()
	var err error
	if m.bytes, err = r.Seek(0, io.SeekEnd); err != nil {
		return m
	}
	if _, err = r.Seek(0, io.SeekStart); err != nil {
		return m
	}
	lead := make([]byte, min(m.bytes, headerLead))
	n, _ := io.ReadFull(r, lead)
	lead = lead[:n]
	format, why := sniff(lead[:min(n, sniffLen)])
	if why != nil {
		return m
	}
	config, err := recovered(func() (image.Config, error) {
		return decoders[format].config(bufio.NewReader(io.MultiReader(bytes.NewReader(lead), r)))
	})
	if err != nil || checkDimensions(config.Width, config.Height) != nil {
		return m
	}
	m.format, m.width, m.height = format, config.Width, config.Height
	m.progressive = format == formatJPEG && isProgressive(lead)
	m.coded = codedPixels(format, lead)
	return m
}

// atOnce is about how many bytes it takes to have the file and all pixels in
// memory: a progressive JPEG's coefficients too.
func (m measured) atOnce() int64 {
	pixels, perPixel := max(m.coded, int64(m.width)*int64(m.height)), int64(4)
	switch {
	case m.format == formatHEIC:
		return 2*m.bytes + pixels*heicPerPixel + codecOwn
	case m.format == formatAVIF:
		return 2*m.bytes + pixels*avifPerPixel + codecOwn
	case m.format == formatTIFF:
		return 2*m.bytes + pixels*tiffPerPixel
	case m.progressive:
		perPixel = 15
	case m.format == formatJPEG:
		perPixel = 3
	}
	return m.bytes + pixels*perPixel
}

// codedPixels is how many pixels a HEIC or AVIF holds before it is cropped; 0
// for other formats.
func codedPixels(format string, data []byte) int64 {
	if format != formatHEIC && format != formatAVIF {
		return 0
	}
	f := readHEIF(data)
	return int64(f.width) * int64(f.height)
}

// What the decoders of other kinds hold a pixel, in bytes: the coded picture,
// its copies on the way out, and RGBA; and what they hold without any picture.
const (
	heicPerPixel, avifPerPixel, tiffPerPixel = 8, 14, 12
	codecOwn                                 = 8 << 20
)

// needed is atOnce for a picture whose file was read.
func (p *picture) needed() int64 {
	return measured{format: p.format, bytes: int64(len(p.data)), width: p.width, height: p.height, coded: codedPixels(p.format, p.data)}.atOnce()
}

// fitsAtOnce reports whether a picture can be decoded at once and scaled to an
// edge. One that can't be decoded so anyway does.
func fitsAtOnce(r io.ReadSeeker, edge int) bool {
	e := examination{in: r, size: sniffLen}
	e.head, _ = e.leading(sniffLen)
	switch format, _ := sniff(e.head); format {
	case formatHEIC, formatAVIF, formatTIFF:
		return true // they can only be decoded at once; decoding says what is too large
	}
	m := measure(r)
	switch m.format {
	case "":
		return m.bytes <= MaxBytes
	case formatWebP:
		return m.atOnce() <= wholeMost
	}
	copied := int64(0)
	if m.format != formatJPEG || max(m.width, m.height) < 4*edge {
		copied = int64(m.width) * int64(m.height) * 4 // what is little larger is scaled as RGBA
	}
	return m.bytes <= MaxBytes && m.atOnce()+copied <= decodeBudget
}
