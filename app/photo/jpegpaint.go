// From a JPEG's coefficients to rows of pixels.

package photo

import (
	"image/color"
	"math"
)

// read reads all scans and hands the rows to sink, which may be nil: then
// nothing is drawn. most is how many bytes of coefficients may be kept; with
// fewer than the picture needs it is drawn from the averages of its blocks.
func (j *jpegStream) read(sink *rowSink, most int) error {
	s, err := j.readScan()
	if err != nil {
		return err
	}
	if !j.progressive && len(s.components) == len(j.components) {
		done := j.sequentialScan(s, sink)
		j.share = float64(done) / float64(s.mcusX*s.mcusY)
		j.finish()
		return nil
	}
	perBlock, scans := j.keepBlocks(most), 1
	for {
		j.keptScan(s, perBlock)
		marker, err := j.untilScan()
		if err != nil || marker == mEOI {
			j.whole = err == nil && !j.wrong
			break
		}
		if s, err = j.readScan(); err != nil {
			break
		}
		// What later scans would add is left out rather than waited for.
		if scans++; !jpegWorkFits(scans, j.width, j.height) {
			j.wrong = true
			break
		}
		if err := j.ctx.Err(); err != nil {
			return err
		}
	}
	for _, c := range j.components {
		if !c.read {
			j.share = 0
			return errNoPixels
		}
	}
	if sink != nil {
		for y := range j.mcusY {
			if err := j.ctx.Err(); err != nil {
				return err
			}
			j.paintRow(y, perBlock, y, sink)
		}
		sink.flush()
	}
	return nil
}

// finish looks for the end mark.
func (j *jpegStream) finish() {
	for {
		marker, err := j.nextMarker()
		if err != nil {
			return
		}
		if marker == mEOI {
			j.whole = !j.wrong
			return
		}
	}
}

// keepBlocks makes room for coefficients: 64 of a block, or 1.
func (j *jpegStream) keepBlocks(most int) (perBlock int) {
	total := 0
	for _, c := range j.components {
		total += c.across * c.down
	}
	perBlock = 64
	if total*64*2 > most {
		perBlock = 1
	}
	for _, c := range j.components {
		c.coefficients = make([]int16, c.across*c.down*perBlock)
	}
	return perBlock
}

// sequentialScan draws while it reads, and returns how many MCUs were whole.
func (j *jpegStream) sequentialScan(s *jpegScan, sink *rowSink) (done int) {
	for _, c := range j.components {
		c.coefficients = make([]int16, c.across*int(c.v)*64) // one row of MCUs
	}
	rowOf := -1
	begin := func(row int) {
		for ; rowOf < row; rowOf++ {
			if rowOf >= 0 && sink != nil {
				j.paintRow(rowOf, 64, 0, sink)
			}
			for _, c := range j.components {
				clear(c.coefficients)
			}
		}
	}
	last := j.eachMCU(s, func(mcu int) error {
		begin(mcu / s.mcusX)
		for _, c := range s.components {
			for v := range int(c.v) {
				for h := range int(c.h) {
					at := (v*c.across + mcu%s.mcusX*int(c.h) + h) * 64
					if err := j.sequential(c, c.coefficients[at:at+64]); err != nil {
						return err
					}
				}
			}
		}
		done++
		return nil
	})
	if sink == nil {
		return done
	}
	if rowOf >= 0 {
		j.paintRow(rowOf, 64, 0, sink)
	}
	if row := (last + s.mcusX - 1) / s.mcusX; row < s.mcusY {
		sink.grey(min(row*8*j.vMost, j.height))
	} else {
		sink.flush()
	}
	return done
}

// eachMCU calls read for one MCU after the other, beyond what is wrong where a
// restart marker allows that, and returns the MCU after the last one read.
func (j *jpegStream) eachMCU(s *jpegScan, read func(mcu int) error) (last int) {
	j.bits, j.count, j.eobrun = 0, 0, 0
	for _, c := range s.components {
		c.predicted = 0
	}
	total := s.mcusX * s.mcusY
	for mcu := 0; mcu < total; {
		if mcu%s.mcusX == 0 && j.ctx.Err() != nil {
			j.wrong = true
			return mcu
		}
		if j.restart > 0 && mcu > 0 && mcu%j.restart == 0 {
			next, ok := j.restarted(s, mcu)
			if !ok || next != mcu {
				j.wrong = true
			}
			if !ok {
				return mcu
			}
			mcu = next
			if mcu >= total {
				break
			}
		}
		if err := read(mcu); err != nil {
			j.wrong = true
			if j.restart == 0 || isCut(err) {
				return mcu
			}
			mcu += j.restart - mcu%j.restart
			last = mcu
			continue
		}
		mcu++
		last = mcu
	}
	return min(last, total)
}

// keptScan reads a scan into the kept coefficients.
func (j *jpegStream) keptScan(s *jpegScan, perBlock int) {
	if perBlock == 1 && s.start > 0 {
		return // the next marker is looked for; these values aren't kept
	}
	done := 0
	j.eachMCU(s, func(mcu int) error {
		for _, c := range s.components {
			across, down := 1, 1
			if s.interleaved {
				across, down = int(c.h), int(c.v)
			}
			for i := range across * down {
				x, y := mcu%s.mcusX*across+i%across, mcu/s.mcusX*down+i/across
				at := (y*c.across + x) * perBlock
				if err := j.keptBlock(s, c, c.coefficients[at:at+perBlock]); err != nil {
					return err
				}
			}
		}
		done++
		return nil
	})
	if s.start > 0 || s.high > 0 {
		return
	}
	for _, c := range s.components {
		// The picture is there as far as each component's first scan is.
		part := float64(done) / float64(s.mcusX*s.mcusY) / float64(len(j.components))
		if !c.read {
			j.share += part
			c.read = true
		}
	}
}

func (j *jpegStream) keptBlock(s *jpegScan, c *jpegComponent, block []int16) error {
	switch {
	case !j.progressive:
		return j.sequential(c, block)
	case s.start == 0:
		return j.progressiveDC(s, c, block)
	case s.high == 0:
		return j.progressiveFirst(s, c, block)
	}
	return j.progressiveRefine(s, c, block)
}

// paintRow draws one row of MCUs whose coefficients lie from row at of MCUs on.
func (j *jpegStream) paintRow(y, perBlock, at int, sink *rowSink) {
	for _, c := range j.components {
		stride := c.across * 8
		if c.strip == nil {
			c.strip = make([]uint8, stride*int(c.v)*8)
		}
		for v := range int(c.v) {
			for x := range c.across {
				from := ((at*int(c.v)+v)*c.across + x) * perBlock
				j.inverse(c, c.coefficients[from:from+perBlock], c.strip[v*8*stride+x*8:], stride)
			}
		}
	}
	rgba := make([]uint8, 4*j.width)
	for line := range 8 * j.vMost {
		row := y*8*j.vMost + line
		if row >= j.height {
			return
		}
		j.colours(rgba, line)
		sink.row(row, rgba)
	}
}

// cosines is the inverse transform of one dimension: by output, by frequency.
var cosines = func() (table [8][8]float32) {
	for x := range 8 {
		for u := range 8 {
			scale := 0.5
			if u == 0 {
				scale = math.Sqrt2 / 4
			}
			table[x][u] = float32(scale * math.Cos(float64(2*x+1)*float64(u)*math.Pi/16))
		}
	}
	return table
}()

// inverse makes a block's pixels (T.81, A.3.3).
func (j *jpegStream) inverse(c *jpegComponent, block []int16, to []uint8, stride int) {
	quant := &j.quant[c.table]
	shift := float32(1)
	if j.precision == 12 {
		shift = 1.0 / 16
	}
	flat := float32(block[0]) * float32(quant[0]) / 8 * shift
	if isFlat(block) {
		level := level(flat)
		for y := range 8 {
			for x := range 8 {
				to[y*stride+x] = level
			}
		}
		return
	}
	var half [64]float32
	for v := range 8 {
		var row [8]float32
		used := false
		for u := range 8 {
			row[u] = float32(block[8*v+u]) * float32(quant[8*v+u])
			used = used || block[8*v+u] != 0
		}
		if !used {
			continue
		}
		for x := range 8 {
			k := &cosines[x]
			half[8*v+x] = row[0]*k[0] + row[1]*k[1] + row[2]*k[2] + row[3]*k[3] + row[4]*k[4] + row[5]*k[5] + row[6]*k[6] + row[7]*k[7]
		}
	}
	for y := range 8 {
		k := &cosines[y]
		for x := range 8 {
			sum := half[x]*k[0] + half[8+x]*k[1] + half[16+x]*k[2] + half[24+x]*k[3] +
				half[32+x]*k[4] + half[40+x]*k[5] + half[48+x]*k[6] + half[56+x]*k[7]
			to[y*stride+x] = level(sum * shift)
		}
	}
}

func isFlat(block []int16) bool {
	for _, v := range block[1:] {
		if v != 0 {
			return false
		}
	}
	return true
}

func level(v float32) uint8 { return uint8(min(max(v+128.5, 0), 255)) }

// colours makes line of the row of MCUs that lies in the strips RGBA.
func (j *jpegStream) colours(rgba []uint8, line int) {
	var rows [4][]uint8
	var steps [4]int
	for i, c := range j.components {
		stride := c.across * 8
		rows[i] = c.strip[line*int(c.v)/j.vMost*stride:]
		steps[i] = int(c.h)
	}
	kind := j.colourKind()
	for x := range j.width {
		var p [4]uint8
		for i := range j.components {
			p[i] = rows[i][x*steps[i]/j.hMost]
		}
		r, g, b := kind(p)
		rgba[4*x], rgba[4*x+1], rgba[4*x+2], rgba[4*x+3] = r, g, b, 0xff
	}
}

// colourKind is how a pixel's components become RGB (JFIF, and Adobe's
// Technical Note 5116: with its marker CMYK is stored
// inverted, and YCCK as the inks of the inverted RGB).
func (j *jpegStream) colourKind() func([4]uint8) (r, g, b uint8) {
	switch n := len(j.components); {
	case n == 1:
		return func(p [4]uint8) (r, g, b uint8) { return p[0], p[0], p[0] }
	case n == 4 && j.adobe == 2:
		return func(p [4]uint8) (r, g, b uint8) {
			r, g, b = color.YCbCrToRGB(p[0], p[1], p[2])
			return times(^r, p[3]), times(^g, p[3]), times(^b, p[3])
		}
	case n == 4 && j.adobe >= 0:
		return func(p [4]uint8) (r, g, b uint8) { return times(p[0], p[3]), times(p[1], p[3]), times(p[2], p[3]) }
	case n == 4:
		return func(p [4]uint8) (r, g, b uint8) { return times(^p[0], ^p[3]), times(^p[1], ^p[3]), times(^p[2], ^p[3]) }
	case j.adobe == 0, j.adobe < 0 && j.components[0].id == 'R' && j.components[1].id == 'G' && j.components[2].id == 'B':
		return func(p [4]uint8) (r, g, b uint8) { return p[0], p[1], p[2] }
	}
	return func(p [4]uint8) (r, g, b uint8) { return color.YCbCrToRGB(p[0], p[1], p[2]) }
}

func times(a, b uint8) uint8 { return uint8((int(a)*int(b) + 127) / 255) }
