package wire

import "math/bits"

// uuidLength is that of a UUID's text.
const uuidLength = 36

const (
	lows  = 0x0101010101010101
	highs = 0x8080808080808080
)

// scanString reads the string whose text begins at i. It returns the token (the text without its quotes) and the offset
// behind the closing quote, or -1 when the string is at fault.
func scanString(data []byte, i int) (token Token, end int) {
	if i+uuidLength < len(data) && data[i+uuidLength] == '"' && data[i+8] == '-' {
		// Every other text is an id: five words, without a look at each.
		b := data[i : i+uuidLength]
		if special(word(b))|special(word(b[8:]))|special(word(b[16:]))|special(word(b[24:]))|special(word(b[28:])) == 0 {
			return Token(String)<<kindShift | uuidLength<<lengthShift | Token(i), i + uuidLength + 1
		}
	}
	start := i
	flags := Token(String) << kindShift
	for {
		for i+8 <= len(data) {
			hit := special(word(data[i:]))
			if hit == 0 && i+24 <= len(data) {
				if i += 8; true {
					hit = special(word(data[i:]))
				}
				if hit == 0 {
					i += 8
					hit = special(word(data[i:]))
				}
			}
			if hit != 0 {
				i += bits.TrailingZeros64(hit) >> 3
				break
			}
			i += 8
		}
		if i >= len(data) {
			return 0, -1
		}
		switch c := data[i]; {
		case c == '"':
			return flags | Token(i-start)<<lengthShift | Token(start), i + 1
		case c == '\\':
			flags |= escapedFlag
			if i = skipEscape(data, i); i < 0 {
				return 0, -1
			}
		case c < 0x20:
			return 0, -1
		default:
			if c >= 0x80 {
				flags |= nonASCIIFlag
			}
			i++
		}
	}
}

// special marks the bytes of a word that end a text or need a look: quotes, backslashes, control characters and those
// beyond ASCII. Flipping the bit 2 puts the quote among the control characters and lets the blank take its place, so that
// one subtraction finds both. The lowest bit that is set marks the first of them; borrows can only add bits above it.
func special(w uint64) uint64 {
	below := (w ^ 2*lows) - ('"'-1)*lows
	slash := (w ^ '\\'*lows) - lows
	return (w | below | slash) & highs
}

// word is the first eight bytes as a number, in one load. encoding/binary would bring reflect.
func word(b []byte) uint64 {
	_ = b[7]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// skipEscape is the offset behind the escape at i, -1 when it is none.
func skipEscape(data []byte, i int) int {
	if i+1 >= len(data) {
		return -1
	}
	switch data[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2
	case 'u':
		for k := i + 2; k < i+6; k++ {
			if k >= len(data) || hexDigit(data[k]) < 0 {
				return -1
			}
		}
		return i + 6
	}
	return -1
}

// failString finds out what is wrong with the string whose text begins at i.
func (t *Tape) failString(i int) error {
	data := t.data
	for i < len(data) {
		switch c := data[i]; {
		case c == '\\':
			next := skipEscape(data, i)
			switch {
			case next >= 0:
				i = next
				continue
			case i+1 >= len(data):
				return t.fail(len(data), unexpectedEnd)
			case data[i+1] != 'u':
				return t.fail(i+1, "unknown escape in a text")
			}
			for k := i + 2; k < len(data); k++ {
				if hexDigit(data[k]) < 0 {
					return t.fail(k, "expected four hexadecimal digits after \\u")
				}
			}
			return t.fail(len(data), unexpectedEnd)
		case c < 0x20:
			return t.fail(i, "a control character stands bare in a text")
		}
		i++
	}
	return t.fail(len(data), unexpectedEnd)
}

func hexDigit(c byte) int {
	switch {
	case c-'0' <= 9:
		return int(c - '0')
	case c|0x20-'a' <= 5:
		return int(c|0x20-'a') + 10
	}
	return -1
}
