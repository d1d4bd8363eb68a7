package sandbox

import (
	"context"
	"fmt"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/store"
)

// Seed puts entities into the store as they stand in a reply: a JSON array, entities within entities included, each with
// its type and key. Nothing is filled in, and what recurs is merged. Either all of it is taken or nothing.
func (s *Server) Seed(entities []byte) error {
	root, err := wire.Parse(entities)
	if err != nil {
		return err
	}
	r := &request{Server: s, ctx: context.Background()}
	s.store.Lock()
	defer s.store.Unlock()
	s.store.Begin()
	for _, pass := range []func(wire.Node) error{r.seedKeys, r.seedValues} {
		for entity := range root.Elements() {
			if err := pass(entity); err != nil {
				s.store.Rollback()
				return err
			}
		}
	}
	s.store.Commit()
	return nil
}

// seedKeys makes the entities of a node, empty yet.
func (r *request) seedKeys(n wire.Node) error {
	for item := range n.Elements() {
		if err := r.seedKeys(item); err != nil {
			return err
		}
	}
	if n.Kind() != wire.Object {
		return nil
	}
	for _, inner := range n.Members() {
		if err := r.seedKeys(inner); err != nil {
			return err
		}
	}
	if n.Get("__entity_type__").Kind() == wire.Missing {
		return nil
	}
	t, key, err := r.seedKey(n)
	if err != nil || r.store.Find(t, key...) != 0 {
		return err
	}
	fields := make([]store.Field, len(key))
	for i, name := range t.PrimaryKey {
		if fields[i].Value, err = keyValue(t, name, key[i]); err != nil {
			return err
		}
		fields[i].Name = name
	}
	_, err = r.store.Insert(t, fields...)
	return err
}

func (r *request) seedKey(n wire.Node) (*schema.EntityType, []string, error) {
	t := r.store.Schemas().Type(n.Get("__entity_type__").Text())
	if t == nil {
		return nil, nil, fmt.Errorf("seed: unknown type in %s", wire.Excerpt(n.Raw()))
	}
	key := make([]string, len(t.PrimaryKey))
	for i, name := range t.PrimaryKey {
		if key[i] = keyPart(n.Get(name)); key[i] == "" {
			return nil, nil, fmt.Errorf("seed: no %s in %s", name, wire.Excerpt(n.Raw()))
		}
	}
	return t, key, nil
}

// seedValues sets what a node says of its entities.
func (r *request) seedValues(n wire.Node) error {
	for item := range n.Elements() {
		if err := r.seedValues(item); err != nil {
			return err
		}
	}
	if n.Kind() != wire.Object || n.Get("__entity_type__").Kind() == wire.Missing {
		return nil
	}
	t, key, err := r.seedKey(n)
	if err != nil {
		return err
	}
	e := r.store.Find(t, key...)
	for name, v := range n.Members() {
		a := t.Attribute(name)
		if a == nil || isKey(t, name) || v.Kind() == wire.Null || !r.store.Keeps(t, a) {
			continue
		}
		if err := r.seedValues(v); err != nil {
			return err
		}
		if a.IsRelation() && a.Kind != schema.Reference {
			err = r.seedList(e, t, a, v)
		} else {
			err = r.seedColumn(e, t, a, v)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *request) seedColumn(e eval.Entity, t *schema.EntityType, a *schema.Attribute, n wire.Node) error {
	if a.Kind == schema.Reference {
		other, err := r.referred(t, a, n)
		if err != nil {
			return err
		}
		return r.store.Set(e, t.Attribute(r.store.KeyColumn(t, a)), r.identity(other))
	}
	v, err := scalar(t, a, n)
	if err != nil {
		return err
	}
	return r.store.Set(e, a, v)
}

// seedList adds members to a collection. Those that say themselves to whom they belong are there already.
func (r *request) seedList(e eval.Entity, t *schema.EntityType, a *schema.Attribute, n wire.Node) error {
	side := r.store.Side(t, a)
	members := r.store.List(e, a)
	for item := range n.Elements() {
		member, err := r.referred(t, a, item)
		if err != nil {
			return err
		}
		switch {
		case side.Kind == store.Kept:
			members = append(members, member)
			r.store.SetList(e, a, members)
		case side.Kind == store.OfMembers:
			of := r.store.TypeOf(member)
			if !isKey(of, side.Column) {
				err = r.store.Set(member, of.Attribute(side.Column), r.identity(e))
			}
		default:
			err = r.join(e, member, side)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
