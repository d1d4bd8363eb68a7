package session

import (
	"iter"
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Operation is a recorded change that the next Commit sends: a *CreateEntityOperation, *UpdateEntityOperation or
// *DeleteEntityOperation. Values are what Entity.Value gives and Entity.Set takes.
type Operation interface{ operation() }

// CreateEntityOperation creates an entity. EntityKey holds the parts of the primary key as text, in the schema's order.
type CreateEntityOperation struct {
	EntityType string
	EntityKey  []string
	EntityData map[string]any
}

// UpdateEntityOperation gives an attribute a new value. A NewValue of NotSet takes an earlier update back.
type UpdateEntityOperation struct {
	EntityType         string
	EntityKey          []string
	AttributeName      string
	OldValue, NewValue any
}

// DeleteEntityOperation deletes an entity.
type DeleteEntityOperation struct {
	EntityType string
	EntityKey  []string
}

func (*CreateEntityOperation) operation() {}
func (*UpdateEntityOperation) operation() {}
func (*DeleteEntityOperation) operation() {}

// entryKind says what an entry of the log does.
type entryKind uint8

const (
	createEntry entryKind = iota
	updateEntry
	deleteEntry
	mapEntry // sets or deletes one key of a mapping; becomes operations on rows when it is committed
)

// entry is one recorded change.
type entry struct {
	kind      entryKind
	record    store.Record       // 0 for an entity that the session does not know
	typ       *schema.EntityType // of such an entity,
	key       []string           // and its key
	attribute string             // that is updated; of a mapping
	mapKey    string
	old, new  literal
	data      []member // of a create, sorted by name
	from      []*entry // the changes of a mapping that it stands for

	hierarchical bool // the custom attribute of that key which is
	unanswered   bool // it was sent, and no answer came
	always       bool // sent although the server shows the value: it may be a default or inherited
}

// recorded are the entries of the log that an entry of a batch stands for.
func (e *entry) recorded() []*entry {
	if e.from != nil {
		return e.from
	}
	return []*entry{e}
}

// member is one attribute of an entity that is created.
type member struct {
	name  string
	value literal
}

// pendingEntity is what the log says of one entity.
type pendingEntity struct {
	created, deleted bool
	updates          int
	mapped           []*entry // changes of mappings that the server has not taken, in order: there may be tens of thousands of other entries
}

// pendingOf is the state of a record in the log, made when there is none. The session is locked.
func (s *Session) pendingOf(r store.Record) *pendingEntity {
	p := s.pending[r]
	if p == nil {
		p = &pendingEntity{}
		s.pending[r] = p
	}
	return p
}

// record appends an entry, unless operations are not recorded. The session is locked.
func (s *Session) record(e *entry) {
	if s.notRecording {
		return
	}
	s.log = append(s.log, e)
	s.count(e, 1)
}

// count adds an entry to what is known of its entity, or takes it away.
func (s *Session) count(e *entry, by int) {
	if e.record == 0 {
		return
	}
	p := s.pendingOf(e.record)
	switch e.kind {
	case createEntry:
		p.created = by > 0
	case deleteEntry:
		p.deleted = by > 0
	default:
		p.updates += by
		if e.kind == mapEntry && by > 0 {
			p.mapped = append(p.mapped, e)
		} else if e.kind == mapEntry {
			p.mapped = slices.DeleteFunc(p.mapped, func(other *entry) bool { return other == e })
		}
	}
	if !p.created && !p.deleted && p.updates == 0 {
		delete(s.pending, e.record)
	}
}

// dropEntries takes entries out of the log. The session is locked.
func (s *Session) dropEntries(drop func(*entry) bool) {
	kept := s.log[:0]
	for _, e := range s.log {
		if drop(e) {
			s.count(e, -1)
			if e.kind == mapEntry || e.kind == deleteEntry {
				s.store.Touch(e.record)
			}
		} else {
			kept = append(kept, e)
		}
	}
	clear(s.log[len(kept):])
	s.log = kept
}

// Operations are the changes that the next commit sends, oldest first.
type Operations struct{ session *Session }

// RecordedOperations are the session's recorded changes.
func (s *Session) RecordedOperations() Operations { return Operations{s} }

// RecordOperations reports whether changes are recorded.
func (s *Session) RecordOperations() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return !s.notRecording
}

// SetRecordOperations says whether changes are recorded: what is changed while they are not stays local.
func (s *Session) SetRecordOperations(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notRecording = !on
}

// OperationRecording runs a function with RecordOperations as given, and sets it back.
func (s *Session) OperationRecording(on bool, do func()) {
	before := s.RecordOperations()
	s.SetRecordOperations(on)
	defer s.SetRecordOperations(before)
	do()
}

// Len is how many there are.
func (o Operations) Len() int {
	o.session.mu.RLock()
	defer o.session.mu.RUnlock()
	return len(o.session.log)
}

// All goes over the operations as they stand when it is called.
func (o Operations) All() iter.Seq[Operation] {
	s := o.session
	s.mu.Lock()
	list := make([]Operation, len(s.log))
	for i, e := range s.log {
		list[i] = s.operationOf(e)
	}
	s.mu.Unlock()
	return slices.Values(list)
}

// Push appends an operation of the caller's making; its entity need not be loaded. The operation is checked as a change of an
// entity is, and sent as it is: no entity's value changes before the commit.
func (o Operations) Push(operation Operation) error {
	s := o.session
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := s.entryOf(operation)
	if err != nil {
		return err
	}
	s.log = append(s.log, e)
	s.count(e, 1)
	return nil
}

// Pop takes the newest operation away and gives it; nil when there is none. Values of entities stay as they are.
func (o Operations) Pop() Operation {
	s := o.session
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.log) == 0 {
		return nil
	}
	e := s.log[len(s.log)-1]
	operation := s.operationOf(e)
	s.dropEntries(func(other *entry) bool { return other == e })
	return operation
}

// Clear takes all operations away. Values of entities stay as they are; Rollback takes those back too.
func (o Operations) Clear() {
	o.session.mu.Lock()
	defer o.session.mu.Unlock()
	o.session.dropEntries(func(*entry) bool { return true })
}

// entityOf is the type and key of an entry's entity. The session is locked.
func (s *Session) entityOf(e *entry) (*schema.EntityType, []string) {
	if e.record == 0 {
		return e.typ, e.key
	}
	return s.store.Type(e.record), s.store.Key(e.record)
}

// operationOf shows an entry to the caller. The session is locked.
func (s *Session) operationOf(e *entry) Operation {
	t, key := s.entityOf(e)
	switch e.kind {
	case createEntry:
		data := make(map[string]any, len(e.data))
		for _, m := range e.data {
			data[m.name] = s.plain(m.value)
		}
		return &CreateEntityOperation{t.Name, key, data}
	case deleteEntry:
		return &DeleteEntityOperation{t.Name, key}
	}
	name := e.attribute
	if e.kind == mapEntry {
		name += "." + e.mapKey
	}
	return &UpdateEntityOperation{t.Name, key, name, s.plain(e.old), s.plain(e.new)}
}

// entryOf checks an operation of a caller's making. The session is locked.
func (s *Session) entryOf(operation Operation) (*entry, error) {
	switch o := operation.(type) {
	case *CreateEntityOperation:
		e, err := s.handmade(createEntry, o.EntityType, o.EntityKey)
		if err != nil {
			return nil, err
		}
		names := make([]string, 0, len(o.EntityData))
		for name := range o.EntityData {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			value, err := s.literalOf(o.EntityData[name])
			if err == nil {
				err = s.checkValue(e.typ, name, value)
			}
			if err != nil {
				return nil, err
			}
			e.data = append(e.data, member{name, value})
		}
		return e, nil
	case *UpdateEntityOperation:
		e, err := s.handmade(updateEntry, o.EntityType, o.EntityKey)
		if err != nil {
			return nil, err
		}
		if e.new, err = s.literalOf(o.NewValue); err != nil {
			return nil, err
		}
		if e.old, err = s.literalOf(o.OldValue); err != nil {
			return nil, err
		}
		e.attribute = o.AttributeName
		return e, s.checkValue(e.typ, e.attribute, e.new)
	case *DeleteEntityOperation:
		return s.handmade(deleteEntry, o.EntityType, o.EntityKey)
	}
	return nil, &OperationError{"push: an operation creates, updates or deletes an entity"}
}

func (s *Session) handmade(kind entryKind, entityType string, key []string) (*entry, error) {
	t, err := s.entityType(entityType)
	if err != nil {
		return nil, err
	}
	if len(key) != len(t.PrimaryKey) {
		return nil, &OperationError{"push: " + t.Name + " has a primary key of other parts than the operation"}
	}
	e := &entry{kind: kind, typ: t, key: slices.Clone(key)}
	if kind != createEntry {
		e.record = s.store.Find(t.Name, key...)
	}
	return e, nil
}

// entityKey is a primary key as requests carry it: numbers where the schema has numbers.
func entityKey(t *schema.EntityType, key []string) []any {
	parts := make([]any, len(key))
	for i, text := range key {
		parts[i] = text
		if a := t.Attribute(t.PrimaryKey[i]); a != nil && (a.Kind == schema.Integer || a.Kind == schema.Number) {
			if node, err := wire.Parse([]byte(text)); err == nil && node.Kind() == wire.Number {
				parts[i] = wire.RawJSON(text)
			}
		}
	}
	return parts
}

// HoldPending names the records that recorded operations need to a sweep that has begun. The session must not be in use
// elsewhere.
func (s *Session) HoldPending() {
	s.pruneCustoms()
	s.pruneUnanswered()
	s.holdUpkeep()
	hold := func(e *entry) {
		s.store.SweepRoot(e.record)
		for _, l := range []literal{e.old, e.new} {
			for _, r := range l.refersTo() {
				s.store.SweepRoot(r)
			}
		}
		for _, m := range e.data {
			for _, r := range m.value.refersTo() {
				s.store.SweepRoot(r)
			}
		}
	}
	for _, e := range s.log {
		hold(e)
	}
	if sending := s.sending.Load(); sending != nil {
		for _, e := range sending.log {
			hold(e)
		}
		for _, e := range sending.recorded {
			hold(e)
		}
	}
	for at, change := range s.changes {
		s.store.SweepRoot(at.record)
		for _, list := range [][]store.Record{change.added, change.removed, change.list} {
			for _, r := range list {
				s.store.SweepRoot(r)
			}
		}
	}
}
