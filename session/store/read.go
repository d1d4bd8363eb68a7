package store

import "iter"

// Read is the value of an attribute, the local one over the remote one; nil when it is not loaded. The pointer is
// good until the next change of the store.
func (s *Store) Read(r Record, slot int32) *Value {
	if !s.alive(r) {
		return nil
	}
	rec := s.record(r)
	if rec.flags&hasLocal != 0 {
		if v := s.Local(r, slot); v != nil {
			return v
		}
	}
	return s.remote(rec, slot)
}

// Remote is the value that the server sent last; nil when it is not loaded.
func (s *Store) Remote(r Record, slot int32) *Value {
	if !s.alive(r) {
		return nil
	}
	return s.remote(s.record(r), slot)
}

// remote finds a value in its column. It is written out, and not made of what stands elsewhere: a read is little more
// than this, and in WebAssembly a call takes longer than one of its steps.
func (s *Store) remote(rec *record, slot int32) *Value {
	f := s.families[rec.family]
	if uint(slot) >= uint(len(f.columns)) {
		return nil
	}
	c, n := f.columns[slot], uint(rec.index)>>blockShift
	if n >= uint(len(c)) {
		return nil
	}
	b := c[n] // block 0 is nobody's, and empty
	v := &s.slabs[b>>slabShift][(b&slabMask)<<blockShift|rec.index&blockMask]
	if v.head == 0 {
		return nil
	}
	return v
}

// Bytes are the value's bytes: a number's text, what stands between the quotes of a text, a date's text, JSON, or the
// records of a list as 32-bit words, lowest byte first. Inline bytes are copied into buffer, which must have room for
// eight; all others belong to the store and are good until its next change.
func (s *Store) Bytes(v *Value, buffer []byte) []byte {
	switch {
	case v == nil || v.length == 0:
		return nil
	case v.inline():
		putWord(buffer, v.word)
		return buffer[:v.length]
	case v.chunk() == 0:
		return nil
	}
	return s.chunks[v.chunk()].data[v.word : int(v.word)+v.stored()]
}

// Records goes over the records of a list.
func (s *Store) Records(v *Value) iter.Seq2[int, Record] {
	return func(yield func(int, Record) bool) {
		if v.Kind() != List {
			return
		}
		b := s.Bytes(v, nil)
		for i := range int(v.length) {
			if !yield(i, recordAt(b, i)) {
				return
			}
		}
	}
}

func recordAt(b []byte, i int) Record {
	return Record(uint32(b[4*i]) | uint32(b[4*i+1])<<8 | uint32(b[4*i+2])<<16 | uint32(b[4*i+3])<<24)
}

// Key is the primary key of a record as text, in the schema's order; nil when it is not alive.
func (s *Store) Key(r Record) []string {
	parts := s.keyParts(r)
	if parts == nil {
		return nil
	}
	key := make([]string, len(parts))
	for i, p := range parts {
		key[i] = string(p)
	}
	return key
}
