package sandbox

import (
	"fmt"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/store"
)

// draft is an entity being made: values of kept attributes by name.
type draft struct {
	typ    *schema.EntityType
	values map[string]eval.Value
}

func (d *draft) has(name string) bool { return !d.values[name].IsNull() }

// fill sets an attribute that the type keeps and that nobody gave.
func (d *draft) fill(name string, v eval.Value) {
	if _, given := d.values[name]; (!given || d.values[name].IsNull()) && d.typ.Attribute(name) != nil {
		d.values[name] = v
	}
}

func (d *draft) text(name string) string { return d.values[name].Text() }

// create carries out one create operation.
func (r *request) create(operation wire.Node) (reply, error) {
	t, err := r.entityType(operation)
	if err != nil {
		return nil, err
	}
	data := operation.Get("entity_data")
	if t, err = r.concrete(t, data); err != nil {
		return nil, err
	}
	d := &draft{t, map[string]eval.Value{}}
	var lists []given
	for name, n := range data.Members() {
		if name == "__entity_type__" {
			continue
		}
		a := t.Attribute(name)
		if a == nil {
			return nil, invalid(fmt.Sprintf("%s has no attribute %q.", t.Name, name))
		}
		if !r.store.Keeps(t, a) {
			return nil, invalid(fmt.Sprintf("%s.%s is computed and cannot be set.", t.Name, name))
		}
		switch {
		case a.Kind == schema.Reference:
			other, err := r.referred(t, a, n)
			if err != nil {
				return nil, err
			}
			d.values[r.store.KeyColumn(t, a)] = r.identity(other)
		case a.IsRelation():
			lists = append(lists, given{a, n})
		default:
			v, err := scalar(t, a, n)
			if err == nil {
				err = r.leads(t, a, v)
			}
			if err != nil {
				return nil, err
			}
			if _, referred := d.values[name]; !referred || !v.IsNull() {
				d.values[name] = v
			}
		}
	}
	if err := r.identify(d, operation.Get("entity_key")); err != nil {
		return nil, err
	}
	if t.Name == "CustomAttributeValue" {
		if err := r.setValue(d, data.Get("value")); err != nil {
			return nil, err
		}
	}
	if err := r.fill(d); err != nil {
		return nil, err
	}
	fields := make([]store.Field, 0, len(d.values))
	for name, v := range d.values {
		fields = append(fields, store.Field{Name: name, Value: v})
	}
	e, err := r.store.Insert(t, fields...)
	if err != nil {
		return nil, err
	}
	for _, list := range lists {
		if err := r.setList(e, t, list.attribute, list.node); err != nil {
			return nil, err
		}
	}
	if err := r.created(d, e); err != nil {
		return nil, err
	}
	return r.written("create", e, data), nil
}

// given is a relation in a payload.
type given struct {
	attribute *schema.Attribute
	node      wire.Node
}

func textOrNull(text string) eval.Value {
	if text == "" {
		return eval.Value{}
	}
	return eval.Text(text)
}

// concrete is the type that an entity is made of. The column that tells the types of a table apart tells it where a
// base type is named: the object type of a context, the system type of a list.
func (r *request) concrete(t *schema.EntityType, data wire.Node) (*schema.EntityType, error) {
	if t.Base != nil && t.Base.Name == "CustomAttributeValue" {
		return nil, invalid(t.Name + " cannot be created: update the value instead.")
	}
	if len(t.Derived) == 0 || t.Name == "CustomAttributeValue" {
		return t, nil
	}
	if t.Name == linkType || t.Name == linkFromType {
		return r.concreteLink(t, data)
	}
	for _, derived := range t.Derived {
		for name, value := range derived.Alias.Classifiers {
			if a := attributeOf(derived, name); a != nil && told(data, a) == value {
				return derived, nil
			}
		}
	}
	return nil, invalid(t.Name + " is a base type: create an entity of a type derived from it.")
}

// told is what a payload says of a key: the attribute itself, or the reference that it is the key of.
func told(data wire.Node, a *schema.Attribute) string {
	if text := data.Get(a.Name).Text(); text != "" {
		return text
	}
	return data.Get(a.ReferenceName).Get("id").Text()
}
