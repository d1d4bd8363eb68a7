package sandbox

import (
	"fmt"
	"slices"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// update carries out one update operation. The attributes are those of the type that the operation names, not of the
// entity's own.
func (r *request) update(operation wire.Node) (reply, error) {
	t, e, err := r.entity(operation)
	if err != nil {
		return nil, err
	}
	data := operation.Get("entity_data")
	for name, n := range data.Members() {
		if name == "__entity_type__" {
			continue
		}
		a := t.Attribute(name)
		if a == nil {
			return nil, invalid(fmt.Sprintf("%s has no attribute %q.", t.Name, name))
		}
		if err := r.change(e, t, a, n); err != nil {
			return nil, err
		}
	}
	return r.written("update", e, data), nil
}

// change sets one attribute.
func (r *request) change(e eval.Entity, t *schema.EntityType, a *schema.Attribute, n wire.Node) error {
	concrete := r.store.TypeOf(e)
	if isKey(t, a.Name) {
		if v, err := scalar(t, a, n); err != nil || v != r.store.Value(e, a) {
			return invalid(fmt.Sprintf("%s.%s is part of the key and cannot be changed.", t.Name, a.Name))
		}
		return nil
	}
	if a.Immutable || a.Computed || !r.store.Keeps(concrete, a) {
		return invalid(fmt.Sprintf("%s.%s is immutable.", t.Name, a.Name))
	}
	if a.IsRelation() && a.Kind != schema.Reference {
		return r.setList(e, concrete, a, n)
	}
	column, v := a, eval.Value{}
	var err error
	if a.Kind == schema.Reference {
		other, missing := r.referred(t, a, n)
		column, v, err = concrete.Attribute(r.store.KeyColumn(concrete, a)), r.identity(other), missing
	} else if a.Name == "value" && t.IsA("CustomAttributeValue") {
		v, err = r.customValue(r.store.Named(e, "configuration").Entity(), n)
	} else if v, err = scalar(t, a, n); err == nil {
		err = r.leads(concrete, concrete.Attribute(a.Name), v)
	}
	if err != nil {
		return err
	}
	if t.Name == "CustomAttributeConfiguration" {
		if err := r.reconfigured(e, column.Name, v); err != nil {
			return err
		}
	}
	return r.setColumn(e, column, v)
}

// setColumn sets a kept attribute and does what follows from it.
func (r *request) setColumn(e eval.Entity, a *schema.Attribute, v eval.Value) error {
	t := r.store.TypeOf(e)
	old := r.store.Named(e, a.Name)
	if isReference := a.Kind == schema.Reference; isReference {
		old = r.identity(old.Entity())
	}
	if old == v && r.store.IsSet(e) {
		return nil
	}
	if a.Name == "parent_id" && t.IsA("TypedContext") {
		return r.move(e, a, v)
	}
	if err := r.store.Set(e, a, v); err != nil {
		return invalid(err.Error() + ".")
	}
	switch {
	case a.Name == "status_id":
		return r.statusChanged(e, t, old, v)
	case t.Name == "Note" && !v.IsNull():
		return r.attached(e, t, a.Name)
	}
	return nil
}

// attached tells a note whose it is after it came into a list of notes or replies: the type of its parent, and of a reply the
// thread's parent.
func (r *request) attached(e eval.Entity, t *schema.EntityType, column string) error {
	values := map[string]eval.Value{}
	switch column {
	case "parent_id":
		if name := r.typeName(r.store.Named(e, "parent_id").Text()); !name.IsNull() && r.store.Named(e, "parent_type").IsNull() {
			values["parent_type"] = r.noteParent(name)
		}
	case "in_reply_to_id":
		thread := r.store.Named(e, "in_reply_to").Entity()
		for _, name := range []string{"parent_id", "parent_type"} {
			if thread != 0 && r.store.Named(e, name).IsNull() {
				values[name] = r.store.Named(thread, name)
			}
		}
	}
	for name, v := range values {
		if err := r.store.Set(e, t.Attribute(name), v); err != nil {
			return err
		}
	}
	return nil
}

// noteParent is the parent_type of a note for a parent of that type: of typed contexts it is the base type.
func (r *request) noteParent(name eval.Value) eval.Value {
	if t := r.store.Schemas().Type(name.Text()); t != nil && t.IsA("TypedContext") {
		return eval.Text("TypedContext")
	}
	return name
}

// move gives a context another parent; what stands below it goes with it, to another project too.
func (r *request) move(e eval.Entity, a *schema.Attribute, v eval.Value) error {
	parent := r.store.Find(r.store.Schemas().Type("Context"), v.Text())
	below := r.store.Descendants(e)
	if parent == e || slices.Contains(below, parent) && parent != 0 {
		return invalid("A context cannot be moved below itself.")
	}
	if err := r.store.Set(e, a, v); err != nil || parent == 0 {
		return err
	}
	return r.belong(eval.Text(r.projectOf(parent)), append([]eval.Entity{e}, below...))
}

// belong makes contexts parts of a project.
func (r *request) belong(project eval.Value, contexts []eval.Entity) error {
	for _, context := range contexts {
		if t := r.store.TypeOf(context); t.Name != "Project" {
			if err := r.store.Set(context, t.Attribute("project_id"), project); err != nil {
				return err
			}
		}
	}
	return nil
}

// statusChanged remembers who changed a status; those entities are the server's to make.
func (r *request) statusChanged(e eval.Entity, t *schema.EntityType, from, to eval.Value) error {
	kind, parent := "TypedContextStatusChange", "task"
	switch {
	case t.Name == "AssetVersion":
		kind, parent = "AssetVersionStatusChange", "asset_version"
	case !t.IsA("TypedContext"):
		return nil
	}
	fields := textFields("id", newID(), "parent_id", r.store.ID(e), "parent_type", parent, "from_status_id", from.Text(), "status_id", to.Text(),
		"user_id", r.store.ID(r.caller()))
	fields = append(fields, field("date", eval.Time(time.Now().UTC().Truncate(time.Second))))
	_, err := r.store.Insert(r.store.Schemas().Type(kind), fields...)
	return err
}
