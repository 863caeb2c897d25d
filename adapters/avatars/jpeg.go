package avatars

import (
	"bytes"
	"encoding/binary"
	"image"
	"iter"
)

// The markers of a JPEG that matter here.
const (
	baselineFrame    = 0xc0
	extendedFrame    = 0xc1
	progressiveFrame = 0xc2
	firstRestart     = 0xd0
	lastRestart      = 0xd7
	endOfImage       = 0xd9
	startOfScan      = 0xda
	app1             = 0xe1 // Exif
	app14            = 0xee // Adobe
)

// mostScans bounds the work: each scan of a progressive JPEG goes over the whole
// picture, one of a few bytes as well. With 64 one of 77 kB took two seconds; ten are
// usual.
const mostScans = 32

// segments are the marker segments up to the first scan, by marker. It finds the
// same as image/jpeg, which passes over what is between them.
func segments(upload []byte) iter.Seq2[byte, []byte] {
	return func(yield func(byte, []byte) bool) {
		for rest := upload[2:]; ; {
			marker, after, ok := nextMarker(rest)
			if !ok || marker == endOfImage {
				return
			}
			if firstRestart <= marker && marker <= lastRestart {
				rest = after
				continue
			}
			if len(after) < 2 {
				return
			}
			n := int(binary.BigEndian.Uint16(after))
			if n < 2 || n > len(after) || !yield(marker, after[2:n]) || marker == startOfScan {
				return
			}
			rest = after[n:]
		}
	}
}

// nextMarker returns the next marker and what follows. Any number of 0xff precede
// one, and 0 makes it none.
func nextMarker(b []byte) (marker byte, after []byte, ok bool) {
	for {
		i := bytes.IndexByte(b, 0xff)
		if i < 0 {
			return 0, nil, false
		}
		for i < len(b) && b[i] == 0xff {
			i++
		}
		if i == len(b) {
			return 0, nil, false
		}
		if b[i] != 0 {
			return b[i], b[i+1:], true
		}
		b = b[i+1:]
	}
}

// frame is what the header of a JPEG says of its picture.
type frame struct {
	size        image.Point
	progressive bool
	components  []component
}

// component is a channel, and how many of its blocks are in each unit.
type component struct {
	name       byte
	wide, high int
}

func frameOf(upload []byte) (frame, bool) {
	for marker, segment := range segments(upload) {
		switch marker {
		case baselineFrame, extendedFrame, progressiveFrame:
			f, ok := parseFrame(segment)
			f.progressive = marker == progressiveFrame
			return f, ok
		}
	}
	return frame{}, false
}

func parseFrame(segment []byte) (f frame, ok bool) {
	const head, each = 6, 3
	if len(segment) < head || len(segment) != head+each*int(segment[5]) || segment[5] == 0 {
		return frame{}, false
	}
	f.size = image.Pt(int(binary.BigEndian.Uint16(segment[3:])), int(binary.BigEndian.Uint16(segment[1:])))
	for rest := segment[head:]; len(rest) > 0; rest = rest[each:] {
		c := component{rest[0], int(rest[1] >> 4), int(rest[1] & 0x0f)}
		if c.wide == 0 || c.high == 0 {
			return frame{}, false
		}
		f.components = append(f.components, c)
	}
	if len(f.components) == 1 {
		f.components[0].wide, f.components[0].high = 1, 1 // whatever it says
	}
	return f, true
}

// samples is how many there are of all channels, in whole units.
func (f frame) samples() (n int64) {
	const block = 8
	first := f.components[0]
	across := (f.size.X + block*first.wide - 1) / (block * first.wide)
	down := (f.size.Y + block*first.high - 1) / (block * first.high)
	for _, c := range f.components {
		n += int64(across) * int64(down) * int64(c.wide*c.high) * block * block
	}
	return n
}

// jpegNeed: a sample is a byte. A progressive JPEG has its coefficients beside
// them, of four bytes, until its end. What is no YCbCr is converted.
func jpegNeed(upload []byte, size image.Point) (int64, error) {
	f, ok := frameOf(upload)
	if !ok || f.size != size {
		return 0, errMalformed
	}
	if bytes.Count(upload, []byte{0xff, startOfScan}) > mostScans {
		return 0, errScans
	}
	need := f.samples()
	if f.progressive {
		need *= 5
	}
	if f.converted(upload) {
		need += 4 * pixels(size)
	}
	return need, nil
}

// converted reports whether the picture is, or might be, CMYK or RGB.
func (f frame) converted(upload []byte) bool {
	switch c := f.components; len(c) {
	case 1:
		return false
	case 3:
		return (c[0].name == 'R' && c[1].name == 'G' && c[2].name == 'B') || adobeRGB(upload)
	}
	return true
}

// adobeRGB reports whether a segment of Adobe's says that the channels are as they
// are. One anywhere counts, even where the header ended long before.
func adobeRGB(upload []byte) bool {
	const transform = 11
	name := []byte("Adobe")
	for {
		i := bytes.Index(upload, name)
		if i < 0 {
			return false
		}
		if i >= 4 && upload[i-4] == 0xff && upload[i-3] == app14 && len(upload) > i+transform && upload[i+transform] == 0 {
			return true
		}
		upload = upload[i+len(name):]
	}
}
