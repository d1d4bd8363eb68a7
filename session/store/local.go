package store

import "github.com/ftrack-wasm/ftrack-wasm/session/wire"

// localKey names a value of the local layer.
type localKey struct {
	record Record
	slot   int32
}

// localCell holds a local value; free ones have record 0.
type localCell struct {
	localKey
	value Value
}

// Local is the value that was set over the remote one; nil when there is none.
func (s *Store) Local(r Record, slot int32) *Value {
	if i, ok := s.local[localKey{r, slot}]; ok {
		return &s.locals[i].value
	}
	return nil
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

// SetLocalReference puts a reference to target over the remote value.
func (s *Store) SetLocalReference(r Record, slot int32, target Record) bool {
	return s.alive(target) && s.setLocal(r, slot, Reference, nil, target)
}

func (s *Store) setLocal(r Record, slot int32, kind Kind, b []byte, target Record) bool {
	if !s.alive(r) || slot < 0 || slot >= s.Slots(r) {
		return false
	}
	key := localKey{r, slot}
	i, ok := s.local[key]
	if !ok {
		if n := len(s.freeLocals); n > 0 {
			i = s.freeLocals[n-1]
			s.freeLocals = s.freeLocals[:n-1]
		} else {
			i = int32(len(s.locals))
			s.locals = append(s.locals, localCell{})
		}
		s.local[key] = i
	}
	cell := &s.locals[i]
	s.discard(&cell.value)
	cell.localKey = key
	s.put(r, &cell.value, kind, b, target)
	if s.sweep.active {
		s.mark(r)
		s.mark(target)
	}
	rec := s.record(r)
	rec.flags |= hasLocal
	rec.version++
	*s.epoch++
	return true
}

// ClearLocal takes the local value away, so that the remote one shows again. It reports whether there was one.
func (s *Store) ClearLocal(r Record, slot int32) bool {
	key := localKey{r, slot}
	i, ok := s.local[key]
	if !ok {
		return false
	}
	delete(s.local, key)
	s.discard(&s.locals[i].value)
	s.locals[i] = localCell{}
	s.freeLocals = append(s.freeLocals, i)
	rec := s.record(r)
	rec.version++
	*s.epoch++
	for other := range s.local {
		if other.record == r {
			return true
		}
	}
	rec.flags &^= hasLocal
	return true
}
