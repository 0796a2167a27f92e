// Walking the boxes of HEIC and AVIF files for what stands beside the pixels
// (ISO/IEC 14496-12; ISO/IEC 23008-12, HEIF).

package photo

import (
	"bytes"
	"encoding/binary"
	"image"
	"math"
)

// heifFacts is what a HEIC or AVIF file says of its primary picture.
type heifFacts struct {
	width, height int             // as coded, before it is cropped and turned; 0 where unknown
	clean         image.Rectangle // what of it is to be seen; empty for all
	quarters      int             // turned so often by 90°, against the clock
	mirror        int             // 0 for none, 1 top to bottom, 2 left to right
	profile       []byte
	colour        *codedColour
	exif          exif
	hasAlpha      bool
}

// codedColour is how colours are coded, by the numbers of ITU-T H.273.
type codedColour struct {
	primaries, transfer, matrix int
	fullRange                   bool
}

// box hands out the boxes of b; the last one may be cut.
func eachBox(b []byte, do func(kind string, body []byte)) {
	for len(b) >= 8 {
		size, head := uint64(binary.BigEndian.Uint32(b)), uint64(8)
		switch {
		case size == 1 && len(b) >= 16:
			size, head = binary.BigEndian.Uint64(b[8:]), 16
		case size == 0:
			size = uint64(len(b))
		}
		if size < head {
			return
		}
		end := min(size, uint64(len(b)))
		do(string(b[4:8]), b[min(head, end):end])
		b = b[end:]
	}
}

// property is one of the properties that items share.
type property struct {
	kind string
	body []byte
}

// heifMeta is the meta box, as far as it is needed.
type heifMeta struct {
	primary    int
	properties []property
	of         map[int][]int // an item's properties, counted from 1
	exifItem   int
	at         map[int][2]uint64 // where an item lies in the file: offset, length
	hasAlpha   bool
}

func readHEIF(data []byte) heifFacts {
	m := heifMeta{of: map[int][]int{}, at: map[int][2]uint64{}}
	eachBox(data, func(kind string, body []byte) {
		if kind == "meta" && len(body) > 4 && m.primary == 0 {
			eachBox(body[4:], m.box)
		}
	})
	f := heifFacts{exif: exif{orientation: 1}, hasAlpha: m.hasAlpha}
	for _, index := range m.of[m.primary] {
		if index >= 1 && index <= len(m.properties) {
			f.take(m.properties[index-1])
		}
	}
	if at, ok := m.at[m.exifItem]; ok && m.exifItem > 0 && at[0] < uint64(len(data)) {
		block := data[at[0]:min(at[0]+min(at[1], 1<<20), uint64(len(data)))]
		if len(block) > 4 {
			skip := uint64(binary.BigEndian.Uint32(block)) + 4
			f.exif = parseEXIF(block[min(skip, uint64(len(block))):])
			f.exif.orientation = 1 // the file's own turning counts, not EXIF's
		}
	}
	return f
}

func (m *heifMeta) box(kind string, body []byte) {
	switch kind {
	case "pitm":
		if len(body) >= 6 {
			m.primary = int(binary.BigEndian.Uint16(body[4:]))
			if body[0] > 0 && len(body) >= 8 {
				m.primary = int(binary.BigEndian.Uint32(body[4:]))
			}
		}
	case "iprp":
		eachBox(body, func(kind string, body []byte) {
			switch kind {
			case "ipco":
				eachBox(body, func(kind string, body []byte) { m.property(property{kind, body}) })
			case "ipma":
				m.associations(body)
			}
		})
	case "iinf":
		m.items(body)
	case "iloc":
		m.locations(body)
	}
}

func (m *heifMeta) property(p property) {
	m.properties = append(m.properties, p)
	if p.kind == "auxC" && bytes.Contains(p.body, []byte("alpha")) || p.kind == "auxC" && bytes.Contains(p.body, []byte("auxid:1")) {
		m.hasAlpha = true
	}
}

// fields reads numbers off the front of a box; beyond its end all are 0.
type fields struct{ b []byte }

func (f *fields) number(size int) (n uint64) {
	for range size {
		n <<= 8
		if len(f.b) > 0 {
			n |= uint64(f.b[0])
			f.b = f.b[1:]
		}
	}
	return n
}

func (m *heifMeta) associations(body []byte) {
	f := fields{body}
	version, flags := f.number(1), f.number(3)
	idSize, indexSize := 2, 1
	if version > 0 {
		idSize = 4
	}
	if flags&1 != 0 {
		indexSize = 2
	}
	essential := uint64(1) << (8*indexSize - 1)
	for count := f.number(4); count > 0 && len(f.b) > 0; count-- {
		item := int(f.number(idSize))
		for n := f.number(1); n > 0 && len(f.b) > 0; n-- {
			m.of[item] = append(m.of[item], int(f.number(indexSize)&^essential))
		}
	}
}

func (m *heifMeta) items(body []byte) {
	f := fields{body}
	version := f.number(1)
	f.number(3)
	if version == 0 {
		f.number(2)
	} else {
		f.number(4)
	}
	eachBox(f.b, func(kind string, body []byte) {
		if kind != "infe" || len(body) < 12 || body[0] < 2 {
			return
		}
		entry := fields{body[4:]}
		idSize := 2
		if body[0] > 2 {
			idSize = 4
		}
		item := int(entry.number(idSize))
		entry.number(2)
		if len(entry.b) >= 4 && string(entry.b[:4]) == "Exif" && m.exifItem == 0 {
			m.exifItem = item
		}
	})
}

func (m *heifMeta) locations(body []byte) {
	f := fields{body}
	version := f.number(1)
	f.number(3)
	sizes := f.number(2)
	offsetSize, lengthSize, baseSize, indexSize := int(sizes>>12), int(sizes>>8&15), int(sizes>>4&15), int(sizes&15)
	idSize := 2
	if version >= 2 {
		idSize = 4
	}
	for count := f.number(idSize); count > 0 && len(f.b) > 0; count-- {
		item := int(f.number(idSize))
		method := uint64(0)
		if version > 0 {
			method = f.number(2) & 15
		}
		f.number(2)
		start := f.number(baseSize)
		for n := f.number(2); n > 0 && len(f.b) > 0; n-- {
			if version > 0 {
				f.number(indexSize)
			}
			offset, length := f.number(offsetSize), f.number(lengthSize)
			if _, known := m.at[item]; !known && method == 0 {
				m.at[item] = [2]uint64{start + offset, length}
			}
		}
	}
}

func (f *heifFacts) take(p property) {
	in := fields{p.body}
	switch p.kind {
	case "ispe":
		in.number(4)
		w, h := in.number(4), in.number(4)
		if w < 1<<20 && h < 1<<20 {
			f.width, f.height = int(w), int(h)
		}
	case "clap":
		f.clean = cleanAperture(f.width, f.height, in)
	case "irot":
		f.quarters = int(in.number(1) & 3)
	case "imir":
		f.mirror = 1 + int(in.number(1)&1)
	case "colr":
		if len(p.body) < 4 {
			return
		}
		switch string(p.body[:4]) {
		case "prof", "rICC":
			if len(p.body) <= maxProfile {
				f.profile = p.body[4:]
			}
		case "nclx":
			in.number(4)
			f.colour = &codedColour{primaries: int(in.number(2)), transfer: int(in.number(2)), matrix: int(in.number(2))}
			f.colour.fullRange = in.number(1)&0x80 != 0
		}
	}
}

// cleanAperture is the part of a picture of so many pixels that a clap box
// leaves (ISO/IEC 14496-12, 12.1.4), its edges rounded as libheif does it; all
// of it where the box makes no sense.
func cleanAperture(width, height int, in fields) image.Rectangle {
	along := func(size int, part, offset float64) (from, to int) {
		first := offset + float64(size-1)/2 - (part-1)/2
		return int(math.Floor(first)), int(math.Floor(first+part-0.5)) + 1
	}
	var n [4]float64 // width, height, and how far the middle is off
	for i := range n {
		numerator, denominator := int32(in.number(4)), int32(in.number(4))
		if denominator == 0 {
			return image.Rectangle{}
		}
		n[i] = float64(numerator) / float64(denominator)
	}
	if n[0] < 1 || n[1] < 1 || n[0] > float64(width) || n[1] > float64(height) {
		return image.Rectangle{}
	}
	left, right := along(width, n[0], n[2])
	top, bottom := along(height, n[1], n[3])
	return image.Rect(left, top, right, bottom).Intersect(image.Rect(0, 0, width, height))
}

// shown is the size of what is to be seen, not yet turned.
func (f *heifFacts) shown() (width, height int) {
	if f.clean.Empty() {
		return f.width, f.height
	}
	return f.clean.Dx(), f.clean.Dy()
}

// orientation is the turning and mirroring as EXIF counts it. A picture is
// turned first (ISO/IEC 23000-22, 7.3.6.7).
func (f *heifFacts) orientation() int {
	turns := [4][3]int{0: {1, 4, 2}, 1: {8, 5, 7}, 2: {3, 2, 4}, 3: {6, 7, 5}}
	return turns[f.quarters][f.mirror]
}
