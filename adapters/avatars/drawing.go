package avatars

import (
	"bytes"
	"image"
	"image/jpeg"

	"golang.org/x/image/draw"

	"wxlogin/ports"
)

const (
	quality = 85

	// fineSide is what a large square is made smaller to in a hurry. From there the
	// better and slower way goes on: all the way it would take 32 MiB beside the
	// picture and a second.
	fineSide = 4 * ports.AvatarSide

	// drawing is the memory that this takes at most: the square of fineSide, and 32
	// bytes for each of its rows and each column of the avatar; and the avatars.
	drawing = 4*fineSide*fineSide + 32*fineSide*ports.AvatarSide + 1<<20
)

// square returns the middle square of the picture as an avatar, on white.
func square(picture image.Image) *image.RGBA {
	part := middle(picture.Bounds())
	if part.Dx() > fineSide {
		smaller := white(fineSide)
		draw.ApproxBiLinear.Scale(smaller, smaller.Rect, picture, part, draw.Over, nil)
		picture, part = smaller, smaller.Rect
	}
	avatar := white(ports.AvatarSide)
	draw.CatmullRom.Scale(avatar, avatar.Rect, picture, part, draw.Over, nil)
	return avatar
}

func middle(r image.Rectangle) image.Rectangle {
	side := min(r.Dx(), r.Dy())
	from := r.Min.Add(image.Pt((r.Dx()-side)/2, (r.Dy()-side)/2))
	return image.Rectangle{Min: from, Max: from.Add(image.Pt(side, side))}
}

func white(side int) *image.RGBA {
	canvas := image.NewRGBA(image.Rect(0, 0, side, side))
	draw.Draw(canvas, canvas.Rect, image.White, image.Point{}, draw.Src)
	return canvas
}

// last is the last row or column of an avatar.
const last = ports.AvatarSide - 1

// upright returns what is seen upright of an avatar with this Exif orientation.
func upright(avatar *image.RGBA, orientation int) *image.RGBA {
	if orientation == 1 {
		return avatar
	}
	turned := image.NewRGBA(avatar.Rect)
	for y := range ports.AvatarSide {
		for x := range ports.AvatarSide {
			fromX, fromY := stored(orientation, x, y)
			turned.SetRGBA(x, y, avatar.RGBAAt(fromX, fromY))
		}
	}
	return turned
}

// stored returns where that is stored which is seen at x and y.
func stored(orientation, x, y int) (fromX, fromY int) {
	switch orientation {
	case 2:
		return last - x, y
	case 3:
		return last - x, last - y
	case 4:
		return x, last - y
	case 5:
		return y, x
	case 6:
		return y, last - x
	case 7:
		return last - y, last - x
	case 8:
		return last - y, x
	}
	return x, y
}

func encoded(avatar *image.RGBA) ([]byte, error) {
	var file bytes.Buffer
	if err := jpeg.Encode(&file, avatar, &jpeg.Options{Quality: quality}); err != nil {
		return nil, err
	}
	return file.Bytes(), nil
}
