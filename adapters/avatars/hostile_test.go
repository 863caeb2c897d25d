package avatars_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"strings"
	"testing"

	"wxlogin/adapters/avatars"
	"wxlogin/domain"
)

func TestWhatIsNoPictureIsRefused(t *testing.T) {
	tests := map[string]string{
		"nothing":           "",
		"one byte":          "\xff",
		"text":              "hello",
		"HTML":              "<!doctype html><script>alert(1)</script>",
		"SVG":               `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`,
		"XML":               `<?xml version="1.0"?><svg/>`,
		"BMP":               "BM\x3a\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x01\x00\x18\x00" + strings.Repeat("\x00", 28),
		"TIFF":              "II*\x00\x08\x00\x00\x00\x00\x00" + strings.Repeat("\x00", 100),
		"ICO":               "\x00\x00\x01\x00\x01\x00\x01\x01\x00\x00\x01\x00\x18\x00" + strings.Repeat("\x00", 100),
		"AVIF":              "\x00\x00\x00\x20ftypavif\x00\x00\x00\x00avifmif1",
		"PDF":               "%PDF-1.7\n",
		"ZIP":               "PK\x03\x04" + strings.Repeat("\x00", 40),
		"only JPEG's magic": "\xff\xd8\xff",
		"only PNG's magic":  "\x89PNG\r\n\x1a\n",
		"only GIF's magic":  "GIF89a",
		"only WebP's magic": "RIFF\x04\x00\x00\x00WEBP",
		"RIFF, and no WebP": "RIFF\x04\x00\x00\x00WAVE",
		"HTML before GIF":   "<html>GIF89a",
	}
	for name, upload := range tests {
		t.Run(name, func(t *testing.T) { wantInvalid(t, []byte(upload)) })
	}
}

// wholes are pictures, small ones, of which nothing may be missing.
func wholes(t testing.TB) map[string][]byte {
	return map[string][]byte{
		"JPEG":             jpegFile(t, quarters(16, 16)),
		"progressive JPEG": flatJPEG(progresses, image.Pt(16, 16), halved, 1),
		"PNG":              pngFile(t, quarters(16, 16)),
		"interlaced PNG":   flatPNG(t, image.Pt(16, 16), 8, rgb, true),
		"GIF":              gifFile(t, quarters(16, 16)),
		"lossy WebP":       decoded(t, lossyPixel),
		"lossless WebP":    palettes(image.Pt(16, 16)),
		"WebP with alpha":  decoded(t, alphaPixel),
	}
}

func TestTruncatedPicturesAreRefused(t *testing.T) {
	for name, whole := range wholes(t) {
		t.Run(name, func(t *testing.T) {
			made(t, whole)
			end := len(whole) - 1
			if name == "GIF" {
				end-- // its last byte ends the animation, and there is one picture
			}
			for n := range end {
				wantInvalid(t, whole[:n])
			}
		})
	}
}

func TestBombsAreRefused(t *testing.T) {
	big := image.Pt(12_000, 12_000)
	bomb := flatPNG(t, big, 1, gray, false)
	if len(bomb) > 20<<10 {
		t.Errorf("the bomb: got %d bytes, want few", len(bomb))
	}
	huge := gifFile(t, quarters(8, 8))
	binary.LittleEndian.PutUint16(huge[6:], 65535)
	outside := gifFile(t, quarters(8, 8)) // the picture is larger than the whole
	binary.LittleEndian.PutUint16(outside[6:], 4)
	empty := gifFile(t, quarters(8, 8))
	at := bytes.IndexByte(empty, ',')
	binary.LittleEndian.PutUint16(empty[at+5:], 0)
	longer := decoded(t, lossyPixel) // it says that there are 16 MiB of it
	binary.LittleEndian.PutUint32(longer[4:], 1<<24)
	binary.LittleEndian.PutUint32(longer[16:], 1<<24-100)
	tests := map[string][]byte{
		"PNG": bomb, "JPEG": flatJPEG(baseline, image.Pt(65535, 65535), one, 0), "GIF": huge, "GIF's picture": outside,
		"a picture of nothing": empty, "lossless WebP": lossless(image.Pt(16384, 16384), 1, 1, 1, 1), "a length": longer,
		"33 scans":   flatJPEG(progresses, image.Pt(8, 8), full, 33),
		"no channel": flatJPEG(baseline, image.Pt(8, 8), nil, 1),
	}
	for name, upload := range tests {
		t.Run(name, func(t *testing.T) { wantInvalid(t, upload) })
	}
	made(t, flatJPEG(progresses, image.Pt(8, 8), full, 32))
}

func TestNothingOfAFileIsLeftButItsPixels(t *testing.T) {
	canaries := []string{"<script>alert('canary')</script>", "<html>", "PK\x03\x04canary.class", "%PDF-1.7", "GPS canary 31.2304N", "canary"}
	text := []byte(strings.Join(canaries, " "))
	comment := append([]byte("\xff\xd8"), segment(0xfe, text...)...)
	exif := append([]byte("\xff\xd8"), segment(0xe1, append([]byte("Exif\x00\x00"), tiff(binary.BigEndian, 1, text)...)...)...)
	photo, png := jpegFile(t, quarters(64, 64)), pngFile(t, quarters(64, 64))
	tests := map[string][]byte{
		"after a JPEG":     append(bytes.Clone(photo), text...),
		"in its comment":   append(comment, photo[2:]...),
		"in its Exif":      append(exif, photo[2:]...),
		"after a PNG":      append(bytes.Clone(png), text...),
		"in its text":      append(chunk(bytes.Clone(png[:33]), "tEXt", text), png[33:]...),
		"after a GIF":      append(gifFile(t, quarters(64, 64)), text...),
		"in a WebP's Exif": riff(lossless(image.Pt(64, 64), 1, 2, 3, 255)[12:], webpChunk("EXIF", text)),
	}
	for name, upload := range tests {
		t.Run(name, func(t *testing.T) {
			avatar, err := avatars.NewAvatarMaker().MakeAvatar(t.Context(), upload)
			if err != nil {
				t.Fatalf("got %v, want no error", err)
			}
			for _, canary := range canaries {
				if bytes.Contains(avatar, []byte(canary)) {
					t.Errorf("the avatar holds %q", canary)
				}
			}
			if bytes.Contains(avatar, []byte("Exif")) || !bytes.HasSuffix(avatar, []byte{0xff, 0xd9}) {
				t.Error("the avatar is more than its pixels")
			}
		})
	}
}

func TestADecoderThatPanicsRefuses(t *testing.T) {
	maker := avatars.NewAvatarMaker()
	maker.Watch(func(func() (image.Image, error)) (image.Image, error) { panic("index out of range") })
	for range 3 { // and its turn is given back
		_, err := maker.MakeAvatar(t.Context(), pngFile(t, quarters(8, 8)))
		wantCode(t, err, domain.ErrAvatarInvalid)
	}
}
