// From the filtered bytes of a PNG's rows to RGBA.

package photo

import "io"

// pngFilter undoes the filter of each row (PNG specification, section 9).
type pngFilter struct {
	this, before []byte // each led by its filter's number
	step         int    // bytes of a whole pixel, at least 1
}

func newPNGFilter(h *pngHeader, width int) *pngFilter {
	bits := pngChannels[h.colour] * int(h.depth)
	size := 1 + (width*bits+7)/8
	return &pngFilter{this: make([]byte, size), before: make([]byte, size), step: max(1, bits/8)}
}

// next is the next row, valid until the one after it; !ok where it isn't whole.
func (f *pngFilter) next(r io.Reader) (row []byte, ok bool) {
	f.this, f.before = f.before, f.this
	if _, err := io.ReadFull(r, f.this); err != nil {
		return nil, false
	}
	row, above := f.this[1:], f.before[1:]
	switch f.this[0] {
	case 0:
	case 1:
		for i := f.step; i < len(row); i++ {
			row[i] += row[i-f.step]
		}
	case 2:
		for i, up := range above {
			row[i] += up
		}
	case 3:
		for i, up := range above {
			left := 0
			if i >= f.step {
				left = int(row[i-f.step])
			}
			row[i] += uint8((left + int(up)) / 2)
		}
	case 4:
		f.paeth(row, above)
	default:
		return nil, false
	}
	return row, true
}

func (f *pngFilter) paeth(row, above []byte) {
	for i, up := range above {
		var left, corner int
		if i >= f.step {
			left, corner = int(row[i-f.step]), int(above[i-f.step])
		}
		b := int(up)
		toLeft, toUp := b-corner, left-corner
		toCorner := toLeft + toUp
		toLeft, toUp, toCorner = max(toLeft, -toLeft), max(toUp, -toUp), max(toCorner, -toCorner)
		switch {
		case toLeft <= toUp && toLeft <= toCorner:
			row[i] += uint8(left)
		case toUp <= toCorner:
			row[i] += up
		default:
			row[i] += uint8(corner)
		}
	}
}

// expand makes n pixels of a row straight RGBA of 8 bits a channel.
func (h *pngHeader) expand(to []uint8, row []byte, n int) {
	switch h.colour {
	case 0:
		h.expandGrey(to, row, n)
	case 3:
		h.expandPalette(to, row, n)
	default:
		h.expandColour(to, row, n)
	}
}

// sample is the i-th value of depth bits or less than 8 in a row.
func (h *pngHeader) sample(row []byte, i int) int {
	depth := int(h.depth)
	at := i * depth
	return int(row[at/8]) >> (8 - depth - at%8) & (1<<depth - 1)
}

func (h *pngHeader) expandGrey(to []uint8, row []byte, n int) {
	clear16 := -1
	if len(h.transparent) >= 2 {
		clear16 = int(h.transparent[0])<<8 | int(h.transparent[1])
	}
	for i := range n {
		var value int
		var grey uint8
		if h.depth == 16 {
			value, grey = int(row[2*i])<<8|int(row[2*i+1]), row[2*i]
		} else {
			value = h.sample(row, i)
			grey = uint8(value * 0xff / (1<<h.depth - 1))
		}
		to[4*i], to[4*i+1], to[4*i+2], to[4*i+3] = grey, grey, grey, 0xff
		if value == clear16 {
			to[4*i+3] = 0
		}
	}
}

func (h *pngHeader) expandPalette(to []uint8, row []byte, n int) {
	for i := range n {
		entry := h.sample(row, i)
		to[4*i], to[4*i+1], to[4*i+2], to[4*i+3] = 0, 0, 0, 0xff
		if 3*entry+2 < len(h.palette) {
			copy(to[4*i:4*i+3], h.palette[3*entry:])
		}
		if entry < len(h.transparent) {
			to[4*i+3] = h.transparent[entry]
		}
	}
}

// expandColour is for RGB, grey with alpha, and RGBA, of 8 or 16 bits.
func (h *pngHeader) expandColour(to []uint8, row []byte, n int) {
	channels, wide := pngChannels[h.colour], int(h.depth)/8
	clearing := h.colour == 2 && len(h.transparent) >= 6
	for i := range n {
		p := row[i*channels*wide:]
		out := to[4*i : 4*i+4]
		switch h.colour {
		case 4:
			out[0], out[1], out[2], out[3] = p[0], p[0], p[0], p[wide]
		case 6:
			out[0], out[1], out[2], out[3] = p[0], p[wide], p[2*wide], p[3*wide]
		default:
			out[0], out[1], out[2], out[3] = p[0], p[wide], p[2*wide], 0xff
			if clearing && h.isClear(p) {
				out[3] = 0
			}
		}
	}
}

// isClear reports whether a pixel has the colour that stands for transparent.
func (h *pngHeader) isClear(p []byte) bool {
	for c := range 3 {
		value := int(p[c])
		if h.depth == 16 {
			value = int(p[2*c])<<8 | int(p[2*c+1])
		}
		if value != int(h.transparent[2*c])<<8|int(h.transparent[2*c+1]) {
			return false
		}
	}
	return true
}
