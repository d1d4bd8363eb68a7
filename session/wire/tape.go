package wire

// A token of the tape is one uint64: byte offset in the low 32 bits, then 27 bits of length, 3 bits of kind and two
// string flags. A container is an opening token, whose length is the number of tokens up to and including its closing
// one, its members, and the closing token, whose offset is that behind the last byte.
const (
	lengthShift  = 32
	lengthBits   = 27
	lengthMask   = 1<<lengthBits - 1
	kindShift    = lengthShift + lengthBits
	kindMask     = 7
	escapedFlag  = 1 << 62
	nonASCIIFlag = 1 << 63
)

// MaxDocument is the largest document that Scan takes, in bytes; a longer one is refused as a SyntaxError.
const MaxDocument = 1<<lengthBits - 1

// MaxDepth is how deep containers may nest.
const MaxDepth = 1000

// Token is one entry of the tape, for code that walks it itself. The key of an object's member is followed by its value.
type Token uint64

// Offset is where the text of a string, number or word begins in the document, or a container's bracket.
func (t Token) Offset() int { return int(uint32(t)) }

// Length is the bytes of a string, number or word.
func (t Token) Length() int { return int(t >> lengthShift & lengthMask) }

// Kind is that of the value.
func (t Token) Kind() Kind { return Kind(t >> kindShift & kindMask) }

// Tokens is how many tokens the value takes: 1, or those up to the end of the container.
func (t Token) Tokens() int32 {
	if t.Kind() >= Array {
		return int32(t >> lengthShift & lengthMask)
	}
	return 1
}

// Escaped reports whether a string holds escapes.
func (t Token) Escaped() bool { return t&escapedFlag != 0 }

// NonASCII reports whether a string holds bytes beyond ASCII.
func (t Token) NonASCII() bool { return t&nonASCIIFlag != 0 }

// Kind says what a JSON value is.
type Kind uint8

// The kinds of JSON values. Missing is the kind of the zero Node: a member that is not there.
const (
	Missing Kind = iota
	Null
	False
	True
	Number
	String
	Array
	Object
)

var kindNames = [...]string{"nothing", "null", "false", "true", "number", "text", "array", "object"}

// String names the kind as error texts do.
func (k Kind) String() string { return kindNames[k&kindMask] }

// Tape holds the tokens of one scanned document. It may be used again for the next document, which keeps its memory.
// The document's bytes are referred to, not copied: they must not change while the tape is read.
// The zero value is ready. A Tape must not be used by several goroutines at once while it scans.
type Tape struct {
	data   []byte
	tokens []Token
	open   []int32 // first tokens of the containers that are not closed yet, an object's inverted
	pos    int
	state  scanState
}

// Scan reads a whole document. It returns nil, or a *SyntaxError with the byte offset of the fault.
func (t *Tape) Scan(data []byte) error {
	t.Start(data)
	_, err := t.Step(len(data) + 1)
	return err
}

// Start prepares the tape for a document; Step then reads it piece by piece.
func (t *Tape) Start(data []byte) {
	t.data = data
	t.tokens = t.tokens[:0]
	t.open = t.open[:0]
	t.pos = 0
	t.state = expectValue
}

// Data is the document that the tape was made from.
func (t *Tape) Data() []byte { return t.data }

// Tokens are those of the whole document.
func (t *Tape) Tokens() []Token { return t.tokens }

// Position is how many bytes have been read.
func (t *Tape) Position() int { return t.pos }

// Root is the document's value. It is Missing before a scan has finished without an error.
func (t *Tape) Root() Node {
	if t.state != finished || len(t.tokens) == 0 {
		return Node{}
	}
	return Node{t, 0}
}

// Size is how many bytes of memory the tape takes, its document aside.
func (t *Tape) Size() int { return 8 * cap(t.tokens) }

// Release drops the reference to the document and keeps the tape's memory for the next one.
func (t *Tape) Release() { t.Start(nil) }

// At is the token at index i as a Node, for code that walks the tape itself.
func (t *Tape) At(i int32) Node { return Node{t, i} }

// Parse scans data with a tape of its own and returns the document's value.
func Parse(data []byte) (Node, error) {
	t := &Tape{tokens: make([]Token, 0, min(len(data)/bytesOfToken, mostAtFirst)+1), open: make([]int32, 0, 8)}
	if err := t.Scan(data); err != nil {
		return Node{}, err
	}
	return t.Root(), nil
}

// What Parse makes room for at first: events have a token in every ten bytes or so. Longer documents make room as they need it.
const (
	bytesOfToken = 9
	mostAtFirst  = 512
)

// SyntaxError tells where a document stops being JSON. Offset counts bytes from 0.
type SyntaxError struct {
	Offset int
	Reason string
}

// Error gives the reason and the byte offset; it never shows the document's text.
func (e *SyntaxError) Error() string {
	return "invalid JSON at byte " + itoa(e.Offset) + ": " + e.Reason
}
