package avatars_test

import (
	"bytes"
	"encoding/binary"
	"image"
)

// channel is one of a JPEG: its name, and how many of its blocks a unit has.
type channel struct {
	name       byte
	wide, high int
}

var (
	full       = []channel{{1, 1, 1}, {2, 1, 1}, {3, 1, 1}}
	halved     = []channel{{1, 2, 2}, {2, 1, 1}, {3, 1, 1}}
	namedRGB   = []channel{{'R', 1, 1}, {'G', 1, 1}, {'B', 1, 1}}
	four       = []channel{{1, 1, 1}, {2, 1, 1}, {3, 1, 1}, {4, 1, 1}}
	one        = []channel{{1, 1, 1}}
	baseline   = byte(0xc0)
	progresses = byte(0xc2)
)

// segment is a marker segment of a JPEG.
func segment(marker byte, data ...byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(2+len(data))), data...)
}

// adobe says how the channels of a JPEG are to be understood: 0 is as they are.
func adobe(transform byte) []byte {
	return segment(0xee, append([]byte("Adobe\x00\x64\x00\x00\x00\x00"), transform)...)
}

// flatJPEG is a JPEG of one gray, with more segments before its header, and as
// many scans as are asked for if it is progressive.
func flatJPEG(kind byte, size image.Point, channels []channel, scans int, more ...[]byte) []byte {
	file := append([]byte{0xff, 0xd8}, bytes.Join(more, nil)...)
	file = append(file, segment(0xdb, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...)...)...)
	frame := binary.BigEndian.AppendUint16([]byte{8}, uint16(size.Y))
	frame = append(binary.BigEndian.AppendUint16(frame, uint16(size.X)), byte(len(channels)))
	scan, blocks := []byte{byte(len(channels))}, 0
	for _, c := range channels {
		frame = append(frame, c.name, byte(c.wide<<4|c.high), 0)
		scan = append(scan, c.name, 0)
		blocks += (size.X/8 + 8) * (size.Y/8 + 8) * c.wide * c.high / channels[0].wide / channels[0].high
	}
	file = append(file, segment(kind, frame...)...)
	nothing := append([]byte{1}, make([]byte, 16)...) // the one code, of one bit, is 0
	file = append(file, segment(0xc4, append([]byte{0x00}, nothing...)...)...)
	file = append(file, segment(0xc4, append([]byte{0x10}, nothing...)...)...)
	end := []byte{0, 63, 0}
	if kind == progresses {
		end = []byte{0, 0, 0}
	}
	for range scans {
		file = append(file, segment(0xda, append(scan, end...)...)...)
		file = append(file, make([]byte, blocks/4+8)...)
	}
	return append(file, 0xff, 0xd9)
}
