package session

import (
	"errors"
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Set gives an attribute a local value, which counts before the server's, and records the change for the next Commit.
// It takes nil, bool, integers, float64, text, time.Time (for a date-time also its ISO text), *Entity for a reference, []*Entity for
// a whole collection, JSON, and NotSet, which is Unset. A reference and its foreign key change together; only the one that was set is
// sent. Nothing changes when it returns an error: *AttributeError, *ImmutableAttributeError, *InvalidStateError,
// *ImmutableCollectionError, *DuplicateItemInCollectionError.
func (e *Entity) Set(name string, value any) error { return e.SetAll(map[string]any{name: value}) }

// SetAll is Set for several attributes: all of them, or none.
func (e *Entity) SetAll(values map[string]any) error {
	s := e.session
	s.mu.Lock()
	defer s.mu.Unlock()
	members, err := s.members(values)
	if err != nil {
		return err
	}
	return s.set(e.record, members)
}

// members are values by name, sorted. The session is locked.
func (s *Session) members(values map[string]any) ([]member, error) {
	members := make([]member, 0, len(values))
	for name, value := range values {
		l, err := s.literalOf(value)
		if unfit := (*AttributeError)(nil); errors.As(err, &unfit) {
			return nil, &AttributeError{Attribute: name, Text: strconvQuote(name) + " cannot be written: " + unfit.Text}
		}
		if err != nil {
			return nil, err
		}
		members = append(members, member{name, l})
	}
	sortMembers(members)
	return members, nil
}

// sortMembers sorts by name; there are few.
func sortMembers(members []member) {
	for i := range members {
		for k := i; k > 0 && members[k].name < members[k-1].name; k-- {
			members[k], members[k-1] = members[k-1], members[k]
		}
	}
}

// Unset takes local values away, and records that nothing is to be sent for them.
func (e *Entity) Unset(names ...string) error {
	s := e.session
	s.mu.Lock()
	defer s.mu.Unlock()
	members := make([]member, len(names))
	for i, name := range names {
		members[i].name = name
	}
	return s.set(e.record, members)
}

// Revert takes local values away together with the updates that were recorded for them, as if they had never been set;
// without names all of them. An entity that was created gets the values back that it was created with.
func (e *Entity) Revert(names ...string) error {
	e.session.mu.Lock()
	defer e.session.mu.Unlock()
	return e.session.revert(e.record, names)
}

// writable is the type of an entity that can be changed. The session is locked.
func (s *Session) writable(r store.Record) (*schema.EntityType, error) {
	if s.Closed() {
		return nil, ErrConnectionClosed
	}
	t := s.store.Type(r)
	if t == nil || s.store.Retired(r) {
		return nil, &InvalidStateError{"the entity is gone: it was deleted, or its creation was taken back"}
	}
	if p := s.pending[r]; p != nil && p.deleted {
		return nil, &InvalidStateError{"the " + t.Name + " is deleted: take that back with rollback first"}
	}
	return t, nil
}

// set checks all values, then sets and records them. The session is locked.
func (s *Session) set(r store.Record, members []member) error {
	t, err := s.writable(r)
	if err != nil {
		return err
	}
	for _, m := range members {
		// What cannot be written at all takes no other kind of value either.
		if a := t.Attribute(m.name); a != nil {
			if err := s.checkMutable(t, r, a); err != nil {
				return err
			}
		}
		if err := s.checkValue(t, m.name, m.value); err != nil {
			return err
		}
		if a := t.Attribute(m.name); a.Kind == schema.Collection && m.value.isList {
			if err := s.checkList(a, m.value.list); err != nil {
				return err
			}
		}
	}
	for _, m := range members {
		a := t.Attribute(m.name)
		if a.Kind == schema.Collection && (m.value.isList || m.value.notSet()) {
			s.replace(r, a, m.value)
			continue
		}
		before := s.current(s.store.Read(r, a.Slot))
		s.assign(r, t, a, m.value)
		s.record(&entry{kind: updateEntry, record: r, attribute: a.Name, old: before, new: m.value})
	}
	return nil
}

// checkMutable reports whether an entity's attribute may be written: what is immutable only at its creation.
func (s *Session) checkMutable(t *schema.EntityType, r store.Record, a *schema.Attribute) error {
	if a.Computed {
		return &ImmutableAttributeError{t.Name, a.Name, "the server computes it"}
	}
	if !a.Immutable && !slices.Contains(t.PrimaryKey, a.Name) {
		return nil
	}
	if a.IsMany() {
		return &ImmutableCollectionError{t.Name + "." + a.Name + " cannot be changed"}
	}
	if p := s.pending[r]; p == nil || !p.created || slices.Contains(t.PrimaryKey, a.Name) {
		return &ImmutableAttributeError{t.Name, a.Name, "it is immutable"}
	}
	if v := s.store.Read(r, a.Slot); v != nil && v.Kind() != store.Null {
		return &ImmutableAttributeError{t.Name, a.Name, "it is immutable and has a value"}
	}
	return nil
}

// assign sets the local value of an attribute, and what moves with it: a reference's foreign key, a foreign key's
// reference, and the collections at the other end. The session is locked.
func (s *Session) assign(r store.Record, t *schema.EntityType, a *schema.Attribute, l literal) {
	reference := a
	if a.ReferenceName != "" {
		reference = t.Attribute(a.ReferenceName)
	}
	before := s.store.Read(r, reference.Slot).Reference()
	if a.Kind == schema.DateTime {
		l = tagDate(l)
	}
	s.putLocal(r, a.Slot, l)
	switch {
	case a.Kind == schema.Reference && a.ForeignKey != "":
		s.putLocal(r, t.Attribute(a.ForeignKey).Slot, s.keyOf(l))
	case a.ReferenceName != "" && reference.Kind == schema.Reference:
		s.putLocal(r, reference.Slot, s.targetOf(reference, l))
	case a.Kind != schema.Reference:
		return
	}
	s.keepInStep(r, t, reference, before, s.store.Read(r, reference.Slot).Reference())
}

// tagDate makes a date-time's ISO text the tagged value that the server wants.
func tagDate(l literal) literal {
	if len(l.json) > 0 && l.json[0] == '"' {
		if node, err := wire.Parse(l.json); err == nil {
			if t, err := wire.ParseDateTime(node.Text()); err == nil {
				return literal{json: dateTag("datetime", wire.AppendDateTime(nil, t))}
			}
		}
	}
	return l
}

// keyOf is the foreign key for a reference. The session is locked.
func (s *Session) keyOf(l literal) literal {
	if l.ref == 0 {
		if node, err := wire.Parse(l.json); err == nil && isReference(node) {
			return literal{json: node.Get("id").Raw()}
		}
		return l
	}
	t, key := s.store.Type(l.ref), s.store.Key(l.ref)
	if len(key) != 1 {
		return literal{}
	}
	b, _ := wire.AppendValue(nil, entityKey(t, key)[0])
	return literal{json: b}
}

// targetOf is the reference for a foreign key: the entity if it is known, else one of which nothing is loaded. The
// session is locked.
func (s *Session) targetOf(reference *schema.Attribute, l literal) literal {
	if l.notSet() || l.null() {
		return l
	}
	t := s.schemas.Type(reference.Target)
	node, err := wire.Parse(l.json)
	if t == nil || err != nil || len(t.PrimaryKey) != 1 {
		return literal{}
	}
	key := string(node.Raw())
	if node.Kind() == wire.String {
		key = node.Text()
	}
	// Schemas name one type where others may stand: the container of a component may be a sequence. What is known is what counts.
	root := t
	for root.Base != nil {
		root = root.Base
	}
	if r := s.store.Find(root.Name, key); r != 0 {
		return literal{ref: r}
	}
	return literal{ref: s.stub(t, []string{key})}
}

// stub is the record of an entity that is only known by its key. The session is locked.
func (s *Session) stub(t *schema.EntityType, key []string) store.Record {
	data := map[string]any{"__entity_type__": t.Name}
	for i, part := range entityKey(t, key) {
		data[t.PrimaryKey[i]] = part
	}
	b, err := wire.AppendValue(nil, data)
	if err != nil {
		return 0
	}
	return s.mergeOne(b)
}

// mergeOne merges one entity from JSON. The session is locked.
func (s *Session) mergeOne(b []byte) store.Record {
	node, err := wire.Parse(b)
	if err != nil {
		return 0
	}
	m := s.store.Begin(nil)
	r := m.Row(node)
	m.End()
	return r
}

// revert takes local values and their updates back. The session is locked.
func (s *Session) revert(r store.Record, names []string) error {
	t, err := s.writable(r)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := s.checkValue(t, name, literal{}); err != nil {
			return err
		}
	}
	if len(names) == 0 {
		for _, a := range t.Attributes {
			names = append(names, a.Name)
		}
	}
	var created []member
	for _, e := range s.log {
		if e.record == r && e.kind == createEntry {
			created = e.data
		}
	}
	s.dropEntries(func(e *entry) bool {
		return e.record == r && (e.kind == updateEntry || e.kind == mapEntry) && slices.Contains(names, e.attribute)
	})
	for _, name := range names {
		a := t.Attribute(name)
		switch {
		case a.Kind == schema.Collection:
			s.dropListChange(r, a)
		case a.IsMany():
		case s.store.Local(r, a.Slot) != nil:
			s.assign(r, t, a, literal{})
		}
	}
	for _, m := range created {
		if a := t.Attribute(m.name); a != nil && slices.Contains(names, m.name) {
			s.assign(r, t, a, m.value)
		}
	}
	return nil
}
