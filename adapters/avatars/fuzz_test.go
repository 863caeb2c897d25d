package avatars_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/jpeg"
	"testing"

	"wxlogin/adapters/avatars"
	"wxlogin/domain"
	"wxlogin/ports"
)

func FuzzMakeAvatar(f *testing.F) {
	for _, whole := range wholes(f) {
		f.Add(whole)
	}
	f.Add(flatJPEG(baseline, image.Pt(9, 9), four, 1, adobe(0)))
	f.Add(append([]byte("\xff\xd8"), segment(0xe1, append([]byte("Exif\x00\x00"), tiff(binary.BigEndian, 6, nil)...)...)...))
	f.Add(groups(3))
	maker := avatars.NewAvatarMaker()
	f.Fuzz(func(t *testing.T, upload []byte) {
		avatar, err := maker.MakeAvatar(t.Context(), upload)
		if err != nil {
			if !errors.Is(err, domain.ErrAvatarInvalid) {
				t.Fatalf("got %v, want %v", err, domain.ErrAvatarInvalid)
			}
			return
		}
		config, err := jpeg.DecodeConfig(bytes.NewReader(avatar))
		if err != nil || config.Width != ports.AvatarSide || config.Height != ports.AvatarSide {
			t.Errorf("got %d by %d and error %v, want an avatar", config.Width, config.Height, err)
		}
	})
}

// FuzzFrame holds what is read here of a JPEG's header, on which its memory is
// reckoned, to what the decoder reads.
func FuzzFrame(f *testing.F) {
	for _, channels := range [][]channel{one, full, halved, four, namedRGB} {
		f.Add(flatJPEG(baseline, image.Pt(20, 10), channels, 1, adobe(0)))
		f.Add(flatJPEG(progresses, image.Pt(20, 10), channels, 1, []byte{0xff, 0, 1, 2, 0xff, 0xff, 0xd0}))
	}
	f.Fuzz(func(t *testing.T, upload []byte) {
		config, err := jpeg.DecodeConfig(bytes.NewReader(upload))
		if err != nil || !bytes.HasPrefix(upload, []byte("\xff\xd8\xff")) {
			return
		}
		size, _, ok := avatars.Frame(upload)
		if want := image.Pt(config.Width, config.Height); !ok || size != want {
			t.Errorf("got %v, %t, want %v", size, ok, want)
		}
	})
}
