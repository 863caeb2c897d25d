package avatars_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"testing"

	"wxlogin/adapters/avatars"
	"wxlogin/domain"
	"wxlogin/ports"
)

// made returns what a maker makes of upload, decoded.
func made(t *testing.T, upload []byte) image.Image {
	t.Helper()
	avatar, err := avatars.NewAvatarMaker().MakeAvatar(t.Context(), upload)
	if err != nil {
		t.Fatalf("MakeAvatar: got %v, want no error", err)
	}
	picture, err := jpeg.Decode(bytes.NewReader(avatar))
	if err != nil {
		t.Fatalf("the avatar: got %v, want a JPEG", err)
	}
	if got, want := picture.Bounds(), image.Rect(0, 0, ports.AvatarSide, ports.AvatarSide); got != want {
		t.Errorf("the avatar: got %v, want %v", got, want)
	}
	return picture
}

func wantInvalid(t *testing.T, upload []byte) {
	t.Helper()
	avatar, err := avatars.NewAvatarMaker().MakeAvatar(t.Context(), upload)
	if !errors.Is(err, domain.ErrAvatarInvalid) || avatar != nil {
		t.Errorf("got %d bytes and error %v, want none and %v", len(avatar), err, domain.ErrAvatarInvalid)
	}
}

// wantColor allows for what a JPEG loses.
func wantColor(t *testing.T, picture image.Image, x, y int, want color.Color) {
	t.Helper()
	r, g, b, _ := picture.At(x, y).RGBA()
	wantR, wantG, wantB, _ := want.RGBA()
	const tolerance = 12 << 8
	for _, c := range [][2]uint32{{r, wantR}, {g, wantG}, {b, wantB}} {
		if max(c[0], c[1])-min(c[0], c[1]) > tolerance {
			t.Errorf("at %d,%d: got %v, want about %v", x, y, picture.At(x, y), want)
			return
		}
	}
}

// wantCorners wants these of the corners' colors, from the upper left, row by row.
func wantCorners(t *testing.T, picture image.Image, want [4]int) {
	t.Helper()
	const near, far = 40, 215
	for i, at := range []image.Point{{near, near}, {far, near}, {near, far}, {far, far}} {
		wantColor(t, picture, at.X, at.Y, corners[want[i]])
	}
}

var asStored = [4]int{0, 1, 2, 3}

func TestEveryKindIsTaken(t *testing.T) {
	deep := image.NewNRGBA64(image.Rect(0, 0, 300, 300))
	for y := range 300 {
		for x := range 300 {
			deep.Set(x, y, corners[2*(y/150)+x/150])
		}
	}
	tests := map[string][]byte{
		"JPEG":                    jpegFile(t, quarters(500, 400)),
		"a large JPEG":            jpegFile(t, quarters(1500, 1200)),
		"PNG":                     pngFile(t, quarters(400, 500)),
		"PNG of 16 bits":          pngFile(t, deep),
		"a small PNG":             pngFile(t, quarters(8, 8)),
		"GIF":                     gifFile(t, quarters(256, 256)),
		"GIF with more pictures":  gifFile(t, quarters(300, 300), image.NewPaletted(image.Rect(0, 0, 300, 300), corners)),
		"JPEG with bytes between": append([]byte("\xff\xd8\xff\x00a\xff\xff\xd0"), jpegFile(t, quarters(99, 99))[2:]...),
	}
	for name, upload := range tests {
		t.Run(name, func(t *testing.T) { wantCorners(t, made(t, upload), asStored) })
	}
}

func TestWebPIsTaken(t *testing.T) {
	made(t, decoded(t, lossyPixel))
	made(t, decoded(t, alphaPixel))
	for _, size := range []image.Point{{1, 1}, {300, 200}, {1200, 1300}} {
		wantColor(t, made(t, lossless(size, 200, 100, 50, 255)), 128, 128, color.RGBA{200, 100, 50, 255})
	}
	made(t, palettes(image.Pt(333, 222)))
	made(t, groups(100))
}

func TestSidesAreFromOneTo4096(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {4096, 1}, {1, 4096}} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			made(t, flatPNG(t, size, 8, rgba, false))
			made(t, flatJPEG(baseline, size, full, 1))
			made(t, lossless(size, 1, 2, 3, 4))
		})
	}
	for _, size := range []image.Point{{4097, 1}, {1, 4097}, {4097, 4097}, {0, 1}, {1, 0}} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			wantInvalid(t, flatPNG(t, size, 1, gray, false))
			wantInvalid(t, flatJPEG(baseline, size, one, 1))
		})
	}
	wantInvalid(t, lossless(image.Pt(4097, 1), 1, 2, 3, 4))
}

func TestTheMiddleSquareIsTaken(t *testing.T) {
	wide := image.NewPaletted(image.Rect(0, 0, 900, 300), corners)
	for y := range 300 {
		for x := range 900 {
			wide.SetColorIndex(x, y, uint8(x/300))
		}
	}
	picture := made(t, pngFile(t, wide))
	for _, x := range []int{3, 128, 252} {
		wantColor(t, picture, x, 128, corners[1])
	}
}

func TestTransparencyBecomesWhite(t *testing.T) {
	clear := image.NewPaletted(image.Rect(0, 0, 1100, 1100), color.Palette{color.Transparent})
	for name, upload := range map[string][]byte{
		"PNG": pngFile(t, clear), "GIF": gifFile(t, clear), "WebP": lossless(image.Pt(50, 50), 9, 9, 9, 0),
		"RGBA": flatPNG(t, image.Pt(20, 20), 8, rgba, true), "a deep one": flatPNG(t, image.Pt(1100, 1100), 16, rgba, false),
	} {
		t.Run(name, func(t *testing.T) { wantColor(t, made(t, upload), 128, 128, color.White) })
	}
}
