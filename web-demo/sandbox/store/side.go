package store

import (
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
)

// SideKind says where the members of a collection are known from.
type SideKind uint8

// The kinds of sides.
const (
	Computed  SideKind = iota // cannot be set
	OfMembers                 // from a column of the members
	Through                   // from link rows
	Kept                      // from a list kept with the owner
)

// Side is how a collection is told.
type Side struct {
	Kind   SideKind
	Link   *schema.EntityType // Through: the type of the link rows
	Column string             // the attribute of the members, or of the link rows, that holds the owner's key
	Far    string             // Through: the attribute of the link rows that holds the member's key
}

// Side tells how a collection of a type is told.
func (s *Store) Side(t *schema.EntityType, a *schema.Attribute) Side {
	in := s.layouts[t.Index].inverse[a.Slot]
	switch in.way {
	case wayMembers:
		return Side{Kind: OfMembers, Column: s.schemas.FamilySlots(in.link.Family)[in.column]}
	case wayThrough:
		slots := s.schemas.FamilySlots(in.link.Family)
		return Side{Kind: Through, Link: in.link, Column: slots[in.column], Far: slots[in.far]}
	case wayList:
		return Side{Kind: Kept}
	}
	return Side{}
}

// pointer is a column that holds keys of a family's entities.
type pointer struct {
	family, slot int32
	key          bool // the column is part of its type's key: its rows cannot be without the entity
}

// pointersTo are the columns that hold keys of a family's entities, one for each family and slot.
func (s *Store) pointersTo(family int32) []pointer {
	if found, ok := s.pointers[family]; ok {
		return found
	}
	found := []pointer{}
	for _, t := range s.schemas.Types() {
		for _, a := range t.Attributes {
			in := s.layouts[t.Index].inverse[a.Slot]
			if a.Kind != schema.Reference || in.way != wayKey || in.target.Family != family {
				continue
			}
			name := s.schemas.FamilySlots(t.Family)[in.column]
			if p := (pointer{t.Family, in.column, slices.Contains(t.PrimaryKey, name)}); !slices.Contains(found, p) {
				found = append(found, p)
			}
		}
	}
	s.pointers[family] = found
	return found
}

// Dependents are the rows that cannot be without an entity: link rows, list objects, values of custom attributes.
func (s *Store) Dependents(e eval.Entity) []eval.Entity {
	t := s.TypeOf(e)
	if t == nil || isVirtual(e) {
		return nil
	}
	id := eval.Fold(s.ID(e))
	var rows []eval.Entity
	for _, p := range s.pointersTo(t.Family) {
		if p.key && s.links[p.family][p.slot] != nil {
			rows = append(rows, s.links[p.family][p.slot][id]...)
		}
	}
	for _, row := range [][2]string{{"ListObject", "entity_id"}, {"CustomAttributeValue", "entity_id"}} {
		if link := s.schemas.Type(row[0]); link != nil {
			rows = append(rows, s.links[link.Family][link.Attribute(row[1]).Slot][id]...)
		}
	}
	return rows
}

// Release empties the references to an entity.
func (s *Store) Release(e eval.Entity) {
	t := s.TypeOf(e)
	if t == nil || isVirtual(e) {
		return
	}
	id := eval.Fold(s.ID(e))
	for _, p := range s.pointersTo(t.Family) {
		if p.key || s.links[p.family][p.slot] == nil {
			continue
		}
		name := s.schemas.FamilySlots(p.family)[p.slot]
		for _, other := range slices.Clone(s.links[p.family][p.slot][id]) {
			if other != e {
				_ = s.Set(other, s.rows[other].typ.Attribute(name), eval.Value{})
			}
		}
	}
}
