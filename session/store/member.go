package store

import (
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// values stores the members that stand in the scratch. What a new record holds, which most of them are, goes where it
// belongs without a call: in WebAssembly a call takes longer than what it would do.
func (m *Merge) values(e *entry, st *site, base int) {
	s, tokens, data, rec, top, set := m.store, m.tokens, m.data, e.rec, len(m.scratch), uint32(0)
	number, place := rec.index>>blockShift, rec.index&blockMask
	slow := rec.stamp != m.stamp || rec.flags&watched != 0 || e.past
	var computed []bool // of a kept reply these are not taken
	if m.older || m.late {
		computed = s.types[rec.typ].computed
	}
	for i := base; i < top; i++ {
		p := m.scratch[i]
		key, token := &st.keys[p.key], tokens[p.value]
		if int(key.slot) < len(computed) && computed[key.slot] {
			continue
		}
		if key.number != number || key.block == nil {
			key.block, key.number = s.makeBlock(e.family, key.slot, number), number
		}
		v, kind := &key.block[place], NotLoaded
		if slow || v.head != 0 {
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
				set++
				*v = Value{head: uint32(Reference), word: uint64(r)}
				continue
			}
		}
		if kind == NotLoaded {
			m.value(e, key, p.value)
			continue
		}
		set++
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
	if rec.told < m.told {
		rec.told = m.told
	}
	if set > 0 {
		rec.version += set
		*s.epoch++
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
		if m.without != nil && m.without[m.tokens[i].Offset()] {
			continue
		}
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

// stays reports whether a value that is loaded, and another one than the reply's, is not overwritten.
func (m *Merge) stays(e *entry, slot int32) bool {
	if e.older && m.late {
		m.changes.Doubted = append(m.changes.Doubted, Change{e.id, slot})
	}
	return e.older || m.question != nil && m.question.told[e.id].has(slot)
}

// set stores a value that is no list, unless it is the one at hand.
func (m *Merge) set(e *entry, key *siteKey, kind Kind, b []byte, target Record) {
	if len(m.keep) > 0 && m.keep[Change{e.id, key.slot}] {
		return
	}
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
		if m.stays(e, key.slot) {
			return
		}
		s.discard(v)
	} else if e.past && !slices.Contains(s.types[e.rec.typ].keys, key.slot) {
		return
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
	if len(m.keep) > 0 && m.keep[Change{e.id, key.slot}] {
		return
	}
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
		if m.stays(e, key.slot) {
			return
		}
		s.discard(v)
	} else if e.past {
		return
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
