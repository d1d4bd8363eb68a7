package sandbox

import (
	"slices"
	"strings"
	"sync"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/store"
)

// perEvent is how many entities one event tells of at most.
const perEvent = 500

// listed are the types of entities that public clients have seen in events, by their legacy names.
var listed = []string{"task", "show", "assetversion", "asset", "list", "note", "user", "userroleproject", "socialfeed", "appointment", "dependency", "listobject"}

// origin is what a request says of who sends it: headers that come back in the events of its writes.
type origin struct{ clientToken, pushToken string }

// news are events on their way out. They are gathered under the store's lock, so that they stand in the order of the writes,
// and go out when it is released.
type news struct {
	mutex    sync.Mutex // of waiting
	waiting  [][]byte
	delivery sync.Mutex
}

// announce gathers the events of a batch that was carried out: before Commit, which forgets what changed.
func (r *request) announce() {
	changes := r.store.Changes()
	if len(changes) == 0 || r.options.OnUpdate == nil && r.events.State().Sockets == 0 {
		return
	}
	past := r.past(changes)
	entities := r.changed(changes, past)
	size := perEvent
	if r.assumed.is("event-batch", "entity") {
		size = 1
	}
	for chunk := range slices.Chunk(entities, size) {
		r.news.mutex.Lock()
		r.news.waiting = append(r.news.waiting, r.updateEvent(chunk, past))
		r.news.mutex.Unlock()
	}
}

// deliver sends what was gathered. When it returns, everything that was gathered before the call has been sent.
func (s *Server) deliver() {
	s.news.delivery.Lock()
	defer s.news.delivery.Unlock()
	s.news.mutex.Lock()
	events := s.news.waiting
	s.news.waiting = nil
	s.news.mutex.Unlock()
	for _, event := range events {
		_ = s.events.Publish(event) // it is one: updateEvent made it
		if s.options.OnUpdate != nil {
			s.options.OnUpdate(event)
		}
	}
}

// changedEntity is what became of one entity in a batch.
type changedEntity struct {
	entity   eval.Entity
	typ      *schema.EntityType
	inserted bool
	removed  bool
	keys     []string // legacy names, in the order of the changes
	old      map[string]eval.Value
	now      map[string]eval.Value
}

// set notes a change of a value; a name keeps the oldest value.
func (c *changedEntity) set(key string, old, now eval.Value) {
	if _, known := c.old[key]; !known {
		c.keys = append(c.keys, key)
		c.old[key] = old
	}
	c.now[key] = now
}

// changed puts together what became of each entity, in the order of the first change. What was made and removed again, or
// is as it was, is none.
func (r *request) changed(changes []store.Change, past *past) []*changedEntity {
	var all []*changedEntity
	byEntity := map[eval.Entity]*changedEntity{}
	of := func(e eval.Entity, t *schema.EntityType) *changedEntity {
		if byEntity[e] == nil {
			byEntity[e] = &changedEntity{entity: e, typ: t, old: map[string]eval.Value{}, now: map[string]eval.Value{}}
			all = append(all, byEntity[e])
		}
		return byEntity[e]
	}
	for _, c := range changes {
		if c.Type.Name == "CustomAttributeValue" && r.assumed.is("event-custom-attributes", "owner") {
			r.customChanged(past, c, of)
			continue
		}
		to := of(c.Entity, c.Type)
		switch c.Kind {
		case store.Inserted:
			to.inserted = true
			for _, a := range r.columns(c.Type) {
				to.set(legacyName(a), eval.Value{}, past.column(c.Entity, c.Type, a))
			}
		case store.Removed:
			to.removed = true
			for _, a := range r.columns(c.Type) {
				to.set(legacyName(a), past.column(c.Entity, c.Type, a), eval.Value{})
			}
		case store.Changed:
			a := c.Type.Attribute(r.store.Schemas().FamilySlots(c.Type.Family)[c.Slot])
			to.set(legacyName(a), c.Old, past.column(c.Entity, c.Type, a))
		case store.Listed:
			a := c.Type.Attribute(r.store.Schemas().FamilySlots(c.Type.Family)[c.Slot])
			to.set(legacyName(a), r.ids(c.Members), r.ids(r.store.List(c.Entity, a)))
		}
	}
	return slices.DeleteFunc(all, func(c *changedEntity) bool {
		c.keys = slices.DeleteFunc(c.keys, func(key string) bool { return c.old[key] == c.now[key] })
		return c.inserted && c.removed || len(c.keys) == 0 || r.assumed.is("event-types", "listed") && !slices.Contains(listed, legacyType(c.typ))
	})
}

// customChanged notes a change of a custom attribute's value as one of its owner's.
func (r *request) customChanged(past *past, c store.Change, of func(eval.Entity, *schema.EntityType) *changedEntity) {
	text := func(name string) string { return past.column(c.Entity, c.Type, c.Type.Attribute(name)).Text() }
	config := past.find("CustomAttributeConfiguration", text("configuration_id"))
	owner := past.anybody(text("entity_id"))
	if config == 0 || owner == 0 {
		return
	}
	value := c.Type.Attribute("value")
	old, now := c.Old, past.column(c.Entity, c.Type, value)
	switch c.Kind {
	case store.Inserted:
		old = eval.Value{}
	case store.Removed:
		old, now = now, eval.Value{}
	}
	of(owner, past.typeOf(owner)).set(past.named(config, "key").Text(), old, now)
}

// columns are the attributes of a type that hold a value.
func (r *request) columns(t *schema.EntityType) []*schema.Attribute {
	var columns []*schema.Attribute
	for _, a := range t.Attributes {
		if r.store.HasColumn(t, a) {
			columns = append(columns, a)
		}
	}
	return columns
}

func (r *request) ids(entities []eval.Entity) eval.Value {
	ids := make([]string, len(entities))
	for i, e := range entities {
		ids[i] = r.store.ID(e)
	}
	return textOrNull(strings.Join(ids, ", "))
}

// legacyName is what events call an attribute.
func legacyName(a *schema.Attribute) string {
	if a.AliasFor != "" {
		return a.AliasFor
	}
	return a.Name
}

// legacyType is what events call a type: its table, in lower case.
func legacyType(t *schema.EntityType) string {
	if t.IsA("Component") {
		return "component"
	}
	for at := t; at != nil; at = at.Base {
		if at.Alias.Table != "" {
			return strings.ToLower(at.Alias.Table)
		}
	}
	return strings.ToLower(t.Name)
}

// appendEventValue writes a value as events have it: text, or null.
func appendEventValue(out []byte, v eval.Value) []byte {
	switch v.Kind() {
	case eval.KindNull:
		return append(out, "null"...)
	case eval.KindText:
		return wire.AppendText(out, v.Text())
	}
	return wire.AppendText(out, eventText(v))
}
