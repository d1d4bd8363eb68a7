package store

// uuid is an identity of the usual form: the 32 hexadecimal digits, as two numbers.
type uuid struct{ high, low uint64 }

// uuidLength is that of a UUID's text.
const uuidLength = 36

// parseUUID packs the 36 characters of a UUID; false for every other text. Upper case is another text and so another
// identity: only the form that a UUID prints as is packed.
func parseUUID(b []byte) (id uuid, ok bool) {
	if len(b) != uuidLength || b[8] != '-' || b[13] != '-' || b[18] != '-' || b[23] != '-' {
		return id, false
	}
	first, bad := hexDigits(word(b))
	second, worse := hexDigits(half(b[9:]) | half(b[14:])<<32)
	bad |= worse
	third, worse := hexDigits(half(b[19:]) | half(b[24:])<<32)
	bad |= worse
	fourth, worse := hexDigits(word(b[28:]))
	return uuid{first<<32 | second, third<<32 | fourth}, bad|worse == 0
}

func half(b []byte) uint64 {
	_ = b[3]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24
}

// hexDigits reads eight lower-case hexadecimal digits, all at once; bad is not 0 when they are others. A digit's value
// stands in its low four bits, to which letters, which bit 6 tells apart, add nine.
func hexDigits(w uint64) (digits, bad uint64) {
	const ones = 0x0101010101010101
	letters := w >> 6 & ones
	values := w&(0x0f*ones) + 9*letters
	aboveNine := (values + (128-10)*ones) >> 7 & ones
	// What was read must print as it stood, and letters stand for ten to fifteen.
	bad = w ^ (values + '0'*ones + ('a'-'0'-10)*letters) | aboveNine ^ letters | values&(0xf0*ones)
	digits = (values<<4 | values>>8) & 0x00ff00ff00ff00ff
	digits = (digits | digits>>8) & 0x0000ffff0000ffff
	digits = (digits | digits>>16) & 0xffffffff
	// The first digit is the highest, but stands in the lowest byte.
	return digits>>24 | digits>>8&0xff00 | digits<<8&0xff0000 | digits<<24&0xff000000, bad
}
