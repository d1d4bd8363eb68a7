package session

import (
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Create makes an entity that the next Commit creates on the server. It has an id of its own, and the defaults of the schema,
// at once. What the schema calls required may be left out: the server fills it. Values are those of Entity.Set, and what is immutable
// may be given here.
func (s *Session) Create(entityType string, data map[string]any) (*Entity, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	members, err := s.members(data)
	if err != nil {
		return nil, err
	}
	r, err := s.create(entityType, members)
	if err != nil {
		return nil, err
	}
	return s.entityLocked(r), nil
}

// create makes and records an entity. The session is locked.
func (s *Session) create(entityType string, given []member) (store.Record, error) {
	if s.Closed() {
		return 0, ErrConnectionClosed
	}
	t, err := s.entityType(entityType)
	if err != nil {
		return 0, err
	}
	data := make([]member, 0, len(given)+4)
	var mappings []member
	for _, m := range given {
		a := t.Attribute(m.name)
		if a == nil || a.Kind != schema.Mapped && a.Kind != schema.CustomAttributes || m.value.kind() != wire.Object {
			if err := s.checkValue(t, m.name, m.value); err != nil {
				return 0, err
			}
		}
		if a.Computed {
			return 0, &ImmutableAttributeError{t.Name, a.Name, "the server computes it"}
		}
		if a.Kind == schema.Collection && m.value.isList {
			if err := s.checkList(a, m.value.list); err != nil {
				return 0, err
			}
		}
		if kind, ok := m.value.text(); ok && kind != "api_job" && t.Name == "Job" && a.Name == "type" {
			return 0, &ArgumentError{"create: a Job has the type api_job, or none: the others are the server's own"}
		}
		if a.Kind == schema.Mapped || a.Kind == schema.CustomAttributes {
			mappings = append(mappings, m)
			continue
		}
		if a.Kind == schema.DateTime {
			m.value = tagDate(m.value)
		}
		if !m.value.notSet() {
			data = append(data, m)
		}
	}
	data = s.withDefaults(t, data)
	key, err := s.keyFrom(t, data)
	if err != nil {
		return 0, err
	}
	if s.store.Find(t.Name, key...) != 0 {
		return 0, &OperationError{"create: there is a " + t.Name + " with this key already"}
	}
	r := s.stub(t, key)
	if r == 0 {
		return 0, &OperationError{"create: the key of a " + t.Name + " cannot be used"}
	}
	s.record(&entry{kind: createEntry, record: r, data: data})
	for _, m := range data {
		a := t.Attribute(m.name)
		switch {
		case slices.Contains(t.PrimaryKey, m.name):
		case m.value.isList:
			s.putLocal(r, a.Slot, m.value)
		default:
			s.assign(r, t, a, m.value)
		}
	}
	for _, m := range mappings {
		for key, value := range m.value.node().Members() {
			if err := s.setKey(r, m.name, key, s.literalFrom(value), false); err != nil {
				s.dropEntries(func(e *entry) bool { return e.record == r })
				s.clearLocals(r)
				s.store.Retire(r)
				return 0, err
			}
		}
	}
	for _, a := range t.Attributes {
		if a.IsMany() && s.store.Read(r, a.Slot) == nil {
			s.store.SetLocalList(r, a.Slot, nil) // nothing can be there yet
		}
	}
	return r, nil
}

// withDefaults adds the schema's defaults for what is not given, neither itself nor by its reference or foreign key.
func (s *Session) withDefaults(t *schema.EntityType, data []member) []member {
	has := func(name string) bool {
		return name != "" && slices.ContainsFunc(data, func(m member) bool { return m.name == name })
	}
	for _, a := range t.Attributes {
		if !a.HasDefault || a.Default == "null" || a.Computed || has(a.Name) || has(a.ReferenceName) || has(a.ForeignKey) {
			continue
		}
		value := []byte(a.Default)
		if a.Default == `"{uid}"` {
			value = wire.AppendText(nil, s.newID())
		}
		data = append(data, member{a.Name, literal{json: value}})
	}
	sortMembers(data)
	return data
}

// newID is an id for an entity that is created.
func (s *Session) newID() string {
	if s.options.NewID != nil {
		return s.options.NewID()
	}
	return newUUID()
}

// keyFrom is the primary key that an entity is created with; a part may be given by its reference.
func (s *Session) keyFrom(t *schema.EntityType, data []member) ([]string, error) {
	key := make([]string, len(t.PrimaryKey))
	for i, name := range t.PrimaryKey {
		a := t.Attribute(name)
		for _, m := range data {
			l := m.value
			if a != nil && m.name == a.ReferenceName {
				l = s.keyOf(l)
			} else if m.name != name {
				continue
			}
			if node, err := wire.Parse(l.json); err == nil {
				if key[i] = node.Text(); node.Kind() == wire.Number {
					key[i] = string(node.Raw())
				}
			}
		}
		if key[i] == "" {
			return nil, &OperationError{"create: a " + t.Name + " needs a value for " + strconvQuote(name) + ", which is part of its key"}
		}
	}
	return key, nil
}

// Delete marks an entity as deleted; the next Commit deletes it on the server, with what the server deletes with it.
func (s *Session) Delete(e *Entity) error {
	if e.session != s {
		return &ArgumentError{"delete: the entity belongs to another session"}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.delete(e.record)
}

func (s *Session) delete(r store.Record) error {
	if _, err := s.writable(r); err != nil {
		return err
	}
	s.record(&entry{kind: deleteEntry, record: r})
	s.store.Touch(r)
	return nil
}

// State says what is recorded of an entity.
type State string

// The states of an entity. Unchanged is that of one without recorded operations.
const (
	Unchanged State = ""
	Created   State = "created"
	Modified  State = "modified"
	Deleted   State = "deleted"
)

// State is what the recorded operations make of the entity.
func (e *Entity) State() State {
	e.session.mu.RLock()
	defer e.session.mu.RUnlock()
	return e.session.stateOf(e.record)
}

func (s *Session) stateOf(r store.Record) State {
	p := s.pending[r]
	switch {
	case s.store.Retired(r):
		return Deleted
	case p == nil:
		return Unchanged
	case p.deleted:
		return Deleted
	case p.created:
		return Created
	}
	return Modified
}

// Created are the entities that the next commit creates, in the order in which they were made.
func (s *Session) Created() []*Entity { return s.inState(Created) }

// Modified are the entities that have recorded updates, in the order of their first change.
func (s *Session) Modified() []*Entity { return s.inState(Modified) }

// Deleted are the entities that the next commit deletes.
func (s *Session) Deleted() []*Entity { return s.inState(Deleted) }

func (s *Session) inState(state State) []*Entity {
	s.mu.Lock()
	defer s.mu.Unlock()
	var entities []*Entity
	for _, r := range s.recordsIn(state) {
		entities = append(entities, s.entityLocked(r))
	}
	return entities
}

// recordsIn are the records in a state, in the order of their first change. The session is locked.
func (s *Session) recordsIn(state State) []store.Record {
	var records []store.Record
	seen := make(map[store.Record]bool, len(s.pending))
	for _, e := range s.log {
		if r := e.record; r != 0 && !seen[r] {
			seen[r] = true
			if s.stateOf(r) == state {
				records = append(records, r)
			}
		}
	}
	return records
}
