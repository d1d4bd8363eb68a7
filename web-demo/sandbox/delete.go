package sandbox

import (
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// owned are the collections whose members go with their owner.
var owned = []string{
	"children", "notes", "replies", "note_components", "note_label_links", "recipients", "metadata", "appointments", "managers", "timelogs", "assets",
	"versions", "components", "component_locations", "incoming_links", "outgoing_links", "status_changes", "review_sessions", "review_session_objects",
	"review_session_invitees", "statuses", "calendar_events", "calendar_event_resources", "memberships", "dashboard_resources", "user_security_roles",
	"user_security_role_projects", "job_components", "widgets", "messages", "participants", "values", "custom_attribute_links", "custom_attribute_links_from",
}

// delete carries out one delete operation.
func (r *request) delete(operation wire.Node) (reply, error) {
	t, e, err := r.entity(operation)
	if err != nil {
		return nil, err
	}
	switch t.Name {
	case "AssetVersion":
		if len(r.store.Members(e, "components")) > 0 {
			return nil, forbidden("The version has components and cannot be deleted.")
		}
	case "Location":
		if len(r.store.Members(e, "location_components")) > 0 {
			return nil, forbidden("The location has components and cannot be deleted.")
		}
	}
	r.remove(e)
	return func(w *writer) { w.out = append(w.out, `{"action":"delete","data":true}`...) }, nil
}

// remove takes out an entity and what belongs to it, in circles too; references to them become empty.
func (r *request) remove(e eval.Entity) {
	doomed, seen := []eval.Entity{e}, map[eval.Entity]bool{e: true}
	for i := 0; i < len(doomed); i++ {
		t := r.store.TypeOf(doomed[i])
		if t == nil {
			continue
		}
		if other := r.mirror(doomed[i]); other != 0 && !seen[other] {
			seen[other] = true
			doomed = append(doomed, other)
		}
		for _, name := range owned {
			a := t.Attribute(name)
			if a == nil || name == "statuses" && t.Name == "WorkflowSchema" || name == "children" && t.Name == "Group" {
				continue
			}
			for _, member := range r.store.List(doomed[i], a) {
				if !seen[member] {
					seen[member] = true
					doomed = append(doomed, member)
				}
			}
		}
	}
	for _, entity := range slices.Backward(doomed) {
		r.store.Release(entity)
		r.store.Remove(entity)
	}
}
