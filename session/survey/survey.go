package survey

import "github.com/ftrack-wasm/ftrack-wasm/session/wire"

// Surveyor finds the entities in a value of a scanned document, and overwrites the values that the server computes, which can carry keys in
// their addresses.
type Surveyor struct {
	types  *Types
	tokens []wire.Token
	tape   *wire.Tape
	data   []byte // the document
	body   []byte // as it is kept: what is overwritten keeps its length
	base   int    // where body begins in the document
	own    bool   // body is no part of the document
	places []Place
	key    [][]byte
}

// New begins with a value. What is kept is that value, in brackets, as it stands in the document; a copy of it where no brackets stand
// around it. The types may serve one surveyor after the other.
func New(types *Types, from wire.Node) *Surveyor {
	v := &Surveyor{types: types, tape: from.Tape(), tokens: from.Tape().Tokens(), data: from.Tape().Data()}
	offset, length := from.Span()
	if end := offset + length; offset > 0 && end < len(v.data) && v.data[offset-1] == '[' && v.data[end] == ']' {
		v.body, v.base = v.data[offset-1:end+1:end+1], offset-1
		return v
	}
	v.body, v.base, v.own = make([]byte, length+2), offset-1, true
	v.body[0], v.body[length+1] = '[', ']'
	copy(v.body[1:], from.Raw())
	return v
}

// WithoutBrackets leaves the brackets away in which the value stands. It comes before Value.
func (v *Surveyor) WithoutBrackets() {
	v.body, v.base = v.body[1:len(v.body)-1], v.base+1
}

// Body is what is to be kept. owned says that nobody else has it, else it is a part of the document.
func (v *Surveyor) Body() (body []byte, owned bool) { return v.body, v.own }

// Places are the entities that were found, sorted by hash.
func (v *Surveyor) Places() []Place { return sorted(v.places) }

// Value looks at a value of the document, by the index of its token.
func (v *Surveyor) Value(at int32) {
	token := v.tokens[at]
	switch token.Kind() {
	case wire.Array:
		for i, end := at+1, at+token.Tokens()-1; i < end; i += v.tokens[i].Tokens() {
			v.Value(i)
		}
	case wire.Object:
		v.object(at, token.Tokens())
	}
}

func (v *Surveyor) object(at, tokens int32) {
	end := at + tokens - 1
	t := v.typeOf(at, end)
	if t == nil {
		for i := at + 1; i < end; {
			i++
			v.Value(i)
			i += v.tokens[i].Tokens()
		}
		return
	}
	full, inner, place := false, len(v.places), 0
	for i := at + 1; i < end; place++ {
		full = full || t.says(v.bytes(i), place)
		token := v.tokens[i+1]
		if length := v.tokens[i].Length(); t.lengths>>min(length, 63)&1 != 0 && t.computes(v.bytes(i)) {
			v.blank(i + 1)
		} else if token.Kind() >= wire.Array {
			v.Value(i + 1)
		}
		i += 1 + token.Tokens()
	}
	offset, past := v.tokens[at].Offset()-v.base, v.tokens[end].Offset()-v.base
	if full && v.keyOf(t, at, end) {
		v.places = append(v.places, Place{
			Hash: t.hash(v.key), Content: v.checksum(offset, past, inner), Offset: uint32(offset), Length: uint32(past - offset),
		})
	}
}

// checksum is that of an object's bytes: of those of the entities in it, which stand in places from inner on, the checksums count.
func (v *Surveyor) checksum(from, to, inner int) uint32 {
	sum := uint64(0)
	for _, p := range v.places[inner:] {
		if int(p.Offset) < from {
			continue // stands in one before
		}
		sum = (sum^wire.Sum(v.body[from:p.Offset]))*0x9e3779b97f4a7c15 + uint64(p.Content)
		from = int(p.Offset + p.Length)
	}
	sum = (sum ^ wire.Sum(v.body[from:to])) * 0x9e3779b97f4a7c15
	return uint32(sum ^ sum>>32)
}

func (v *Surveyor) bytes(at int32) []byte {
	token := v.tokens[at]
	return v.data[token.Offset() : token.Offset()+token.Length()]
}

// typeOf is the type that an object names; nil for none.
func (v *Surveyor) typeOf(at, end int32) *surveyed {
	if v.isMember(end-2, at, "__entity_type__") { // as servers have it
		return v.types.named(v.bytes(end - 1))
	}
	for i := at + 1; i < end; i += 1 + v.tokens[i+1].Tokens() {
		if v.tokens[i].Length() == len("__entity_type__") && v.isMember(i, at, "__entity_type__") {
			return v.types.named(v.bytes(i + 1))
		}
	}
	return nil
}

// isMember reports whether a token is the name of a member with a text. The token behind it must not be the end of anything.
func (v *Surveyor) isMember(at, after int32, name string) bool {
	return at > after && v.tokens[at+1].Kind() == wire.String && v.tokens[at+1].Length() > 0 && v.tokens[at].Kind() == wire.String && string(v.bytes(at)) == name
}

// keyOf finds the parts of an object's key.
func (v *Surveyor) keyOf(t *surveyed, at, end int32) bool {
	v.key = v.key[:0]
	for _, part := range t.key {
		found := false
		if len(t.key) == 1 && v.tokens[end-1].Kind() == wire.String && v.isMember(end-4, at, part) && !v.tokens[end-3].Escaped() { // as servers have it
			v.key = append(v.key, v.bytes(end-3))
			return true
		}
		for i := at + 1; i < end && !found; i += 1 + v.tokens[i+1].Tokens() {
			if string(v.bytes(i)) != part {
				continue
			}
			switch token := v.tokens[i+1]; {
			case token.Kind() == wire.String && token.Escaped():
				v.key = append(v.key, []byte(v.tape.At(i+1).Text()))
			case token.Kind() == wire.String || token.Kind() == wire.Number:
				v.key = append(v.key, v.bytes(i+1))
			default:
				return false
			}
			found = true
		}
		if !found {
			return false
		}
	}
	return true
}

// blank overwrites a value: nobody would take it from what was kept.
func (v *Surveyor) blank(at int32) {
	node := v.tape.At(at)
	offset, length := node.Span()
	if node.Kind() == wire.String {
		offset, length = offset-1, length+2
	}
	value := v.body[offset-v.base:][:length]
	for i := range value {
		value[i] = ' '
	}
	if copy(value, "null") < len("null") {
		value[0] = '0'
		for i := range value[1:] {
			value[1+i] = ' '
		}
	}
}
