package survey

import (
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Types is what surveys know of entity types. They must not go on at the same time.
type Types struct {
	schemas *schema.Schemas
	byName  map[string]*surveyed // as documents name them
	recent  [64]*surveyed        // the one asked for last of those whose names look alike
}

// NewTypes is for documents of a server with those schemas. Objects of types that they do not have are entities too.
func NewTypes(schemas *schema.Schemas) *Types {
	return &Types{schemas: schemas, byName: map[string]*surveyed{}}
}

// Schemas are those that it was made for.
func (t *Types) Schemas() *schema.Schemas { return t.schemas }

// named is what is known of a type; its name is not empty.
func (t *Types) named(name []byte) *surveyed {
	recent := &t.recent[(int(name[0])+3*int(name[len(name)-1])+5*len(name))%len(t.recent)]
	if *recent != nil && (*recent).name == string(name) {
		return *recent
	}
	found := t.byName[string(name)]
	if found == nil {
		found = t.newType(string(name))
		t.byName[found.name] = found
	}
	*recent = found
	return found
}

// surveyed is what a survey needs of an entity type.
type surveyed struct {
	typ     *schema.EntityType
	name    string // as documents have it, escapes included
	key     []string
	stub    map[string]bool // names that say no more than which entity it is
	told    string          // the name that said more last
	stubAt  [8]string       // the names that said no more last, by their place in the object
	lengths uint64          // of the names of computed attributes, one bit each
	rootSum uint64
}

// hash is Hash for the type.
func (t *surveyed) hash(key [][]byte) uint64 { return hashKey(t.rootSum, key) }

// says reports whether a member says more than which entity it is. The members of most objects stand in the order of those in the one
// before.
func (t *surveyed) says(name []byte, place int) bool {
	at := &t.stubAt[place%len(t.stubAt)]
	switch {
	case string(name) == *at:
		return false
	case string(name) == t.told:
		return true
	case t.stub[string(name)]:
		*at = string(name)
		return false
	}
	t.told = string(name)
	return true
}

func (t *surveyed) computes(name []byte) bool {
	a := t.typ.Attribute(string(name))
	return a != nil && a.Computed
}

func (t *Types) newType(written string) *surveyed {
	name := wire.DecodeText([]byte(written))
	typ := t.schemas.Type(name)
	found := &surveyed{typ: typ, name: written, rootSum: wire.Sum([]byte(RootName(t.schemas, name))), key: PrimaryKey(typ), stub: map[string]bool{"__entity_type__": true}}
	for _, part := range found.key {
		found.stub[part] = true
	}
	if typ == nil {
		return found
	}
	for _, each := range typ.SystemProjections {
		found.stub[each] = true
	}
	for _, each := range []string{"context_type", "object_type_id", "project_id", "resource_type", "system_type"} {
		found.stub[each] = true
	}
	for _, a := range typ.Attributes {
		if a.Computed {
			found.stub[a.Name] = true
			found.lengths |= 1 << min(len(a.Name), 63)
		}
	}
	return found
}

// RootName is the name of the type at the top of a type's own; that of a type that no schema has is its own.
func RootName(schemas *schema.Schemas, entityType string) string {
	if t := schemas.Type(entityType); t != nil {
		return t.Root.Name
	}
	return entityType
}

// PrimaryKey are the parts of a type's key; types that no schema has, nil, are taken to have an id.
func PrimaryKey(t *schema.EntityType) []string {
	if t == nil {
		return []string{"id"}
	}
	return t.PrimaryKey
}
