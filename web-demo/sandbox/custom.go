package sandbox

import (
	"fmt"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// customValue is the value that a custom attribute gets from a payload. The type of its configuration decides what is
// valid; null always is. Dates come tagged, or as text.
func (r *request) customValue(config eval.Entity, n wire.Node) (eval.Value, error) {
	v := anything(n)
	kind := r.store.Named(r.store.Named(config, "type").Entity(), "name").Text()
	valid := v.IsNull()
	switch kind {
	case "number":
		valid = valid || v.Kind() == eval.KindInt || v.Kind() == eval.KindFloat
	case "text":
		valid = valid || v.Kind() == eval.KindText
	case "boolean":
		valid = valid || v.Kind() == eval.KindBool
	case "enumerator", "dynamic enumerator":
		valid = valid || v.Kind() == eval.KindJSON && strings.HasPrefix(v.Text(), "[")
	case "date":
		if at, ok := instant(n); ok {
			v, valid = at, true
		}
	default:
		valid = true
	}
	if !valid {
		return v, invalid(fmt.Sprintf("Custom attribute value for %q must be of type %s. Got %s.", r.store.Named(config, "key").Text(), kind, wire.Excerpt(n.Raw())))
	}
	return v, nil
}

// setValue gives a row of CustomAttributeValue that is made its value: of a configuration that exists and that the entity has.
func (r *request) setValue(d *draft, n wire.Node) error {
	id, entity := d.text("configuration_id"), d.text("entity_id")
	config := r.store.Find(r.store.Schemas().Type("CustomAttributeConfiguration"), id)
	if config == 0 {
		return invalid(fmt.Sprintf("There is no CustomAttributeConfiguration %q.", id))
	}
	if !r.store.Applies(id, entity) {
		return invalid(fmt.Sprintf("The custom attribute %q is none of an entity %q.", r.store.Named(config, "key").Text(), entity))
	}
	v, err := r.customValue(config, n)
	d.values["value"] = v
	return err
}

// reconfigured refuses what cannot be changed of a custom attribute: its type, and whose project it is once it is everybody's.
func (r *request) reconfigured(config eval.Entity, column string, v eval.Value) error {
	old := r.store.Named(config, column)
	switch {
	case old == v:
	case column == "type_id" && !old.IsNull():
		return invalid("The type of a custom attribute cannot be changed.")
	case column == "project_id" && old.IsNull():
		return invalid("A global custom attribute cannot be made specific to a project.")
	}
	return nil
}
