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
	whole := data[token.Offset():tokens[end].Offset()]
	if r := m.again(st, whole); r != 0 {
		return r
	}
	if need := base + int(token.Tokens())/2; need > cap(m.scratch) {
		m.scratch = append(make([]pending, 0, 2*need), m.scratch...)
	}
	scratch, n, keys, typeAt := m.scratch[:cap(m.scratch)], base, st.keys, int32(-1)
	for i, guess := at+1, st.first; i < end; guess++ {
		token := tokens[i]
		name, ahead := data[token.Offset():token.Offset()+token.Length()], false
		if guess < len(keys) && !token.Escaped() {
			if key := &keys[guess]; len(name) == len(key.name) {
				if key.words {
					ahead = word(name) == key.head && word(name[len(name)-8:]) == key.tail
				} else {
					ahead = string(name) == key.name
				}
			}
		}
		if !ahead {
			guess = st.find(m.tape.At(i))
			keys = st.keys
			if i == at+1 {
				st.first = guess // repeated entities come as stubs: they begin where the stub before did
			}
		}
		if i++; guess == st.typeKey {
			typeAt = i
		} else {
			scratch[n] = pending{int32(guess), i}
			n++
		}
		i += tokens[i].Tokens()
	}
	m.scratch = scratch[:n]
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
	r, known := m.identify(st, base, tokens[end].Offset())
	if r != 0 {
		e := entry{r, s.record(r), s.families[st.family]}
		m.values(&e, st, base)
		if known != nil {
			known.remember(e.rec.version, whole, int(token.Tokens()) == 2*(len(m.scratch)-base+2))
		}
	}
	m.scratch = m.scratch[:base]
	return r
}

// again is the record of an object that stands as it stood at this place before, while nothing has changed the record
// since: most statuses, types, parents and projects. 0 for any other object.
func (m *Merge) again(st *site, object []byte) Record {
	s, n := m.store, len(object)-st.fromEnd
	if n < 0 || st.fromEnd < uuidLength || st.generation != s.generation {
		return 0
	}
	known := st.recall(object[n:])
	if len(known.object) == 0 || string(known.object) != string(object) || s.record(known.record).version != known.version {
		return 0
	}
	if s.sweep.active {
		s.mark(known.record)
	}
	st.found++
	return known.record
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

// identify finds or makes the record of an object whose members stand in the scratch, and which ends before an offset.
// It also gives what the site remembers of the record, if it came before.
func (m *Merge) identify(st *site, base, end int) (Record, *recentIdentity) {
	if len(st.primary) == 1 {
		slot := st.primary[0]
		for i := len(m.scratch) - 1; i >= base; i-- {
			if p := m.scratch[i]; st.keys[p.key].slot == slot {
				token := m.tokens[p.value]
				if token.Kind() != wire.String || token.Length() != uuidLength || token.Escaped() {
					break
				}
				return m.identifyUUID(st, m.bytes(p.value), end-token.Offset())
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
					return 0, nil
				}
				m.parts = append(m.parts, part)
				found = true
				break
			}
		}
		if !found {
			return 0, nil
		}
	}
	return m.record(st, m.parts), nil
}

// identifyUUID is identify for the usual key, by way of the identities that stood at this place before.
func (m *Merge) identifyUUID(st *site, text []byte, fromEnd int) (Record, *recentIdentity) {
	s := m.store
	if st.generation != s.generation || st.replaced >= len(st.recent) {
		st.makeRoom(s.generation)
	}
	st.fromEnd = fromEnd
	known := st.recall(text)
	if known.record != 0 && string(known.text[:]) == string(text) {
		m.refine(known.record, st.typ)
		st.found++
		return known.record, known
	}
	if known.record != 0 {
		st.replaced++
	}
	m.parts = append(m.parts[:0], text)
	known.record = m.record(st, m.parts)
	copy(known.text[:], text)
	return known.record, known
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

// values stores the members that stand in the scratch. What a new record holds, which most of them are, goes where it
// belongs without a call: in WebAssembly a call takes longer than what it would do.
func (m *Merge) values(e *entry, st *site, base int) {
	s, tokens, data, rec, top := m.store, m.tokens, m.data, e.rec, len(m.scratch)
	number, place := rec.index>>blockShift, rec.index&blockMask
	for i := base; i < top; i++ {
		p := m.scratch[i]
		key, token := &st.keys[p.key], tokens[p.value]
		if key.number != number || key.block == nil {
			key.block, key.number = s.makeBlock(e.family, key.slot, number), number
		}
		v, kind := &key.block[place], NotLoaded
		if rec.stamp != m.stamp || rec.flags&watched != 0 || v.head != 0 {
			m.value(e, key, p.value)
			continue
		}
		switch token.Kind() {
		case wire.String:
			if token.Escaped() {
				break
			}
			if kind = ASCII; token.NonASCII() {
				kind = UTF8
			}
		case wire.Number:
			kind = Number
		case wire.Object:
			if token.Tokens() == tagTokens && isDateTime(tokens, data, p.value) {
				kind, token = DateTime, tokens[p.value+4]
			} else if r := m.again(key.site(), data[token.Offset():tokens[p.value+token.Tokens()-1].Offset()]); r != 0 {
				rec.version++
				*s.epoch++
				*v = Value{head: uint32(Reference), word: uint64(r)}
				continue
			}
		}
		if kind == NotLoaded {
			m.value(e, key, p.value)
			continue
		}
		rec.version++
		*s.epoch++
		from, n := token.Offset(), token.Length()
		switch {
		case n <= inlineMax && from+8 <= len(data):
			*v = Value{head: uint32(kind) | inlineFlag, length: uint32(n), word: word(data[from:]) &^ (^uint64(0) << (8 * n))}
		case n <= inlineMax:
			*v = Value{head: uint32(kind) | inlineFlag, length: uint32(n), word: packInline(data[from : from+n])}
		default:
			chunk, offset := s.store(e.id, data[from:from+n])
			*v = Value{head: uint32(kind) | chunk<<chunkShift, length: uint32(n), word: uint64(offset)}
		}
	}
}

// value stores one member.
func (m *Merge) value(e *entry, key *siteKey, at int32) {
	token := m.tokens[at]
	switch token.Kind() {
	case wire.String:
		switch {
		case token.Escaped():
			m.set(e, key, Escaped, m.tape.At(at).Raw(), 0)
		case token.NonASCII():
			m.set(e, key, UTF8, m.bytes(at), 0)
		default:
			m.set(e, key, ASCII, m.bytes(at), 0)
		}
	case wire.Number:
		m.set(e, key, Number, m.bytes(at), 0)
	case wire.Null:
		m.set(e, key, Null, nil, 0)
	case wire.False:
		m.set(e, key, False, nil, 0)
	case wire.True:
		m.set(e, key, True, nil, 0)
	case wire.Object:
		if kind, b, ok := tagged(m.tokens, m.data, at); ok {
			m.set(e, key, kind, b, 0)
		} else if target := m.object(at, key.site()); target != 0 {
			m.set(e, key, Reference, nil, target)
		} else {
			m.set(e, key, JSON, m.tape.At(at).Raw(), 0)
		}
	case wire.Array:
		m.array(e, key, at)
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

// A date as ftrack's server writes it, up to its text: compared as words.
const dateTimeStart = `{"__type__":"datetime","value":"`

var dateTimeWords = [4]uint64{word([]byte(dateTimeStart[:8])), word([]byte(dateTimeStart[8:])), word([]byte(dateTimeStart[16:])), word([]byte(dateTimeStart[len(dateTimeStart)-8:]))}

// isDateTime recognises the usual date among objects of six tokens; the fifth is its text.
func isDateTime(tokens []wire.Token, data []byte, at int32) bool {
	start, value := tokens[at].Offset(), tokens[at+4]
	if value.Offset()-start != len(dateTimeStart) || value.Escaped() || value.NonASCII() {
		return false
	}
	b := data[start:value.Offset()]
	return word(b) == dateTimeWords[0] && word(b[8:]) == dateTimeWords[1] && word(b[16:]) == dateTimeWords[2] && word(b[len(b)-8:]) == dateTimeWords[3]
}

// tagged recognises {"__type__": "datetime" or "date", "value": text or null}, its members in any order.
func tagged(tokens []wire.Token, data []byte, at int32) (Kind, []byte, bool) {
	if tokens[at].Tokens() != tagTokens {
		return 0, nil, false
	}
	if isDateTime(tokens, data, at) {
		value := tokens[at+4]
		return DateTime, data[value.Offset() : value.Offset()+value.Length()], true
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
func (m *Merge) array(e *entry, key *siteKey, at int32) {
	end := at + m.tokens[at].Tokens() - 1
	if at+1 == end {
		lists := m.store.types[e.rec.typ].lists
		if int(key.slot) < len(lists) && lists[key.slot] {
			m.setList(e, key, nil)
		} else {
			m.set(e, key, JSON, m.tape.At(at).Raw(), 0)
		}
		return
	}
	var few [16]Record
	list := few[:0]
	for i := at + 1; i < end; i += m.tokens[i].Tokens() {
		target := m.object(i, key.site())
		if target == 0 {
			m.set(e, key, JSON, m.tape.At(at).Raw(), 0)
			return
		}
		list = append(list, target)
	}
	m.setList(e, key, list)
}

// cellAt is where a value goes. Rows of one reply follow each other in their columns too.
func (s *Store) cellAt(e *entry, key *siteKey) *Value {
	if n := e.rec.index >> blockShift; key.block == nil || key.number != n {
		key.block, key.number = s.makeBlock(e.family, key.slot, n), n
	}
	return &key.block[e.rec.index&blockMask]
}

// set stores a value that is no list, unless it is the one at hand.
func (m *Merge) set(e *entry, key *siteKey, kind Kind, b []byte, target Record) {
	s := m.store
	v := s.cellAt(e, key)
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
	m.changed(e, key.slot)
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
		number, offset := s.store(r, b)
		*v = Value{head: uint32(kind) | number<<chunkShift, length: uint32(len(b)), word: uint64(offset)}
	}
}

func (m *Merge) setList(e *entry, key *siteKey, list []Record) {
	s := m.store
	v := s.cellAt(e, key)
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
	m.changed(e, key.slot)
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
