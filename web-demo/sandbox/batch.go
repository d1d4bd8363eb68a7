package sandbox

import (
	"fmt"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// batch is what is known of a request that writes while it is carried out.
type batch struct {
	operations []wire.Node
	occupied   map[eval.Entity]bool // locations that components were in when it came
	gone       map[string]bool      // what earlier operations took along
	jobs       []func()             // what runs when it was carried out
	key        *string              // the API key from then on, nil for the same
}

func newBatch() batch { return batch{occupied: map[eval.Entity]bool{}, gone: map[string]bool{}} }

// carryOut answers a request that writes: whole or not at all. The replies are written when all is done, so that
// they show what later operations did to the same entities; an entity that recurs in them is a stub.
func (r *request) carryOut(operations wire.Node) ([]byte, error) {
	r.batch = newBatch()
	for operation := range operations.Elements() {
		r.batch.operations = append(r.batch.operations, operation)
	}
	r.survey()
	r.store.Begin()
	defer func() {
		if p := recover(); p != nil { // a fault of ours: the store stays as it was
			r.store.Rollback()
			panic(p)
		}
	}()
	replies := make([]reply, len(r.batch.operations))
	for _, i := range r.order() {
		mark := r.store.Mark()
		var err error
		if replies[i], err = r.write(r.batch.operations[i]); err != nil {
			if r.assumed.is("batch-atomicity", "whole") {
				mark = 0
				r.batch.jobs, r.batch.key = nil, nil
			}
			r.store.RollbackTo(mark)
			r.finish()
			r.begin()
			return nil, err
		}
	}
	r.finish()
	r.begin()
	w := r.newWriter(r.denormalize, []byte{'['})
	w.written = true
	for i, reply := range replies {
		w.separate(i)
		reply(w)
	}
	return append(w.out, ']'), nil
}

// finish makes what was changed stay, and does what follows from it outside of the store.
func (r *request) finish() {
	r.announce()
	removed := r.removedComponents()
	r.store.Commit()
	for _, id := range removed {
		r.depot.forget(id)
	}
	if r.batch.key != nil {
		r.apiKey.Store(r.batch.key)
	}
}

// order is the order in which the operations are carried out.
func (r *request) order() []int {
	order := make([]int, 0, len(r.batch.operations))
	for _, wanted := range []bool{true, false} {
		for i, operation := range r.batch.operations {
			first := r.assumed.is("batch-order", "given") || member(operation, "action") == "update"
			if first == wanted {
				order = append(order, i)
			}
		}
	}
	return order
}

// survey notes the locations that components are in: they are not deleted even if the same batch takes the components out.
func (r *request) survey() {
	for _, operation := range r.batch.operations {
		if member(operation, "action") != "delete" || member(operation, "entity_type") != "Location" {
			continue
		}
		if _, e, err := r.entity(operation); err == nil && len(r.store.Members(e, "location_components")) > 0 {
			r.batch.occupied[e] = true
		}
	}
}

// write carries out one operation of a batch.
func (r *request) write(operation wire.Node) (reply, error) {
	switch action := member(operation, "action"); action {
	case "create":
		return r.create(operation)
	case "update":
		return r.update(operation)
	case "delete":
		return r.delete(operation)
	}
	text, err := r.one(operation, nil)
	return func(w *writer) { w.out = append(w.out, text...) }, err
}

// entityType is the type that an operation names.
func (r *request) entityType(operation wire.Node) (*schema.EntityType, error) {
	name := member(operation, "entity_type")
	if t := r.store.Schemas().Type(name); t != nil {
		return t, nil
	}
	return nil, invalid(fmt.Sprintf("Unknown entity type %q.", name))
}

// entity is what the key of an operation identifies.
func (r *request) entity(operation wire.Node) (*schema.EntityType, eval.Entity, error) {
	t, err := r.entityType(operation)
	if err != nil {
		return nil, 0, err
	}
	key := keyOf(operation.Get("entity_key"))
	if len(key) != len(t.PrimaryKey) {
		return nil, 0, invalid(fmt.Sprintf("%s is identified by %q, not by %q.", t.Name, t.PrimaryKey, key))
	}
	e := r.store.Find(t, key...)
	if e == 0 {
		return nil, 0, invalid(fmt.Sprintf("There is no %s %q.", t.Name, key))
	}
	return t, e, nil
}
