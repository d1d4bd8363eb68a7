package sandbox

import (
	"fmt"
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// owned are the collections whose members go with their owner.
var owned = []string{
	"children", "notes", "replies", "note_components", "note_label_links", "recipients", "metadata", "appointments", "managers", "timelogs", "assets",
	"versions", "components", "component_locations", "incoming_links", "outgoing_links", "status_changes", "review_sessions", "review_session_objects",
	"review_session_invitees", "statuses", "calendar_events", "calendar_event_resources", "memberships", "assignments", "allocations", "dashboard_resources", "user_security_roles",
	"user_security_role_projects", "job_components", "widgets", "messages", "participants", "values", "custom_attribute_links", "custom_attribute_links_from",
}

// delete carries out one delete operation.
func (r *request) delete(operation wire.Node) (reply, error) {
	done := func(w *writer) { w.out = append(w.out, `{"action":"delete","data":true}`...) }
	t, e, err := r.entity(operation)
	if err != nil {
		if r.isGone(operation) {
			return done, nil
		}
		return nil, err
	}
	if !r.store.IsSet(e) {
		return nil, invalid(fmt.Sprintf("There is no %s %q: nothing is set.", t.Name, r.store.Key(e)))
	}
	switch t.Name {
	case "AssetVersion":
		if len(r.store.Members(e, "components")) > 0 {
			return nil, forbidden("The version has components and cannot be deleted.")
		}
	case "Location":
		if r.batch.occupied[e] || len(r.store.Members(e, "location_components")) > 0 {
			return nil, forbidden("The location has components and cannot be deleted.")
		}
	}
	r.remove(e)
	return done, nil
}

// forget notes that an operation takes an entity along, which another one of the batch may delete as well.
func (r *request) forget(e eval.Entity) {
	if t := r.store.TypeOf(e); t != nil {
		r.batch.gone[lostName(t, r.store.Key(e))] = true
	}
}

func (r *request) isGone(operation wire.Node) bool {
	t, err := r.entityType(operation)
	return err == nil && r.assumed.is("deleted-twice", "accepted") && r.batch.gone[lostName(t, keyOf(operation.Get("entity_key")))]
}

func lostName(t *schema.EntityType, key []string) string {
	return eval.Fold(fmt.Sprintf("%d %q", t.Family, key))
}

// remove takes out an entity and what belongs to it, in circles too; references to them become empty.
func (r *request) remove(e eval.Entity) {
	doomed, seen := []eval.Entity{e}, map[eval.Entity]bool{e: true}
	add := func(entities ...eval.Entity) {
		for _, entity := range entities {
			if entity != 0 && !seen[entity] {
				seen[entity] = true
				doomed = append(doomed, entity)
			}
		}
	}
	for i := 0; i < len(doomed); i++ {
		t := r.store.TypeOf(doomed[i])
		if t == nil {
			continue
		}
		add(r.mirror(doomed[i]))
		add(r.store.Dependents(doomed[i])...)
		for _, name := range owned {
			a := t.Attribute(name)
			if a != nil && !(name == "statuses" && t.Name == "WorkflowSchema") && !(name == "children" && t.Name == "Group") {
				add(r.store.List(doomed[i], a)...)
			}
		}
	}
	for _, entity := range slices.Backward(doomed) {
		if entity != e {
			r.forget(entity)
		}
		r.store.Release(entity)
		r.store.Remove(entity)
	}
}
