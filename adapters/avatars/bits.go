package avatars

// bits reads a lossless WebP bit by bit.
type bits struct {
	data []byte
	at   int  // the next bit
	bad  bool // it has ended, or is none
}

// read returns the next n bits, the first of which is the lowest. After the end
// all are 0.
func (b *bits) read(n int) (value int) {
	for i := range n {
		if b.at>>3 >= len(b.data) {
			b.bad = true
			return 0
		}
		value |= int(b.data[b.at>>3]>>(b.at&7)&1) << i
		b.at++
	}
	return value
}

// longestCode is how many bits a symbol may take.
const longestCode = 15

// prefixCode is a canonical Huffman code.
type prefixCode struct {
	symbols []int                // by code
	counts  [longestCode + 1]int // of codes, by length
}

// alphabets is how many symbols each of the codes in a group has.
func alphabets(cache int) [5]int {
	green := 256 + 24
	if cache > 0 {
		green += 1 << cache
	}
	return [...]int{green, 256, 256, 256, 40}
}

// codes reads a group of codes.
func (b *bits) codes(cache int) (all [5]prefixCode) {
	for i, symbols := range alphabets(cache) {
		all[i] = b.code(symbols)
	}
	return all
}

func (b *bits) code(symbols int) prefixCode {
	if b.read(1) == 1 {
		return b.simpleCode()
	}
	order := [...]int{17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
	lengths := make([]int, len(order))
	n := b.read(4) + 4
	b.bad = b.bad || n > len(order)
	for _, symbol := range order[:min(n, len(order))] {
		lengths[symbol] = b.read(3)
	}
	return b.newCode(b.lengths(b.newCode(lengths), symbols))
}

// simpleCode is one of one symbol, or of two.
func (b *bits) simpleCode() (c prefixCode) {
	n, first := b.read(1)+1, 1+7*b.read(1)
	c.symbols = []int{b.read(first)}
	if n == 2 {
		c.symbols = append(c.symbols, b.read(8))
	}
	c.counts[1] = n
	return c
}

// lengths reads the lengths of a code's codes, which are in a code themselves.
func (b *bits) lengths(in prefixCode, symbols int) []int {
	most := symbols
	if b.read(1) == 1 {
		most = b.read(2*b.read(3)+2) + 2
	}
	const sameAgain, zeros, manyZeros = 16, 17, 18
	all, previous := make([]int, 0, symbols), 8
	for ; most > 0 && len(all) < symbols && !b.bad; most-- {
		length, times := in.next(b), 1
		switch length {
		case sameAgain:
			length, times = previous, 3+b.read(2)
		case zeros:
			length, times = 0, 3+b.read(3)
		case manyZeros:
			length, times = 0, 11+b.read(7)
		}
		if length != 0 {
			previous = length
		}
		for range times {
			all = append(all, length)
		}
	}
	b.bad = b.bad || len(all) > symbols
	return all
}

// newCode returns the code of these lengths; 0 is a symbol that does not occur.
func (b *bits) newCode(lengths []int) (c prefixCode) {
	for length := 1; length <= longestCode; length++ {
		for symbol, l := range lengths {
			if l == length {
				c.symbols = append(c.symbols, symbol)
				c.counts[length]++
			}
		}
	}
	b.bad = b.bad || len(c.symbols) == 0
	return c
}

// next reads a symbol. The only one of a code takes no bits.
func (c *prefixCode) next(b *bits) int {
	if len(c.symbols) == 1 {
		return c.symbols[0]
	}
	code, first, index := 0, 0, 0
	for length := 1; length <= longestCode && !b.bad; length++ {
		code |= b.read(1)
		if n := c.counts[length]; code-first < n {
			return c.symbols[index+code-first]
		}
		index, first = index+c.counts[length], (first+c.counts[length])<<1
		code <<= 1
	}
	b.bad = true
	return 0
}
