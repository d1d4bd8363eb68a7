package session

import (
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
)

// keepInStep moves an entity from the collection at the old end of a reference to the one at the new end, where those
// are loaded. The session is locked.
func (s *Session) keepInStep(r store.Record, t *schema.EntityType, reference *schema.Attribute, before, after store.Record) {
	if before == after {
		return
	}
	for _, end := range []store.Record{before, after} {
		owner := s.store.Type(end)
		if owner == nil {
			continue
		}
		many := s.otherEnd(t, reference, owner)
		if many == nil {
			continue
		}
		v := s.store.Read(end, many.Slot)
		if v.Kind() != store.List {
			continue
		}
		list := s.current(v).list
		at := slices.Index(list, r)
		switch {
		case end == before && at >= 0:
			list = slices.Delete(list, at, at+1)
		case end == after && at < 0:
			list = append(list, r)
		default:
			continue
		}
		s.store.SetLocalList(end, many.Slot, list)
		s.inStep[place{end, many.Slot}] = true
	}
}

// keepOtherEnd points the reference of an added member to the collection's owner, and that of a removed one to nothing.
// The session is locked.
func (s *Session) keepOtherEnd(r store.Record, t *schema.EntityType, many *schema.Attribute, item store.Record, added bool) {
	it := s.store.Type(item)
	reference := s.schemas.ReferenceOf(t, many, it)
	if reference == nil || reference.Immutable {
		return
	}
	to := literal{json: []byte("null")}
	if added {
		to = literal{ref: r}
	} else if s.store.Read(item, reference.Slot).Reference() != r {
		return
	}
	s.putLocal(item, reference.Slot, to)
	s.inStep[place{item, reference.Slot}] = true
	if reference.ForeignKey != "" {
		slot := it.Attribute(reference.ForeignKey).Slot
		s.putLocal(item, slot, s.keyOf(to))
		s.inStep[place{item, slot}] = true
	}
}

// ends names a reference from one type to another.
type ends struct {
	from, to  int32
	reference int32
}

// otherEnd is Schemas.CollectionOf, remembered. The session is locked.
func (s *Session) otherEnd(t *schema.EntityType, reference *schema.Attribute, owner *schema.EntityType) *schema.Attribute {
	key := ends{t.Index, owner.Index, reference.Slot}
	many, known := s.otherEnds[key]
	if !known {
		many = s.schemas.CollectionOf(t, reference, owner)
		s.otherEnds[key] = many
	}
	return many
}
