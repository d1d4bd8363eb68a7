package store

import (
	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
)

// ChangeKind says what a change did.
type ChangeKind uint8

// The kinds of changes.
const (
	Inserted ChangeKind = iota
	Removed
	Changed // a column
	Listed  // a list that is kept with its owner
)

// Change is one change since Begin. A value of a custom attribute is a row of CustomAttributeValue.
type Change struct {
	Kind    ChangeKind
	Entity  eval.Entity
	Type    *schema.EntityType
	Slot    int32         // Changed, Listed: the attribute
	Old     eval.Value    // Changed: the value before
	Members []eval.Entity // Listed: the members before
	row     []eval.Value  // Removed: what it held
}

// Changes are those since Begin that were not undone, in order. Good until Commit.
func (s *Store) Changes() []Change { return s.changes }

// Column is what the store keeps in an attribute's column, references as the text of their key; null where it keeps none.
func (s *Store) Column(e eval.Entity, a *schema.Attribute) eval.Value {
	if isVirtual(e) || !s.Exists(e) {
		return eval.Value{}
	}
	return s.kept(e, a.Slot)
}

// Was is what a removed entity held in an attribute's column.
func (s *Store) Was(c Change, a *schema.Attribute) eval.Value {
	if column := s.layouts[c.Type.Index].column[a.Slot]; column >= 0 && c.row != nil {
		return c.row[column]
	}
	return eval.Value{}
}

// HasColumn tells whether the store keeps a value for an attribute of a type, and not only computes it or finds it elsewhere.
func (s *Store) HasColumn(t *schema.EntityType, a *schema.Attribute) bool {
	return s.layouts[t.Index].column[a.Slot] >= 0
}
