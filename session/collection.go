package session

import (
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
)

// place is an attribute of a record.
type place struct {
	record store.Record
	slot   int32
}

// listChange is what was done to a collection since the last commit: members added and removed over whatever list the
// server has, or a whole list in their place.
type listChange struct {
	added, removed []store.Record
	whole          bool
	list           []store.Record // when whole
}

// over is the changed list.
func (c *listChange) over(remote []store.Record) []store.Record {
	if c.whole {
		return c.list
	}
	var list []store.Record
	for _, r := range remote {
		if !slices.Contains(c.removed, r) {
			list = append(list, r)
		}
	}
	for _, r := range c.added {
		if !slices.Contains(list, r) {
			list = append(list, r)
		}
	}
	return list
}

// Collection is the attribute of an entity that holds several others, such as a task's scopes. It is there whether or not it is
// loaded: members can be added and removed either way.
//
// The protocol takes whole lists only. The commit sends the list that the server told last, with what was added and removed over
// it; it asks for the list first where it is not loaded. Set sends what it was given, whatever the server has.
type Collection struct {
	entity    *Entity
	attribute *schema.Attribute
}

// Collection gives a collection by its name; an *AttributeError when the entity has none of that name.
func (e *Entity) Collection(name string) (*Collection, error) {
	t := e.Type()
	if t == nil {
		return nil, &InvalidStateError{"the entity is gone"}
	}
	a := t.Attribute(name)
	if a == nil || a.Kind != schema.Collection {
		return nil, &AttributeError{t.Name, name, t.Name + " has no collection " + strconvQuote(name)}
	}
	return &Collection{e, a}, nil
}

// Entities are the members, and whether the collection is loaded.
func (c *Collection) Entities() ([]*Entity, bool) {
	v, ok := c.entity.Value(c.attribute.Name)
	list, _ := v.([]*Entity)
	return list, ok
}

// Add puts entities at the end. One that is there already is a *DuplicateItemInCollectionError, and nothing is added.
func (c *Collection) Add(entities ...*Entity) error { return c.change(entities, nil) }

// Remove takes entities out; those that are not there are passed over.
func (c *Collection) Remove(entities ...*Entity) error { return c.change(nil, entities) }

// Set puts other members in the place of all, in this order.
func (c *Collection) Set(entities ...*Entity) error {
	return c.entity.Set(c.attribute.Name, entities)
}

func (c *Collection) change(added, removed []*Entity) error {
	s := c.entity.session
	s.mu.Lock()
	defer s.mu.Unlock()
	in, err := s.literalOf(added)
	if err != nil {
		return err
	}
	out, err := s.literalOf(removed)
	if err != nil {
		return err
	}
	return s.changeList(c.entity.record, c.attribute.Name, in.list, out.list)
}

// changeList adds and removes members. The session is locked.
func (s *Session) changeList(r store.Record, name string, added, removed []store.Record) error {
	t, err := s.writable(r)
	if err != nil {
		return err
	}
	if err := s.checkValue(t, name, literal{isList: true, list: added}); err != nil {
		return err
	}
	a := t.Attribute(name)
	if err := s.checkMutable(t, r, a); err != nil {
		return err
	}
	if a.Kind != schema.Collection {
		return &ImmutableCollectionError{t.Name + "." + name + " is a mapping: set and delete its keys"}
	}
	if err := s.checkList(a, added); err != nil {
		return err
	}
	before := s.current(s.store.Read(r, a.Slot))
	change := s.changes[place{r, a.Slot}]
	for _, item := range added {
		if slices.Contains(before.list, item) || change != nil && !before.isList && slices.Contains(change.added, item) {
			return &DuplicateItemInCollectionError{"the " + s.store.Type(item).Name + " is in " + t.Name + "." + name + " already"}
		}
	}
	change = s.changeAt(r, a.Slot)
	for _, item := range removed {
		change.drop(item)
	}
	for _, item := range added {
		change.add(item)
	}
	s.showList(r, a, change)
	s.record(&entry{kind: updateEntry, record: r, attribute: name, old: before, new: s.afterChange(r, a, change)})
	for _, item := range removed {
		s.keepOtherEnd(r, t, a, item, false)
	}
	for _, item := range added {
		s.keepOtherEnd(r, t, a, item, true)
	}
	return nil
}

// afterChange is what an operation says of a changed collection: the list as far as it is known.
func (s *Session) afterChange(r store.Record, a *schema.Attribute, change *listChange) literal {
	if l := s.current(s.store.Read(r, a.Slot)); l.isList {
		return l
	}
	return literal{isList: true, list: slices.Clone(change.added)}
}

func (c *listChange) add(item store.Record) {
	if i := slices.Index(c.removed, item); i >= 0 {
		c.removed = slices.Delete(c.removed, i, i+1)
	}
	if c.whole {
		c.list = append(c.list, item)
	} else if !slices.Contains(c.added, item) {
		c.added = append(c.added, item)
	}
}

func (c *listChange) drop(item store.Record) {
	is := func(r store.Record) bool { return r == item }
	if c.whole {
		c.list = slices.DeleteFunc(c.list, is)
		return
	}
	c.added = slices.DeleteFunc(c.added, is)
	if !slices.Contains(c.removed, item) {
		c.removed = append(c.removed, item)
	}
}

// checkList reports members of a wrong type, and one that stands twice. The session is locked.
func (s *Session) checkList(a *schema.Attribute, list []store.Record) error {
	for i, item := range list {
		t := s.store.Type(item)
		switch {
		case t == nil || s.store.Retired(item):
			return &InvalidStateError{"a member of the list is gone: it was deleted, or its creation was taken back"}
		case s.schemas.Type(a.Target) != nil && !t.IsA(a.Target) && !s.mayBe(t, a.Target):
			return &AttributeError{Attribute: a.Name, Text: strconvQuote(a.Name) + " holds entities of type " + a.Target + ", not " + t.Name}
		case slices.Contains(list[:i], item):
			return &DuplicateItemInCollectionError{"a " + t.Name + " stands twice in the list for " + strconvQuote(a.Name)}
		}
	}
	return nil
}

func (s *Session) changeAt(r store.Record, slot int32) *listChange {
	c := s.changes[place{r, slot}]
	if c == nil {
		c = &listChange{}
		s.changes[place{r, slot}] = c
	}
	return c
}

// showList puts the changed list over the server's, if that is known. The session is locked.
func (s *Session) showList(r store.Record, a *schema.Attribute, change *listChange) {
	remote := s.store.Remote(r, a.Slot)
	if p := s.pending[r]; remote.Kind() != store.List && !change.whole && (p == nil || !p.created) {
		return
	}
	s.store.SetLocalList(r, a.Slot, change.over(s.current(remote).list))
}

// showLists puts the changes of collections over lists that came since. The session is locked.
func (s *Session) showLists() {
	for at, change := range s.changes {
		remote := s.store.Remote(at.record, at.slot)
		if remote.Kind() != store.List || change.whole {
			continue
		}
		list := change.over(s.current(remote).list)
		if local := s.current(s.store.Local(at.record, at.slot)); !local.isList || !slices.Equal(local.list, list) {
			s.store.SetLocalList(at.record, at.slot, list)
		}
	}
}

// replace sets a whole collection, or takes its changes back. The session is locked.
func (s *Session) replace(r store.Record, a *schema.Attribute, l literal) {
	before := s.current(s.store.Read(r, a.Slot))
	if l.notSet() {
		s.dropListChange(r, a)
	} else {
		*s.changeAt(r, a.Slot) = listChange{whole: true, list: slices.Clone(l.list)}
		s.store.SetLocalList(r, a.Slot, l.list)
	}
	s.record(&entry{kind: updateEntry, record: r, attribute: a.Name, old: before, new: l})
}

func (s *Session) dropListChange(r store.Record, a *schema.Attribute) {
	delete(s.changes, place{r, a.Slot})
	s.store.ClearLocal(r, a.Slot)
}
