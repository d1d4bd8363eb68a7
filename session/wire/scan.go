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
next:
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
		c, isKey := data[i], false
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
			if isKey = true; c != '"' {
				return false, t.fail(i, "expected a key in quotes")
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
		for c == '"' { // a key, and the text that follows it, or a text alone
			i++
			token, end := Token(0), -1
			if i+16 <= len(data) {
				// Most keys and names are plain and short.
				hit := special(word(data[i:]))
				at := i
				if hit == 0 {
					at += 8
					hit = special(word(data[at:]))
				}
				if at += bits.TrailingZeros64(hit) >> 3; hit != 0 && data[at] == '"' {
					token, end = Token(String)<<kindShift|Token(at-i)<<lengthShift|Token(i), at+1
				}
			}
			if end < 0 {
				if token, end = scanString(data, i); end < 0 {
					return false, t.failString(i)
				}
			}
			tokens = append(tokens, token)
			if i = end; !isKey {
				state = afterValue
				continue next
			}
			isKey = false
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
				continue next
			}
			if c = data[i]; isSpace(c) {
				continue next
			}
		}
		// Any other value starts here.
		state = afterValue
		switch {
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

// isSpace takes one comparison for what is none.
func isSpace(c byte) bool { return c <= ' ' && (c == ' ' || c == '\n' || c == '\t' || c == '\r') }

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

func itoa(i int) string { return strconv.Itoa(i) }
