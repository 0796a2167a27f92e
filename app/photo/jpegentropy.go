// The coded data of a JPEG's scans: bits, Huffman codes, coefficients. What
// makes no sense ends a scan, or the part up to its next restart marker.

package photo

import (
	"errors"
	"io"
)

// huffman is one table of codes (T.81, annex C).
type huffman struct {
	values []uint8
	quick  [256]uint16 // value << 4 | length of the codes of 8 bits or fewer, 0 for none
	first  [17]int     // the first code of each length
	index  [17]int     // and where its value stands
	counts [17]int
}

func (j *jpegStream) readHuffman(b []byte) error {
	for len(b) > 0 {
		if len(b) < 17 || b[0]>>4 > 1 || b[0]&15 > 3 {
			return errJPEG
		}
		h, total := &huffman{}, 0
		for i := range 16 {
			h.counts[i+1] = int(b[1+i])
			total += int(b[1+i])
		}
		if total > 256 || len(b) < 17+total {
			return errJPEG
		}
		h.values = append(h.values, b[17:17+total]...)
		if !h.build() {
			return errJPEG
		}
		j.tables[b[0]>>4][b[0]&15] = h
		b = b[17+total:]
	}
	return nil
}

func (h *huffman) build() bool {
	code, at := 0, 0
	for length := 1; length <= 16; length++ {
		h.first[length], h.index[length] = code, at
		for range h.counts[length] {
			if code >= 1<<length {
				return false
			}
			if length <= 8 {
				for i := range 1 << (8 - length) {
					h.quick[code<<(8-length)|i] = uint16(h.values[at])<<4 | uint16(length)
				}
			}
			code++
			at++
		}
		code <<= 1
	}
	return true
}

// fill has at least n bits ready, n up to 16. After the coded data come zeros,
// which count as wrong once they are used.
func (j *jpegStream) fill(n int) error {
	for j.count < n {
		b, err := j.codedByte()
		if err != nil {
			return err
		}
		j.bits = j.bits<<8 | uint32(b)
		j.count += 8
	}
	return nil
}

func (j *jpegStream) codedByte() (byte, error) {
	if j.marker != 0 {
		return 0, errJPEG
	}
	b, err := j.in.ReadByte()
	if err != nil || b != 0xff {
		return b, err
	}
	for b == 0xff {
		if b, err = j.in.ReadByte(); err != nil {
			return 0, err
		}
	}
	if b == 0 {
		return 0xff, nil
	}
	j.marker = b
	return 0, errJPEG
}

func (j *jpegStream) readBits(n int) (int, error) {
	if n == 0 {
		return 0, nil
	}
	if err := j.fill(n); err != nil {
		return 0, err
	}
	j.count -= n
	return int(j.bits>>j.count) & (1<<n - 1), nil
}

// value reads a signed value of n bits (T.81, F.2.2.1).
func (j *jpegStream) value(n int) (int, error) {
	v, err := j.readBits(n)
	if n > 0 && v < 1<<(n-1) {
		v += -1<<n + 1
	}
	return v, err
}

func (j *jpegStream) symbol(h *huffman) (int, error) {
	if h == nil {
		return 0, errJPEG
	}
	// The last codes may be shorter than what is looked at.
	if err := j.fill(8); err == nil {
		if q := h.quick[uint8(j.bits>>(j.count-8))]; q != 0 {
			j.count -= int(q & 15)
			return int(q >> 4), nil
		}
	}
	code := 0
	for length := 1; length <= 16; length++ {
		bit, err := j.readBits(1)
		if err != nil {
			return 0, err
		}
		code = code<<1 | bit
		if at := code - h.first[length]; at >= 0 && at < h.counts[length] {
			return int(h.values[h.index[length]+at]), nil
		}
	}
	return 0, errJPEG
}

// sequential reads a whole block; where only its first value is wanted, the
// others are passed over.
func (j *jpegStream) sequential(c *jpegComponent, block []int16) error {
	size, err := j.symbol(j.tables[0][c.dcTable])
	if err != nil || size > 16 {
		return orWrong(err)
	}
	diff, err := j.value(size)
	if err != nil {
		return err
	}
	c.predicted += diff
	block[0] = int16(c.predicted)
	for k := 1; k < 64; k++ {
		s, err := j.symbol(j.tables[1][c.acTable])
		if err != nil {
			return err
		}
		run, size := s>>4, s&15
		if size == 0 {
			if run < 15 {
				return nil
			}
			k += 15
			continue
		}
		if k += run; k > 63 {
			return errJPEG
		}
		v, err := j.value(size)
		if err != nil {
			return err
		}
		if len(block) == 64 {
			block[zigzag[k]] = int16(v)
		}
	}
	return nil
}

func orWrong(err error) error {
	if err == nil {
		return errJPEG
	}
	return err
}

// progressiveDC reads the first value of a block, or one more bit of it.
func (j *jpegStream) progressiveDC(s *jpegScan, c *jpegComponent, block []int16) error {
	if s.high > 0 {
		bit, err := j.readBits(1)
		block[0] |= int16(bit << s.low)
		return err
	}
	size, err := j.symbol(j.tables[0][c.dcTable])
	if err != nil || size > 16 {
		return orWrong(err)
	}
	diff, err := j.value(size)
	c.predicted += diff
	block[0] = int16(c.predicted << s.low)
	return err
}

// progressiveFirst reads the high bits of some of a block's other values.
func (j *jpegStream) progressiveFirst(s *jpegScan, c *jpegComponent, block []int16) error {
	if j.eobrun > 0 {
		j.eobrun--
		return nil
	}
	for k := s.start; k <= s.end; k++ {
		code, err := j.symbol(j.tables[1][c.acTable])
		if err != nil {
			return err
		}
		run, size := code>>4, code&15
		if size == 0 {
			if run < 15 {
				more, err := j.readBits(run)
				j.eobrun = 1<<run + more - 1
				return err
			}
			k += 15
			continue
		}
		if k += run; k > s.end {
			return errJPEG
		}
		v, err := j.value(size)
		if err != nil {
			return err
		}
		block[zigzag[k]] = int16(v << s.low)
	}
	return nil
}

// progressiveRefine reads one more bit of some of a block's values (T.81, G.1.2.3).
func (j *jpegStream) progressiveRefine(s *jpegScan, c *jpegComponent, block []int16) error {
	bit := int16(1) << s.low
	k := s.start
	for j.eobrun == 0 && k <= s.end {
		code, err := j.symbol(j.tables[1][c.acTable])
		if err != nil {
			return err
		}
		run, size := code>>4, code&15
		var v int16
		switch {
		case size == 0 && run < 15:
			more, err := j.readBits(run)
			if err != nil {
				return err
			}
			j.eobrun = 1<<run + more
			continue
		case size > 1:
			return errJPEG
		case size == 1:
			positive, err := j.readBits(1)
			if err != nil {
				return err
			}
			if v = -bit; positive == 1 {
				v = bit
			}
		}
		if k, err = j.refine(s, block, k, run, bit); err != nil {
			return err
		}
		if v != 0 && k <= s.end {
			block[zigzag[k]] = v
		}
		k++
	}
	if j.eobrun == 0 {
		return nil
	}
	j.eobrun--
	_, err := j.refine(s, block, k, 64, bit)
	return err
}

// refine corrects values that aren't zero, passing over zeros of them that are.
func (j *jpegStream) refine(s *jpegScan, block []int16, k, zeros int, bit int16) (int, error) {
	for ; k <= s.end; k++ {
		at := zigzag[k]
		if block[at] == 0 {
			if zeros == 0 {
				return k, nil
			}
			zeros--
			continue
		}
		correct, err := j.readBits(1)
		if err != nil {
			return k, err
		}
		if correct == 1 && block[at]&bit == 0 {
			if block[at] > 0 {
				block[at] += bit
			} else {
				block[at] -= bit
			}
		}
	}
	return k, nil
}

// restarted begins anew after a restart marker; !ok where there is no further
// one. Where coded data was wrong, it is looked for, and at is the MCU that
// follows it.
func (j *jpegStream) restarted(s *jpegScan, at int) (next int, ok bool) {
	j.bits, j.count, j.eobrun = 0, 0, 0
	for _, c := range s.components {
		c.predicted = 0
	}
	marker, err := j.nextMarker()
	if err != nil {
		return at, false
	}
	if marker < mRST0 || marker > mRST7 {
		j.marker = marker
		return at, false
	}
	// Some may have been lost: numbers count from 0 to 7.
	lost := (int(marker-mRST0) - s.restNum + 8) % 8
	s.restNum = (int(marker-mRST0) + 1) % 8
	return (at/j.restart + lost) * j.restart, true
}

// isCut reports that a file ended where more was to come.
func isCut(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }
