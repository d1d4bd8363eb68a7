package session

import (
	"maps"
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// application takes changes that events told into the store. What goes through the whole store is done once for all of
// them, at the end. The session is locked.
type application struct {
	*Session
	u       *upkeep
	removed map[store.Record]bool
	above   map[store.Record]bool // entities whose name or place changed: the links of those below them are stale,
	names   map[string]bool       // by their ids, of those too that the session does not know
	members map[store.Record]bool // entities that computed values of those that hold them in a collection may depend on
	derived map[store.Record]bool // entities that the computed values of their members depend on
}

// changedRecord is the record that a change is about, 0 when the session does not know it. The session is locked.
func (s *Session) changedRecord(c *remoteChange) store.Record {
	for _, t := range c.types {
		if len(t.PrimaryKey) != len(c.key) {
			continue
		}
		if r := s.store.Find(t.Root.Name, c.key...); r != 0 {
			return r
		}
	}
	return 0
}

func (a *application) apply(c *remoteChange) {
	r := a.changedRecord(c)
	if c.own && !a.wentAlong(c, r) {
		a.check(r, c)
		return
	}
	switch c.action {
	case changeAdd:
		a.join(c, r)
	case changeRemove:
		a.leave(c, r)
	}
	switch {
	case c.action == changeRemove:
	case r != 0:
		a.update(c, r)
	case c.action != changeAdd:
		a.staleAround(c)
	}
	if r != 0 && c.action == changeAdd && a.retired(r) {
		r = 0
	}
	a.derive(c, r)
	if a.renamed(c) {
		if a.names == nil {
			a.names = map[string]bool{}
		}
		a.names[c.key[0]] = true
	}
	for _, l := range a.u.lives {
		l.note(c, r)
	}
}

// finish does what is left for all changes.
func (a *application) finish() {
	if len(a.members) > 0 {
		a.staleHolders()
	}
	if len(a.derived) > 0 {
		a.staleMembers()
	}
	if len(a.removed) > 0 {
		for r := range a.removed {
			a.conflictOfRemoved(r)
		}
		a.dropRemoved(a.removed)
	}
	if len(a.names) > 0 {
		a.staleBelow()
	}
	a.showLists()
}

// wentAlong reports whether an event of the session's own doing is of an entity that it did not delete, and that the server took along.
func (a *application) wentAlong(c *remoteChange, r store.Record) bool {
	p := a.pending[r]
	return c.action == changeRemove && r != 0 && !a.retired(r) && (p == nil || !p.deleted)
}

// check compares what the session's own change came to with what it holds: somebody else's event may have come in between.
func (a *application) check(r store.Record, c *remoteChange) {
	t := a.typeOf(r)
	if t == nil || a.sending.Load() != nil || c.action == changeRemove {
		return
	}
	for _, k := range c.changed {
		for _, attribute := range attributesOf(t, k.name) {
			if !isID(t, attribute) || !k.new.known || a.remoteOf(r, attribute.Slot) == nil {
				continue
			}
			if !a.holds(r, t, attribute, k.new) {
				a.markStalePair(r, t, attribute)
			}
		}
	}
}

// isID reports whether an attribute holds the id of an entity.
func isID(t *schema.EntityType, a *schema.Attribute) bool {
	return a.Kind == schema.String && (a.Format == "foreign_key" || a.ReferenceName != "") && !slices.Contains(t.PrimaryKey, a.Name)
}

// holds reports whether the server's value of an attribute, as the session knows it or its reference, is one that an event tells.
func (s *Session) holds(r store.Record, t *schema.EntityType, a *schema.Attribute, v eventValue) bool {
	l := s.current(s.remoteOf(r, a.Slot))
	if reference := named(t, a.ReferenceName); l.notSet() && reference != nil && reference.Kind == schema.Reference {
		if l = s.current(s.remoteOf(r, reference.Slot)); l.ref != 0 {
			key := s.store.Key(l.ref)
			return len(key) == 1 && key[0] == v.text
		}
	}
	if v.null || v.text == "" {
		return l.null()
	}
	text, ok := l.text()
	return ok && text == v.text
}

// update takes changed attributes.
func (a *application) update(c *remoteChange, r store.Record) {
	t := a.typeOf(r)
	if t == nil || a.retired(r) {
		return
	}
	for _, k := range c.changed {
		attributes := attributesOf(t, k.name)
		if len(attributes) == 0 {
			a.customChanged(r, t)
		}
		for _, attribute := range attributes {
			a.attributeChanged(r, t, attribute, k)
		}
	}
	if c.action == changeMove || c.has("parent_id") {
		a.staleAbove(c)
	}
	if c.action == changeMove && len(c.parents) > 0 {
		a.moved(r, t, c)
	}
	for _, attribute := range t.Attributes {
		if attribute.Computed {
			a.markStale(r, attribute.Slot)
		}
	}
	if a.renamed(c) {
		a.markStale(r, a.store.Slot(t.Name, "link"))
		a.markStale(r, a.store.Slot(t.Name, "_link"))
		if c.action == changeMove || c.has("parent_id") {
			for _, name := range []string{"ancestors", "project", "project_id"} {
				if attribute := named(t, name); attribute != nil && !c.has(attribute.AliasFor) {
					a.markStale(r, attribute.Slot)
				}
			}
		}
		if a.above == nil {
			a.above = map[store.Record]bool{}
		}
		a.above[r] = true
	}
}

// renamed reports whether a change is of what the links of entities below name.
func (a *application) renamed(c *remoteChange) bool {
	if c.own || c.action == changeAdd || c.action == changeRemove || named(c.types[0], "children") == nil && named(c.types[0], "link") == nil {
		return false
	}
	return c.action == changeMove || c.has("name") || c.has("parent_id")
}

// attributeChanged sets an id that follows on the one at hand, and marks every other value that is loaded.
func (a *application) attributeChanged(r store.Record, t *schema.EntityType, attribute *schema.Attribute, k changedKey) {
	if !isID(t, attribute) {
		a.markStalePair(r, t, attribute)
		return
	}
	reference := named(t, attribute.ReferenceName)
	certain := k.old.known && k.new.known && !k.new.empty() && !a.isStale(r, attribute.Slot) && (reference == nil || !a.isStale(r, reference.Slot))
	switch {
	case certain && a.holds(r, t, attribute, k.new):
	case certain && a.holds(r, t, attribute, k.old):
		a.setID(r, t, attribute, reference, k.new)
		return
	default:
		a.markStalePair(r, t, attribute)
	}
	a.staleEnds(r, t, reference, k)
}

// setID gives an attribute the id that the server has, and its reference what the id stands for.
func (a *application) setID(r store.Record, t *schema.EntityType, attribute, reference *schema.Attribute, v eventValue) {
	s := a.Session
	value := literal{json: []byte("null")}
	if !v.null && v.text != "" {
		value = literal{json: wire.AppendText(nil, v.text)}
	}
	before := store.Record(0)
	if reference != nil && reference.Kind == schema.Reference {
		if before = s.remoteOf(r, reference.Slot).Reference(); before == 0 {
			if id, ok := s.current(s.remoteOf(r, attribute.Slot)).text(); ok {
				before = s.store.Find(reference.Target, id)
			}
		}
	}
	known := reference != nil && s.remoteOf(r, reference.Slot) != nil
	local := s.store.Local(r, attribute.Slot) != nil
	s.takeAsRemote(r, t, member{attribute.Name, value})
	s.store.Touch(r)
	if local {
		s.noteConflict(r, attribute.Slot)
	}
	if reference == nil || reference.Kind != schema.Reference {
		return
	}
	after := s.remoteOf(r, reference.Slot).Reference()
	if known {
		a.wantLike(after, before)
	}
	s.moveInLists(r, t, reference, before, after)
}

// wantLike asks of an entity what is loaded of the one whose place it takes.
func (a *application) wantLike(after, before store.Record) {
	t := a.typeOf(after)
	if t == nil {
		return
	}
	names := a.scalars(before)
	if before == 0 || len(names) == 0 {
		names = a.defaultProjections(t)
	}
	for _, name := range names {
		if attribute := named(t, name); attribute != nil && a.remoteOf(after, attribute.Slot) == nil && !a.isUnanswered(after, name) {
			a.store.SweepRoot(after)
			a.u.wanted.add(after, attribute.Slot)
		}
	}
}

// customChanged is for a name that no attribute has: that of a custom attribute.
func (a *application) customChanged(r store.Record, t *schema.EntityType) {
	attribute := named(t, customAttributes)
	if attribute == nil {
		return
	}
	id := a.store.Key(r)[0]
	if v := a.customs[id]; v != nil {
		a.forgetAbove(r)
		delete(a.customs, id)
	}
	a.markStale(r, attribute.Slot)
}

// moved takes the new parent from the entities above.
func (a *application) moved(r store.Record, t *schema.EntityType, c *remoteChange) {
	parent := named(t, "parent_id")
	if parent == nil || c.has("parent_id") {
		return
	}
	reference := named(t, "parent")
	if a.remoteOf(r, parent.Slot) == nil && (reference == nil || a.remoteOf(r, reference.Slot) == nil) {
		return
	}
	switch id := c.parents[0].id; {
	case a.isStale(r, parent.Slot) || reference != nil && a.isStale(r, reference.Slot):
		a.markStalePair(r, t, parent)
		a.staleEnds(r, t, reference, changedKey{new: eventValue{text: id, known: true}})
	case !a.holds(r, t, parent, eventValue{text: id, known: true}):
		a.setID(r, t, parent, reference, eventValue{text: id, known: true})
	}
	a.forgetAbove(r)
}

// dropRemoved takes entities that the server has no more out of the identity map. What stood below them is asked about: it may have gone
// too, or have moved before. The session is locked.
func (s *Session) dropRemoved(removed map[store.Record]bool) {
	below := maps.Clone(removed)
	s.growBelow(below)
	for r := range below {
		if !removed[r] {
			s.store.SweepRoot(r)
			s.upkeep.doubtful[r] = true
		}
	}
	s.dropExactly(removed)
}

// growBelow adds what stands below entities. The session is locked.
func (s *Session) growBelow(set map[store.Record]bool) {
	for grown := true; grown; {
		grown = false
		s.store.Holders(set, func(holder store.Record, slot int32, v *store.Value) {
			if v.Kind() == store.Reference && !set[holder] && slices.Contains(owning, s.store.SlotName(holder, slot)) && !s.isStale(holder, slot) {
				set[holder] = true
				grown = true
			}
		})
	}
}
