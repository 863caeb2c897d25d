package avatars_test

import (
	"encoding/base64"
	"encoding/binary"
	"image"
	"math/bits"
	"testing"
)

// The smallest files that browsers are tried with: one pixel, lossy, and with
// alpha.
const (
	lossyPixel = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"
	alphaPixel = "UklGRkoAAABXRUJQVlA4WAoAAAAQAAAAAAAAAAAAQUxQSAwAAAARBxAR/Q9ERP8DAABWUDggGAAAABQBAJ0BKgEAAQAAAP4AAA3AAP7mtQAAAA=="
)

func decoded(t testing.TB, text string) []byte {
	t.Helper()
	file, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// riff is a WebP of these chunks.
func riff(chunks ...[]byte) []byte {
	body := []byte("WEBP")
	for _, c := range chunks {
		body = append(body, c...)
	}
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func webpChunk(name string, data []byte) []byte {
	c := append(binary.LittleEndian.AppendUint32([]byte(name), uint32(len(data))), data...)
	return append(c, make([]byte, len(data)&1)...)
}

// writer writes bits, the lowest first.
type writer struct {
	data []byte
	n    int
}

func (w *writer) write(value, n int) {
	for i := range n {
		if w.n&7 == 0 {
			w.data = append(w.data, 0)
		}
		w.data[w.n>>3] |= byte(value>>i&1) << (w.n & 7)
		w.n++
	}
}

// single writes a code of one symbol.
func (w *writer) single(symbol int) {
	w.write(1, 1) // simple
	w.write(0, 1) // one symbol
	w.write(1, 1) // of eight bits
	w.write(symbol, 8)
}

// even writes a code of which 256 symbols have eight bits each.
func (w *writer) even() {
	w.write(0, 1)
	w.write(12-4, 4)
	w.write(1<<33, 36) // of the lengths only 8, which is the twelfth, occurs
	w.write(1, 1)
	w.write(3, 3)
	w.write(256-2, 8)
}

// crowded writes a code of all the 2328 symbols that there may be: 1768 of eleven
// bits and 560 of twelve.
func (w *writer) crowded() {
	w.write(0, 1)
	w.write(16-4, 4)
	for i := range 16 {
		w.write(map[int]int{8: 1, 14: 2, 15: 2}[i], 3) // repeat, 11, 12
	}
	w.write(0, 1)
	w.write(0b01, 2) // 11
	for range 294 {
		w.write(0b110, 3) // and six times more
	}
	w.write(0b000, 3) // and three times
	w.write(0b11, 2)  // 12
	for range 93 {
		w.write(0b110, 3)
	}
	w.write(0b11, 2)
}

func (w *writer) losslessHead(size image.Point) {
	w.write(0x2f, 8)
	w.write(size.X-1, 14)
	w.write(size.Y-1, 14)
	w.write(0, 4)
}

// solid writes the pixels of one color.
func (w *writer) solid(red, green, blue, alpha int) {
	w.write(0, 1) // no cache
	w.write(0, 1) // one group
	for _, c := range []int{green, red, blue, alpha, 0} {
		w.single(c)
	}
}

// lossless is a picture of one color.
func lossless(size image.Point, red, green, blue, alpha int) []byte {
	var w writer
	w.losslessHead(size)
	w.write(0, 1) // no transforms
	w.solid(red, green, blue, alpha)
	return riff(webpChunk("VP8L", w.data))
}

// palettes is a picture of two colors, eight pixels in one, with all transforms.
func palettes(size image.Point) []byte {
	var w writer
	w.losslessHead(size)
	for _, kind := range []int{0, 1} { // predictor, cross color; tiles of four
		w.write(1, 1)
		w.write(kind, 2)
		w.write(0, 3)
		w.write(0, 1)
		for range 5 {
			w.single(0)
		}
	}
	w.write(1|2<<1, 3) // subtract green
	w.write(1|3<<1, 3) // two colors
	w.write(1, 8)
	w.write(0, 1)
	for range 5 {
		w.single(0)
	}
	w.write(0, 1)
	w.solid(1, 2, 3, 255)
	return riff(webpChunk("VP8L", w.data))
}

// groups is a picture of many groups of the largest codes, each of a tile.
func groups(n int) []byte {
	const tiles = 52
	var w writer
	w.losslessHead(image.Pt(4*tiles, 4*tiles))
	w.write(0, 1)
	w.write(1|11<<1, 5) // the largest cache
	w.write(1, 1)       // several groups
	w.write(0, 3)       // tiles of four
	w.write(0, 1)       // no cache
	w.even()
	w.even()
	w.single(0)
	w.single(0)
	w.single(0)
	for i := range tiles * tiles {
		group := min(i, n-1)
		w.write(int(bits.Reverse8(uint8(group))), 8)
		w.write(int(bits.Reverse8(uint8(group>>8))), 8)
	}
	for range n {
		w.crowded()
		w.even()
		w.even()
		w.even()
		w.single(0)
	}
	w.data = append(w.data, make([]byte, 16*tiles*tiles*(11+3*8)/8+1)...)
	return riff(webpChunk("VP8L", w.data))
}
