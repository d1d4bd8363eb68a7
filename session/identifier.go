package session

import (
	"math/rand/v2"
	"strconv"
)

// newUUID makes a random UUID of version 4. The generator is the runtime's, which the host seeds.
func newUUID() string {
	const digits = "0123456789abcdef"
	high, low := rand.Uint64(), rand.Uint64()
	high = high&^0xf000 | 0x4000
	low = low&^(3<<62) | 2<<62
	b := make([]byte, 0, 36)
	for i, word := range [2]uint64{high, low} {
		for shift := 60; shift >= 0; shift -= 4 {
			if i == 0 && (shift == 28 || shift == 12) || i == 1 && (shift == 60 || shift == 44) {
				b = append(b, '-')
			}
			b = append(b, digits[word>>shift&15])
		}
	}
	return string(b)
}

func strconvQuote(s string) string { return strconv.Quote(s) }
