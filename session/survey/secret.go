package survey

import "bytes"

// ShowsKey reports whether the API key stands in what would be kept, in a place that nobody expects one in. Wherever it stands, one of its
// words of four bytes stands at a multiple of a step that is no longer than the key: only there it is looked for, for there are megabytes.
func ShowsKey(key, body []byte) bool {
	if len(key) < leastSecret {
		return false
	}
	step := 4
	for 2*step+3 <= len(key) {
		step *= 2
	}
	const bits = 64
	var seen [bits]uint64 // which words there may be, by a hash of 12 bits
	for i := range step {
		h := hashWord(key[i:])
		seen[h/bits] |= 1 << (h % bits)
	}
	for at := 0; at+4 <= len(body); at += step {
		if h := hashWord(body[at:]); seen[h/bits]>>(h%bits)&1 != 0 && bytes.Contains(body[max(0, at-step):min(len(body), at+len(key)+step)], key) {
			return true
		}
	}
	return false
}

func hashWord(b []byte) uint32 {
	_ = b[3]
	return (uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24) * 0x9e3779b1 >> 20
}

// leastSecret is how long a key must be to be looked for: a shorter one stands in many a word.
const leastSecret = 7
