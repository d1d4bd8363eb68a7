package wire

import (
	"math/bits"
	"strconv"
)

// scanState is what the scanner expects next, so that a scan can stop after any token and go on later.
type scanState uint8

const (
	expectValue scanState = iota
	expectFirstElement
	expectFirstKey
	expectKey
	afterValue
	finished
	failed
)

const (
	lows  = 0x0101010101010101
	highs = 0x8080808080808080
)

// Step reads on until at least budget more bytes are consumed or the document ends. It reports whether the document
// is complete; after an error the tape holds nothing to read. A caller on a page's thread slices long documents so.
func (t *Tape) Step(budget int) (bool, error) {
	if t.state == finished {
		return true, nil
	}
	if len(t.data) > MaxDocument {
		return false, t.fail(MaxDocument, "the document is longer than "+itoa(MaxDocument)+" bytes")
	}
	data, tokens, i, state := t.data, t.tokens, t.pos, t.state
	stop := len(data)
	if budget < len(data)-i {
		stop = i + budget
	}
	for {
		for i < len(data) && isSpace(data[i]) {
			i++
		}
		if i >= len(data) {
			break
		}
		if i >= stop {
			t.tokens, t.pos, t.state = tokens, i, state
			return false, nil
		}
		c := data[i]
		switch state {
		case afterValue:
			if len(t.open) == 0 {
				return false, t.fail(i, "text after the end of the document")
			}
			top := t.open[len(t.open)-1]
			isObject := Kind(tokens[top]>>kindShift&kindMask) == Object
			switch {
			case c == ',' && isObject:
				i++
				state = expectKey
				continue
			case c == ',':
				i++
				state = expectValue
				continue
			case c == '}' && isObject, c == ']' && !isObject:
				i++
				tokens = t.closeContainer(tokens, i)
				continue
			}
			return false, t.fail(i, "expected a comma or the end of the "+containerName(isObject))
		case expectFirstKey, expectKey:
			if c == '}' && state == expectFirstKey {
				i++
				tokens = t.closeContainer(tokens, i)
				state = afterValue
				continue
			}
			if c != '"' {
				return false, t.fail(i, "expected a key in quotes")
			}
			token, end, reason := scanString(data, i)
			if reason != "" {
				return false, t.fail(end, reason)
			}
			tokens = append(tokens, token)
			i = end
			for i < len(data) && isSpace(data[i]) {
				i++
			}
			if i >= len(data) {
				return false, t.fail(i, unexpectedEnd)
			}
			if data[i] != ':' {
				return false, t.fail(i, "expected a colon after the key")
			}
			i++
			state = expectValue
			continue
		case expectFirstElement:
			if c == ']' {
				i++
				tokens = t.closeContainer(tokens, i)
				state = afterValue
				continue
			}
		}
		// A value starts here.
		switch {
		case c == '"':
			token, end, reason := scanString(data, i)
			if reason != "" {
				return false, t.fail(end, reason)
			}
			tokens = append(tokens, token)
			i = end
			state = afterValue
		case c == '{' || c == '[':
			if len(t.open) >= MaxDepth {
				return false, t.fail(i, "containers nest deeper than "+itoa(MaxDepth))
			}
			t.open = append(t.open, int32(len(tokens)))
			kind, next := Object, expectFirstKey
			if c == '[' {
				kind, next = Array, expectFirstElement
			}
			tokens = append(tokens, uint64(kind)<<kindShift|uint64(i))
			i++
			state = next
		case c == '-' || c-'0' <= 9:
			end, reason := scanNumber(data, i)
			if reason != "" {
				return false, t.fail(end, reason)
			}
			tokens = append(tokens, uint64(Number)<<kindShift|uint64(end-i)<<lengthShift|uint64(i))
			i = end
			state = afterValue
		default:
			kind, word := Null, "null"
			switch c {
			case 't':
				kind, word = True, "true"
			case 'f':
				kind, word = False, "false"
			case 'n':
			default:
				return false, t.fail(i, "expected a value")
			}
			for k := 0; k < len(word); k++ {
				if i+k >= len(data) {
					return false, t.fail(len(data), unexpectedEnd)
				}
				if data[i+k] != word[k] {
					return false, t.fail(i+k, "expected the word "+word)
				}
			}
			tokens = append(tokens, uint64(kind)<<kindShift|uint64(len(word))<<lengthShift|uint64(i))
			i += len(word)
			state = afterValue
		}
	}
	if state != afterValue || len(t.open) != 0 {
		return false, t.fail(len(data), unexpectedEnd)
	}
	t.tokens, t.pos, t.state = tokens, i, finished
	return true, nil
}

const unexpectedEnd = "the document ends too early"

func containerName(isObject bool) string {
	if isObject {
		return "object"
	}
	return "array"
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func (t *Tape) fail(offset int, reason string) error {
	t.tokens = t.tokens[:0]
	t.pos, t.state = offset, failed
	return &SyntaxError{Offset: offset, Reason: reason}
}

// closeContainer ends the innermost container, whose last byte stands before end.
func (t *Tape) closeContainer(tokens []uint64, end int) []uint64 {
	top := t.open[len(t.open)-1]
	t.open = t.open[:len(t.open)-1]
	tokens = append(tokens, uint64(end))
	tokens[top] |= uint64(int32(len(tokens))-top) << lengthShift
	return tokens
}

// scanString reads the string whose opening quote stands at i. It returns the token (its text without the quotes),
// the offset behind the closing quote, and a reason when the string is at fault, with the fault's offset.
func scanString(data []byte, i int) (token uint64, end int, reason string) {
	i++
	start := i
	var flags uint64
	for {
		for i+8 <= len(data) {
			b := data[i : i+8 : i+8]
			w := uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
				uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
			quote := w ^ '"'*lows
			slash := w ^ '\\'*lows
			// The lowest bit that is set marks the first byte that needs a look; borrows can only add bits above it.
			hit := ((quote-lows)&^quote | (slash-lows)&^slash | (w-0x20*lows)&^w | w) & highs
			if hit != 0 {
				i += bits.TrailingZeros64(hit) >> 3
				break
			}
			i += 8
		}
		if i >= len(data) {
			return 0, len(data), unexpectedEnd
		}
		switch c := data[i]; {
		case c == '"':
			return uint64(String)<<kindShift | flags | uint64(i-start)<<lengthShift | uint64(start), i + 1, ""
		case c == '\\':
			flags |= escapedFlag
			if i+1 >= len(data) {
				return 0, len(data), unexpectedEnd
			}
			switch data[i+1] {
			case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
				i += 2
			case 'u':
				for k := i + 2; k < i+6; k++ {
					if k >= len(data) {
						return 0, len(data), unexpectedEnd
					}
					if hexDigit(data[k]) < 0 {
						return 0, k, "expected four hexadecimal digits after \\u"
					}
				}
				i += 6
			default:
				return 0, i + 1, "unknown escape in a text"
			}
		case c < 0x20:
			return 0, i, "a control character stands bare in a text"
		default:
			if c >= 0x80 {
				flags |= nonASCIIFlag
			}
			i++
		}
	}
}

func scanNumber(data []byte, i int) (end int, reason string) {
	if data[i] == '-' {
		i++
	}
	if i >= len(data) {
		return i, unexpectedEnd
	}
	switch {
	case data[i] == '0':
		i++
	case data[i]-'1' <= 8:
		for i < len(data) && data[i]-'0' <= 9 {
			i++
		}
	default:
		return i, "expected a digit"
	}
	if i < len(data) && data[i] == '.' {
		i++
		if end, reason = scanDigits(data, i); reason != "" {
			return end, reason
		}
		i = end
	}
	if i < len(data) && data[i]|0x20 == 'e' {
		i++
		if i < len(data) && (data[i] == '+' || data[i] == '-') {
			i++
		}
		if end, reason = scanDigits(data, i); reason != "" {
			return end, reason
		}
		i = end
	}
	return i, ""
}

func scanDigits(data []byte, i int) (end int, reason string) {
	start := i
	for i < len(data) && data[i]-'0' <= 9 {
		i++
	}
	if i > start {
		return i, ""
	}
	if i >= len(data) {
		return i, unexpectedEnd
	}
	return i, "expected a digit"
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

func itoa(i int) string { return strconv.Itoa(i) }
