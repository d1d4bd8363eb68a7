package query

import "unicode/utf8"

// scanner steps through the text. The language has no tokens that hold everywhere (`in` may be an attribute, a bare
// value or an operator), so the parser asks for what may stand at a place.
type scanner struct {
	text    string
	pos     int
	dialect Dialect
}

func (s *scanner) failAt(offset int, message string) error {
	return newSyntaxError(s.text, offset, message)
}

func (s *scanner) fail(message string) error { return s.failAt(s.pos, message) }

// space skips white space, of the kinds that are pasted along with text too.
func (s *scanner) space() {
	for s.pos < len(s.text) {
		if c := s.text[s.pos]; c < utf8.RuneSelf {
			if c != ' ' && (c < '\t' || c > '\r') {
				return
			}
			s.pos++
			continue
		}
		r, size := utf8.DecodeRuneInString(s.text[s.pos:])
		if !isSpace(r) {
			return
		}
		s.pos += size
	}
}

func isSpace(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\v', '\f', '\r', 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff:
		return true
	}
	return r >= 0x2000 && r <= 0x200b
}

// peek is the next byte after white space; 0 at the end.
func (s *scanner) peek() byte {
	s.space()
	if s.pos < len(s.text) {
		return s.text[s.pos]
	}
	return 0
}

// take skips white space and the byte, if it is the next.
func (s *scanner) take(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.pos++
	return true
}

func (s *scanner) expect(c byte, message string) error {
	if s.take(c) {
		return nil
	}
	return s.fail(message)
}

// name reads the name of an attribute or a type: letters, digits, underscores, hyphens within; "" if there is none.
func (s *scanner) name() string {
	s.space()
	start := s.pos
	for s.pos < len(s.text) {
		size := nameSize(s.text[s.pos:])
		if size == 0 && s.text[s.pos] == '-' && s.pos > start && nameSize(s.text[s.pos+1:]) > 0 {
			size = 1
		}
		if size == 0 {
			break
		}
		s.pos += size
	}
	return s.text[start:s.pos]
}

// nameSize is the size of the character of a name that the text begins with, 0 if it is none.
func nameSize(text string) int {
	if text == "" {
		return 0
	}
	c := text[0]
	if c < utf8.RuneSelf {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' {
			return 1
		}
		return 0
	}
	r, size := utf8.DecodeRuneInString(text)
	if isSpace(r) || r == utf8.RuneError && size == 1 {
		return 0
	}
	return size
}

// keyword skips white space and the word, if it stands next in any case and is not the beginning of another word.
func (s *scanner) keyword(word string) bool {
	s.space()
	end := s.pos + len(word)
	if end > len(s.text) || !equalFold(s.text[s.pos:end], word) {
		return false
	}
	if end < len(s.text) && (nameSize(s.text[end:]) > 0 || s.text[end] == '-' && nameSize(s.text[end+1:]) > 0) {
		return false
	}
	s.pos = end
	return true
}

// keywords skips two words in a row, or none.
func (s *scanner) keywords(first, second string) bool {
	start := s.pos
	if s.keyword(first) && s.keyword(second) {
		return true
	}
	s.pos = start
	return false
}

// equalFold compares ASCII words; lower is in lower case.
func equalFold(word, lower string) bool {
	if len(word) != len(lower) {
		return false
	}
	for i := 0; i < len(word); i++ {
		c := word[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

// value reads a quoted text or a bare word.
func (s *scanner) value() (Value, error) {
	switch c := s.peek(); c {
	case '"', '\'':
		return s.quoted(c)
	}
	start := s.pos
	for s.pos < len(s.text) {
		size := bareSize(s.text[s.pos:])
		if size == 0 {
			break
		}
		s.pos += size
	}
	if s.pos == start {
		return Value{}, s.fail("expected a value")
	}
	word := s.text[start:s.pos]
	return Value{Kind: wordKind(word), Text: word, written: word}, nil
}

// bareSize is the size of the character of a bare word that the text begins with, 0 if it is none.
func bareSize(text string) int {
	switch c := text[0]; {
	case c <= ' ', c == 0x7f:
		return 0
	case c < utf8.RuneSelf:
		switch c {
		case '(', ')', ',', '"', '\'', '=', '<', '>', '!', '\\':
			return 0
		}
		return 1
	}
	return nameSize(text)
}

// quoted reads a text in quotes; it is part of the query's text unless it has escapes.
func (s *scanner) quoted(quote byte) (Value, error) {
	start := s.pos
	var decoded []byte
	plain := start + 1 // where the part begins that is not in decoded yet
	for i := plain; i < len(s.text); i++ {
		switch c := s.text[i]; {
		case c == quote:
			s.pos = i + 1
			text := s.text[plain:i]
			if decoded != nil {
				text = string(append(decoded, text...))
			}
			return Value{Kind: Quoted, Text: text, written: s.text[start:s.pos]}, nil
		case c == '\\' && !s.dialect.BackslashLiteral && i+1 < len(s.text):
			if next := s.text[i+1]; next == '"' || next == '\'' || next == '\\' {
				decoded = append(decoded, s.text[plain:i]...)
				plain = i + 1
			}
			i++
		}
	}
	return Value{}, s.failAt(start, "the quotes opened here are not closed")
}

func wordKind(word string) ValueKind {
	switch {
	case equalFold(word, "none"), equalFold(word, "null"):
		return None
	case equalFold(word, "true"), equalFold(word, "false"):
		return Boolean
	case isNumber(word):
		return Number
	}
	return Word
}

// isNumber tells whether all of the word is a decimal number: sign, digits, fraction, exponent.
func isNumber(word string) bool {
	i := 0
	digits := func() (n int) {
		for ; i < len(word) && word[i] >= '0' && word[i] <= '9'; i++ {
			n++
		}
		return n
	}
	sign := func() {
		if i < len(word) && (word[i] == '+' || word[i] == '-') {
			i++
		}
	}
	sign()
	n := digits()
	if i < len(word) && word[i] == '.' {
		i++
		n += digits()
	}
	if n == 0 {
		return false
	}
	if i < len(word) && (word[i] == 'e' || word[i] == 'E') {
		i++
		sign()
		if digits() == 0 {
			return false
		}
	}
	return i == len(word)
}
