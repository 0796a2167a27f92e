// Walking the segments of a JPEG and the chunks of a PNG or WebP for what
// stands beside the pixels.

package photo

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"io"
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// maxProfile bounds an ICC profile, in bytes, after decompression.
const maxProfile = 4 << 20

// header is what a container says besides its pixels.
type header struct {
	exif     exif
	profile  []byte // ICC profile; nil when none
	animated bool
	complete bool // the container reaches its own end
	minBytes int  // the fewest bytes that the announced pixels can take
	scans    int  // of a JPEG

	coded            *codedColour // how colours are coded, where a profile doesn't say
	png              pngColour
	transparencyLost bool // the file has transparency that isn't read
	textDamaged      bool // the checksum of something beside the pixels is wrong
}

func readHeader(format string, data []byte) header {
	h := header{exif: exif{orientation: 1}}
	switch format {
	case formatJPEG:
		readJPEG(data, &h)
	case formatPNG:
		readPNG(data, &h)
	case formatWebP:
		readWebP(data, &h)
	case formatHEIC, formatAVIF:
		facts := readHEIF(data)
		h.complete, h.profile, h.exif, h.coded = true, facts.profile, facts.exif, facts.colour
		h.transparencyLost = facts.hasAlpha && format == formatHEIC
		if format == formatAVIF {
			h.exif.orientation = facts.orientation() // libheif turns by itself, libavif leaves it to us
		}
	case formatTIFF:
		readTIFF(data, &h)
	}
	return h
}

// readJPEG walks the segments up to the first scan. Whether the file is
// complete only its decoder can tell.
func readJPEG(data []byte, h *header) {
	h.complete = true
	const sof0, sof2, sos, app1, app2 = 0xc0, 0xc2, 0xda, 0xe1, 0xe2
	var profile profileParts
	seenEXIF := false
	for pos := 2; pos+4 <= len(data); {
		if data[pos] != 0xff {
			pos++
			continue
		}
		marker := data[pos+1]
		if marker == 0xff {
			pos++
			continue
		}
		if marker == 0x00 || marker == 0x01 || marker >= 0xd0 && marker <= 0xd8 {
			pos += 2
			continue
		}
		length := int(binary.BigEndian.Uint16(data[pos+2:]))
		end := pos + 2 + length
		if length < 2 || end > len(data) || marker == sos {
			break
		}
		body := data[pos+4 : end]
		switch {
		case marker >= sof0 && marker <= sof2 && len(body) >= 5:
			height, width := binary.BigEndian.Uint16(body[1:]), binary.BigEndian.Uint16(body[3:])
			// Every block of 8 × 8 pixels takes at least one bit.
			h.minBytes = int(width) * int(height) / 64 / 8
		case marker == app1 && !seenEXIF && bytes.HasPrefix(body, []byte("Exif\x00\x00")):
			seenEXIF = true
			h.exif = parseEXIF(body)
		case marker == app2:
			profile.add(body)
		}
		pos = end
	}
	h.profile = profile.join()
	h.scans = countScans(data)
}

// profileParts gathers an ICC profile that is spread over APP2 segments
// (ICC.1:2022, annex B.4).
type profileParts struct {
	parts [256][]byte
	count int
	size  int
}

func (p *profileParts) add(body []byte) {
	rest, ok := bytes.CutPrefix(body, []byte("ICC_PROFILE\x00"))
	if !ok || len(rest) < 2 {
		return
	}
	number, count := int(rest[0]), int(rest[1])
	if number == 0 || number > count || p.parts[number] != nil || p.count != 0 && count != p.count {
		return
	}
	p.count = count
	p.parts[number] = rest[2:]
	p.size += len(rest) - 2
}

func (p *profileParts) join() []byte {
	if p.count == 0 || p.size > maxProfile {
		return nil
	}
	var whole []byte
	for _, part := range p.parts[1 : p.count+1] {
		if part == nil {
			return nil
		}
		whole = append(whole, part...)
	}
	return whole
}

func readPNG(data []byte, h *header) {
	pixels := false
	for pos := len(pngSignature); pos+12 <= len(data); {
		length := uint64(binary.BigEndian.Uint32(data[pos:]))
		if length > uint64(len(data)-pos-12) {
			return
		}
		body := data[pos+8 : pos+8+int(length)]
		if ancillary := data[pos+4]&0x20 != 0; ancillary && !h.textDamaged {
			sum := crc32.ChecksumIEEE(data[pos+4 : pos+8+int(length)])
			h.textDamaged = sum != binary.BigEndian.Uint32(data[pos+8+int(length):])
		}
		switch string(data[pos+4 : pos+8]) {
		case "IHDR":
			h.minBytes = minBytesPNG(body)
		case "IDAT":
			pixels = true
		case "acTL":
			h.animated = h.animated || !pixels
		case "eXIf":
			h.exif = parseEXIF(body)
		case "sRGB", "gAMA", "cHRM", "cICP":
			h.png.chunk(string(data[pos+4:pos+8]), body)
			if h.png.sRGB {
				h.profile = nil
			}
		case "iCCP":
			if !h.png.sRGB {
				h.profile = inflateProfile(body)
			}
		case "IEND":
			h.complete = true
			return
		}
		pos += 12 + int(length)
	}
}

// minBytesPNG is the size of the pixels divided by the best that deflate can do,
// which is a little under 1032 to 1.
func minBytesPNG(ihdr []byte) int {
	if len(ihdr) < 10 {
		return 0
	}
	width, height := uint64(binary.BigEndian.Uint32(ihdr)), uint64(binary.BigEndian.Uint32(ihdr[4:]))
	if width > MaxEdge || height > MaxEdge {
		return 0
	}
	channels := map[byte]uint64{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[ihdr[9]]
	row := (width*channels*uint64(ihdr[8]) + 7) / 8
	return int(row * height / 1032)
}

func inflateProfile(body []byte) []byte {
	_, rest, ok := bytes.Cut(body, []byte{0})
	if !ok || len(rest) < 2 || rest[0] != 0 {
		return nil
	}
	z, err := zlib.NewReader(bytes.NewReader(rest[1:]))
	if err != nil {
		return nil
	}
	defer z.Close()
	profile, err := io.ReadAll(io.LimitReader(z, maxProfile+1))
	if err != nil || len(profile) > maxProfile {
		return nil
	}
	return profile
}

func readWebP(data []byte, h *header) {
	if len(data) < 12 {
		return
	}
	end := uint64(binary.LittleEndian.Uint32(data[4:])) + 8
	if end > uint64(len(data)) {
		return
	}
	h.complete = true
	data = data[:end]
	for pos := 12; pos+8 <= len(data); {
		length := uint64(binary.LittleEndian.Uint32(data[pos+4:]))
		if length > uint64(len(data)-pos-8) {
			h.complete = false
			return
		}
		body := data[pos+8 : pos+8+int(length)]
		switch string(data[pos : pos+4]) {
		case "VP8X":
			const animation = 1 << 1
			h.animated = h.animated || len(body) > 0 && body[0]&animation != 0
		case "ANIM", "ANMF":
			h.animated = true
		case "EXIF":
			h.exif = parseEXIF(body)
		case "ICCP":
			if length <= maxProfile {
				h.profile = body
			}
		}
		pos += 8 + int(length+length&1)
	}
}

// isProgressive reports whether a JPEG that starts with lead is progressive.
func isProgressive(lead []byte) bool {
	for at := 2; at+4 <= len(lead) && lead[at] == 0xff; {
		const sof0, sof2, sos = 0xc0, 0xc2, 0xda
		marker := lead[at+1]
		if marker >= sof0 && marker <= sof2 || marker == sos {
			return marker == sof2
		}
		at += 2 + int(binary.BigEndian.Uint16(lead[at+2:]))
	}
	return false
}
