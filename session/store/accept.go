package store

// Accept makes the local value of an attribute the remote one: the server has taken it. It reports whether there was one.
func (s *Store) Accept(r Record, slot int32) bool {
	local := s.Local(r, slot)
	if local == nil {
		return false
	}
	rec := s.record(r)
	cell := s.makeCell(s.families[rec.family], slot, rec.index)
	rec.told = s.now()
	s.discard(cell)
	*cell = *local
	*local = Value{} // its bytes have another owner now
	s.ClearLocal(r, slot)
	s.written(r, slot, true)
	return true
}

// FillFromNow has late merges fill nothing that is not loaded with what was told before: something happened since of which such values
// may know nothing.
func (s *Store) FillFromNow() { s.fillFrom = s.now() }

// Unload makes an attribute not loaded, as if no reply had brought it. Parts of the primary key stay.
func (s *Store) Unload(r Record, slot int32) {
	s.FillFromNow()
	s.unload(r, slot)
}

func (s *Store) unload(r Record, slot int32) {
	if !s.alive(r) {
		return
	}
	rec := s.record(r)
	for _, key := range s.types[rec.typ].keys {
		if key == slot {
			return
		}
	}
	f := s.families[rec.family]
	if slot < 0 || int(slot) >= len(f.columns) {
		return
	}
	if v := s.cell(f, slot, rec.index); v != nil && v.head != 0 {
		s.discard(v)
		*v = Value{}
		s.touch(r)
	}
	s.written(r, slot, false)
}

func (s *Store) written(r Record, slot int32, loaded bool) {
	if s.Written != nil {
		s.Written(Change{r, slot}, loaded)
	}
}

// SetLocalList puts a list of records over the remote value.
func (s *Store) SetLocalList(r Record, slot int32, list []Record) bool {
	if !s.setLocal(r, slot, Null, nil, 0) {
		return false
	}
	s.putList(r, s.Local(r, slot), list)
	if s.sweep.active {
		for _, item := range list {
			s.mark(item)
		}
	}
	return true
}

// Retire takes the identity of an entity away that was deleted, or whose creation was taken back: nothing finds it any
// more, and a new entity may have its key. The record and its values stay for those who hold it.
func (s *Store) Retire(r Record) {
	if !s.alive(r) {
		return
	}
	rec := s.record(r)
	if rec.flags&retired != 0 {
		return
	}
	s.families[rec.family].forget(s.keyParts(r))
	rec.flags |= retired
	s.touch(r)
	s.generation++ // sites remember identities
}

// Retired reports whether Retire was called for a record.
func (s *Store) Retired(r Record) bool { return s.alive(r) && s.record(r).flags&retired != 0 }

// Holders are the records whose remote or local list under any attribute, or whose reference, names one of those given.
// It goes through all records: deleting is rare.
func (s *Store) Holders(of map[Record]bool, f func(holder Record, slot int32, v *Value)) {
	for r := Record(1); int(r) < s.nextRecord; r++ {
		rec := s.record(r)
		if rec.family < 0 {
			continue
		}
		family := s.families[rec.family]
		for _, slot := range family.used {
			if v := s.cell(family, slot, rec.index); s.names(v, of) {
				f(r, slot, v)
			}
		}
	}
}

func (s *Store) names(v *Value, of map[Record]bool) bool {
	switch v.Kind() {
	case Reference:
		return of[v.Reference()]
	case List:
		for _, item := range s.Records(v) {
			if of[item] {
				return true
			}
		}
	}
	return false
}

// SetRemoteList replaces a list that the server sent.
func (s *Store) SetRemoteList(r Record, slot int32, list []Record) {
	if !s.alive(r) || slot < 0 || slot >= s.Slots(r) {
		return
	}
	rec := s.record(r)
	cell := s.makeCell(s.families[rec.family], slot, rec.index)
	rec.told = s.now()
	s.discard(cell)
	s.putList(r, cell, list)
	s.touch(r)
	s.written(r, slot, true)
}

// LocalRecords are the records that have local values.
func (s *Store) LocalRecords() []Record {
	records := make([]Record, 0, len(s.local))
	for r := range s.local {
		records = append(records, r)
	}
	return records
}

// UnloadAll makes every attribute of every record not loaded, but for the parts of the primary keys.
func (s *Store) UnloadAll() {
	for r := Record(1); int(r) < s.nextRecord; r++ {
		if rec := s.record(r); rec.family >= 0 {
			for _, slot := range s.families[rec.family].used {
				s.unload(r, slot)
			}
		}
	}
	s.FillFromNow()
	s.compact()
}

// Touch counts a record as changed, for who reads something of it that the owner of the store keeps.
func (s *Store) Touch(r Record) {
	if s.alive(r) {
		s.touch(r)
	}
}

// touch notes that a value of a record changed otherwise than by a merge.
func (s *Store) touch(r Record) {
	rec := s.record(r)
	rec.version++
	*s.epoch++
	if rec.flags&watched != 0 {
		s.touched = append(s.touched, r)
	}
	if s.onChange != nil {
		s.journal = append(s.journal, r)
		s.onChange()
	}
}

// KeepJournal has f called whenever a record changes otherwise than by a merge, and the records kept for TakeJournal. f must not use
// the store. nil ends it.
func (s *Store) KeepJournal(f func()) { s.onChange, s.journal = f, nil }

// TakeJournal gives the records that changed since it was last called, some of them perhaps repeatedly, some perhaps gone.
func (s *Store) TakeJournal() []Record {
	journal := s.journal
	s.journal = nil
	return journal
}

// Watched reports whether changes of a record are told apart.
func (s *Store) Watched(r Record) bool { return s.alive(r) && s.record(r).flags&watched != 0 }

// FindID are the records whose key is one text, whatever their type.
func (s *Store) FindID(id string) []Record {
	var found []Record
	for i, f := range s.families {
		if r, _ := s.find(f, int16(i), -1, keyParts{[]byte(id)}); r != 0 {
			found = append(found, r)
		}
	}
	return found
}

// Referenced takes those out of a set of records that the remote values of others name; it ends once the set is empty.
func (s *Store) Referenced(of map[Record]bool) {
	for r := Record(1); int(r) < s.nextRecord && len(of) > 0; r++ {
		rec := s.record(r)
		if rec.family < 0 || rec.flags&retired != 0 {
			continue
		}
		family := s.families[rec.family]
		for _, slot := range family.used {
			switch v := s.cell(family, slot, rec.index); v.Kind() {
			case Reference:
				if target := v.Reference(); target != r {
					delete(of, target)
				}
			case List:
				for _, item := range s.Records(v) {
					delete(of, item)
				}
			}
		}
	}
}

// LoadedSlots are the slots of a record whose remote values are loaded.
func (s *Store) LoadedSlots(r Record) []int32 {
	if !s.alive(r) {
		return nil
	}
	rec := s.record(r)
	family := s.families[rec.family]
	var slots []int32
	for _, slot := range family.used {
		if v := s.cell(family, slot, rec.index); v != nil && v.head != 0 {
			slots = append(slots, slot)
		}
	}
	return slots
}

// All calls f for each record that has an identity, until it returns false.
func (s *Store) All(f func(Record) bool) {
	for r := Record(1); int(r) < s.nextRecord; r++ {
		if rec := s.record(r); rec.family >= 0 && rec.flags&retired == 0 && !s.doomed(r) && !f(r) {
			return
		}
	}
}

// TakeTouched gives the watched records that changed otherwise than by merges since it was last called, each once.
func (s *Store) TakeTouched() []Record {
	var touched []Record
	for _, r := range s.touched {
		if rec := s.record(r); rec.flags&noted == 0 {
			rec.flags |= noted
			touched = append(touched, r)
		}
	}
	for _, r := range touched {
		s.record(r).flags &^= noted
	}
	s.touched = nil
	return touched
}
