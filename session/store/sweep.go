package store

import "github.com/ftrack-wasm/ftrack-wasm/session/wire"

// sweepFloor is how many records may come before a sweep is worth its time: some 20 MB of rows.
const sweepFloor = 32768

// sweep is a collection of records that nobody holds, in three parts: the owner names the records that are held, what
// they refer to is marked, all others are evicted. It runs in slices; a record that is merged or named meanwhile lives.
type sweep struct {
	active   bool
	evicting bool
	work     []Record // marked, their references not yet
	next     Record   // to look at while evicting
	late     []Record // marked when the eviction had gone past them
	after    int      // records to be made before the next sweep is worth its time
	freed    int
}

// WantsSweep reports whether enough records were made since the last sweep that one is worth its time.
func (s *Store) WantsSweep() bool { return !s.sweep.active && s.created >= s.sweep.after }

// SweepBegin starts a sweep, unless one runs. Records with local values, and the rows of merges under way, are held
// without being named; every other record must be named with SweepRoot, before the last SweepStep and also when
// somebody begins to hold it meanwhile.
func (s *Store) SweepBegin() bool {
	if s.sweep.active {
		return false
	}
	s.sweep = sweep{active: true, work: s.sweep.work[:0], late: s.sweep.late[:0], next: 1, after: s.sweep.after}
	s.created = 0
	for i := range s.locals {
		if r := s.locals[i].record; r != 0 {
			s.mark(r)
			s.mark(s.locals[i].value.Reference())
			for _, item := range s.Records(&s.locals[i].value) {
				s.mark(item)
			}
		}
	}
	for _, m := range s.merges {
		for _, r := range m.rows {
			s.mark(r)
		}
	}
	return true
}

// SweepRoot names a record that is held. It does nothing when no sweep runs.
func (s *Store) SweepRoot(r Record) {
	if s.sweep.active {
		s.mark(r)
	}
}

func (s *Store) mark(r Record) {
	if !s.alive(r) {
		return
	}
	if rec := s.record(r); rec.flags&marked == 0 {
		rec.flags |= marked
		s.sweep.work = append(s.sweep.work, r)
		if r < s.sweep.next {
			s.sweep.late = append(s.sweep.late, r)
		}
	}
}

// doomed reports whether the sweep that runs has yet to evict a record.
func (s *Store) doomed(r Record) bool {
	return s.sweep.active && s.sweep.evicting && r >= s.sweep.next && s.record(r).flags&marked == 0
}

// SweepStep works through about budget records and reports whether the sweep is over.
func (s *Store) SweepStep(budget int) bool {
	for ; s.sweep.active && budget > 0; budget-- {
		if n := len(s.sweep.work); n > 0 {
			r := s.sweep.work[n-1]
			s.sweep.work = s.sweep.work[:n-1]
			s.markReferences(r)
			continue
		}
		s.sweep.evicting = true
		if int(s.sweep.next) >= s.nextRecord {
			s.endSweep()
			break
		}
		r := s.sweep.next
		s.sweep.next++
		if rec := s.record(r); rec.family < 0 {
			continue
		} else if rec.flags&marked != 0 {
			rec.flags &^= marked
		} else {
			s.evict(r)
			s.sweep.freed++
		}
	}
	return !s.sweep.active
}

func (s *Store) endSweep() {
	for _, r := range s.sweep.late {
		s.record(r).flags &^= marked // a mark that stayed would hide the record from the next sweep
	}
	s.compact()
	s.sweep.active = false
	s.sweep.after = max(sweepFloor, s.count)
}

func (s *Store) markReferences(r Record) {
	if !s.alive(r) {
		return
	}
	rec := s.record(r)
	f := s.families[rec.family]
	for _, slot := range f.used {
		switch v := s.cell(f, slot, rec.index); v.Kind() {
		case Reference:
			s.mark(v.Reference())
		case List:
			b := s.Bytes(v, nil)
			for i := range v.Len() {
				s.mark(recordAt(b, i))
			}
		}
	}
}

// evict frees a record and everything it holds.
func (s *Store) evict(r Record) {
	rec := s.record(r)
	f := s.families[rec.family]
	if parts := s.keyParts(r); parts != nil && rec.flags&retired == 0 {
		f.forget(parts)
	}
	for _, slot := range f.used {
		if v := s.cell(f, slot, rec.index); v != nil {
			s.discard(v)
			*v = Value{}
		}
	}
	f.free = append(f.free, rec.index)
	rec.family = -1
	rec.version++
	rec.flags = 0
	*s.epoch++
	s.generation++
	s.count--
	for _, q := range s.questions {
		delete(q.told, r)
	}
	s.freeRecords = append(s.freeRecords, r)
}

// keyParts reads a record's primary key back from its values.
func (s *Store) keyParts(r Record) keyParts {
	if !s.alive(r) {
		return nil
	}
	rec := s.record(r)
	f := s.families[rec.family]
	keys := s.types[rec.typ].keys
	parts := make(keyParts, len(keys))
	for i, slot := range keys {
		v := s.cell(f, slot, rec.index)
		b := s.Bytes(v, make([]byte, inlineMax))
		if v.Kind() == Escaped {
			b = []byte(wire.DecodeText(b[1 : len(b)-1]))
		}
		parts[i] = b
	}
	return parts
}
