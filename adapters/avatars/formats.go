package avatars

import (
	"bytes"
	"errors"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// longestSide is how many pixels a side of an upload may have.
const longestSide = 4096

// What is wrong with an upload. It is for the log: callers learn no more than
// domain.ErrAvatarInvalid.
var (
	errUnknown   = errors.New("it is no JPEG, PNG, GIF or WebP")
	errSize      = errors.New("it has a side of none or too many pixels")
	errEmpty     = errors.New("its first picture has no pixels")
	errMalformed = errors.New("its header is malformed")
	errTruncated = errors.New("its end is missing")
	errScans     = errors.New("it has too many scans")
)

// format is a kind of picture that is taken. What a file is its first bytes say,
// and nothing else.
type format struct {
	magic  string // ? is any byte
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
	// need returns how much memory decode takes at most for a file of a size.
	need func(upload []byte, size image.Point) (int64, error)
	// orientation returns which way up a file is, as Exif counts it; 1 is upright.
	orientation func(upload []byte) int
}

var formats = []format{
	{"\xff\xd8\xff", jpeg.DecodeConfig, jpeg.Decode, jpegNeed, jpegOrientation},
	{"\x89PNG\r\n\x1a\n", png.DecodeConfig, png.Decode, pngNeed, upAlways},
	{"GIF87a", gif.DecodeConfig, gif.Decode, gifNeed, upAlways}, // the first picture of it
	{"GIF89a", gif.DecodeConfig, gif.Decode, gifNeed, upAlways},
	{"RIFF????WEBP", webp.DecodeConfig, webp.Decode, webpNeed, upAlways},
}

// upAlways: viewers, too, look for an orientation in JPEGs alone, by and large.
func upAlways([]byte) int { return 1 }

// look returns what upload is and its size, if that is within bounds. It decodes
// nothing.
func look(upload []byte) (format, image.Point, error) {
	f, err := formatOf(upload)
	if err != nil {
		return format{}, image.Point{}, err
	}
	config, err := f.config(bytes.NewReader(upload))
	if err != nil {
		return format{}, image.Point{}, err
	}
	size := image.Pt(config.Width, config.Height)
	if min(size.X, size.Y) < 1 || max(size.X, size.Y) > longestSide {
		return format{}, image.Point{}, errSize
	}
	return f, size, nil
}

func formatOf(upload []byte) (format, error) {
	for _, f := range formats {
		if f.begins(upload) {
			return f, nil
		}
	}
	return format{}, errUnknown
}

func (f format) begins(upload []byte) bool {
	if len(upload) < len(f.magic) {
		return false
	}
	for i := range len(f.magic) {
		if f.magic[i] != '?' && f.magic[i] != upload[i] {
			return false
		}
	}
	return true
}

func (f format) decoded(upload []byte) (image.Image, error) { return f.decode(bytes.NewReader(upload)) }

func pixels(size image.Point) int64 { return int64(size.X) * int64(size.Y) }

// pngHead is how far the fields of the header reach that must come first.
const pngHead = 29

// pngNeed: all but palettes becomes four channels, or may. The passes of an
// interlaced PNG are decoded one by one, and are as large as the whole together.
func pngNeed(upload []byte, size image.Point) (int64, error) {
	if len(upload) < pngHead {
		return 0, errMalformed
	}
	const palette = 3
	depth, colors, interlaced := upload[24], upload[25], upload[28] != 0
	need := 4 * pixels(size)
	switch {
	case depth == 16:
		need *= 2
	case colors == palette:
		need /= 4
	}
	if interlaced {
		need *= 2
	}
	return need, nil
}

// gifNeed: no picture in it is larger than the whole, and an interlaced one is
// sorted into another.
func gifNeed(_ []byte, size image.Point) (int64, error) { return 2 * pixels(size), nil }
