package avatars

import (
	"bytes"
	"encoding/binary"
)

// jpegOrientation returns the Orientation of the first Exif segment, or 1.
func jpegOrientation(upload []byte) int {
	for marker, segment := range segments(upload) {
		if tiff, ok := bytes.CutPrefix(segment, []byte("Exif\x00\x00")); ok && marker == app1 {
			return tiffOrientation(tiff)
		}
	}
	return 1
}

// tiffOrientation looks into the first directory of a TIFF.
func tiffOrientation(tiff []byte) int {
	const head, entry, short = 8, 12, 3
	if len(tiff) < head {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := order.Uint32(tiff[4:])
	if int64(at)+2 > int64(len(tiff)) {
		return 1
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < entry {
			return 1
		}
		if order.Uint16(entries) == 0x0112 && order.Uint16(entries[2:]) == short {
			return oneOfEight(int(order.Uint16(entries[8:])))
		}
		entries = entries[entry:]
	}
	return 1
}

func oneOfEight(orientation int) int {
	if orientation < 1 || orientation > 8 {
		return 1
	}
	return orientation
}
