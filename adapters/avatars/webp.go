package avatars

import (
	"encoding/binary"
	"image"
	"iter"
)

// webpChunks are the chunks of a WebP, by name.
func webpChunks(upload []byte) iter.Seq2[string, []byte] {
	const head = 8
	return func(yield func(string, []byte) bool) {
		for rest := upload[12:]; len(rest) >= head; {
			n := int64(binary.LittleEndian.Uint32(rest[4:]))
			end := min(head+n, int64(len(rest)))
			if !yield(string(rest[:4]), rest[head:end]) {
				return
			}
			rest = rest[min(head+n+n&1, int64(len(rest))):]
		}
	}
}

// webpNeed: with alpha the channel is a lossless picture of its own, and copied. A
// file that says that it is longer than it is would have memory made for that.
func webpNeed(upload []byte, size image.Point) (need int64, err error) {
	if int64(binary.LittleEndian.Uint32(upload[4:])) > int64(len(upload)-8) {
		return 0, errTruncated
	}
	for name, chunk := range webpChunks(upload) {
		switch name {
		case "ALPH":
			alpha, err := alphaNeed(chunk, size)
			if err != nil {
				return 0, err
			}
			need += alpha
		case "VP8 ":
			return need + lossyNeed(size) + int64(len(chunk)), nil
		case "VP8L":
			const head = 5
			if len(chunk) < head {
				return 0, errTruncated
			}
			lossless, err := losslessNeed(chunk[head:], size)
			return need + lossless, err
		}
	}
	return 0, errMalformed
}

// lossyNeed: a byte for brightness and half a one for color, in blocks of 16, and
// what is noted of each block.
func lossyNeed(size image.Point) int64 {
	const side, each = 16, 16*16*3/2 + 64
	across, down := (size.X+side-1)/side, (size.Y+side-1)/side
	return int64(across) * int64(down) * each
}

func alphaNeed(chunk []byte, size image.Point) (int64, error) {
	if len(chunk) == 0 {
		return 0, errTruncated
	}
	const compression, none = 3, 0
	if chunk[0]&compression == none {
		return pixels(size), nil
	}
	need, err := losslessNeed(chunk[1:], size)
	return need + pixels(size), err
}
