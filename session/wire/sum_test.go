package wire

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestASumTellsEachChangedBitLengthAndOrder(t *testing.T) {
	text := []byte("a reply of some thirty-five bytes, or so")
	whole := Sum(text)
	for i := range 8 * len(text) {
		text[i/8] ^= 1 << (i % 8)
		assert.NotEqual(t, whole, Sum(text), "bit %d", i)
		text[i/8] ^= 1 << (i % 8)
	}
	for cut := range text {
		assert.NotEqual(t, whole, Sum(text[:cut]))
	}
	assert.NotEqual(t, Sum([]byte("12345678abcdefgh")), Sum([]byte("abcdefgh12345678")))
	assert.NotEqual(t, Sum(nil), Sum([]byte{0}))
	assert.Equal(t, whole, Sum(text))
}

func TestAWordIsReadAsItWasWritten(t *testing.T) {
	b := make([]byte, 8)
	PutWord(b, 0x0102030405060708)
	assert.Equal(t, []byte{8, 7, 6, 5, 4, 3, 2, 1}, b)
	assert.Equal(t, uint64(0x0102030405060708), Word(b))
}
