package wire

import "math/bits"

// Sum is a checksum that tells damage, not malice. It takes a word of eight bytes at a time, for replies are large.
func Sum(b []byte) uint64 {
	const prime = 0x9e3779b97f4a7c15
	sum := uint64(len(b))
	for ; len(b) >= 8; b = b[8:] {
		sum = bits.RotateLeft64((sum^Word(b))*prime, 29)
	}
	for _, c := range b {
		sum = bits.RotateLeft64((sum^uint64(c))*prime, 29)
	}
	return sum
}

// Word reads eight bytes, the lowest first. encoding/binary would bring reflect into the module.
func Word(b []byte) uint64 {
	_ = b[7]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 | uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// PutWord writes what Word reads.
func PutWord(b []byte, word uint64) {
	_ = b[7]
	for i := range 8 {
		b[i] = byte(word >> (8 * i))
	}
}
