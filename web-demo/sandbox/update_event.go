package sandbox

import (
	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// updateEvent writes an ftrack.update event. It says that it came from a web client, as the real ones do.
func (r *request) updateEvent(entities []*changedEntity, past *past) []byte {
	caller := r.caller()
	userID := r.store.ID(caller)
	name := r.store.Named(caller, "first_name").Text() + " " + r.store.Named(caller, "last_name").Text()
	out := textMember([]byte{'{'}, "id", newID())
	out = textMember(out, "topic", "ftrack.update")
	out = append(out, `,"sent":null,"target":"","inReplyToEvent":null,"source":{"id":`...)
	out = wire.AppendText(out, newID())
	out = textMember(out, "applicationId", "ftrack.client.web")
	out = nullable(out, "clientToken", r.origin.clientToken)
	out = append(out, `,"user":{"username":`...)
	out = wire.AppendText(out, r.options.User)
	out = append(nullable(out, "id", userID), `}},"data":{"entities":[`...)
	var above []eval.Entity
	seen := map[eval.Entity]bool{}
	for i, c := range entities {
		if i > 0 {
			out = append(out, ',')
		}
		path := past.path(c.entity)
		out = r.appendChanged(out, past, c, path)
		for _, e := range path {
			if !seen[e] {
				seen[e] = true
				above = append(above, e)
			}
		}
	}
	out = append(out, `],"parents":[`...)
	for i, e := range above {
		if i > 0 {
			out = append(out, ',')
		}
		out = wire.AppendText(out, past.id(e))
	}
	out = append(out, ']')
	out = nullable(out, "clientToken", r.origin.clientToken)
	out = nullable(out, "pushToken", r.origin.pushToken)
	out = append(out, `,"user":{"name":`...)
	out = wire.AppendText(out, name)
	return append(nullable(out, "userid", userID), "}}}"...)
}

// appendChanged writes one of the entities of an event.
func (r *request) appendChanged(out []byte, past *past, c *changedEntity, path []eval.Entity) []byte {
	action := "update"
	_, moved := c.old["parent_id"]
	switch {
	case c.inserted:
		action = "add"
	case c.removed:
		action = "remove"
	case moved && c.typ.IsA("TypedContext"):
		action = "move"
	}
	out = append(out, `{"entityId":`...)
	if key := past.key(c.entity); len(key) == 1 {
		out = wire.AppendText(out, key[0])
	} else {
		out = appendTexts(out, key)
	}
	out = r.appendTypes(out, past, c.entity)
	out = textMember(out, "action", action)
	out = append(append(out, `,"keys":`...), appendTexts(nil, c.keys)...)
	out = append(out, `,"changes":`...)
	if c.removed && r.assumed.is("event-removed", "none") {
		out = append(out, "null"...)
	} else {
		out = append(out, '{')
		for i, key := range c.keys {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(wire.AppendText(out, key), `:{"old":`...)
			out = append(appendEventValue(out, c.old[key]), `,"new":`...)
			out = append(appendEventValue(out, c.now[key]), '}')
		}
		out = append(out, '}')
	}
	out = append(out, `,"parents":[`...)
	for i, e := range path {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, `{"entityId":`...)
		out = wire.AppendText(out, past.id(e))
		out = r.appendTypes(out, past, e)
		out = append(nullable(out, "parentId", past.id(next(path, i))), '}')
	}
	out = append(out, ']')
	out = nullable(out, "parentId", past.id(next(path, 0)))
	return append(nullable(out, "objectTypeId", past.named(c.entity, "object_type_id").Text()), '}')
}

// appendTypes writes the type of an entity, as schemas have it and as events have always had it.
func (r *request) appendTypes(out []byte, past *past, e eval.Entity) []byte {
	t := past.typeOf(e)
	out = textMember(out, "entityType", legacyType(t))
	if r.assumed.is("event-entity-type", "present") {
		out = textMember(out, "entity_type", t.Name)
	}
	return out
}

func next(path []eval.Entity, i int) eval.Entity {
	if i+1 < len(path) {
		return path[i+1]
	}
	return 0
}

// textMember adds a member to an object.
func textMember(out []byte, name, text string) []byte {
	if out[len(out)-1] != '{' {
		out = append(out, ',')
	}
	return wire.AppendText(append(wire.AppendText(out, name), ':'), text)
}

// nullable adds a member that is null for an empty text.
func nullable(out []byte, name, text string) []byte {
	if text == "" {
		return append(append(wire.AppendText(append(out, ','), name), ':'), "null"...)
	}
	return textMember(out, name, text)
}

func appendTexts(out []byte, texts []string) []byte {
	out = append(out, '[')
	for i, text := range texts {
		if i > 0 {
			out = append(out, ',')
		}
		out = wire.AppendText(out, text)
	}
	return append(out, ']')
}
