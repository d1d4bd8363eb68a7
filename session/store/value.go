package store

// Kind says what a Value is. The numbers are part of the module's boundary.
type Kind uint8

// The kinds of values. A number's text and a text's bytes stand as the server sent them.
const (
	NotLoaded Kind = iota
	Null
	False
	True
	Number
	_ // an integer beyond 2^53 is told apart when it is read
	ASCII
	UTF8
	Escaped // a JSON text with its quotes and escapes
	DateTime
	Date
	Reference
	List // of records
	JSON // any other object or array, its text
)

// Value is what a record holds under one attribute: a kind and where the bytes are. It has no pointers, so columns of
// values cost a garbage collection nothing. Bytes of up to eight stand in the value itself.
type Value struct {
	head   uint32 // kind, inline flag, chunk
	length uint32 // bytes; for a list the number of records
	word   uint64 // inline bytes, or the offset in the chunk, or the record of a reference
}

const (
	kindBits   = 4
	inlineFlag = 1 << kindBits
	chunkShift = kindBits + 1
	inlineMax  = 8
)

// Kind of the value; NotLoaded for nil.
func (v *Value) Kind() Kind {
	if v == nil {
		return NotLoaded
	}
	return Kind(v.head & (1<<kindBits - 1))
}

// Reference is the record that a value of kind Reference names, else 0.
func (v *Value) Reference() Record {
	if v.Kind() != Reference {
		return 0
	}
	return Record(v.word)
}

// Len is the number of bytes, or of records in a List.
func (v *Value) Len() int {
	if v == nil {
		return 0
	}
	return int(v.length)
}

func (v *Value) chunk() uint32 { return v.head >> chunkShift }

func (v *Value) inline() bool { return v.head&inlineFlag != 0 }

// stored is how many bytes of a chunk the value occupies.
func (v *Value) stored() int {
	switch {
	case v.chunk() == 0:
		return 0
	case v.Kind() == List:
		return 4 * int(v.length)
	}
	return int(v.length)
}

func packInline(b []byte) uint64 {
	var word uint64
	for i, c := range b {
		word |= uint64(c) << (8 * i)
	}
	return word
}
