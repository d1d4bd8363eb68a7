package store

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
)

// Field is an attribute by name, and its value.
type Field struct {
	Name  string
	Value eval.Value
}

// DuplicateError says that an entity with the key exists.
type DuplicateError struct {
	Type string
	Key  []string
}

// Error names type and key.
func (e *DuplicateError) Error() string {
	return fmt.Sprintf("Duplicate entry: %s with key %q exists", e.Type, e.Key)
}

// Begin starts to remember changes, for Commit or Rollback.
func (s *Store) Begin() { s.undo, s.changes, s.logging = s.undo[:0], s.changes[:0], true }

// Commit forgets how to undo the changes since Begin.
func (s *Store) Commit() {
	clear(s.undo)
	clear(s.changes)
	s.undo, s.changes, s.logging = nil, nil, false
}

// Rollback undoes every change since Begin.
func (s *Store) Rollback() {
	s.RollbackTo(0)
	s.Commit()
}

// Mark is the point that has been reached since Begin, for RollbackTo.
func (s *Store) Mark() int { return len(s.undo) }

// RollbackTo undoes the changes since a mark.
func (s *Store) RollbackTo(mark int) {
	s.logging = false
	for i := len(s.undo) - 1; i >= mark; i-- {
		s.undo[i]()
	}
	clear(s.undo[mark:])
	clear(s.changes[mark:])
	s.undo, s.changes, s.logging = s.undo[:mark], s.changes[:mark], true
}

func (s *Store) log(c Change, undo func()) {
	if s.logging {
		s.undo, s.changes = append(s.undo, undo), append(s.changes, c)
	}
}

// Insert adds an entity of a concrete type. Its key must be among the fields. Errors: *DuplicateError, and one for
// a field that the type does not keep.
func (s *Store) Insert(t *schema.EntityType, fields ...Field) (eval.Entity, error) {
	l := &s.layouts[t.Index]
	values := make([]eval.Value, l.width)
	for _, f := range fields {
		a := t.Attribute(f.Name)
		if a == nil || l.column[a.Slot] < 0 {
			return 0, fmt.Errorf("%s keeps no attribute %q", t.Name, f.Name)
		}
		values[l.column[a.Slot]] = f.Value
	}
	key := make([]string, len(t.PrimaryKey))
	for i, name := range t.PrimaryKey {
		key[i] = text(values[l.column[t.Attribute(name).Slot]])
		if key[i] == "" && len(key) == 1 {
			return 0, fmt.Errorf("%s without %s", t.Name, name)
		}
	}
	joined := s.joinKey(key)
	if s.keys[t.Family][joined] != 0 {
		return 0, &DuplicateError{t.Name, key}
	}
	e := eval.Entity(len(s.rows))
	s.rows = append(s.rows, row{})
	s.attach(e, row{t, values}, joined)
	s.log(Change{Kind: Inserted, Entity: e, Type: t}, func() { s.detach(e, joined) })
	return e, nil
}

// Remove takes an entity out; what refers to it then leads nowhere. Of a custom attribute value it takes out what was set.
func (s *Store) Remove(e eval.Entity) {
	if isVirtual(e) {
		e = s.setRow(e)
	}
	if e == 0 || !s.Exists(e) {
		return
	}
	old, joined := s.rows[e], s.joinKey(s.Key(e))
	s.detach(e, joined)
	s.log(Change{Kind: Removed, Entity: e, Type: old.typ, row: old.values}, func() { s.attach(e, old, joined) })
}

func (s *Store) attach(e eval.Entity, r row, key string) {
	s.rows[e] = r
	s.keys[r.typ.Family][key] = e
	l := &s.layouts[r.typ.Index]
	for _, up := range l.ancestry {
		s.byType[up] = insertSorted(s.byType[up], e)
	}
	for slot, column := range l.column {
		if column >= 0 && l.indexed[slot] {
			s.index(r.typ, int32(slot), e, r.values[column], true)
		}
	}
	if r.typ == s.configs.configuration {
		s.configs.learn(s)
	}
}

func (s *Store) detach(e eval.Entity, key string) {
	r := s.rows[e]
	l := &s.layouts[r.typ.Index]
	for slot, column := range l.column {
		if column >= 0 && l.indexed[slot] {
			s.index(r.typ, int32(slot), e, r.values[column], false)
		}
	}
	for _, up := range l.ancestry {
		s.byType[up] = removeSorted(s.byType[up], e)
	}
	delete(s.keys[r.typ.Family], key)
	s.rows[e] = row{}
	if r.typ == s.configs.configuration {
		s.configs.learn(s)
	}
}

// index puts an entity under a value of an indexed column, or takes it away.
func (s *Store) index(t *schema.EntityType, slot int32, e eval.Entity, v eval.Value, add bool) {
	if v.IsNull() {
		return
	}
	entries, key := s.links[t.Family][slot], eval.Fold(text(v))
	if add {
		entries[key] = insertSorted(entries[key], e)
		return
	}
	if left := removeSorted(entries[key], e); len(left) > 0 {
		entries[key] = left
	} else {
		delete(entries, key)
	}
}

// Set changes one value of an entity. Attributes that are not kept, key attributes and computed rows are refused.
func (s *Store) Set(e eval.Entity, a *schema.Attribute, v eval.Value) error {
	if isVirtual(e) {
		return s.setVirtual(e, a, v)
	}
	r := s.rows[e]
	l := &s.layouts[r.typ.Index]
	column := l.column[a.Slot]
	if column < 0 {
		return fmt.Errorf("%s keeps no attribute %q", r.typ.Name, a.Name)
	}
	old := r.values[column]
	if old == v {
		return nil
	}
	if slices.Contains(r.typ.PrimaryKey, a.Name) {
		return fmt.Errorf("%s.%s is part of the key", r.typ.Name, a.Name)
	}
	s.put(e, l, a.Slot, v)
	s.log(Change{Kind: Changed, Entity: e, Type: r.typ, Slot: a.Slot, Old: old}, func() { s.put(e, l, a.Slot, old) })
	return nil
}

func (s *Store) put(e eval.Entity, l *layout, slot int32, v eval.Value) {
	r := s.rows[e]
	column := l.column[slot]
	if l.indexed[slot] {
		s.index(r.typ, slot, e, r.values[column], false)
		s.index(r.typ, slot, e, v, true)
	}
	r.values[column] = v
	if r.typ == s.configs.configuration {
		s.configs.learn(s)
	}
}

// SetList replaces the members of a collection that no attribute of the members tells (scopes, security roles).
func (s *Store) SetList(e eval.Entity, a *schema.Attribute, members []eval.Entity) {
	key := listKey{e, a.Slot}
	old := s.lists[key]
	s.lists[key] = slices.Clone(members)
	s.log(Change{Kind: Listed, Entity: e, Type: s.TypeOf(e), Slot: a.Slot, Members: old}, func() { s.lists[key] = old })
}

func insertSorted(list []eval.Entity, e eval.Entity) []eval.Entity {
	if len(list) == 0 || list[len(list)-1] < e {
		return append(list, e)
	}
	i, found := slices.BinarySearch(list, e)
	if found {
		return list
	}
	return slices.Insert(list, i, e)
}

func removeSorted(list []eval.Entity, e eval.Entity) []eval.Entity {
	if i, found := slices.BinarySearch(list, e); found {
		return slices.Delete(list, i, i+1)
	}
	return list
}

// text is a value as a key has it.
func text(v eval.Value) string {
	switch v.Kind() {
	case eval.KindInt:
		return strconv.FormatInt(v.Int(), 10)
	case eval.KindBool:
		return strconv.FormatBool(v.Bool())
	}
	return v.Text()
}
