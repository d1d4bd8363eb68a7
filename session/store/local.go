package store

import "github.com/ftrack-wasm/ftrack-wasm/session/wire"

// localCell holds a value of the local layer; free ones have record 0.
type localCell struct {
	record Record
	slot   int32
	value  Value
}

// Local is the value that was set over the remote one; nil when there is none. The pointer is good until the next change.
func (s *Store) Local(r Record, slot int32) *Value {
	for _, i := range s.local[r] {
		if s.locals[i].slot == slot {
			return &s.locals[i].value
		}
	}
	return nil
}

// Locals calls f for each local value of a record, in the order in which they were first set. f must not change local
// values.
func (s *Store) Locals(r Record, f func(slot int32, v *Value)) {
	for _, i := range s.local[r] {
		f(s.locals[i].slot, &s.locals[i].value)
	}
}

// SetLocal puts a value over the remote one. The node may be any scalar, a date tag or plain JSON; a reference is set
// with SetLocalReference. It reports false when r is not alive or slot is not one of its own.
func (s *Store) SetLocal(r Record, slot int32, node wire.Node) bool {
	kind, b := JSON, node.Raw()
	switch node.Kind() {
	case wire.Missing:
		return false
	case wire.Null:
		kind, b = Null, nil
	case wire.False:
		kind, b = False, nil
	case wire.True:
		kind, b = True, nil
	case wire.Number:
		kind = Number
	case wire.String:
		kind, b = text(node)
	case wire.Object:
		if tag, day, ok := tagged(node.Tape().Tokens(), node.Tape().Data(), node.Index()); ok {
			kind, b = tag, day
		}
	}
	return s.setLocal(r, slot, kind, b, 0)
}

// SetLocalJSON is SetLocal for a value that stands alone, as valid JSON without blanks around it; plain scalars are not
// scanned.
func (s *Store) SetLocalJSON(r Record, slot int32, text []byte) bool {
	if len(text) == 0 {
		return false
	}
	switch c := text[0]; {
	case c == 'n':
		return s.setLocal(r, slot, Null, nil, 0)
	case c == 't':
		return s.setLocal(r, slot, True, nil, 0)
	case c == 'f':
		return s.setLocal(r, slot, False, nil, 0)
	case c == '-' || c-'0' <= 9:
		return s.setLocal(r, slot, Number, text, 0)
	case c == '"' && plain(text[1:len(text)-1]):
		return s.setLocal(r, slot, ASCII, text[1:len(text)-1], 0)
	}
	node, err := wire.Parse(text)
	return err == nil && s.SetLocal(r, slot, node)
}

// plain reports whether a text has no escapes and nothing beyond ASCII.
func plain(text []byte) bool {
	for _, c := range text {
		if c == '\\' || c >= 0x80 {
			return false
		}
	}
	return true
}

// SetLocalReference puts a reference to target over the remote value.
func (s *Store) SetLocalReference(r Record, slot int32, target Record) bool {
	return s.alive(target) && s.setLocal(r, slot, Reference, nil, target)
}

func (s *Store) setLocal(r Record, slot int32, kind Kind, b []byte, target Record) bool {
	if !s.alive(r) || slot < 0 || slot >= s.Slots(r) {
		return false
	}
	cell := s.localCell(r, slot)
	s.discard(&cell.value)
	s.put(r, &cell.value, kind, b, target)
	if s.sweep.active {
		s.mark(r)
		s.mark(target)
	}
	s.record(r).flags |= hasLocal
	s.touch(r)
	return true
}

// localCell is where a local value stands, made when there is none.
func (s *Store) localCell(r Record, slot int32) *localCell {
	for _, i := range s.local[r] {
		if s.locals[i].slot == slot {
			return &s.locals[i]
		}
	}
	var i int32
	if n := len(s.freeLocals); n > 0 {
		i = s.freeLocals[n-1]
		s.freeLocals = s.freeLocals[:n-1]
	} else {
		i = int32(len(s.locals))
		s.locals = append(s.locals, localCell{})
	}
	s.local[r] = append(s.local[r], i)
	s.locals[i].record, s.locals[i].slot = r, slot
	return &s.locals[i]
}

// ClearLocal takes the local value away, so that the remote one shows again. It reports whether there was one.
func (s *Store) ClearLocal(r Record, slot int32) bool {
	cells := s.local[r]
	for n, i := range cells {
		if s.locals[i].slot != slot {
			continue
		}
		s.discard(&s.locals[i].value)
		s.locals[i] = localCell{}
		s.freeLocals = append(s.freeLocals, i)
		s.touch(r)
		if len(cells) == 1 {
			delete(s.local, r)
			s.record(r).flags &^= hasLocal
		} else {
			s.local[r] = append(cells[:n], cells[n+1:]...)
		}
		return true
	}
	return false
}
