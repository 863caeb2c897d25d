package avatars

import "image"

// The transforms of a lossless WebP.
// https://developers.google.com/speed/webp/docs/webp_lossless_bitstream_specification
const (
	predictor = iota
	crossColor
	subtractGreen
	colorIndexing
	transformKinds
)

// losslessNeed returns what it takes to decode a lossless picture of this size,
// whose data begins after its header. It reads as far as it must to know how many
// groups of prefix codes there are: a file of a few hundred kilobytes may have
// thousands, and have hundreds of megabytes made for them.
func losslessNeed(data []byte, size image.Point) (int64, error) {
	b := &bits{data: data}
	need, wide := b.transforms(size)
	if wide != size.X { // it is unpacked into another
		need += 4 * int64(wide) * int64(size.Y)
	}
	cache := b.cacheBits()
	groups := int64(1)
	if b.read(1) == 1 {
		across, down := b.tiles(wide, size.Y)
		need += 4 * int64(across) * int64(down)
		groups += int64(b.pixels(across, down))
	}
	if b.bad {
		return 0, errMalformed
	}
	return need + 4*pixels(size) + groups*groupNeed(cache), nil
}

// groupNeed: for each symbol of five codes a node and its parent of 8 bytes, and 4
// bytes twice while they are made, rounded up by an eighth as the runtime may; and
// five tables.
func groupNeed(cache int) int64 {
	symbols := 0
	for _, n := range alphabets(cache) {
		symbols += n
	}
	const perSymbol, tables = (2*8 + 2*4) * 9 / 8, 5 * 544
	return int64(symbols)*perSymbol + tables
}

// transforms passes over what is to be undone after the pixels are decoded. It
// returns what that needs, and how wide the picture is before.
func (b *bits) transforms(size image.Point) (need int64, wide int) {
	wide = size.X
	for range transformKinds + 1 {
		if b.read(1) == 0 {
			return need, wide
		}
		switch b.read(2) {
		case predictor, crossColor:
			across, down := b.tiles(wide, size.Y)
			need += 4 * int64(across) * int64(down)
			b.pixels(across, down)
		case colorIndexing:
			colors := b.read(8) + 1
			b.pixels(colors, 1)
			wide = packed(wide, colors)
		}
	}
	b.bad = true // one of them occurs twice
	return need, wide
}

// packed is the width where several pixels of so few colors share one.
func packed(wide, colors int) int {
	switch {
	case colors <= 2:
		return (wide + 7) / 8
	case colors <= 4:
		return (wide + 3) / 4
	case colors <= 16:
		return (wide + 1) / 2
	}
	return wide
}

// tiles reads how large the tiles of a picture are and returns how many there are.
func (b *bits) tiles(wide, high int) (across, down int) {
	side := 1 << (b.read(3) + 2)
	return (wide + side - 1) / side, (high + side - 1) / side
}

// cacheBits reads how large the cache of colors is.
func (b *bits) cacheBits() int {
	if b.read(1) == 0 {
		return 0
	}
	n := b.read(4)
	b.bad = b.bad || n < 1 || n > 11
	return min(n, 11)
}

// pixels passes over a small picture that helps to decode the large one, and
// returns the greatest number that two of its channels, red and green, make.
func (b *bits) pixels(wide, high int) (greatest int) {
	codes := b.codes(b.cacheBits())
	const literals, lengths = 256, 24
	left := wide * high
	for left > 0 && !b.bad {
		green := codes[0].next(b)
		switch {
		case green < literals:
			greatest = max(greatest, codes[1].next(b)<<8|green)
			codes[2].next(b)
			codes[3].next(b)
			left--
		case green < literals+lengths: // a copy of what was before
			left -= b.extended(green - literals)
			b.extended(codes[4].next(b))
		default: // a color of the cache, which was before
			left--
		}
	}
	b.bad = b.bad || left < 0
	return greatest
}

// extended reads the rest of a length or a distance that begins with symbol.
func (b *bits) extended(symbol int) int {
	if symbol < 4 {
		return symbol + 1
	}
	more := (symbol - 2) >> 1
	return (2+symbol&1)<<more + b.read(more) + 1
}
