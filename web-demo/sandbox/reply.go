package sandbox

import (
	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// reply writes the answer to one operation.
type reply func(w *writer)

// written answers a create or update: with as much of the entity as is assumed. What a later operation of the batch took
// out is a stub.
func (r *request) written(action string, e eval.Entity, data wire.Node) reply {
	t := r.store.TypeOf(e)
	key := make([]eval.Value, len(t.PrimaryKey))
	for i, name := range t.PrimaryKey {
		key[i] = r.store.Value(e, t.Attribute(name))
	}
	return func(w *writer) {
		w.out = append(append(append(w.out, `{"action":"`...), action...), `","data":`...)
		if r.store.TypeOf(e) == nil {
			w.out = append(w.out, '{')
			w.keys(t, key)
		} else {
			w.bare = r.assumed.is("write-reply", "sent") || r.assumed.is("write-reply", "key")
			w.entity(e, r.told(action, e, data))
			w.bare = false
		}
		w.out = append(w.out, '}')
	}
}

// told is what the reply to a create or update tells of the entity.
func (r *request) told(action string, e eval.Entity, data wire.Node) *projection {
	t := r.store.TypeOf(e)
	as := &projection{}
	switch {
	case r.assumed.is("write-reply", "key"):
	case r.assumed.is("write-reply", "all"):
		for _, a := range t.Attributes {
			if !a.IsRelation() && !a.Restricted {
				as.addColumn(a, nil)
			}
		}
	case action == "create" && r.assumed.is("write-reply", "observed"):
		r.tellWhatIsSet(as, e, t)
	default:
		for name := range data.Members() {
			a := t.Attribute(name)
			if a == nil {
				continue
			}
			as.add(a)
			if r.assumed.is("write-reply", "observed") {
				as.add(r.counterpart(t, a))
			}
		}
	}
	return as
}

// tellWhatIsSet adds the attributes that hold something. A component tells where it is.
func (r *request) tellWhatIsSet(as *projection, e eval.Entity, t *schema.EntityType) {
	for _, a := range t.Attributes {
		if !a.IsRelation() && r.store.Keeps(t, a) && !r.store.Value(e, a).IsNull() {
			as.addColumn(a, nil)
		}
	}
	if a := t.Attribute("component_locations"); a != nil && len(r.store.List(e, a)) > 0 {
		of := as.addRelation(a, nil)
		location := r.store.Schemas().Type("ComponentLocation")
		of.addColumn(location.Attribute("resource_identifier"), nil)
		of.addRelation(location.Attribute("component"), nil)
	}
}

// counterpart is the foreign key of a reference, or the reference of a foreign key; nil for anything else.
func (r *request) counterpart(t *schema.EntityType, a *schema.Attribute) *schema.Attribute {
	if a.Kind == schema.Reference {
		if name := r.store.KeyColumn(t, a); name != a.Name {
			return t.Attribute(name)
		}
		return nil
	}
	return t.Attribute(a.ReferenceName)
}

// add adds an attribute of either kind; nil is passed over.
func (p *projection) add(a *schema.Attribute) {
	switch {
	case a == nil:
	case a.IsRelation():
		p.addRelation(a, nil)
	default:
		p.addColumn(a, nil)
	}
}
