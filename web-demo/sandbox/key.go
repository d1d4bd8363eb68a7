package sandbox

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// keyOf reads an entity_key: a list, or its only part.
func keyOf(n wire.Node) []string {
	if n.Kind() != wire.Array {
		return []string{keyPart(n)}
	}
	var key []string
	for part := range n.Elements() {
		key = append(key, keyPart(part))
	}
	return key
}

func keyPart(n wire.Node) string {
	if n.Kind() == wire.Number {
		return string(n.Raw())
	}
	return n.Text()
}

// keyWithin is the key that stands among the members of an entity.
func keyWithin(t *schema.EntityType, n wire.Node) []string {
	key := make([]string, len(t.PrimaryKey))
	for i, name := range t.PrimaryKey {
		key[i] = keyPart(n.Get(name))
	}
	return key
}

// keyValue is a part of a key as its attribute holds it: clients may send an integer as text.
func keyValue(t *schema.EntityType, name, part string) (eval.Value, error) {
	if t.Attribute(name).Kind != schema.Integer {
		return eval.Text(part), nil
	}
	i, err := strconv.ParseInt(part, 10, 64)
	if err != nil {
		return eval.Value{}, invalid(fmt.Sprintf("%s.%s must be an integer, not %q.", t.Name, name, part))
	}
	return eval.Int(i), nil
}

// identity is what other entities hold to refer to one; null for none.
func (r *request) identity(e eval.Entity) eval.Value {
	t := r.store.TypeOf(e)
	if t == nil {
		return eval.Value{}
	}
	return r.store.Value(e, t.Attribute(t.PrimaryKey[0]))
}

// identify gives the draft its key: that of the payload, of entity_key, or a new one. The two must not contradict each
// other.
func (r *request) identify(d *draft, key wire.Node) error {
	t := d.typ
	var parts []string
	if key.Kind() != wire.Missing && key.Kind() != wire.Null {
		parts = keyOf(key)
	}
	if len(parts) != 0 && len(parts) != len(t.PrimaryKey) {
		return invalid(fmt.Sprintf("%s is identified by %q, not by %q.", t.Name, t.PrimaryKey, parts))
	}
	for i, name := range t.PrimaryKey {
		if len(parts) > 0 && (parts[i] != "" || len(parts) > 1) {
			v, err := keyValue(t, name, parts[i])
			if err != nil {
				return err
			}
			if d.has(name) && d.values[name] != v {
				return invalid(fmt.Sprintf("The entity_key says that %s.%s is %q, entity_data says something else.", t.Name, name, parts[i]))
			}
			d.values[name] = v
		}
		if len(t.PrimaryKey) == 1 && d.has(name) && d.values[name] == eval.Text("") {
			return invalid(fmt.Sprintf("%s.%s must not be empty.", t.Name, name))
		}
		if d.has(name) {
			continue
		}
		switch a := t.Attribute(name); {
		case a.HasDefault && a.Default != `"{uid}"`:
		case a.Kind == schema.Integer:
			d.values[name] = eval.Int(r.nextInteger(t))
		case len(t.PrimaryKey) == 1:
			d.values[name] = eval.Text(newID())
		default:
			return invalid(fmt.Sprintf("%s needs %s.", t.Name, name))
		}
	}
	return nil
}

// nextInteger is an integer key that no entity of the type has or had.
func (r *request) nextInteger(t *schema.EntityType) int64 {
	next := r.integers[t.Name] + 1
	for r.store.Find(t, strconv.FormatInt(next, 10)) != 0 {
		next++
	}
	r.integers[t.Name] = next
	return next
}

// isKey tells whether an attribute is part of its type's key.
func isKey(t *schema.EntityType, name string) bool { return slices.Contains(t.PrimaryKey, name) }
