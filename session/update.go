package session

import (
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// remoteChange is what an ftrack.update event tells of one entity.
type remoteChange struct {
	action  changeAction
	types   []*schema.EntityType // that it may be of: the one that is named, or those of the legacy table
	named   bool                 // the first of types is the concrete one
	key     []string
	changed []changedKey
	parents []parentEntity // the nearest first, without the entity itself
	own     bool           // of this session's making
}

type changeAction uint8

const (
	changeUpdate changeAction = iota
	changeAdd
	changeRemove
	changeMove
)

// changedKey is an attribute by the name that events have for it, with its values as far as they are told.
type changedKey struct {
	name     string
	old, new eventValue
}

// eventValue is a value as events have it: a text, or null; known is false for one that is not told, or of another form.
type eventValue struct {
	text  string
	null  bool
	known bool
}

// empty reports whether it is a text of no characters: an id can be null by it, or be the text (reference 9: the values of events are text).
func (v eventValue) empty() bool { return v.known && !v.null && v.text == "" }

// parentEntity is an entity above the one that changed.
type parentEntity struct {
	types []*schema.EntityType
	id    string
}

// ApplyUpdate takes an ftrack.update event, the JSON of the whole event or of its data. What it says goes into the identity
// map soon after, together with events that come at the same time: ids are set at once, every other attribute that is loaded is asked for
// again. Events of the session's own changes are recognised by its client token. It neither waits nor keeps the bytes. Its error is an
// *ArgumentError, for what is no such event.
func (s *Session) ApplyUpdate(event []byte) error {
	root, err := wire.Parse(event)
	if err != nil {
		return &ArgumentError{"update: the event is no JSON"}
	}
	if data := root.Get("data"); data.Kind() == wire.Object {
		return s.applyUpdate(data, root.Get("source"))
	}
	return s.applyUpdate(root, root.Get("source"))
}

// applyUpdate is ApplyUpdate for the data and the source of an event.
func (s *Session) applyUpdate(data, source wire.Node) error {
	entities := data.Get("entities")
	if entities.Kind() != wire.Array {
		return &ArgumentError{"update: the event names no entities"}
	}
	if s.holdsNothing() {
		return nil // of a program that only handles events
	}
	token := data.Get("clientToken").Text()
	if token == "" {
		token = source.Get("clientToken").Text()
	}
	var changes []*remoteChange
	for _, entity := range entities.List() {
		if c := s.readChange(entity); c != nil {
			c.own = token != "" && token == s.options.ClientToken
			changes = append(changes, c)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Closed() || len(changes) == 0 {
		return nil
	}
	u := s.upkeeping()
	u.incoming = append(u.incoming, changes...)
	if len(s.reads) > 0 && len(u.recent) < mostRecent {
		u.recent = append(u.recent, changes...)
	}
	u.wake(true)
	return nil
}

// holdsNothing reports whether there is nothing that a change could concern: no entity, no live query, and no answer under way.
func (s *Session) holdsNothing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.store.Count() == 0 && len(s.reads) == 0 && (s.upkeep == nil || len(s.upkeep.lives) == 0)
}

// changeMembers are those of an entity of an event; the first three are those of its parents, too.
var changeMembers = [...]string{"entity_type", "entityType", "entityId", "action", "changes", "keys", "parents", "parentId"}

// readChange reads an entity of an event, nil for what cannot be told which it is.
func (s *Session) readChange(n wire.Node) *remoteChange {
	var found [len(changeMembers)]wire.Node
	n.Find(changeMembers[:], found[:])
	action, changes, keys, parents, parentID := found[3], found[4], found[5], found[6], found[7]
	c := &remoteChange{}
	switch {
	case action.Is("add"):
		c.action = changeAdd
	case action.Is("remove"):
		c.action = changeRemove
	case action.Is("move"):
		c.action = changeMove
	}
	c.types, c.named = s.eventTypes(found[0], found[1])
	c.key = eventKey(found[2])
	if len(c.types) == 0 || len(c.key) == 0 {
		return nil
	}
	for _, m := range changes.Object() {
		k := changedKey{name: m.Key}
		if m.Value.Kind() == wire.Object {
			k.old, k.new = readEventValue(m.Value.Get("old")), readEventValue(m.Value.Get("new"))
		}
		c.changed = append(c.changed, k)
	}
	for _, key := range keys.List() {
		if name := key.Text(); name != "" && !c.has(name) {
			c.changed = append(c.changed, changedKey{name: name})
		}
	}
	for _, parent := range parents.List() {
		var found [3]wire.Node
		parent.Find(changeMembers[:3], found[:])
		id := eventKey(found[2])
		if len(id) != 1 || id[0] == c.key[0] && len(c.parents) == 0 {
			continue // the entity itself
		}
		if types, _ := s.eventTypes(found[0], found[1]); len(types) > 0 {
			c.parents = append(c.parents, parentEntity{types, id[0]})
		}
	}
	if parent := parentID.Text(); parent != "" && len(c.parents) == 0 && parent != c.key[0] {
		c.parents = append(c.parents, parentEntity{nil, parent})
	}
	return c
}

func (c *remoteChange) has(name string) bool {
	for _, k := range c.changed {
		if k.name == name {
			return true
		}
	}
	return false
}

// eventTypes are the types that an entity of an event may be of. entity_type names the schema; entityType is the legacy table
// in lower case, or the schema's name.
func (s *Session) eventTypes(name, legacyName wire.Node) (types []*schema.EntityType, named bool) {
	if t := s.schemas.Type(name.Text()); t != nil {
		return []*schema.EntityType{t}, true
	}
	legacy := legacyName.Text()
	if legacy == "" {
		return nil, false
	}
	u := &s.legacyTypes
	u.mu.Lock()
	defer u.mu.Unlock()
	if types, known := u.byName[legacy]; known {
		return types, false
	}
	for _, t := range s.schemas.Types() {
		if strings.EqualFold(t.Alias.Table, legacy) || strings.EqualFold(t.Name, legacy) {
			types = append(types, t)
		}
	}
	if u.byName == nil {
		u.byName = map[string][]*schema.EntityType{}
	}
	if len(u.byName) < mostLegacyNames {
		u.byName[strings.Clone(legacy)] = types
	}
	return types, false
}

// mostLegacyNames bounds what is remembered of names that a server makes up.
const mostLegacyNames = 1000

func eventKey(n wire.Node) []string {
	switch n.Kind() {
	case wire.String:
		if id := n.Text(); id != "" {
			return []string{id}
		}
	case wire.Number:
		return []string{string(n.Raw())}
	case wire.Array:
		var key []string
		for _, part := range n.List() {
			key = append(key, eventKey(part)...)
		}
		return key
	}
	return nil
}

func readEventValue(n wire.Node) eventValue {
	switch n.Kind() {
	case wire.String:
		return eventValue{text: n.Text(), known: true}
	case wire.Null:
		return eventValue{null: true, known: true}
	}
	return eventValue{}
}

// attributesOf are the attributes of a type that a name of an event stands for: those whose legacy name it is, then the one whose
// own name it is. Some names stand for several: `created_by` is the legacy name of created_by_id, and a reference too.
func attributesOf(t *schema.EntityType, name string) []*schema.Attribute {
	found := t.Legacy(name)
	if own := named(t, name); own != nil {
		for _, a := range found {
			if a == own {
				return found
			}
		}
		found = append(found, own)
	}
	return found
}
