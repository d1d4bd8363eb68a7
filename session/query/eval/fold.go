package eval

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fold is the text under which texts that differ only by case meet: Fold(a) == Fold(b) exactly when
// strings.EqualFold(a, b). Text that is folded already (lower-case ids) is returned as it is.
func Fold(s string) string {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' {
			return strings.Map(foldRune, s)
		}
	}
	return s
}

// appendFold adds Fold(s) to dst.
func appendFold(dst []byte, s string) []byte {
	start := len(dst)
	dst = append(dst, s...)
	for i, c := range dst[start:] {
		if c >= utf8.RuneSelf {
			return append(dst[:start], Fold(s)...)
		}
		if 'A' <= c && c <= 'Z' {
			dst[start+i] = c + 'a' - 'A'
		}
	}
	return dst
}

// foldRune picks one rune of those that are the same but for case: the lower-case one in ASCII, else the smallest.
func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		if next < least {
			least = next
		}
	}
	if 'A' <= least && least <= 'Z' { // ſ and the Kelvin sign fold into ASCII
		least += 'a' - 'A'
	}
	return least
}
