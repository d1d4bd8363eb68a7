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
	types   map[string]*surveyedType
	places  []Place
	key     [][]byte
}

// surveyedType is what a survey needs of an entity type.
type surveyedType struct {
	typ     *schema.EntityType
	root    string
	key     []string
	stub    map[string]bool // names that say no more than which entity it is
	lengths uint64          // of the names of computed attributes, one bit each
}

// newSurveyor begins with a value of a scanned document. What is kept is a copy of it, in brackets.
func (s *Session) newSurveyor(from wire.Node) *surveyor {
	raw := from.Raw()
	body := make([]byte, len(raw)+2)
	body[0], body[len(body)-1] = '[', ']'
	copy(body[1:], raw)
	offset, _ := from.Span()
	return &surveyor{session: s, tape: from.Tape(), tokens: from.Tape().Tokens(), body: body, base: offset - 1, types: map[string]*surveyedType{}}
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
	full := false
	for i := at + 1; i < end; {
		name := v.bytes(i)
		full = full || !t.stub[string(name)]
		i++
		if t.lengths>>min(len(name), 63)&1 != 0 && t.computes(name) {
			v.blank(i)
		} else {
			v.value(i)
		}
		i += v.tokens[i].Tokens()
	}
	offset, past := v.tokens[at].Offset()-v.base, v.tokens[end].Offset()-v.base
	if full && v.keyOf(t, at, end) {
		v.places = append(v.places, Place{
			Hash: hashIdentity(t.root, v.key), Content: checksum(v.body[offset:past]), Offset: uint32(offset), Length: uint32(past - offset),
		})
	}
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
	for i := at + 1; i < end; i += 1 + v.tokens[i+1].Tokens() {
		if string(v.bytes(i)) != "__entity_type__" || v.tokens[i+1].Kind() != wire.String || v.tokens[i+1].Length() == 0 {
			continue
		}
		t := v.types[string(v.bytes(i+1))]
		if t == nil {
			t = v.newType(v.tape.At(i + 1).Text())
			v.types[string(v.bytes(i+1))] = t
		}
		return t
	}
	return nil
}

func (v *surveyor) newType(name string) *surveyedType {
	typ := v.session.schemas.Type(name)
	t := &surveyedType{typ: typ, root: v.session.rootName(name), key: primaryKey(typ), stub: map[string]bool{"__entity_type__": true}}
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

// showsKey reports whether the API key stands in what would be kept, in a place that nobody expects one in.
func (s *Session) showsKey(body []byte) bool {
	key := []byte(s.key())
	return len(key) >= leastSecret && bytes.Contains(body, key)
}

// leastSecret is how long a key must be to be looked for: a shorter one stands in many a word.
const leastSecret = 6
