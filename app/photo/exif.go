// The two facts needed from EXIF: which way up the picture is, and whether it
// tells where it was taken.

package photo

import "encoding/binary"

// Tags of the first image file directory (EXIF 2.32, section 4.6).
const (
	tagOrientation = 0x0112
	tagGPS         = 0x8825
)

// exif is what was found in one EXIF block.
type exif struct {
	orientation int  // 1 to 8; 1 when absent or out of range
	hasLocation bool // holds a GPS directory
}

// parseEXIF reads a TIFF structure. Whatever is out of bounds or makes no
// sense is treated as absent: a broken note about a photo does not spoil the
// photo.
func parseEXIF(b []byte) exif {
	found := exif{orientation: 1}
	if len(b) >= 6 && string(b[:6]) == "Exif\x00\x00" {
		b = b[6:]
	}
	if len(b) < 8 {
		return found
	}
	var order binary.ByteOrder
	switch string(b[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return found
	}
	start := uint64(order.Uint32(b[4:]))
	if start+2 > uint64(len(b)) {
		return found
	}
	entries := b[start+2:]
	for range order.Uint16(b[start:]) {
		if len(entries) < 12 {
			break
		}
		readEntry(entries[:12], order, &found)
		entries = entries[12:]
	}
	return found
}

func readEntry(entry []byte, order binary.ByteOrder, found *exif) {
	const short, long = 3, 4
	switch order.Uint16(entry) {
	case tagGPS:
		found.hasLocation = true
	case tagOrientation:
		var value uint32
		switch order.Uint16(entry[2:]) {
		case short:
			value = uint32(order.Uint16(entry[8:]))
		case long:
			value = order.Uint32(entry[8:])
		}
		if value >= 1 && value <= 8 {
			found.orientation = int(value)
		}
	}
}
