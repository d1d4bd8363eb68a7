package store

import (
	"math"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
)

// family is what types with one root share: the slots of attribute names, the columns, and the identities. An entity
// is found under its concrete and its base types alike.
type family struct {
	names   []string
	slots   map[string]int32
	columns []column
	used    []int32 // slots whose column is not empty
	next    int32
	free    []int32

	byUUID uuidTable          // one key of UUID text
	byPair map[[2]uuid]Record // two of them
	byText map[string]Record  // all other keys
}

func newFamily(names []string) *family {
	f := &family{
		names: append([]string(nil), names...), slots: make(map[string]int32, len(names)),
		columns: make([]column, len(names)),
		byPair:  map[[2]uuid]Record{}, byText: map[string]Record{},
	}
	for slot, name := range names {
		f.slots[name] = int32(slot)
	}
	return f
}

// slot of an attribute name; names that no schema has get one too, so that nothing a server sends is lost.
func (f *family) slot(name string) int32 {
	if slot, ok := f.slots[name]; ok {
		return slot
	}
	slot := int32(len(f.names))
	f.names = append(f.names, name)
	f.slots[name] = slot
	f.columns = append(f.columns, nil)
	return slot
}

// entityType is what merging needs to know of a type.
type entityType struct {
	schema *schema.EntityType
	name   string
	family int16
	keys   []int32 // slots of the primary key
	lists  []bool  // by slot: an empty array is a list of entities

	computed []bool // by slot: the server works it out
}

func (s *Store) addType(t *schema.EntityType, index int32, familyIndex int16) {
	f := s.families[familyIndex]
	et := &entityType{schema: t, name: t.Name, family: familyIndex, lists: make([]bool, len(f.names)), computed: make([]bool, len(f.names))}
	for _, name := range t.PrimaryKey {
		et.keys = append(et.keys, f.slot(name))
	}
	for _, a := range t.Attributes {
		et.computed[a.Slot] = a.Computed
		switch a.Kind {
		case schema.Collection, schema.Mapped, schema.CustomAttributes:
			et.lists[a.Slot] = true
		}
	}
	s.types = append(s.types, et)
	s.typeIndex[t.Name] = index
}

// typeNamed finds a type, and makes one with the key id for a name that no schema has; -1 for one too many.
func (s *Store) typeNamed(name []byte) int32 {
	if index, ok := s.typeIndex[string(name)]; ok {
		return index
	}
	if len(s.families) > math.MaxInt16 {
		return -1
	}
	t := &schema.EntityType{Name: string(name), Index: int32(len(s.types)), PrimaryKey: []string{"id"},
		DefaultProjections: []string{"id"}}
	t.Root = t
	t.Family = int32(len(s.families))
	s.families = append(s.families, newFamily([]string{"id"}))
	s.addType(t, t.Index, int16(t.Family))
	return t.Index
}
