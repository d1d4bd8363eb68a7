package schema

import (
	"slices"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Schemas are all entity types of a server.
type Schemas struct {
	raw    []byte
	types  []*EntityType
	byName map[string]*EntityType
	slots  [][]string // attribute names of each family
}

// Error says which schema, and which property of it, cannot be read.
type Error struct {
	Schema, Property, Reason string
}

// Error names the schema and the property.
func (e *Error) Error() string {
	text := "schemas: "
	if e.Schema != "" {
		text += e.Schema
		if e.Property != "" {
			text += "." + e.Property
		}
		text += ": "
	}
	return text + e.Reason
}

// Parse reads the array that query_schemas answers with. The bytes are kept. Errors: *wire.SyntaxError, *Error.
func Parse(data []byte) (*Schemas, error) {
	root, err := wire.Parse(data)
	if err != nil {
		return nil, err
	}
	if root.Kind() != wire.Array {
		return nil, &Error{Reason: "expected a list of schemas, got " + root.Kind().String()}
	}
	s := &Schemas{raw: data, byName: map[string]*EntityType{}}
	for _, node := range root.List() {
		t, err := parseType(node)
		if err != nil {
			return nil, err
		}
		if s.byName[t.Name] != nil {
			return nil, &Error{Schema: t.Name, Reason: "the type stands twice"}
		}
		s.byName[t.Name] = t
		s.types = append(s.types, t)
	}
	for i, name := range sortedNames(s.byName) {
		s.types[i] = s.byName[name]
		s.types[i].Index = int32(i)
	}
	s.inherit()
	s.assignSlots()
	return s, nil
}

func parseType(node wire.Node) (*EntityType, error) {
	t := &EntityType{Name: node.Get("id").Text(), PrimaryKey: texts(node.Get("primary_key")), SystemProjections: texts(node.Get("system_projections"))}
	if node.Kind() != wire.Object || t.Name == "" {
		return nil, &Error{Reason: "a schema has no id"}
	}
	properties := node.Get("properties")
	if properties.Kind() != wire.Object {
		return nil, &Error{Schema: t.Name, Reason: "it has no properties"}
	}
	switch alias := node.Get("alias_for"); alias.Kind() {
	case wire.String:
		t.Alias.Table = alias.Text()
	case wire.Object:
		t.Alias.Table = alias.Get("id").Text()
		t.Alias.Classifiers = map[string]string{}
		for _, m := range alias.Get("classifiers").Object() {
			t.Alias.Classifiers[m.Key] = m.Value.Text()
		}
	}
	byName := map[string]*Attribute{}
	for _, m := range properties.Object() {
		name, property := m.Key, m.Value
		if name == "" || property.Kind() != wire.Object {
			return nil, &Error{Schema: t.Name, Property: name, Reason: "expected an object, got " + property.Kind().String()}
		}
		if byName[name] == nil {
			byName[name] = &Attribute{}
			t.Attributes = append(t.Attributes, byName[name])
		}
		*byName[name] = parseAttribute(name, property)
	}
	for i, name := range sortedNames(byName) {
		t.Attributes[i] = byName[name]
	}
	for _, name := range texts(node.Get("required")) {
		if a := byName[name]; a != nil {
			a.Required = true
		}
	}
	for _, name := range texts(node.Get("immutable")) {
		if a := byName[name]; a != nil {
			a.Immutable = true
		}
	}
	for _, name := range texts(node.Get("computed")) {
		if a := byName[name]; a != nil {
			a.Computed = true
		}
	}
	for _, name := range t.PrimaryKey {
		if byName[name] == nil {
			return nil, &Error{Schema: t.Name, Property: name, Reason: "the primary key names no property"}
		}
	}
	for _, name := range texts(node.Get("default_projections")) {
		if byName[name] != nil {
			t.DefaultProjections = append(t.DefaultProjections, name)
		}
	}
	pairForeignKeys(t, byName)
	return t, nil
}

// sortedNames are the keys of a map in order. All sorting goes through it: each kind of element that is sorted adds
// another copy of the sort to the module.
func sortedNames[T any](byName map[string]T) []string {
	names := make([]string, 0, len(byName))
	for name := range byName {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// parseAttribute classifies one property. A stated type counts before a $ref beside it.
func parseAttribute(name string, property wire.Node) Attribute {
	a := Attribute{
		Name: name, Format: property.Get("format").Text(), AliasFor: property.Get("alias_for").Text(),
		Description: property.Get("description").Text(), Restricted: property.Get("restricted_projection").Bool(),
		Enum: texts(property.Get("enum")),
	}
	if d := property.Get("default"); d.Kind() != wire.Missing {
		a.Default, a.HasDefault = string(d.Raw()), true
	}
	items := property.Get("items").Get("$ref").Text()
	switch typ := property.Get("type"); {
	case typ.Is("string") && a.Format == "date-time":
		a.Kind = DateTime
	case typ.Is("string") && a.Format == "json":
		a.Kind = JSON
	case typ.Is("string"):
		a.Kind = String
	case typ.Is("boolean"):
		a.Kind = Boolean
	case typ.Is("integer"):
		a.Kind = Integer
	case typ.Is("number"):
		a.Kind = Number
	case typ.Is("variable"):
		a.Kind = Variable
	case typ.Is("object"):
		a.Kind = Object
	case typ.Is("array") && items != "":
		a.Kind, a.Target = Collection, items
	case typ.Is("mapped_array") && items != "":
		a.Target = items
		switch {
		case items == "Metadata":
			a.Kind = Mapped
		case strings.HasSuffix(items, "CustomAttributeValue"):
			a.Kind = CustomAttributes
		default:
			a.Kind = Collection
		}
	case typ.Kind() == wire.Missing && property.Get("$ref").Text() != "":
		a.Kind, a.Target = Reference, property.Get("$ref").Text()
	case typ.Kind() == wire.Missing && a.Format == "foreign_key":
		a.Kind = String
	}
	return a
}

func texts(list wire.Node) []string {
	var out []string
	for _, item := range list.List() {
		if text := item.Text(); text != "" {
			out = append(out, text)
		}
	}
	return out
}

// oddPairs are references whose key is not called <reference>_id (reference, section 9).
var oddPairs = [...]struct{ entityType, reference, key string }{
	{"Asset", "parent", "context_id"}, {"Note", "author", "user_id"}, {"SchemaStatus", "task_status", "status_id"},
	{"List", "owner", "user_id"}, {"TypedContextList", "owner", "user_id"}, {"AssetVersionList", "owner", "user_id"},
	{"ReviewSessionObject", "asset_version", "version_id"}, {"Feed", "event", "social_id"}, {"Recipient", "recipient", "resource_id"},
}

func pairForeignKeys(t *EntityType, byName map[string]*Attribute) {
	for _, a := range t.Attributes {
		if a.Kind != Reference {
			continue
		}
		key := a.Name + "_id"
		for _, odd := range oddPairs {
			if odd.entityType == t.Name && odd.reference == a.Name {
				key = odd.key
			}
		}
		if k := byName[key]; k != nil && !k.IsRelation() {
			a.ForeignKey, k.ReferenceName = key, a.Name
		}
	}
}
