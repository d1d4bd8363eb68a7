package session

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// surveyor goes through a reply that is about to be kept: it finds the entities in it, and overwrites the values that the server
// computes, which can carry keys in their addresses.
type surveyor struct {
	session *Session
	tokens  []wire.Token
	tape    *wire.Tape
	body    []byte // as it is kept: what is overwritten keeps its length
	base    int    // where body begins in the document
	own     bool   // body is no part of the document
	types   map[string]*surveyedType
	last    *surveyedType
	places  []Place
	key     [][]byte
}

// surveyedType is what a survey needs of an entity type.
type surveyedType struct {
	typ     *schema.EntityType
	name    string
	key     []string
	stub    map[string]bool // names that say no more than which entity it is
	lengths uint64          // of the names of computed attributes, one bit each
	rootSum uint64
}

// hash is hashIdentity for the type.
func (t *surveyedType) hash(key [][]byte) uint64 {
	return hashKey(t.rootSum, key)
}

// newSurveyor begins with a value of a scanned document. What is kept is that value, in brackets, as it stands in the document; a copy
// of it where no brackets stand around it.
func (s *Session) newSurveyor(from wire.Node) *surveyor {
	v := &surveyor{session: s, tape: from.Tape(), tokens: from.Tape().Tokens(), types: map[string]*surveyedType{}}
	offset, length := from.Span()
	document := v.tape.Data()
	if end := offset + length; offset > 0 && end < len(document) && document[offset-1] == '[' && document[end] == ']' {
		v.body, v.base = document[offset-1:end+1:end+1], offset-1
		return v
	}
	v.body, v.base, v.own = make([]byte, length+2), offset-1, true
	v.body[0], v.body[length+1] = '[', ']'
	copy(v.body[1:], from.Raw())
	return v
}

// found are the entities that stand in what was surveyed.
func (v *surveyor) found() []Place {
	slices.SortFunc(v.places, func(a, b Place) int {
		if a.Hash != b.Hash {
			return cmp.Compare(a.Hash, b.Hash)
		}
		return cmp.Compare(a.Content, b.Content)
	})
	return slices.CompactFunc(v.places, func(a, b Place) bool { return a.Hash == b.Hash && a.Content == b.Content && a.Length == b.Length })
}

// value looks at a value.
func (v *surveyor) value(at int32) {
	token := v.tokens[at]
	switch token.Kind() {
	case wire.Array:
		for i, end := at+1, at+token.Tokens()-1; i < end; i += v.tokens[i].Tokens() {
			v.value(i)
		}
	case wire.Object:
		v.object(at, token.Tokens())
	}
}

func (v *surveyor) object(at, tokens int32) {
	end := at + tokens - 1
	t := v.typeOf(at, end)
	if t == nil {
		for i := at + 1; i < end; {
			i++
			v.value(i)
			i += v.tokens[i].Tokens()
		}
		return
	}
	full, inner := false, len(v.places)
	for i := at + 1; i < end; {
		full = full || !t.stub[string(v.bytes(i))]
		token := v.tokens[i+1]
		if length := v.tokens[i].Length(); t.lengths>>min(length, 63)&1 != 0 && t.computes(v.bytes(i)) {
			v.blank(i + 1)
		} else if token.Kind() >= wire.Array {
			v.value(i + 1)
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
func (v *surveyor) checksum(from, to, inner int) uint32 {
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

// checksum is one of 32 bits.
func checksum(b []byte) uint32 {
	sum := wire.Sum(b)
	return uint32(sum ^ sum>>32)
}

func (v *surveyor) bytes(at int32) []byte {
	token := v.tokens[at]
	return v.tape.Data()[token.Offset() : token.Offset()+token.Length()]
}

// typeOf is the type that an object names; nil for none.
func (v *surveyor) typeOf(at, end int32) *surveyedType {
	if v.isMember(end-2, at, "__entity_type__") { // as servers have it
		return v.typeNamed(end - 1)
	}
	for i := at + 1; i < end; i += 1 + v.tokens[i+1].Tokens() {
		if v.tokens[i].Length() == len("__entity_type__") && v.isMember(i, at, "__entity_type__") {
			return v.typeNamed(i + 1)
		}
	}
	return nil
}

// isMember reports whether a token is the name of a member with a text. The token behind it must not be the end of anything.
func (v *surveyor) isMember(at, after int32, name string) bool {
	return at > after && v.tokens[at+1].Kind() == wire.String && v.tokens[at+1].Length() > 0 && v.tokens[at].Kind() == wire.String && string(v.bytes(at)) == name
}

func (v *surveyor) typeNamed(at int32) *surveyedType {
	if last := v.last; last != nil && string(v.bytes(at)) == last.name {
		return last
	}
	t := v.types[string(v.bytes(at))]
	if t == nil {
		t = v.newType(v.tape.At(at).Text())
		t.name = string(v.bytes(at))
		v.types[t.name] = t
	}
	v.last = t
	return t
}

func (v *surveyor) newType(name string) *surveyedType {
	typ := v.session.schemas.Type(name)
	t := &surveyedType{typ: typ, rootSum: wire.Sum([]byte(v.session.rootName(name))), key: primaryKey(typ), stub: map[string]bool{"__entity_type__": true}}
	for _, part := range t.key {
		t.stub[part] = true
	}
	if typ != nil {
		for _, each := range typ.SystemProjections {
			t.stub[each] = true
		}
		for _, each := range []string{"context_type", "object_type_id", "project_id", "resource_type", "system_type"} {
			t.stub[each] = true
		}
		for _, a := range typ.Attributes {
			if a.Computed {
				t.stub[a.Name] = true
				t.lengths |= 1 << min(len(a.Name), 63)
			}
		}
	}
	return t
}

func (t *surveyedType) computes(name []byte) bool {
	a := t.typ.Attribute(string(name))
	return a != nil && a.Computed
}

// keyOf finds the parts of an object's key.
func (v *surveyor) keyOf(t *surveyedType, at, end int32) bool {
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
func (v *surveyor) blank(at int32) {
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

// showsKey reports whether the API key stands in what would be kept, in a place that nobody expects one in. Wherever it stands, one of its
// words of four bytes stands at a multiple of a step that is no longer than the key: only there it is looked for, for there are megabytes.
func showsKey(key, body []byte) bool {
	if len(key) < leastSecret {
		return false
	}
	step := 4
	for 2*step+3 <= len(key) {
		step *= 2
	}
	const bits = 64
	var seen [bits]uint64 // which words there may be, by a hash of 12 bits
	for i := range step {
		h := hashWord(key[i:])
		seen[h/bits] |= 1 << (h % bits)
	}
	for at := 0; at+4 <= len(body); at += step {
		if h := hashWord(body[at:]); seen[h/bits]>>(h%bits)&1 != 0 && bytes.Contains(body[max(0, at-step):min(len(body), at+len(key)+step)], key) {
			return true
		}
	}
	return false
}

func hashWord(b []byte) uint32 {
	_ = b[3]
	return (uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24) * 0x9e3779b1 >> 20
}

// leastSecret is how long a key must be to be looked for: a shorter one stands in many a word.
const leastSecret = 7
