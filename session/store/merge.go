package store

import (
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

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
	told    uint32
	older   bool // what is loaded stays
	late    bool // what is loaded stays where it was told later than this
	without map[int]bool
	keep    map[Change]bool

	question  *Question   // that the reply answers, nil if nobody knows
	number    uint32      // of it
	overtaken []*Question // that were asked before it and have no answer yet
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
	Doubted []Change // values that stayed although a late reply has others: either may be the newer one
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
	m := &Merge{store: s, stamp: s.stamp, told: s.now()}
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

// BeginOlder starts a merge of a reply that was kept: what is loaded is newer and stays, and what the server computes is not
// taken, for it may have changed without anybody's doing.
func (s *Store) BeginOlder(shape *Shape) *Merge {
	m := s.Begin(shape)
	m.older, m.told = true, 0
	return m
}

// BeginLate starts a merge of what the server said to somebody else when the clock showed told: what was loaded since stays, what is not
// loaded of an entity of which the server said something since stays so, and what the server computes is not taken. What is taken is newer than the answers to questions that left before.
func (s *Store) BeginLate(told uint32) *Merge {
	m := s.Begin(nil)
	m.late, m.told = true, told
	m.overtake(told)
	return m
}

// ToldAt says what the clock showed when the server said what is merged.
func (m *Merge) ToldAt(told uint32) { m.told = told }

// Keep names values that are not taken from the reply: those of which the map says true. More may be added while the merge lasts.
func (m *Merge) Keep(values map[Change]bool) { m.keep = values }

func (s *Store) now() uint32 {
	if s.Clock == nil {
		return 0
	}
	return s.Clock()
}

// Without leaves entities out of the lists that they stand in: those whose objects begin at an offset of the document.
func (m *Merge) Without(offsets map[int]bool) { m.without = offsets }

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
	m.leave()
	m.store.compact()
	return &m.changes
}

// Abandon finishes a merge that has not ended, and tells nothing.
func (m *Merge) Abandon() { m.leave() }

// leave takes the merge from those that are under way, if it is one.
func (m *Merge) leave() {
	s := m.store
	i := slices.Index(s.merges, m)
	if i < 0 {
		return
	}
	s.merges = slices.Delete(s.merges, i, i+1)
	for _, r := range m.changes.Watched {
		s.record(r).flags &^= noted
	}
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
		rec := s.record(r)
		e := entry{r, rec, s.families[st.family], m.older || m.late && rec.told >= m.told, m.late && max(rec.told, s.fillFrom) > m.told}
		m.values(&e, st, base)
		if len(m.overtaken) > 0 && !e.older {
			m.tell(r, known, st, base)
		}
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
	if len(m.overtaken) > 0 && known.toldBy != m.stamp {
		return 0 // it is to be told
	}
	if s.sweep.active {
		s.mark(known.record)
	}
	if rec := s.record(known.record); rec.told < m.told {
		rec.told = m.told
	}
	st.found++
	return known.record
}

// entry is a record under merge, looked up once for all its values.
type entry struct {
	id     Record
	rec    *record
	family *family
	older  bool // than what is loaded
	past   bool // older than what the server said since, which may have changed what is not loaded
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
		s.record(r).stamp = m.stamp // its values need no look at what is there
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
