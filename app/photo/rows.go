// Drawing a picture that comes row by row, at any smaller size, without ever
// holding all of it.

package photo

import "image"

// rowSink takes the rows of a picture of width × height pixels, each as many
// straight RGBA values, and averages them into a picture of its own size.
type rowSink struct {
	width, height int
	out           *image.RGBA
	sums          []uint32 // of the output row being gathered: r, g, b, a
	counts        []uint32
	column        []int // the output column of each input column
	at            int   // the output row being gathered
}

// newRowSink draws so that no edge is longer than edge, and never enlarged.
func newRowSink(width, height, edge int) *rowSink {
	w, h := width, height
	if max(w, h) > edge {
		w, h = fitSize(width, height, edge)
	}
	for w*h > drawnMost {
		w, h = fitSize(width, height, max(w, h)*7/8)
	}
	s := &rowSink{width: width, height: height, out: image.NewRGBA(image.Rect(0, 0, w, h))}
	s.sums, s.counts, s.column = make([]uint32, 4*w), make([]uint32, w), make([]int, width)
	for x := range s.column {
		s.column[x] = x * w / width
	}
	return s
}

// full reports that every pixel is drawn as it is.
func (s *rowSink) full() bool { return s.out.Rect.Dx() == s.width && s.out.Rect.Dy() == s.height }

// row adds row y; rows come from top to bottom.
func (s *rowSink) row(y int, rgba []uint8) {
	if to := y * s.out.Rect.Dy() / s.height; to != s.at {
		s.flush()
		s.at = to
	}
	for x, column := range s.column {
		p, sum := rgba[4*x:4*x+4:4*x+4], s.sums[4*column:4*column+4:4*column+4]
		alpha := uint32(p[3])
		if alpha == 0xff {
			sum[0] += uint32(p[0])
			sum[1] += uint32(p[1])
			sum[2] += uint32(p[2])
		} else {
			sum[0] += uint32(p[0]) * alpha / 0xff
			sum[1] += uint32(p[1]) * alpha / 0xff
			sum[2] += uint32(p[2]) * alpha / 0xff
		}
		sum[3] += alpha
		s.counts[column]++
	}
}

// flush writes the output row that was gathered.
func (s *rowSink) flush() {
	row := s.out.Pix[s.at*s.out.Stride:]
	for i, n := range s.counts {
		if n == 0 {
			continue
		}
		for c := range 4 {
			row[4*i+c] = uint8((s.sums[4*i+c] + n/2) / n)
		}
	}
	clear(s.sums)
	clear(s.counts)
}

// dot draws one pixel that comes in no order, as in an interlaced PNG: the last
// one that falls on a place stays.
func (s *rowSink) dot(x, y int, p []uint8) {
	at := s.out.Pix[(y*s.out.Rect.Dy()/s.height)*s.out.Stride+4*s.column[x]:]
	alpha := uint32(p[3])
	at[0], at[1], at[2] = uint8(uint32(p[0])*alpha/0xff), uint8(uint32(p[1])*alpha/0xff), uint8(uint32(p[2])*alpha/0xff)
	at[3] = p[3]
}

// grey fills what has not been drawn from row y of the picture on.
func (s *rowSink) grey(y int) {
	s.flush()
	from := min(s.out.Rect.Dy(), (y*s.out.Rect.Dy()+s.height-1)/s.height)
	for i := from * s.out.Stride; i+3 < len(s.out.Pix); i += 4 {
		s.out.Pix[i], s.out.Pix[i+1], s.out.Pix[i+2], s.out.Pix[i+3] = unreadGrey, unreadGrey, unreadGrey, 0xff
	}
}

// unreadGrey is the brightness of what could not be read.
const unreadGrey = 0x80
