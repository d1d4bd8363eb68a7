package store

import (
	"slices"
	"strings"
	"sync"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
)

// Options are the behaviours that are not known of the real server.
type Options struct {
	// SparseCustomAttributes makes custom_attributes hold set values only; else there is a row for each configuration.
	SparseCustomAttributes bool
	// UnsetIsNone makes dense rows without a set value hold null; else the configuration's default.
	UnsetIsNone bool
	// InheritUnset makes dense rows of hierarchical attributes hold what is set above.
	InheritUnset bool
	// CaseSensitiveKeys tells keys of several parts apart by their case: the keys of metadata.
	CaseSensitiveKeys bool
}

// Store holds entities. The zero Entity is none; handles are never given out twice.
type Store struct {
	sync.RWMutex
	schemas *schema.Schemas
	options Options
	layouts []layout // by type index
	rows    []row    // by handle
	byType  [][]eval.Entity
	keys    []map[string]eval.Entity // by family: the primary key
	links   []familyIndex            // by family: text columns that are looked up
	lists   map[listKey][]eval.Entity
	undo    []func()
	changes []Change // beside undo
	logging bool
	configs configurations
	// pointers are found when first asked for, under the lock for writing.
	pointers map[int32][]pointer
}

type row struct {
	typ    *schema.EntityType
	values []eval.Value
}

// layout says where a type keeps its attributes.
type layout struct {
	column   []int16 // slot of the family -> place among the values, -1 for what is not kept
	width    int
	inverse  []inverse // slot -> how a relation is followed
	indexed  []bool    // slot -> whether the column has an index
	ancestry []int32   // the type itself and all above it
}

type familyIndex []map[string][]eval.Entity // slot -> folded text -> entities, in order of their handles

type listKey struct {
	owner eval.Entity
	slot  int32
}

// New makes an empty store.
func New(schemas *schema.Schemas, options Options) *Store {
	types := schemas.Types()
	s := &Store{
		schemas: schemas, options: options, rows: make([]row, 1), byType: make([][]eval.Entity, len(types)),
		layouts: make([]layout, len(types)), lists: map[listKey][]eval.Entity{}, pointers: map[int32][]pointer{},
	}
	for _, t := range types {
		for int(t.Family) >= len(s.keys) {
			s.keys = append(s.keys, map[string]eval.Entity{})
			s.links = append(s.links, make(familyIndex, len(schemas.FamilySlots(int32(len(s.links))))))
		}
	}
	for _, t := range types {
		s.layouts[t.Index] = s.newLayout(t)
	}
	s.configs.init(schemas)
	return s
}

func (s *Store) newLayout(t *schema.EntityType) layout {
	slots := len(s.schemas.FamilySlots(t.Family))
	l := layout{column: make([]int16, slots), inverse: make([]inverse, slots), indexed: make([]bool, slots)}
	for i := range l.column {
		l.column[i] = -1
	}
	for _, a := range t.Attributes {
		if a.IsRelation() {
			l.inverse[a.Slot] = findInverse(s.schemas, t, a)
			if in := l.inverse[a.Slot]; in.way != wayKey || in.column != a.Slot {
				continue
			}
		}
		if computed(t, a) {
			continue
		}
		l.column[a.Slot] = int16(l.width)
		l.width++
		if looksUp(t, a) {
			l.indexed[a.Slot] = true
			if s.links[t.Family][a.Slot] == nil {
				s.links[t.Family][a.Slot] = map[string][]eval.Entity{}
			}
		}
	}
	for up := t; up != nil; up = up.Base {
		l.ancestry = append(l.ancestry, up.Index)
	}
	return l
}

// looksUp tells which columns have an index: keys of other entities, and the names people search by.
func looksUp(t *schema.EntityType, a *schema.Attribute) bool {
	if a.Kind == schema.Reference {
		return true
	}
	if a.Kind != schema.String && a.Kind != schema.Integer {
		return false
	}
	if a.Format == "foreign_key" || strings.HasSuffix(a.Name, "_id") || slices.Contains(t.PrimaryKey, a.Name) {
		return true
	}
	switch a.Name {
	case "name", "username", "email", "short", "key", "full_name":
		return true
	}
	return false
}

// Schemas are the store's types.
func (s *Store) Schemas() *schema.Schemas { return s.schemas }

// Options are those of New.
func (s *Store) Options() Options { return s.options }

// Len is the number of entities of a type, derived types included.
func (s *Store) Len(typ string) int {
	t := s.schemas.Type(typ)
	if t == nil {
		return 0
	}
	return len(s.byType[t.Index])
}

// Exists tells whether the handle is that of an entity that was not removed.
func (s *Store) Exists(e eval.Entity) bool {
	if isVirtual(e) {
		config, owner := split(e)
		return s.Exists(config) && s.Exists(owner)
	}
	return e > 0 && int(e) < len(s.rows) && s.rows[e].typ != nil
}

// joinKey makes one text of the parts of a key. Ids are found whatever their case.
func (s *Store) joinKey(parts []string) string {
	joined := strings.Join(parts, "\x00")
	if s.options.CaseSensitiveKeys && len(parts) > 1 {
		return joined
	}
	return eval.Fold(joined)
}

// Find is the entity with that key, of the type or one derived from it; 0 when there is none.
func (s *Store) Find(t *schema.EntityType, key ...string) eval.Entity {
	if len(key) != len(t.PrimaryKey) {
		return 0
	}
	if s.configs.virtual[t.Index] {
		return s.findVirtual(t, key)
	}
	e := s.keys[t.Family][s.joinKey(key)]
	if e == 0 || !s.rows[e].typ.IsA(t.Name) {
		return 0
	}
	return e
}

// Key is the primary key of an entity, in the order of the schema.
func (s *Store) Key(e eval.Entity) []string {
	t := s.TypeOf(e)
	if t == nil {
		return nil
	}
	key := make([]string, len(t.PrimaryKey))
	for i, name := range t.PrimaryKey {
		key[i] = text(s.Value(e, t.Attribute(name)))
	}
	return key
}

// ID is the first part of an entity's key, "" for none.
func (s *Store) ID(e eval.Entity) string {
	if e == 0 {
		return ""
	}
	if t := s.TypeOf(e); t != nil && len(t.PrimaryKey) > 0 {
		return text(s.Value(e, t.Attribute(t.PrimaryKey[0])))
	}
	return ""
}

// Keeps tells whether an attribute of a type can be set: it is not computed.
func (s *Store) Keeps(t *schema.EntityType, a *schema.Attribute) bool {
	if a.IsRelation() {
		way := s.layouts[t.Index].inverse[a.Slot].way
		return way != wayComputed && way != wayNone
	}
	return !computed(t, a)
}

// Target is the type that a relation leads to; wider than the schemas say where servers have it so. nil for none.
func (s *Store) Target(t *schema.EntityType, a *schema.Attribute) *schema.EntityType {
	if in := s.layouts[t.Index].inverse[a.Slot]; in.target != nil {
		return in.target
	}
	return s.schemas.Type(a.Target)
}

// KeyColumn is the name of the attribute that holds the key of a reference: its foreign key, or the reference itself.
func (s *Store) KeyColumn(t *schema.EntityType, a *schema.Attribute) string {
	return s.schemas.FamilySlots(t.Family)[s.layouts[t.Index].inverse[a.Slot].column]
}
