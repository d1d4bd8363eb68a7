package session

import (
	"bytes"
	"slices"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// notSet is the type of NotSet.
type notSet struct{}

// NotSet is the value of an attribute that has none locally: setting it takes a local value back.
var NotSet any = notSet{}

// literal is a value as operations hold it. The zero literal is NotSet.
type literal struct {
	json   []byte         // a scalar or plain JSON
	ref    store.Record   // or an entity of the session
	list   []store.Record // or the entities of a collection,
	isList bool           // which may be none
}

func (l literal) notSet() bool { return l.json == nil && l.ref == 0 && !l.isList }

func (l literal) null() bool { return string(l.json) == "null" }

// text is a text, and whether the value is one.
func (l literal) text() (string, bool) {
	if len(l.json) == 0 || l.json[0] != '"' {
		return "", false
	}
	return wire.DecodeText(l.json[1 : len(l.json)-1]), true
}

// refersTo are the entities that the value names.
func (l literal) refersTo() []store.Record {
	if l.ref != 0 {
		return []store.Record{l.ref}
	}
	return l.list
}

// literalOf takes what Entity.Set takes.
func (s *Session) literalOf(value any) (literal, error) {
	switch v := value.(type) {
	case notSet:
		return literal{}, nil
	case *Entity:
		if v == nil {
			return literal{json: []byte("null")}, nil
		}
		if v.session != s {
			return literal{}, &ArgumentError{"the entity belongs to another session: take the one of this session, or merge it first"}
		}
		return literal{ref: v.record}, nil
	case []*Entity:
		list := make([]store.Record, len(v))
		for i, e := range v {
			if e == nil || e.session != s {
				return literal{}, &ArgumentError{"an entity of the list belongs to another session"}
			}
			list[i] = e.record
		}
		return literal{list: list, isList: true}, nil
	case Date:
		value = wire.Date(v)
	case JSON:
		value = wire.RawJSON(v)
	}
	b, err := wire.AppendValue(nil, value)
	if err != nil {
		return literal{}, &AttributeError{Text: err.Error()}
	}
	return literal{json: b}, nil
}

// plain is a literal as Entity.Value would give it. The session is locked.
func (s *Session) plain(l literal) any {
	switch {
	case l.notSet():
		return NotSet
	case l.ref != 0:
		return s.entityLocked(l.ref)
	case l.isList:
		list := make([]*Entity, len(l.list))
		for i, r := range l.list {
			list[i] = s.entityLocked(r)
		}
		return list
	}
	node, err := wire.Parse(l.json)
	if err != nil {
		return nil
	}
	switch node.Kind() {
	case wire.Null:
		return nil
	case wire.False, wire.True:
		return node.Bool()
	case wire.Number:
		if i, ok := node.Int(); ok {
			return i
		}
		f, _ := node.Float()
		return f
	case wire.String:
		return node.Text()
	}
	if t, err := wire.ParseDateTime(node.Get("value").Text()); err == nil && node.Get("__type__").Is("datetime") {
		return t
	}
	return JSON(slices.Clone(l.json))
}

// current is the value of an attribute as a literal. The session is locked.
func (s *Session) current(v *store.Value) literal {
	var buffer [8]byte
	b := s.store.Bytes(v, buffer[:])
	switch v.Kind() {
	case store.NotLoaded:
		return literal{}
	case store.Null:
		return literal{json: []byte("null")}
	case store.False:
		return literal{json: []byte("false")}
	case store.True:
		return literal{json: []byte("true")}
	case store.ASCII:
		return literal{json: wire.AppendText(nil, string(b))}
	case store.UTF8:
		return literal{json: wire.AppendText(nil, wire.DecodeText(b))}
	case store.Escaped:
		return literal{json: wire.AppendText(nil, wire.DecodeText(b[1:len(b)-1]))}
	case store.DateTime:
		return literal{json: dateTag("datetime", b)}
	case store.Date:
		return literal{json: dateTag("date", b)}
	case store.Reference:
		return literal{ref: v.Reference()}
	case store.List:
		l := literal{isList: true}
		for _, r := range s.store.Records(v) {
			l.list = append(l.list, r)
		}
		return l
	}
	return literal{json: slices.Clone(b)}
}

func dateTag(tag string, text []byte) []byte {
	b := append([]byte(`{"__type__":"`), tag...)
	return append(wire.AppendText(append(b, `","value":`...), string(text)), '}')
}

// same reports whether two values are the same to the server: 3600 is 3600.0, and dates are compared as moments.
func same(a, b literal) bool {
	if a.isList || b.isList {
		return a.isList && b.isList && slices.Equal(a.list, b.list)
	}
	if a.ref != 0 || b.ref != 0 || a.json == nil || b.json == nil {
		return a.ref == b.ref && a.json == nil && b.json == nil
	}
	if bytes.Equal(a.json, b.json) {
		return true
	}
	x, errX := wire.Parse(a.json)
	y, errY := wire.Parse(b.json)
	if errX != nil || errY != nil || x.Kind() != y.Kind() {
		return false
	}
	switch x.Kind() {
	case wire.Number:
		if i, ok := x.Int(); ok {
			if k, ok := y.Int(); ok {
				return i == k
			}
		}
		f, _ := x.Float()
		g, _ := y.Float()
		return f == g
	case wire.String:
		return x.Text() == y.Text()
	case wire.Object:
		t, errT := wire.ParseDateTime(x.Get("value").Text())
		u, errU := wire.ParseDateTime(y.Get("value").Text())
		return errT == nil && errU == nil && x.Get("__type__").Kind() == wire.String && t.Equal(u)
	}
	return false
}

// encodable is a literal as a request carries it. The session is locked.
func (s *Session) encodable(l literal) any {
	switch {
	case l.ref != 0:
		return s.reference(l.ref)
	case l.isList:
		list := make([]any, len(l.list))
		for i, r := range l.list {
			list[i] = s.reference(r)
		}
		return list
	}
	return wire.RawJSON(l.json)
}

// reference is an entity as requests name it: its type and its key. The session is locked.
func (s *Session) reference(r store.Record) wire.Reference {
	t := s.store.Type(r)
	if t == nil {
		return wire.Reference{}
	}
	reference := wire.Reference{EntityType: t.Name, Key: map[string]any{}}
	for i, part := range entityKey(t, s.store.Key(r)) {
		reference.Key[t.PrimaryKey[i]] = part
	}
	return reference
}

// putLocal sets a local value. The session is locked.
func (s *Session) putLocal(r store.Record, slot int32, l literal) {
	switch {
	case l.notSet():
		s.store.ClearLocal(r, slot)
	case l.ref != 0:
		s.store.SetLocalReference(r, slot, l.ref)
	case l.isList:
		s.store.SetLocalList(r, slot, l.list)
	default:
		s.store.SetLocalJSON(r, slot, l.json)
	}
}

// kind is that of a literal's JSON; Missing for what is none.
func (l literal) kind() wire.Kind {
	if len(l.json) == 0 {
		return wire.Missing
	}
	switch l.json[0] {
	case '"':
		return wire.String
	case '{':
		return wire.Object
	case '[':
		return wire.Array
	case 'n':
		return wire.Null
	case 't':
		return wire.True
	case 'f':
		return wire.False
	}
	return wire.Number
}

// node scans a literal's JSON.
func (l literal) node() wire.Node {
	node, _ := wire.Parse(l.json)
	return node
}

// checkValue reports whether an attribute can have a value, as an *AttributeError that names both. It allows what is
// immutable.
func (s *Session) checkValue(t *schema.EntityType, name string, l literal) error {
	a := t.Attribute(name)
	if a == nil {
		names := make([]string, len(t.Attributes))
		for i, other := range t.Attributes {
			names[i] = other.Name
		}
		text := t.Name + " has no attribute " + strconvQuote(name)
		if nearest := schema.Nearest(name, names); nearest != "" {
			text += ": did you mean " + strconvQuote(nearest) + "?"
		}
		return &AttributeError{EntityType: t.Name, Attribute: name, Text: text}
	}
	if l.notSet() || l.null() && !a.IsMany() {
		return nil
	}
	if want := s.unfit(a, l); want != "" {
		return &AttributeError{EntityType: t.Name, Attribute: name, Text: t.Name + "." + name + " takes " + want + ", not " + s.describe(l)}
	}
	if text, _ := l.text(); len(a.Enum) > 0 && !slices.Contains(a.Enum, text) {
		text = t.Name + "." + name + " takes one of " + strings.Join(a.Enum, ", ") + ", not " + strconvQuote(text)
		return &AttributeError{EntityType: t.Name, Attribute: name, Text: text}
	}
	return nil
}

const dateWanted = "a date and time such as 2024-10-29T22:00:00Z"

// unfit says what an attribute takes when a value is of another kind, "" when it fits.
func (s *Session) unfit(a *schema.Attribute, l literal) string {
	kind := l.kind()
	switch a.Kind {
	case schema.String, schema.JSON:
		if kind != wire.String {
			return "text"
		}
	case schema.Boolean:
		if kind != wire.True && kind != wire.False {
			return "true or false"
		}
	case schema.Integer:
		if _, ok := wire.ParseInt(l.json); kind != wire.Number || !ok {
			return "a whole number"
		}
	case schema.Number:
		if kind != wire.Number {
			return "a number"
		}
	case schema.DateTime:
		node := l.node()
		text := node.Text()
		if kind == wire.Object && node.Get("__type__").Kind() == wire.String {
			text = node.Get("value").Text()
		} else if kind != wire.String {
			return dateWanted
		}
		if _, err := wire.ParseDateTime(text); err != nil {
			return dateWanted
		}
	case schema.Reference:
		if l.ref == 0 && !isReference(l.node()) || !s.fits(s.namedType(l), a.Target) {
			return "an entity of type " + a.Target
		}
	case schema.Mapped, schema.CustomAttributes:
		if !l.isList && !s.areReferences(l, a.Target) {
			return "values by key, when the entity is created; afterwards its mapping sets and deletes them (set, delete)"
		}
	case schema.Collection:
		if !l.isList && !s.areReferences(l, a.Target) {
			return "a list of entities of type " + a.Target
		}
	default:
		if l.ref != 0 || l.isList {
			return "a plain value"
		}
	}
	return ""
}

// areReferences reports whether a value is a list of plain objects that name entities, such as may stand in one of a type.
func (s *Session) areReferences(l literal, target string) bool {
	if l.kind() != wire.Array {
		return false
	}
	for node := range l.node().Elements() {
		if !isReference(node) || !s.fits(s.schemas.Type(node.Get("__entity_type__").Text()), target) {
			return false
		}
	}
	return true
}

// namedType is the type of the entity that a value names, nil where that is not known.
func (s *Session) namedType(l literal) *schema.EntityType {
	if l.ref != 0 {
		return s.store.Type(l.ref)
	}
	return s.schemas.Type(l.node().Get("__entity_type__").Text())
}

// fits reports whether an entity of a type can stand where one of another is asked for, as far as they are known.
func (s *Session) fits(t *schema.EntityType, target string) bool {
	return t == nil || t.IsA(target) || s.schemas.Type(target) == nil || s.mayBe(t, target)
}

// mayBe reports whether an entity that is known under a base type may turn out to be of the type asked for. Properties
// typed Task hold any TypedContext (reference, section 9).
func (s *Session) mayBe(t *schema.EntityType, target string) bool {
	if wanted := s.schemas.Type(target); wanted.IsA(t.Name) {
		return true
	}
	return target == "Task" && t.IsA("TypedContext")
}

// isReference recognises {"__entity_type__": ...}, which stands for an entity that the session does not know.
func isReference(node wire.Node) bool {
	return node.Kind() == wire.Object && node.Get("__entity_type__").Kind() == wire.String
}

// describe names a value's kind in an error.
func (s *Session) describe(l literal) string {
	switch {
	case l.ref != 0:
		if t := s.store.Type(l.ref); t != nil {
			return "an entity of type " + t.Name
		}
		return "an entity"
	case l.isList:
		return "a list"
	}
	node, _ := wire.Parse(l.json)
	if isReference(node) {
		return "an entity of type " + node.Get("__entity_type__").Text()
	}
	if node.Kind() == wire.Object && node.Get("__type__").Kind() == wire.String {
		return "a date"
	}
	return node.Kind().String()
}
