package avatars_test

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"
)

// The four corners of a picture that is used in many tests, as red, green, blue,
// yellow; from the upper left, row by row.
var corners = color.Palette{
	color.RGBA{255, 0, 0, 255}, color.RGBA{0, 255, 0, 255}, color.RGBA{0, 0, 255, 255}, color.RGBA{255, 255, 0, 255},
	color.Transparent,
}

// quarters is a picture with a color in each of its corners.
func quarters(wide, high int) *image.Paletted {
	picture := image.NewPaletted(image.Rect(0, 0, wide, high), corners)
	for y := range high {
		for x := range wide {
			picture.SetColorIndex(x, y, uint8(2*(2*y/high)+2*x/wide))
		}
	}
	return picture
}

func jpegFile(t testing.TB, picture image.Image) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := jpeg.Encode(&file, picture, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func pngFile(t testing.TB, picture image.Image) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := png.Encode(&file, picture); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func gifFile(t testing.TB, pictures ...*image.Paletted) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := gif.EncodeAll(&file, &gif.GIF{Image: pictures, Delay: make([]int, len(pictures))}); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// The kinds of pixels in a PNG.
const (
	gray      = 0
	rgb       = 2
	palette   = 3
	grayAlpha = 4
	rgba      = 6
)

// flatPNG is a PNG of zeros, compressed.
func flatPNG(t testing.TB, size image.Point, depth, colors byte, interlaced bool) []byte {
	t.Helper()
	channels := map[byte]int{gray: 1, rgb: 3, palette: 1, grayAlpha: 2, rgba: 4}
	// from x, from y, each x, each y
	passes := [][4]int{{0, 0, 1, 1}}
	if interlaced {
		passes = [][4]int{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}
	}
	n := 0
	for _, p := range passes {
		wide, high := (size.X-p[0]+p[2]-1)/p[2], (size.Y-p[1]+p[3]-1)/p[3]
		n += high * (1 + (wide*channels[colors]*int(depth)+7)/8)
	}
	return chunk(chunk(pngHead(size, depth, colors, interlaced), "IDAT", zeros(t, n)), "IEND", nil)
}

// pngHead is what comes before the pixels.
func pngHead(size image.Point, depth, colors byte, interlaced bool) []byte {
	header := binary.BigEndian.AppendUint32(nil, uint32(size.X))
	header = binary.BigEndian.AppendUint32(header, uint32(size.Y))
	header = append(header, depth, colors, 0, 0, 0)
	if interlaced {
		header[12] = 1
	}
	file := chunk([]byte("\x89PNG\r\n\x1a\n"), "IHDR", header)
	if colors == palette {
		file = chunk(file, "PLTE", []byte{10, 20, 30})
	}
	return file
}

// zeros are n of them, compressed: some, and the same again and again.
func zeros(t testing.TB, n int) []byte {
	t.Helper()
	const some = 1 << 20
	var data bytes.Buffer
	deflate := func(n int) []byte {
		data.Reset()
		z, err := flate.NewWriter(&data, flate.BestCompression)
		if err == nil {
			_, err = z.Write(make([]byte, n))
		}
		if err = errors.Join(err, z.Flush()); err != nil {
			t.Fatal(err)
		}
		return bytes.Clone(data.Bytes())
	}
	stream := append([]byte{0x78, 0x9c}, deflate(n%some)...)
	stream = append(stream, bytes.Repeat(deflate(some), n/some)...)
	stream = append(stream, 0x01, 0, 0, 0xff, 0xff) // the last block, of nothing
	return binary.BigEndian.AppendUint32(stream, uint32(n%65521)<<16|1)
}

func chunk(file []byte, name string, data []byte) []byte {
	file = binary.BigEndian.AppendUint32(file, uint32(len(data)))
	from := len(file)
	file = append(append(file, name...), data...)
	return binary.BigEndian.AppendUint32(file, crc32.ChecksumIEEE(file[from:]))
}
