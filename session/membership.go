package session

import (
	"slices"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
)

// owner is an entity that another one names by a foreign key.
type owner struct {
	record    store.Record
	member    *schema.EntityType
	reference *schema.Attribute // of the member, nil where the schema has only the key
}

// ownersOf are the entities that a changed entity names or named, of those that the session knows: by the event, and by what is loaded.
// The session is locked.
func (s *Session) ownersOf(c *remoteChange, r store.Record) []owner {
	t := c.types[0]
	if r != 0 && s.typeOf(r) != nil {
		t = s.typeOf(r)
	}
	var owners []owner
	add := func(record store.Record, reference *schema.Attribute) {
		if record != 0 && record != r && s.typeOf(record) != nil &&
			!slices.ContainsFunc(owners, func(o owner) bool { return o.record == record && o.reference == reference }) {
			owners = append(owners, owner{record, t, reference})
		}
	}
	byID := func(a *schema.Attribute, id string) {
		reference := named(t, a.ReferenceName)
		if reference != nil && s.schemas.Type(reference.Target) != nil {
			add(s.store.Find(reference.Target, id), reference)
			return
		}
		for _, record := range s.store.FindID(id) {
			add(record, nil)
		}
	}
	for _, k := range c.changed {
		for _, a := range attributesOf(t, k.name) {
			if a.Kind != schema.String || !isID(t, a) && !strings.HasSuffix(a.Name, "_id") {
				continue
			}
			for _, v := range []eventValue{k.old, k.new} {
				if v.text != "" {
					byID(a, v.text)
				}
			}
		}
	}
	if len(c.parents) > 0 && named(t, "parent") != nil {
		if types := c.parents[0].types; len(types) > 0 {
			add(s.store.Find(types[0].Root.Name, c.parents[0].id), named(t, "parent"))
		}
	}
	for _, a := range t.Attributes {
		if a.Kind == schema.Reference && r != 0 {
			add(s.remoteOf(r, a.Slot).Reference(), a)
		}
	}
	return owners
}

// join brings an entity that was added into the loaded collections that it belongs to.
func (a *application) join(c *remoteChange, r store.Record) {
	a.touchCollections(c, r, true)
}

// leave takes an entity that was removed out of the loaded collections: by its record, or where the session has none, by what the event
// says of it.
func (a *application) leave(c *remoteChange, r store.Record) {
	if r != 0 {
		if a.removed == nil {
			a.removed = map[store.Record]bool{}
		}
		a.removed[r] = true
	}
	a.touchCollections(c, r, false)
}

// touchCollections marks the loaded collections that gain or lose an entity. One whose other end is known, and that has the entity as
// it should, is left alone.
func (a *application) touchCollections(c *remoteChange, r store.Record, added bool) {
	owners := a.ownersOf(c, r)
	if len(owners) == 0 && r == 0 && !added && isLink(c.types[0]) {
		a.staleConnected(c.types[0])
	}
	for _, o := range owners {
		t := a.typeOf(o.record)
		for _, many := range t.Attributes {
			if !many.IsMany() || a.remoteOf(o.record, many.Slot) == nil {
				continue
			}
			if !a.mayHold(many, o, owners) {
				continue
			}
			if r != 0 && slices.Contains(a.current(a.remoteOf(o.record, many.Slot)).list, r) == added {
				continue
			}
			if r != 0 && !added {
				continue // dropped from all lists at the end
			}
			if many.Kind == schema.CustomAttributes {
				a.customChanged(o.record, t)
				continue
			}
			a.markStale(o.record, many.Slot)
		}
	}
	if r == 0 || added {
		a.staleAbove(c)
	}
}

// unloadAround makes the loaded collections not loaded that may hold an entity which a commit created, and of which the schema does not say
// so: a note is one of the entity that its parent_id names, an appointment is among the assignments or the allocations. The session is locked.
func (s *Session) unloadAround(p *payload, r store.Record) {
	c := &remoteChange{action: changeAdd, types: []*schema.EntityType{p.typ}, named: true, key: p.key}
	for _, m := range p.data {
		text, known := m.value.text()
		c.changed = append(c.changed, changedKey{name: m.name, new: eventValue{text: text, known: known}})
	}
	a := &application{Session: s}
	owners := s.ownersOf(c, r)
	for _, o := range owners {
		t := s.typeOf(o.record)
		if o.reference != nil && s.otherEnd(o.member, o.reference, t) != nil {
			continue
		}
		for _, many := range t.Attributes {
			v := s.remoteOf(o.record, many.Slot)
			target := s.schemas.Type(many.Target)
			switch {
			case many.Kind != schema.Collection || v.Kind() != store.List || slices.Contains(s.current(v).list, r):
				continue
			case target != nil && len(owners) == 1 && !related(p.typ, target):
				continue // it connects nothing
			}
			if a.mayHold(many, o, owners) && (o.reference == nil || !a.oneEnd(o, many)) {
				s.store.Unload(o.record, many.Slot)
			}
		}
	}
}

// staleConnected marks all loaded collections that a connection of a type may have been behind, of which nobody knows what it
// connected.
func (a *application) staleConnected(link *schema.EntityType) {
	var ends []*schema.EntityType
	for _, reference := range link.Attributes {
		if end := a.schemas.Type(reference.Target); reference.Kind == schema.Reference && end != nil {
			ends = append(ends, end)
		}
	}
	isEnd := func(t *schema.EntityType) bool {
		return slices.ContainsFunc(ends, func(end *schema.EntityType) bool { return related(t, end) })
	}
	a.store.All(func(r store.Record) bool {
		t := a.typeOf(r)
		for _, slot := range a.store.LoadedSlots(r) {
			many := named(t, a.store.SlotName(r, slot))
			if many == nil || many.Kind != schema.Collection {
				continue
			}
			target := a.schemas.Type(many.Target)
			if target != nil && !related(target, link) && (isEnd(t) || isEnd(target)) && a.schemas.ReferenceOf(t, many, target) == nil {
				a.markStale(r, slot)
			}
		}
		return true
	})
}

// staleAbove marks what stands below the entities above one that came, went or moved: it is a list of its own on each of them.
func (a *application) staleAbove(c *remoteChange) {
	for _, parent := range c.parents {
		for _, t := range parent.types {
			above := a.store.Find(t.Root.Name, parent.id)
			if at := a.typeOf(above); at != nil {
				if many := named(at, "descendants"); many != nil {
					a.markStale(above, many.Slot)
				}
				break
			}
		}
	}
}

// mayHold reports whether a collection of an owner may hold the entity that changed, or what that connects with the owner.
func (a *application) mayHold(many *schema.Attribute, o owner, owners []owner) bool {
	target := a.schemas.Type(many.Target)
	if target == nil {
		return true
	}
	if related(o.member, target) {
		if o.reference == nil || o.reference.Kind != schema.Reference {
			return true
		}
		other := a.otherEnd(o.member, o.reference, a.typeOf(o.record))
		return other == nil || other == many || o.member.Name == "Appointment" || !a.oneEnd(o, many)
	}
	if !isLink(o.member) {
		return false
	}
	// The far end of a connection: a list's items, a version's lists. It may not be known, so any collection of such a type may have it.
	for _, far := range owners {
		if far.record != o.record && related(a.typeOf(far.record), target) {
			return true
		}
	}
	return len(owners) == 1
}

// oneEnd reports whether another reference of the member is known to be the other end of a collection.
func (a *application) oneEnd(o owner, many *schema.Attribute) bool {
	for _, reference := range o.member.Attributes {
		if reference.Kind == schema.Reference && reference != o.reference && a.otherEnd(o.member, reference, a.typeOf(o.record)) == many {
			return true
		}
	}
	return false
}

// staleAround marks the loaded collections at the ends of what changed of an entity that the session does not know.
func (a *application) staleAround(c *remoteChange) {
	moved := c.action == changeMove || c.has("parent_id")
	for _, t := range c.types {
		for _, k := range c.changed {
			for _, attribute := range attributesOf(t, k.name) {
				if isID(t, attribute) {
					a.staleEnds(0, t, named(t, attribute.ReferenceName), k)
				}
			}
		}
		if moved && len(c.parents) > 0 {
			a.staleEnds(0, t, named(t, "parent"), changedKey{new: eventValue{text: c.parents[0].id, known: true}})
		}
	}
	if !moved {
		return
	}
	a.staleAbove(c)
	if i := slices.IndexFunc(c.changed, func(k changedKey) bool { return k.name == "parent_id" }); i >= 0 {
		a.staleUpwards(c.changed[i].old.text)
	}
}

// staleEnds marks the collections at both ends of a reference that an event changed, unless they have the entity as they should. r is
// 0 where the session does not know the entity: it is in no collection then.
func (a *application) staleEnds(r store.Record, t *schema.EntityType, reference *schema.Attribute, k changedKey) {
	if reference == nil || a.schemas.Type(reference.Target) == nil {
		return
	}
	mark := func(id string, belongs bool) {
		end := a.store.Find(reference.Target, id)
		at := a.typeOf(end)
		if id == "" || at == nil {
			return
		}
		if many := a.otherEnd(t, reference, at); many != nil && (r != 0 && slices.Contains(a.current(a.remoteOf(end, many.Slot)).list, r)) != belongs {
			a.markStale(end, many.Slot)
		}
	}
	mark(k.old.text, false)
	mark(k.new.text, true)
}

// staleUpwards marks what stands below an entity and below those above it, as far as the session knows them.
func (a *application) staleUpwards(id string) {
	context := a.schemas.Type("TypedContext")
	if id == "" || context == nil {
		return
	}
	seen := map[store.Record]bool{}
	for r := a.store.Find(context.Root.Name, id); a.typeOf(r) != nil && !seen[r]; {
		seen[r] = true
		t := a.typeOf(r)
		if many := named(t, "descendants"); many != nil {
			a.markStale(r, many.Slot)
		}
		parent := named(t, "parent")
		if parent == nil {
			return
		}
		r = a.remoteOf(r, parent.Slot).Reference()
	}
}

// related reports whether one type may be met where another is declared.
func related(t, declared *schema.EntityType) bool {
	return t.IsA(declared.Name) || declared.IsA(t.Name) || t.Root == declared.Root
}

// isLink reports whether entities of a type do nothing but connect others: appointments, dependencies, the members of lists.
func isLink(t *schema.EntityType) bool {
	if named(t, "name") != nil {
		return false
	}
	ids := 0
	for _, a := range t.Attributes {
		if strings.HasSuffix(a.Name, "_id") {
			ids++
		}
	}
	return ids >= 2
}

// moveInLists takes an entity out of the loaded collection at the old end of a reference, and into that at the new one. The session is
// locked.
func (s *Session) moveInLists(r store.Record, t *schema.EntityType, reference *schema.Attribute, before, after store.Record) {
	if before == after {
		return
	}
	for _, end := range []store.Record{before, after} {
		at := s.typeOf(end)
		if at == nil {
			continue
		}
		if descendants := named(at, "descendants"); reference.Name == "parent" && descendants != nil {
			s.markStale(end, descendants.Slot)
		}
		many := s.otherEnd(t, reference, at)
		if many == nil {
			continue
		}
		v := s.remoteOf(end, many.Slot)
		if v.Kind() != store.List {
			continue
		}
		list := s.current(v).list
		i := slices.Index(list, r)
		switch {
		case end == before && i >= 0:
			list = slices.Delete(list, i, i+1)
		case end == after && i < 0:
			list = append(list, r)
		default:
			continue
		}
		s.store.SetRemoteList(end, many.Slot, list)
	}
}
