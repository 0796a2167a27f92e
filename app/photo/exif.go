// The two facts needed from EXIF: which way up the picture is, and whether it
// tells where it was taken.

package photo

import "encoding/binary"

// Tags of the first image file directory (EXIF 2.32, section 4.6).
const (
	tagOrientation = 0x0112
	tagGPS         = 0x8825
	tagEXIF        = 0x8769 // where the directory of the shot itself lies
	tagInterop     = 0xa005 // where the directory of interoperability lies
	tagInteropKind = 0x0001 // "R03" in it means Adobe RGB
)

// exif is what was found in one EXIF block.
type exif struct {
	orientation int  // 1 to 8; 1 when absent or out of range
	hasLocation bool // holds a GPS directory
	adobeRGB    bool // colours are Adobe RGB's (DCF 2.0, 5.3)
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
	var shot, interop uint32
	eachEntry(b, order, order.Uint32(b[4:]), func(entry []byte) {
		readEntry(entry, order, &found)
		if order.Uint16(entry) == tagEXIF {
			shot = order.Uint32(entry[8:])
		}
	})
	eachEntry(b, order, shot, func(entry []byte) {
		if order.Uint16(entry) == tagInterop {
			interop = order.Uint32(entry[8:])
		}
	})
	eachEntry(b, order, interop, func(entry []byte) {
		if order.Uint16(entry) == tagInteropKind && string(entry[8:11]) == "R03" {
			found.adobeRGB = true
		}
	})
	return found
}

// eachEntry hands out the entries of the directory at start; 0 is none.
func eachEntry(b []byte, order binary.ByteOrder, start uint32, do func(entry []byte)) {
	if start == 0 || uint64(start)+2 > uint64(len(b)) {
		return
	}
	entries := b[start+2:]
	for range order.Uint16(b[start:]) {
		if len(entries) < 12 {
			return
		}
		do(entries[:12])
		entries = entries[12:]
	}
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
