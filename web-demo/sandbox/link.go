package sandbox

import (
	"fmt"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/store"
)

// A custom attribute link is one row that is seen from both ends: as a CustomAttributeLink it is told by what it leads to, as
// a CustomAttributeLinkFrom by what it comes from. The store keeps a row of each with the same id.
const linkType, linkFromType = "CustomAttributeLink", "CustomAttributeLinkFrom"

// linkEnd is the type of link for an entity at one of its ends: UserCustomAttributeLink for a user.
func (r *request) linkEnd(base *schema.EntityType, id string) *schema.EntityType {
	for _, derived := range base.Derived {
		for _, a := range derived.Attributes {
			if a.Kind != schema.Reference || a.Name == "configuration" {
				continue
			}
			if target := r.store.Schemas().Type(a.Target); target != nil && r.store.Find(target, id) != 0 {
				return derived
			}
		}
	}
	return nil
}

// concreteLink is the type that a link is made of where only the base type is named.
func (r *request) concreteLink(t *schema.EntityType, data wire.Node) (*schema.EntityType, error) {
	end := "to_id"
	if t.Name == linkFromType {
		end = "from_id"
	}
	if found := r.linkEnd(t, data.Get(end).Text()); found != nil {
		return found, nil
	}
	return nil, invalid(fmt.Sprintf("%s.%s must be the id of an entity that links lead to.", t.Name, end))
}

// mirrored adds the other view of a link that was made.
func (r *request) mirrored(e eval.Entity) error {
	t := r.store.TypeOf(e)
	base, end := r.store.Schemas().Type(linkFromType), "from_id"
	if t.IsA(linkFromType) {
		base, end = r.store.Schemas().Type(linkType), "to_id"
	}
	other := r.linkEnd(base, r.store.Named(e, end).Text())
	if other == nil {
		return invalid(fmt.Sprintf("%s.%s must be the id of an entity that links lead to.", t.Name, end))
	}
	fields := make([]store.Field, 0, 4)
	for _, name := range []string{"id", "configuration_id", "from_id", "to_id"} {
		fields = append(fields, field(name, r.store.Named(e, name)))
	}
	_, err := r.store.Insert(other, fields...)
	return err
}

// mirror is the other view of a link, 0 for what is none.
func (r *request) mirror(e eval.Entity) eval.Entity {
	switch t := r.store.TypeOf(e); {
	case t == nil:
	case t.IsA(linkType):
		return r.store.Find(r.store.Schemas().Type(linkFromType), r.store.ID(e))
	case t.IsA(linkFromType):
		return r.store.Find(r.store.Schemas().Type(linkType), r.store.ID(e))
	}
	return 0
}
