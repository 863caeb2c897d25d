package avatars

import (
	"bytes"
	"image"
)

// Memory is what a picture may take to decode.
const Memory = memory - drawing

// Need returns what it takes to decode upload.
func Need(upload []byte) (int64, error) {
	f, size, err := look(upload)
	if err != nil {
		return 0, err
	}
	return f.need(upload, size)
}

// Decode decodes upload and makes nothing of it.
func Decode(upload []byte) error {
	f, _, err := look(upload)
	if err == nil {
		_, err = f.decoded(upload)
	}
	return err
}

// Watch has every decoding of m go through decode.
func (m *AvatarMaker) Watch(decode func(original func() (image.Image, error)) (image.Image, error)) {
	m.decode = func(f format, upload []byte) (image.Image, error) {
		return decode(func() (image.Image, error) { return f.decoded(upload) })
	}
}

// Frame returns the size and the number of channels in a JPEG's header, as it is
// read here.
func Frame(upload []byte) (size image.Point, channels int, ok bool) {
	if !bytes.HasPrefix(upload, []byte(formats[0].magic)) {
		return image.Point{}, 0, false
	}
	f, ok := frameOf(upload)
	return f.size, len(f.components), ok
}

// TIFFOrientation is what an Exif segment says.
var TIFFOrientation = tiffOrientation
