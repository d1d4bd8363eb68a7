package store

import (
	"fmt"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
)

// configurations knows the types around custom attributes.
//
// What is set stands in rows of CustomAttributeValue. The types derived from it, which custom_attributes hold, are a
// view: one row for each owner and each configuration that applies to it. The handle of such a row is made of both.
type configurations struct {
	virtual       []bool // by type index: a view of CustomAttributeValue
	value         *schema.EntityType
	configuration *schema.EntityType
	known         []configuration // kept in step by learn
}

// configuration is what decides whom a custom attribute applies to.
type configuration struct {
	entity                eval.Entity
	kind, object, project string
	hierarchical          bool
}

// learn reads the configurations anew, after one of them changed.
func (c *configurations) learn(s *Store) {
	c.known = c.known[:0:0]
	for _, e := range s.byType[c.configuration.Index] {
		c.known = append(c.known, configuration{e, s.Named(e, "entity_type").Text(), s.Named(e, "object_type_id").Text(), s.Named(e, "project_id").Text(),
			s.Named(e, "is_hierarchical").Bool()})
	}
}

func (c *configurations) init(schemas *schema.Schemas) {
	c.virtual = make([]bool, len(schemas.Types()))
	c.value, c.configuration = schemas.Type("CustomAttributeValue"), schemas.Type("CustomAttributeConfiguration")
	if c.value != nil {
		for _, t := range c.value.Derived {
			c.virtual[t.Index] = true
		}
	}
}

func isVirtual(e eval.Entity) bool { return e>>32 != 0 }

func virtual(config, owner eval.Entity) eval.Entity { return config<<32 | owner }

func split(e eval.Entity) (config, owner eval.Entity) { return e >> 32, e & 0xffffffff }

// valueType is the type of the rows in an entity's custom_attributes, nil when it has none.
func (s *Store) valueType(t *schema.EntityType) *schema.EntityType {
	if a := t.Attribute("custom_attributes"); a != nil {
		return s.schemas.Type(a.Target)
	}
	return nil
}

// applies tells whether entities of the owner's kind have the configured attribute.
func (s *Store) applies(config configuration, owner eval.Entity) bool {
	t := s.rows[owner].typ
	if config.project != "" && s.projectID(owner) != config.project {
		return false
	}
	if config.hierarchical {
		return t.IsA("Context") || t.Name == "Asset" || t.Name == "AssetVersion"
	}
	switch config.kind {
	case "task":
		return t.IsA("TypedContext") && (config.object == "" || config.object == s.Named(owner, "object_type_id").Text())
	case "show":
		return t.Name == "Project"
	case "assetversion":
		return t.Name == "AssetVersion"
	case "list":
		return t.IsA("List")
	}
	return config.kind == eval.Fold(t.Name)
}

func (s *Store) projectID(e eval.Entity) string {
	switch t := s.rows[e].typ; {
	case t.Name == "Project":
		return s.ID(e)
	case t.Name == "Asset":
		if parent := s.Named(e, "parent").Entity(); parent != 0 {
			return s.projectID(parent)
		}
	case t.Name == "AssetVersion":
		if asset := s.Named(e, "asset").Entity(); asset != 0 {
			return s.projectID(asset)
		}
	}
	return s.Named(e, "project_id").Text()
}

// customAttributes are the rows of an entity's custom_attributes.
func (s *Store) customAttributes(owner eval.Entity) []eval.Entity {
	rows := make([]eval.Entity, 0, len(s.configs.known))
	for _, config := range s.configs.known {
		if row := virtual(config.entity, owner); s.applies(config, owner) && (!s.options.SparseCustomAttributes || s.setRow(row) != 0) {
			rows = append(rows, row)
		}
	}
	return rows
}

// setRow is the row of CustomAttributeValue behind a row of the view, 0 when nothing is set.
func (s *Store) setRow(e eval.Entity) eval.Entity {
	config, owner := split(e)
	return s.Find(s.configs.value, s.ID(config), s.ID(owner))
}

func (s *Store) virtualType(e eval.Entity) *schema.EntityType {
	if _, owner := split(e); s.Exists(owner) {
		return s.valueType(s.rows[owner].typ)
	}
	return nil
}

func (s *Store) virtualValue(e eval.Entity, a *schema.Attribute) eval.Value {
	config, owner := split(e)
	switch a.Name {
	case "configuration":
		return eval.Ref(config)
	case "configuration_id":
		return eval.Text(s.ID(config))
	case "entity_id":
		return eval.Text(s.ID(owner))
	case "key":
		return s.Named(config, "key")
	case "value":
		if set := s.setRow(e); set != 0 {
			return s.Named(set, "value")
		}
		return s.unset(config, owner)
	}
	return eval.Value{}
}

// unset is what an entity shows for an attribute that is not set on it.
func (s *Store) unset(config, owner eval.Entity) eval.Value {
	if s.options.InheritUnset && s.Named(config, "is_hierarchical").Bool() {
		for at, steps := s.above(owner), 0; at != 0 && steps < deepest; at, steps = s.above(at), steps+1 {
			if set := s.setRow(virtual(config, at)); set != 0 {
				return s.Named(set, "value")
			}
		}
	}
	if s.options.UnsetIsNone {
		return eval.Value{}
	}
	return s.Named(config, "default")
}

// deepest is how far up values are inherited at most: parents in a loop end there.
const deepest = 64

// above is what an entity inherits values from: the parent, of a version the asset.
func (s *Store) above(e eval.Entity) eval.Entity {
	if asset := s.Named(e, "asset").Entity(); asset != 0 {
		return asset
	}
	return s.Named(e, "parent").Entity()
}

// IsSet tells of a row of custom_attributes whether something is set there; anything else is.
func (s *Store) IsSet(e eval.Entity) bool { return !isVirtual(e) || s.setRow(e) != 0 }

// Applies tells whether the entity with an id has a configured attribute.
func (s *Store) Applies(configuration, id string) bool {
	for _, t := range s.configs.value.Derived {
		if s.findVirtual(t, []string{configuration, id}) != 0 {
			return true
		}
	}
	return false
}

func (s *Store) setVirtual(e eval.Entity, a *schema.Attribute, v eval.Value) error {
	if a.Name != "value" {
		return fmt.Errorf("only the value of a custom attribute can be set, not %q", a.Name)
	}
	if set := s.setRow(e); set != 0 {
		return s.Set(set, s.configs.value.Attribute("value"), v)
	}
	config, owner := split(e)
	_, err := s.Insert(s.configs.value, Field{"configuration_id", eval.Text(s.ID(config))}, Field{"entity_id", eval.Text(s.ID(owner))}, Field{"value", v})
	return err
}

func (s *Store) virtualEntities(t *schema.EntityType) []eval.Entity {
	var rows []eval.Entity
	for _, owners := range s.schemas.Types() {
		if s.valueType(owners) != t {
			continue
		}
		for _, owner := range s.byType[owners.Index] {
			if s.rows[owner].typ == owners {
				rows = append(rows, s.customAttributes(owner)...)
			}
		}
	}
	return rows
}

// owners are the entities with an id whose custom attributes are of the type: at most one, unless ids repeat.
func (s *Store) owners(t *schema.EntityType, id string) []eval.Entity {
	var owners []eval.Entity
	for family := range s.keys {
		if e := s.keys[family][eval.Fold(id)]; e != 0 && s.valueType(s.rows[e].typ) == t {
			owners = append(owners, e)
		}
	}
	return owners
}

func (s *Store) findVirtual(t *schema.EntityType, key []string) eval.Entity {
	at := s.Find(s.configs.configuration, key[0])
	for _, config := range s.configs.known {
		if config.entity != at {
			continue
		}
		for _, owner := range s.owners(t, key[1]) {
			if s.applies(config, owner) {
				return virtual(at, owner)
			}
		}
	}
	return 0
}

func (s *Store) lookupVirtual(t *schema.EntityType, a *schema.Attribute, v eval.Value) ([]eval.Entity, bool) {
	if a.Name != "entity_id" {
		return nil, false
	}
	var rows []eval.Entity
	for _, owner := range s.owners(t, text(v)) {
		rows = append(rows, s.customAttributes(owner)...)
	}
	return rows, true
}
