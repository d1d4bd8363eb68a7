package sandbox

import (
	"fmt"
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/store"
)

func field(name string, v eval.Value) store.Field { return store.Field{Name: name, Value: v} }

// textFields makes fields of pairs of names and texts; an empty text is null.
func textFields(pairs ...string) []store.Field {
	fields := make([]store.Field, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		fields = append(fields, field(pairs[i], textOrNull(pairs[i+1])))
	}
	return fields
}

// setList sets a collection: the payload is the full list of its members. The members' own side follows.
func (r *request) setList(e eval.Entity, t *schema.EntityType, a *schema.Attribute, n wire.Node) error {
	if n.Kind() != wire.Array {
		return invalid(fmt.Sprintf("%s.%s must be a list of entities.", t.Name, a.Name))
	}
	side := r.store.Side(t, a)
	if side.Kind == store.Computed {
		return invalid(fmt.Sprintf("%s.%s is computed and cannot be set.", t.Name, a.Name))
	}
	var wanted []eval.Entity
	for item := range n.Elements() {
		if r.pending(e, t, a, side, item) {
			continue
		}
		member, err := r.referred(t, a, item)
		if err != nil {
			return err
		}
		if member != 0 && !slices.Contains(wanted, member) {
			wanted = append(wanted, member)
		}
	}
	had := slices.Clone(r.store.List(e, a))
	if r.assumed.is("shortened-list", "add") {
		for _, member := range had {
			if !slices.Contains(wanted, member) {
				wanted = append(wanted, member)
			}
		}
	}
	if side.Kind == store.Kept {
		r.store.SetList(e, a, wanted)
		return nil
	}
	for _, member := range had {
		if !slices.Contains(wanted, member) {
			if err := r.part(e, member, a, side); err != nil {
				return err
			}
		}
	}
	for _, member := range wanted {
		if !slices.Contains(had, member) {
			if err := r.join(e, member, side); err != nil {
				return err
			}
		}
	}
	return nil
}

// join makes an entity a member of another one's collection.
func (r *request) join(e, member eval.Entity, side store.Side) error {
	if side.Kind == store.Through {
		fields := textFields(side.Column, r.store.ID(e), side.Far, r.store.ID(member))
		if side.Link.Attribute("id") != nil {
			fields = append(fields, field("id", eval.Text(newID())))
		}
		_, err := r.store.Insert(side.Link, fields...)
		return err
	}
	t := r.store.TypeOf(member)
	column := t.Attribute(side.Column)
	switch reference := t.Attribute(column.ReferenceName); {
	case isKey(t, column.Name):
		return invalid(fmt.Sprintf("%s.%s is part of the key and cannot be changed.", t.Name, column.Name))
	case !r.store.Named(member, column.Name).IsNull() && (column.Immutable || reference != nil && reference.Immutable):
		return invalid(fmt.Sprintf("%s.%s is immutable.", t.Name, column.Name))
	}
	return r.setColumn(member, column, r.identity(e))
}

// part takes a member out of a collection. What becomes of one that cannot be without its owner is an assumption; one that
// belongs to others as well stays in any case.
func (r *request) part(e, member eval.Entity, a *schema.Attribute, side store.Side) error {
	if side.Kind == store.Through {
		for _, link := range slices.Clone(r.found(side.Link.Name, side.Column, eval.Text(r.store.ID(e)))) {
			if r.store.Named(link, side.Far).Text() == r.store.ID(member) {
				r.forget(link)
				r.store.Remove(link)
			}
		}
		return nil
	}
	t := r.store.TypeOf(member)
	column := t.Attribute(side.Column)
	key := isKey(t, column.Name)
	switch {
	case !key && !column.Required && !column.Immutable, !key && !column.Immutable && r.assumed.is("left-out-child", "orphaned"):
		return r.setColumn(member, column, eval.Value{})
	case r.assumed.is("left-out-child", "deleted") && (key || slices.Contains(owned, a.Name)):
		r.forget(member)
		r.remove(member)
		return nil
	}
	return invalid(fmt.Sprintf("%s %q cannot be without %s.", t.Name, r.store.Key(member), column.Name))
}

// pending tells whether a list names a member that the same batch makes later, and whose key says that it is one.
func (r *request) pending(e eval.Entity, t *schema.EntityType, a *schema.Attribute, side store.Side, item wire.Node) bool {
	members := r.store.Target(t, a)
	if side.Kind != store.OfMembers || !isKey(members, side.Column) || keyPart(item.Get(side.Column)) != r.store.ID(e) {
		return false
	}
	key := keyWithin(members, item)
	if r.store.Find(members, key...) != 0 {
		return false
	}
	for _, operation := range r.batch.operations {
		if member(operation, "action") != "create" || member(operation, "entity_type") != members.Name {
			continue
		}
		if slices.Equal(key, keyOf(operation.Get("entity_key"))) || slices.Equal(key, keyWithin(members, operation.Get("entity_data"))) {
			return true
		}
	}
	return false
}
