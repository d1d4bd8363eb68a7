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
	inObject := t.inObject()
	stop := len(data)
	if budget < len(data)-i {
		stop = i + budget
	}
	for {
		for i < len(data) && isSpace(data[i]) {
			i++
		}
		if i >= stop {
			if i >= len(data) {
				break
			}
			t.tokens, t.pos, t.state = tokens, i, state
			return false, nil
		}
		c := data[i]
		switch state {
		case afterValue:
			switch {
			case len(t.open) == 0:
				return false, t.fail(i, "text after the end of the document")
			case c == ',':
				i++
				state = expectValue
				if inObject {
					state = expectKey
				}
			case c == '}' && inObject, c == ']' && !inObject:
				i++
				tokens = t.closeContainer(tokens, i)
				inObject = t.inObject()
			default:
				return false, t.fail(i, "expected a comma or the end of the "+containerName(inObject))
			}
			if i >= stop {
				continue
			}
			if c = data[i]; state != expectKey || c != '"' {
				continue
			}
			fallthrough // the usual: a comma and the next key
		case expectFirstKey, expectKey:
			if c == '}' && state == expectFirstKey {
				i++
				tokens = t.closeContainer(tokens, i)
				inObject = t.inObject()
				state = afterValue
				continue
			}
			if c != '"' {
				return false, t.fail(i, "expected a key in quotes")
			}
			i++
			token, end := Token(0), -1
			if i+16 <= len(data) {
				// Most keys are plain and short.
				hit := special(word(data[i:]))
				next := i
				if hit == 0 {
					next += 8
					hit = special(word(data[next:]))
				}
				if next += bits.TrailingZeros64(hit) >> 3; hit != 0 && data[next] == '"' {
					token, end = Token(String)<<kindShift|Token(next-i)<<lengthShift|Token(i), next+1
				}
			}
			if end < 0 {
				if token, end = scanString(data, i); end < 0 {
					return false, t.failString(i)
				}
			}
			tokens = append(tokens, token)
			i = end
			if i < len(data) && data[i] != ':' {
				for i < len(data) && isSpace(data[i]) {
					i++
				}
			}
			if i >= len(data) {
				return false, t.fail(i, unexpectedEnd)
			}
			if data[i] != ':' {
				return false, t.fail(i, "expected a colon after the key")
			}
			i++
			state = expectValue
			if i >= len(data) {
				continue
			}
			if c = data[i]; isSpace(c) {
				continue
			}
		case expectFirstElement:
			if c == ']' {
				i++
				tokens = t.closeContainer(tokens, i)
				inObject = t.inObject()
				state = afterValue
				continue
			}
		}
		// A value starts here.
		state = afterValue
		switch {
		case c == '"':
			token, end := scanString(data, i+1)
			if end < 0 {
				return false, t.failString(i + 1)
			}
			tokens = append(tokens, token)
			i = end
		case c == '{':
			t.open = append(t.open, ^int32(len(tokens)))
			tokens = append(tokens, Token(Object)<<kindShift|Token(i))
			i++
			inObject = true
			state = expectFirstKey
		case c == '[':
			t.open = append(t.open, int32(len(tokens)))
			tokens = append(tokens, Token(Array)<<kindShift|Token(i))
			i++
			inObject = false
			state = expectFirstElement
		case c == '-' || c-'0' <= 9:
			end, reason := scanNumber(data, i)
			if reason != "" {
				return false, t.fail(end, reason)
			}
			tokens = append(tokens, Token(Number)<<kindShift|Token(end-i)<<lengthShift|Token(i))
			i = end
		default:
			kind, end, reason := scanWord(data, i)
			if reason != "" {
				return false, t.fail(end, reason)
			}
			tokens = append(tokens, Token(kind)<<kindShift|Token(end-i)<<lengthShift|Token(i))
			i = end
		}
		if len(t.open) > MaxDepth {
			return false, t.fail(i-1, "containers nest deeper than "+itoa(MaxDepth))
		}
	}
	if state != afterValue || len(t.open) != 0 {
		return false, t.fail(len(data), unexpectedEnd)
	}
	t.tokens, t.pos, t.state = tokens, i, finished
	return true, nil
}

// inObject reports whether the innermost open container is an object.
func (t *Tape) inObject() bool {
	return len(t.open) > 0 && t.open[len(t.open)-1] < 0
}

func scanWord(data []byte, i int) (kind Kind, end int, reason string) {
	word := "null"
	switch data[i] {
	case 't':
		kind, word = True, "true"
	case 'f':
		kind, word = False, "false"
	case 'n':
		kind = Null
	default:
		return 0, i, "expected a value"
	}
	for k := 0; k < len(word); k++ {
		if i+k >= len(data) {
			return 0, len(data), unexpectedEnd
		}
		if data[i+k] != word[k] {
			return 0, i + k, "expected the word " + word
		}
	}
	return kind, i + len(word), ""
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
func (t *Tape) closeContainer(tokens []Token, end int) []Token {
	top := t.open[len(t.open)-1]
	if top < 0 {
		top = ^top
	}
	t.open = t.open[:len(t.open)-1]
	tokens = append(tokens, Token(end))
	tokens[top] |= Token(int32(len(tokens))-top) << lengthShift
	return tokens
}

// scanString reads the string whose text begins at i. It returns the token (the text without its quotes) and the offset
// behind the closing quote, or -1 when the string is at fault.
func scanString(data []byte, i int) (token Token, end int) {
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
