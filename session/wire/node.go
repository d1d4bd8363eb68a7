package wire

import (
	"iter"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Node is one value of a scanned document: a cursor into the tape, cheap to copy. The zero Node is Missing, and every
// method of it gives the zero value, so that chains of Get need one check at their end.
type Node struct {
	tape  *Tape
	index int32
}

func (n Node) token() Token { return n.tape.tokens[n.index] }

// Kind says what the value is; Missing for the zero Node.
func (n Node) Kind() Kind {
	if n.tape == nil {
		return Missing
	}
	return Kind(n.token() >> kindShift & kindMask)
}

// Tape is the one that the node stands on, nil for a Missing one.
func (n Node) Tape() *Tape { return n.tape }

// Index is the place of the value's first token on the tape.
func (n Node) Index() int32 { return n.index }

// Next is the index of the token behind the value.
func (n Node) Next() int32 {
	token := n.token()
	if Kind(token>>kindShift&kindMask) >= Array {
		return n.index + int32(token>>lengthShift&lengthMask)
	}
	return n.index + 1
}

// Span is where the value's text stands in the document: for a string without its quotes, for a container with its
// brackets.
func (n Node) Span() (offset, length int) {
	token := n.token()
	offset = int(uint32(token))
	if Kind(token>>kindShift&kindMask) >= Array {
		last := n.tape.tokens[n.index+int32(token>>lengthShift&lengthMask)-1]
		return offset, int(uint32(last)) - offset
	}
	return offset, int(token >> lengthShift & lengthMask)
}

// Plain says of a string whether it holds escapes and whether it holds bytes beyond ASCII.
func (n Node) Plain() (escaped, nonASCII bool) {
	if n.Kind() != String {
		return false, false
	}
	return n.token()&escapedFlag != 0, n.token()&nonASCIIFlag != 0
}

// Len counts the elements of an array or the members of an object (repeated keys each time they stand).
func (n Node) Len() int {
	count := 0
	switch n.Kind() {
	case Array:
		for i, end := n.index+1, n.Next()-1; i < end; i = (Node{n.tape, i}).Next() {
			count++
		}
	case Object:
		end := n.Next() - 1
		for i := n.index + 1; i < end; i = (Node{n.tape, i + 1}).Next() {
			count++
		}
	}
	return count
}

// Raw is the value's text as it stands in the document, strings with their quotes. The bytes belong to the document.
func (n Node) Raw() []byte {
	kind := n.Kind()
	if kind == Missing {
		return nil
	}
	offset, length := n.Span()
	if kind == String {
		offset, length = offset-1, length+2
	}
	return n.tape.data[offset : offset+length : offset+length]
}

// Bytes is the text of a string between its quotes, escapes as they stand; nil for other kinds.
func (n Node) Bytes() []byte {
	if n.Kind() != String {
		return nil
	}
	offset, length := n.Span()
	return n.tape.data[offset : offset+length : offset+length]
}

// Get is the value of a member; the last one when a key is repeated, as JSON.parse has it. Missing when there is no
// such member or n is not an object.
func (n Node) Get(key string) Node {
	found := Node{}
	if n.Kind() != Object {
		return found
	}
	end := n.Next() - 1
	for i := n.index + 1; i < end; {
		value := Node{n.tape, i + 1}
		if (Node{n.tape, i}).Is(key) {
			found = value
		}
		i = value.Next()
	}
	return found
}

// Find is Get for several members in one pass: into[i] becomes that of the name names[i].
func (n Node) Find(names []string, into []Node) {
	clear(into)
	if n.Kind() != Object {
		return
	}
	for i, end := n.index+1, n.Next()-1; i < end; {
		key, value := Node{n.tape, i}, Node{n.tape, i + 1}
		text := key.Bytes()
		if key.token()&escapedFlag != 0 {
			text = []byte(key.Text())
		}
		for j, name := range names {
			if string(text) == name {
				into[j] = value
				break
			}
		}
		i = value.Next()
	}
}

// Is reports whether n is a string with this text. It does not allocate unless the string has escapes.
func (n Node) Is(text string) bool {
	if n.Kind() != String {
		return false
	}
	if n.token()&escapedFlag == 0 {
		return string(n.Bytes()) == text
	}
	return n.Text() == text
}

// List are the elements of an array. A loop over it is much less code than one over Elements, which counts in a module.
func (n Node) List() []Node {
	if n.Kind() != Array {
		return nil
	}
	list := make([]Node, 0, n.Len())
	for i, end := n.index+1, n.Next()-1; i < end; {
		element := Node{n.tape, i}
		list = append(list, element)
		i = element.Next()
	}
	return list
}

// Member is a key of an object with its value.
type Member struct {
	Key   string
	Value Node
}

// Object are the members of an object, as Members gives them.
func (n Node) Object() []Member {
	if n.Kind() != Object {
		return nil
	}
	list := make([]Member, 0, n.Len())
	for i, end := n.index+1, n.Next()-1; i < end; {
		value := Node{n.tape, i + 1}
		list = append(list, Member{Node{n.tape, i}.Text(), value})
		i = value.Next()
	}
	return list
}

// Elements goes over the elements of an array.
func (n Node) Elements() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		for _, element := range n.List() {
			if !yield(element) {
				return
			}
		}
	}
}

// Members goes over the members of an object in the order of the document, repeated keys included.
func (n Node) Members() iter.Seq2[string, Node] {
	return func(yield func(string, Node) bool) {
		for _, member := range n.Object() {
			if !yield(member.Key, member.Value) {
				return
			}
		}
	}
}

// Text is the decoded text of a string, "" for other kinds. Lone surrogates and bytes that are not UTF-8 become
// U+FFFD, as encoding/json has them; a browser that needs them as they are parses Raw.
func (n Node) Text() string {
	if n.Kind() != String {
		return ""
	}
	escaped, nonASCII := n.Plain()
	if !escaped && (!nonASCII || utf8.Valid(n.Bytes())) {
		return string(n.Bytes())
	}
	return DecodeText(n.Bytes())
}

// DecodeText decodes what stands between the quotes of a scanned JSON string.
func DecodeText(b []byte) string {
	out := make([]byte, 0, len(b)+8)
	for i := 0; i < len(b); {
		c := b[i]
		if c != '\\' {
			if c < utf8.RuneSelf {
				out = append(out, c)
				i++
				continue
			}
			r, size := utf8.DecodeRune(b[i:])
			out = utf8.AppendRune(out, r)
			i += size
			continue
		}
		i++
		switch b[i] {
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r := hexRune(b[i+1:])
			i += 4
			if utf16.IsSurrogate(r) {
				second := rune(-1)
				if i+6 < len(b) && b[i+1] == '\\' && b[i+2] == 'u' {
					second = hexRune(b[i+3:])
				}
				if r = utf16.DecodeRune(r, second); r != utf8.RuneError {
					i += 6
				}
			}
			out = utf8.AppendRune(out, r)
		default:
			out = append(out, b[i])
		}
		i++
	}
	return string(out)
}

func hexRune(b []byte) rune {
	r := 0
	for _, c := range b[:4] {
		r = r<<4 | hexDigit(c)
	}
	return rune(r)
}

// Int is a number without fraction and exponent that fits 64 bits, exactly. false for everything else.
func (n Node) Int() (int64, bool) {
	if n.Kind() != Number {
		return 0, false
	}
	offset, length := n.Span()
	return ParseInt(n.tape.data[offset : offset+length])
}

// ParseInt reads the text of a scanned number as Int does.
func ParseInt(b []byte) (int64, bool) {
	if len(b) <= 15 {
		v, i := int64(0), 0
		if b[0] == '-' {
			i = 1
		}
		for ; i < len(b); i++ {
			if b[i]-'0' > 9 {
				return 0, false
			}
			v = v*10 + int64(b[i]-'0')
		}
		if b[0] == '-' {
			v = -v
		}
		return v, true
	}
	v, err := strconv.ParseInt(string(b), 10, 64)
	return v, err == nil
}

// Float is a number as the nearest float64. false for other kinds, and for numbers beyond float64.
func (n Node) Float() (float64, bool) {
	if n.Kind() != Number {
		return 0, false
	}
	offset, length := n.Span()
	return ParseFloat(n.tape.data[offset : offset+length])
}

// ParseFloat reads the text of a scanned number as Float does.
func ParseFloat(b []byte) (float64, bool) {
	if v, ok := ParseInt(b); ok && len(b) <= 15 {
		if v == 0 && b[0] == '-' {
			return strconvFloat(b)
		}
		return float64(v), true
	}
	return strconvFloat(b)
}

func strconvFloat(b []byte) (float64, bool) {
	v, err := strconv.ParseFloat(string(b), 64)
	return v, err == nil
}

// Bool is true for the JSON word true.
func (n Node) Bool() bool { return n.Kind() == True }

// Sibling is the node at a place of the same tape, for code that walks it by index.
func (n Node) Sibling(index int32) Node { return Node{n.tape, index} }
