package sandbox

import (
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// fill sets what the server knows by itself: the schema's defaults, who and when, and what follows from the type.
func (r *request) fill(d *draft) error {
	t := d.typ
	now, caller := eval.Time(time.Now().UTC().Truncate(time.Second)), textOrNull(r.store.ID(r.caller()))
	var err error
	switch {
	case t.Name == "Project":
		r.fillProject(d)
	case t.IsA("TypedContext"):
		err = r.fillContext(d)
	case t.Name == "AssetVersion":
		r.fillVersion(d)
	case t.Name == "Note":
		r.fillNote(d, now)
	case t.Name == "Metadata":
		d.fill("parent_type", r.typeName(d.text("parent_id")))
	case t.IsA("Component"):
		d.fill("system_type", eval.Text(map[string]string{"FileComponent": "file", "SequenceComponent": "sequence", "ContainerComponent": "container"}[t.Name]))
	case t.Name == "Timer":
		if user := textOr(d.values["user_id"], caller); len(r.found("Timer", "user_id", user)) > 0 {
			return &Error{Exception: "DuplicateEntryError", Content: "DuplicateEntryError: the user has a timer already.", Status: 409}
		}
	case t.IsA("Resource"):
		d.fill("resource_type", eval.Text(map[string]string{"User": "user", "Group": "group"}[t.Name]))
		for _, name := range []string{"is_active", "is_otp_enabled", "is_totp_enabled", "require_details_update"} {
			d.fill(name, eval.Bool(false))
		}
		if t.Name == "User" {
			d.fill("user_type_id", r.firstID("UserType"))
		}
	case t.Name == "Appointment":
		d.fill("type", eval.Text("assignment"))
	case t.Name == "Asset":
		d.fill("type_id", r.firstID("AssetType"))
	}
	if err != nil {
		return err
	}
	for _, a := range t.Attributes {
		if a.HasDefault && a.Default != `"{uid}"` && !a.IsRelation() && r.store.Keeps(t, a) {
			if n, err := wire.Parse([]byte(a.Default)); err == nil {
				if _, given := d.values[a.Name]; !given {
					d.fill(a.Name, anything(n))
				}
			}
		}
	}
	for name, value := range t.Alias.Classifiers {
		if a := attributeOf(t, name); a != nil {
			d.fill(a.Name, eval.Text(value))
		}
	}
	if t.IsA("List") {
		d.fill("is_open", eval.Bool(true))
	}
	for _, name := range []string{"created_at", "date", "start"} {
		if a := t.Attribute(name); a != nil && a.Kind == schema.DateTime && (name != "start" || t.Name == "Timer" || t.Name == "Timelog") {
			d.fill(name, now)
		}
	}
	d.fill("created_by_id", caller)
	switch t.Name {
	case "Note", "Timelog", "Timer", "AssetVersion", "Job", "TypedContextList", "AssetVersionList":
		d.fill("user_id", caller)
	}
	return nil
}

func textOr(v, other eval.Value) eval.Value {
	if v.IsNull() {
		return other
	}
	return v
}

// caller is the user whose credentials the request carries.
func (r *request) caller() eval.Entity {
	for _, e := range r.found("User", "username", eval.Text(r.options.User)) {
		return e
	}
	return 0
}

// found are the entities of a type with a value, from an index.
func (r *request) found(typ, attribute string, v eval.Value) []eval.Entity {
	t := r.store.Schemas().Type(typ)
	entities, _ := r.store.Lookup(t, t.Attribute(attribute), v)
	return entities
}

// firstID is the id of the entity that stands first in its type's order; null when there is none.
func (r *request) firstID(typ string) eval.Value {
	best, least := eval.Entity(0), int64(0)
	for _, e := range r.store.Entities(r.store.Schemas().Type(typ)) {
		if sort := r.store.Named(e, "sort").Int(); best == 0 || sort < least {
			best, least = e, sort
		}
	}
	return textOrNull(r.store.ID(best))
}

func (r *request) fillProject(d *draft) {
	d.values["project_id"] = d.values["id"]
	d.fill("context_type", eval.Text("show"))
	d.fill("status", eval.Text("active"))
	d.fill("full_name", d.values["name"])
	d.fill("project_schema_id", r.firstID("ProjectSchema"))
}

func (r *request) fillContext(d *draft) error {
	t := d.typ
	d.fill("context_type", eval.Text("task"))
	d.fill("status_id", r.firstID("Status"))
	d.fill("priority_id", r.firstID("Priority"))
	if a := t.Attribute("type_id"); a != nil && !a.Immutable {
		d.fill("type_id", r.firstID("Type"))
	}
	d.fill("bid", eval.Float(0))
	if parent := r.store.Find(r.store.Schemas().Type("Context"), d.text("parent_id")); parent != 0 {
		d.values["project_id"] = eval.Text(r.projectOf(parent))
	}
	if !d.has("sort") {
		sort := 0.0
		for _, sibling := range r.found("TypedContext", "parent_id", d.values["parent_id"]) {
			sort = max(sort, r.store.Named(sibling, "sort").Float())
		}
		d.fill("sort", eval.Float(sort+1))
	}
	return nil
}

// projectOf is the id of a context's project.
func (r *request) projectOf(context eval.Entity) string {
	if r.store.TypeOf(context).Name == "Project" {
		return r.store.ID(context)
	}
	return r.store.Named(context, "project_id").Text()
}

func (r *request) fillVersion(d *draft) {
	number := int64(0)
	for _, other := range r.found("AssetVersion", "asset_id", textOr(d.values["asset_id"], eval.Text(""))) {
		number = max(number, r.store.Named(other, "version").Int())
	}
	d.fill("version", eval.Int(number+1))
	d.fill("status_id", r.firstID("Status"))
}

func (r *request) fillNote(d *draft, now eval.Value) {
	if replied := r.store.Find(d.typ, d.text("in_reply_to_id")); replied != 0 {
		d.fill("parent_id", r.store.Named(replied, "parent_id"))
		d.fill("parent_type", r.store.Named(replied, "parent_type"))
	}
	if d.has("parent_id") {
		d.fill("parent_type", r.typeName(d.text("parent_id")))
	}
	if d.has("parent_type") {
		d.values["parent_type"] = r.noteParent(d.values["parent_type"])
	}
	d.fill("thread_activity", textOr(d.values["date"], now))
}

// typeName is the type of the entity with an id, as text; null when there is none.
func (r *request) typeName(id string) eval.Value {
	for _, t := range r.store.Schemas().Types() {
		if t.Root == t && t.Attribute("metadata") != nil || t.Name == "Context" {
			if e := r.store.Find(t, id); e != 0 {
				return eval.Text(r.store.TypeOf(e).Name)
			}
		}
	}
	return eval.Value{}
}

// created does what follows when an entity was made.
func (r *request) created(d *draft, e eval.Entity) error {
	if d.typ.IsA(linkType) || d.typ.IsA(linkFromType) {
		return r.mirrored(e)
	}
	if d.typ.IsA("Context") {
		return r.belong(textOrNull(r.projectOf(e)), r.store.Descendants(e)) // children may have been made before it, by its key
	}
	if d.typ.Name != "Note" {
		return nil
	}
	recipient := r.store.Schemas().Type("Recipient")
	caller := r.store.ID(r.caller())
	if caller != "" && r.store.Find(recipient, r.store.ID(e), caller) == 0 {
		if _, err := r.store.Insert(recipient, textFields("note_id", r.store.ID(e), "resource_id", caller, "text_mentioned", "")...); err != nil {
			return err
		}
	}
	if thread := r.store.Named(e, "in_reply_to").Entity(); thread != 0 {
		return r.store.Set(thread, d.typ.Attribute("thread_activity"), d.values["thread_activity"])
	}
	return nil
}
