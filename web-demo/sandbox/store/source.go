package store

import (
	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
)

var _ eval.Source = (*Store)(nil)

// Entities lists the entities of a type and of those derived from it, in the order they were made.
func (s *Store) Entities(t *schema.EntityType) []eval.Entity {
	if s.configs.virtual[t.Index] {
		return s.virtualEntities(t)
	}
	return s.byType[t.Index]
}

// TypeOf is the concrete type, nil for an entity that is gone.
func (s *Store) TypeOf(e eval.Entity) *schema.EntityType {
	if isVirtual(e) {
		return s.virtualType(e)
	}
	if e <= 0 || int(e) >= len(s.rows) {
		return nil
	}
	return s.rows[e].typ
}

// Value is the value of an attribute that holds one value; null when there is none.
func (s *Store) Value(e eval.Entity, a *schema.Attribute) eval.Value {
	if isVirtual(e) {
		return s.virtualValue(e, a)
	}
	r := &s.rows[e]
	if r.typ == nil {
		return eval.Value{}
	}
	l := &s.layouts[r.typ.Index]
	if int(a.Slot) >= len(l.column) {
		return eval.Value{}
	}
	in := &l.inverse[a.Slot]
	if in.way == wayKey {
		return eval.Ref(s.follow(in.target, s.kept(e, in.column)))
	}
	if column := l.column[a.Slot]; column >= 0 {
		return r.values[column]
	}
	switch in.way {
	case wayComputed:
		return eval.Ref(s.computedReference(e, a))
	case wayNone:
		if r.typ.Attribute(a.Name) != nil {
			return s.computedValue(e, a)
		}
	}
	return eval.Value{}
}

// kept is the value in a column of an entity, null when its type does not have the column.
func (s *Store) kept(e eval.Entity, slot int32) eval.Value {
	r := &s.rows[e]
	if column := s.layouts[r.typ.Index].column[slot]; column >= 0 {
		return r.values[column]
	}
	return eval.Value{}
}

// Follow is the entity that a key leads to as that of a reference; 0 when it leads nowhere, or to another type.
func (s *Store) Follow(t *schema.EntityType, reference *schema.Attribute, key eval.Value) eval.Entity {
	if in := s.layouts[t.Index].inverse[reference.Slot]; in.way == wayKey {
		return s.follow(in.target, key)
	}
	return 0
}

// follow is the entity that a key leads to; 0 when it leads nowhere or to another type.
func (s *Store) follow(target *schema.EntityType, key eval.Value) eval.Entity {
	if key.IsNull() || s.configs.virtual[target.Index] {
		return 0
	}
	e := s.keys[target.Family][eval.Fold(text(key))]
	if e == 0 || target.Base != nil && !s.rows[e].typ.IsA(target.Name) && !(target.Name == "Task" && s.rows[e].typ.IsA("TypedContext")) {
		return 0
	}
	return e
}

// Named is the value of an attribute by name; null when the type has none of that name.
func (s *Store) Named(e eval.Entity, name string) eval.Value {
	t := s.TypeOf(e)
	if t == nil {
		return eval.Value{}
	}
	a := t.Attribute(name)
	if a == nil {
		return eval.Value{}
	}
	return s.Value(e, a)
}

// Members is a collection by name.
func (s *Store) Members(e eval.Entity, name string) []eval.Entity {
	t := s.TypeOf(e)
	if t == nil || t.Attribute(name) == nil {
		return nil
	}
	return s.List(e, t.Attribute(name))
}

// List is the members of a collection.
func (s *Store) List(e eval.Entity, a *schema.Attribute) []eval.Entity {
	if isVirtual(e) {
		return nil
	}
	t := s.rows[e].typ
	if t == nil {
		return nil
	}
	l := &s.layouts[t.Index]
	if int(a.Slot) >= len(l.inverse) {
		return nil
	}
	in := &l.inverse[a.Slot]
	switch in.way {
	case wayMembers:
		return s.fitting(s.links[in.link.Family][in.column][eval.Fold(s.ID(e))], in)
	case wayThrough:
		var members []eval.Entity
		for _, link := range s.links[in.link.Family][in.column][eval.Fold(s.ID(e))] {
			if far := s.follow(in.target, s.kept(link, in.far)); far != 0 {
				members = append(members, far)
			}
		}
		return members
	case wayList:
		var members []eval.Entity
		for _, member := range s.lists[listKey{e, a.Slot}] {
			if s.Exists(member) {
				members = append(members, member)
			}
		}
		return members
	case wayComputed:
		return s.computedList(e, a)
	}
	return nil
}

// fitting leaves out entities of other types, and appointments of another kind.
func (s *Store) fitting(all []eval.Entity, in *inverse) []eval.Entity {
	if in.only == "" && in.target.Base == nil {
		return all
	}
	var fit []eval.Entity
	for _, e := range all {
		if s.fits(e, in) {
			fit = append(fit, e)
		}
	}
	return fit
}

func (s *Store) fits(e eval.Entity, in *inverse) bool {
	if !s.rows[e].typ.IsA(in.target.Name) {
		return false
	}
	return in.only == "" || s.Named(e, "type").Text() == in.only
}

// Lookup answers from the indexes.
func (s *Store) Lookup(t *schema.EntityType, a *schema.Attribute, v eval.Value) ([]eval.Entity, bool) {
	if s.configs.virtual[t.Index] {
		return s.lookupVirtual(t, a, v)
	}
	if v.Kind() == eval.KindRef {
		return s.lookupRelation(t, a, v.Entity())
	}
	if len(t.PrimaryKey) == 1 && t.PrimaryKey[0] == a.Name {
		if e := s.Find(t, text(v)); e != 0 {
			return []eval.Entity{e}, true
		}
		return nil, true
	}
	entries := s.links[t.Family][a.Slot]
	if entries == nil || !s.layouts[t.Index].indexed[a.Slot] {
		return nil, false
	}
	return s.ofType(t, entries[eval.Fold(text(v))]), true
}

// ofType leaves out entities of other types of the family.
func (s *Store) ofType(t *schema.EntityType, all []eval.Entity) []eval.Entity {
	if t.Base == nil {
		return all
	}
	fit := make([]eval.Entity, 0, len(all))
	for _, e := range all {
		if s.rows[e].typ == t || s.rows[e].typ.IsA(t.Name) {
			fit = append(fit, e)
		}
	}
	return fit
}

// lookupRelation are the entities that refer to another one, or whose collection holds it.
func (s *Store) lookupRelation(t *schema.EntityType, a *schema.Attribute, e eval.Entity) ([]eval.Entity, bool) {
	in := &s.layouts[t.Index].inverse[a.Slot]
	switch in.way {
	case wayKey:
		entries := s.links[t.Family][in.column]
		if entries == nil {
			return nil, false
		}
		return s.ofType(t, entries[eval.Fold(s.ID(e))]), true
	case wayMembers:
		if isVirtual(e) || s.TypeOf(e) == nil || s.TypeOf(e).Family != in.link.Family || !s.fits(e, in) {
			return nil, true
		}
		return s.owner(t, s.kept(e, in.column)), true
	case wayThrough:
		var owners []eval.Entity
		for _, link := range s.links[in.link.Family][in.far][eval.Fold(s.ID(e))] {
			owners = append(owners, s.owner(t, s.kept(link, in.column))...)
		}
		return owners, true
	case wayComputed:
		return s.lookupComputed(t, a, e)
	}
	return nil, false
}

func (s *Store) owner(t *schema.EntityType, key eval.Value) []eval.Entity {
	e := s.keys[t.Family][eval.Fold(text(key))]
	if key.IsNull() || e == 0 || !s.rows[e].typ.IsA(t.Name) {
		return nil
	}
	return []eval.Entity{e}
}
