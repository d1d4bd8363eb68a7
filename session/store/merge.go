package store

import "github.com/ftrack-wasm/ftrack-wasm/session/wire"

// Merge takes the rows of one reply into the store, one call of Row each. Other merges and reads may come between two
// rows. End must be called, once.
type Merge struct {
	store   *Store
	tape    *wire.Tape
	tokens  []wire.Token
	data    []byte
	stamp   uint32
	site    *site
	scratch []pending
	parts   keyParts
	rows    []Record
	changes Changes
}

// pending is a member of an object whose identity is being looked for.
type pending struct {
	key   int32 // in the site's keys
	value int32 // on the tape
}

// Changes is what a merge did.
type Changes struct {
	Created []Record // entities that were not there before
	Updated []Change // values of older entities that are new or different
	Watched []Record // those of both that somebody watches, each once
}

// Change names one value.
type Change struct {
	Record Record
	Slot   int32
}

// Shape remembers between merges what the rows of one query look like; the zero value knows nothing yet.
type Shape struct{ site *site }

// Begin starts a merge. shape may be nil; given the one of the page before, the first row is as fast as the rest.
func (s *Store) Begin(shape *Shape) *Merge {
	s.stamp++
	m := &Merge{store: s, stamp: s.stamp}
	if shape == nil {
		shape = new(Shape)
	}
	if shape.site == nil {
		shape.site = newSite()
	}
	m.site = shape.site
	s.merges = append(s.merges, m)
	return m
}

// Row merges one entity with everything nested in it and returns its record; 0 when the object names no entity type
// or lacks a part of its key, in which case nothing was stored.
func (m *Merge) Row(row wire.Node) Record {
	if m.tape = row.Tape(); m.tape == nil {
		return 0
	}
	m.tokens, m.data = m.tape.Tokens(), m.tape.Data()
	r := m.object(row.Index(), m.site)
	if r != 0 {
		m.rows = append(m.rows, r)
	}
	return r
}

// Rows are the records that Row returned so far, without zeros.
func (m *Merge) Rows() []Record { return m.rows }

// End finishes the merge, drops documents that are mostly dead, and tells what changed.
func (m *Merge) End() *Changes {
	s := m.store
	for i, other := range s.merges {
		if other == m {
			s.merges = append(s.merges[:i], s.merges[i+1:]...)
			break
		}
	}
	for _, r := range m.changes.Watched {
		s.record(r).flags &^= noted
	}
	s.compact()
	return &m.changes
}

// object merges the entity whose object begins at a token, 0 if it is none.
func (m *Merge) object(at int32, st *site) Record {
	token := m.tokens[at]
	if token.Kind() != wire.Object || st.typeName == "" && !m.namesType(at) {
		return 0 // plain JSON: its keys are not worth remembering
	}
	s, tokens, data, base := m.store, m.tokens, m.data, len(m.scratch)
	end := at + token.Tokens() - 1
	typeAt := int32(-1)
	for i, guess := at+1, st.first; i < end; guess++ {
		if key := tokens[i]; guess >= len(st.keys) || key.Escaped() || st.keys[guess].name != string(data[key.Offset():key.Offset()+key.Length()]) {
			guess = st.find(m.tape.At(i))
			if i == at+1 {
				st.first = guess // repeated entities come as stubs: they begin where the stub before did
			}
		}
		k := guess
		if k == st.typeKey {
			typeAt = i + 1
		} else {
			m.scratch = append(m.scratch, pending{int32(k), i + 1})
		}
		i += 1 + tokens[i+1].Tokens()
	}
	if typeAt < 0 || tokens[typeAt].Kind() != wire.String || tokens[typeAt].Length() == 0 {
		m.scratch = m.scratch[:base]
		return 0
	}
	if name := m.bytes(typeAt); tokens[typeAt].Escaped() || string(name) != st.typeName {
		typ := s.typeNamed([]byte(m.tape.At(typeAt).Text()))
		if typ < 0 {
			m.scratch = m.scratch[:base]
			return 0
		}
		if t := s.types[typ]; st.family >= 0 && t.family != st.family {
			m.scratch = m.scratch[:base]
			return m.object(at, st.sibling(t.family))
		}
		st.bind(s, typ)
	} else if st.unbound {
		st.bind(s, st.typ)
	}
	r := m.identify(st, base)
	if r != 0 {
		e := entry{r, s.record(r), s.families[st.family]}
		for i := base; i < len(m.scratch); i++ {
			p := m.scratch[i]
			m.value(&e, st, int(p.key), p.value)
		}
	}
	m.scratch = m.scratch[:base]
	return r
}

// entry is a record under merge, looked up once for all its values.
type entry struct {
	id     Record
	rec    *record
	family *family
}

// bytes are those of a token as they stand.
func (m *Merge) bytes(at int32) []byte {
	token := m.tokens[at]
	return m.data[token.Offset() : token.Offset()+token.Length()]
}

// namesType reports whether an object has a member that names its entity type.
func (m *Merge) namesType(at int32) bool {
	for i, end := at+1, at+m.tokens[at].Tokens()-1; i < end; i += 1 + m.tokens[i+1].Tokens() {
		if string(m.bytes(i)) == typeKey || m.tokens[i].Escaped() && m.tape.At(i).Is(typeKey) {
			return true
		}
	}
	return false
}

// identify finds or makes the record of an object whose members stand in the scratch.
func (m *Merge) identify(st *site, base int) Record {
	if len(st.primary) == 1 {
		slot := st.primary[0]
		for i := len(m.scratch) - 1; i >= base; i-- {
			if p := m.scratch[i]; st.keys[p.key].slot == slot {
				token := m.tokens[p.value]
				if token.Kind() != wire.String || token.Length() != uuidLength || token.Escaped() {
					break
				}
				return m.identifyUUID(st, m.bytes(p.value))
			}
		}
	}
	m.parts = m.parts[:0]
	for _, slot := range st.primary {
		found := false
		for i := len(m.scratch) - 1; i >= base; i-- {
			if st.keys[m.scratch[i].key].slot == slot {
				part, ok := keyPart(m.tape.At(m.scratch[i].value))
				if !ok {
					return 0
				}
				m.parts = append(m.parts, part)
				found = true
				break
			}
		}
		if !found {
			return 0
		}
	}
	return m.record(st, m.parts)
}

// identifyUUID is identify for the usual key, by way of the identities that stood at this place before.
func (m *Merge) identifyUUID(st *site, text []byte) Record {
	s := m.store
	if st.recent == nil || st.generation != s.generation {
		st.recent = make([]recentIdentity, recentSize)
		st.generation = s.generation
	}
	entry := &st.recent[(text[35]^text[7]<<2^text[34]<<4)&(recentSize-1)]
	if entry.record != 0 && string(entry.text[:]) == string(text) {
		m.refine(entry.record, st.typ)
		return entry.record
	}
	m.parts = append(m.parts[:0], text)
	r := m.record(st, m.parts)
	copy(entry.text[:], text)
	entry.record = r
	return r
}

// record finds or makes the record of a key.
func (m *Merge) record(st *site, parts keyParts) Record {
	s := m.store
	r, created := s.find(s.families[st.family], st.family, st.typ, parts)
	if created {
		s.record(r).stamp = m.stamp
		m.changes.Created = append(m.changes.Created, r)
		*s.epoch++
	} else {
		m.refine(r, st.typ)
	}
	return r
}

// refine gives a record that was first met under a base type its concrete one; a base type never overrules it.
func (m *Merge) refine(r Record, typ int32) {
	s := m.store
	rec := s.record(r)
	if s.sweep.active {
		s.mark(r)
	}
	if rec.typ != typ && !s.types[rec.typ].schema.IsA(s.types[typ].name) {
		rec.typ = typ
		rec.version++
		*s.epoch++
	}
}

// keyPart is the text of a key value: a text or a whole number.
func keyPart(n wire.Node) ([]byte, bool) {
	switch n.Kind() {
	case wire.String:
		if escaped, _ := n.Plain(); escaped {
			return []byte(n.Text()), true
		}
		return n.Bytes(), true
	case wire.Number:
		return n.Raw(), true
	}
	return nil, false
}

// value stores one member.
func (m *Merge) value(e *entry, st *site, key int, at int32) {
	slot, token := st.keys[key].slot, m.tokens[at]
	switch token.Kind() {
	case wire.String:
		switch {
		case token.Escaped():
			m.set(e, slot, Escaped, m.tape.At(at).Raw(), 0)
		case token.NonASCII():
			m.set(e, slot, UTF8, m.bytes(at), 0)
		default:
			m.set(e, slot, ASCII, m.bytes(at), 0)
		}
	case wire.Number:
		m.set(e, slot, Number, m.bytes(at), 0)
	case wire.Null:
		m.set(e, slot, Null, nil, 0)
	case wire.False:
		m.set(e, slot, False, nil, 0)
	case wire.True:
		m.set(e, slot, True, nil, 0)
	case wire.Object:
		if kind, b, ok := tagged(m.tokens, m.data, at); ok {
			m.set(e, slot, kind, b, 0)
		} else if target := m.object(at, st.child(key)); target != 0 {
			m.set(e, slot, Reference, nil, target)
		} else {
			m.set(e, slot, JSON, m.tape.At(at).Raw(), 0)
		}
	case wire.Array:
		m.array(e, slot, at, st.child(key))
	}
}

// text gives the bytes of a text that is stored: with its quotes when it holds escapes, so that a parser can read it.
func text(node wire.Node) (Kind, []byte) {
	switch escaped, nonASCII := node.Plain(); {
	case escaped:
		return Escaped, node.Raw()
	case nonASCII:
		return UTF8, node.Bytes()
	}
	return ASCII, node.Bytes()
}

// tagTokens is how many tokens {"__type__": ..., "value": ...} takes.
const tagTokens = 6

// tagged recognises {"__type__": "datetime" or "date", "value": text or null}, its members in any order.
func tagged(tokens []wire.Token, data []byte, at int32) (Kind, []byte, bool) {
	if tokens[at].Tokens() != tagTokens {
		return 0, nil, false
	}
	first, second := at+1, at+3
	if is(tokens[first], data, "value") {
		first, second = second, first
	}
	if !is(tokens[first], data, "__type__") || !is(tokens[second], data, "value") {
		return 0, nil, false
	}
	kind, value := DateTime, second+1
	if tag := tokens[first+1]; is(tag, data, "date") {
		kind = Date
	} else if !is(tag, data, "datetime") {
		return 0, nil, false
	}
	switch token := tokens[value]; {
	case token.Kind() == wire.Null:
		return Null, nil, true
	case token.Kind() == wire.String && !token.Escaped() && !token.NonASCII():
		return kind, data[token.Offset() : token.Offset()+token.Length()], true
	}
	return 0, nil, false
}

// is compares a token's bytes with a text.
func is(token wire.Token, data []byte, text string) bool {
	return string(data[token.Offset():token.Offset()+token.Length()]) == text
}

// array stores a list of entities as records, any other array as its text.
func (m *Merge) array(e *entry, slot int32, at int32, st *site) {
	end := at + m.tokens[at].Tokens() - 1
	if at+1 == end {
		lists := m.store.types[e.rec.typ].lists
		if int(slot) < len(lists) && lists[slot] {
			m.setList(e, slot, nil)
		} else {
			m.set(e, slot, JSON, m.tape.At(at).Raw(), 0)
		}
		return
	}
	var few [16]Record
	list := few[:0]
	for i := at + 1; i < end; i += m.tokens[i].Tokens() {
		target := m.object(i, st)
		if target == 0 {
			m.set(e, slot, JSON, m.tape.At(at).Raw(), 0)
			return
		}
		list = append(list, target)
	}
	m.setList(e, slot, list)
}

// set stores a value that is no list, unless it is the one at hand.
func (m *Merge) set(e *entry, slot int32, kind Kind, b []byte, target Record) {
	s := m.store
	v := s.makeCell(e.family, slot, e.rec.index)
	if v.head != 0 {
		if v.Kind() == kind && int(v.length) == len(b) {
			switch {
			case kind == Reference:
				if v.word == uint64(target) {
					return
				}
			case len(b) <= inlineMax:
				if v.word == packInline(b) {
					return
				}
			case string(s.chunks[v.chunk()].data[v.word:int(v.word)+len(b)]) == string(b):
				return
			}
		}
		s.discard(v)
	}
	m.changed(e, slot)
	s.put(e.id, v, kind, b, target)
}

// put overwrites a cell. The old bytes must have been discarded.
func (s *Store) put(r Record, v *Value, kind Kind, b []byte, target Record) {
	switch {
	case kind == Reference:
		*v = Value{head: uint32(kind), word: uint64(target)}
	case len(b) <= inlineMax:
		*v = Value{head: uint32(kind) | inlineFlag, length: uint32(len(b)), word: packInline(b)}
	default:
		number, offset := s.reserve(len(b), false)
		copy(s.chunks[number].data[offset:], b)
		s.occupy(number, r, len(b))
		*v = Value{head: uint32(kind) | number<<chunkShift, length: uint32(len(b)), word: uint64(offset)}
	}
}

func (m *Merge) setList(e *entry, slot int32, list []Record) {
	s := m.store
	v := s.makeCell(e.family, slot, e.rec.index)
	if v.head != 0 {
		if v.Kind() == List && int(v.length) == len(list) {
			same, b := true, s.Bytes(v, nil)
			for i, r := range list {
				same = same && recordAt(b, i) == r
			}
			if same {
				return
			}
		}
		s.discard(v)
	}
	m.changed(e, slot)
	s.putList(e.id, v, list)
}

func (s *Store) putList(r Record, v *Value, list []Record) {
	if len(list) == 0 {
		*v = Value{head: uint32(List) | inlineFlag}
		return
	}
	number, offset := s.reserve(4*len(list), true)
	data := s.chunks[number].data[offset:]
	for i, target := range list {
		data[4*i], data[4*i+1], data[4*i+2], data[4*i+3] = byte(target), byte(target>>8), byte(target>>16), byte(target>>24)
	}
	s.occupy(number, r, 4*len(list))
	*v = Value{head: uint32(List) | number<<chunkShift, length: uint32(len(list)), word: uint64(offset)}
}

// changed notes that a value is about to be overwritten.
func (m *Merge) changed(e *entry, slot int32) {
	e.rec.version++
	*m.store.epoch++
	if e.rec.flags&(watched|noted) == watched {
		e.rec.flags |= noted
		m.changes.Watched = append(m.changes.Watched, e.id)
	}
	if e.rec.stamp != m.stamp {
		m.changes.Updated = append(m.changes.Updated, Change{e.id, slot})
	}
}
