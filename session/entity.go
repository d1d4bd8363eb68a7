package session

import (
	"time"
	"weak"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

type entityPointer = weak.Pointer[Entity]

// Entity is one thing that the studio tracks: a shot, a task, a version. A session has one Entity per identity as
// long as somebody holds it, whatever reply brought its values. Reads do no I/O; what is not loaded is told apart from
// what is empty. It is safe for use by several goroutines.
type Entity struct {
	session *Session
	record  store.Record
	page    *rowPage // that it came in first
	object  any      // what the factory of its type made of it
}

// entity is the one Entity of a record.
func (s *Session) entity(r store.Record) *Entity {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.entityLocked(r)
}

func (s *Session) entityLocked(r store.Record) *Entity {
	if p, ok := s.entities[r]; ok {
		if e := p.Value(); e != nil {
			return e
		}
	}
	e := &Entity{session: s, record: r}
	s.entities[r] = weak.Make(e)
	s.store.SweepRoot(r)
	return e
}

// sweepUnheld evicts the records of entities that nobody holds, once enough were made since it last did.
// The session is locked.
func (s *Session) sweepUnheld() {
	if s.options.KeepRecords || !s.store.WantsSweep() {
		return
	}
	s.store.SweepBegin()
	s.HoldPending()
	for r, p := range s.entities {
		if p.Value() == nil {
			delete(s.entities, r)
		} else {
			s.store.SweepRoot(r)
		}
	}
	for !s.store.SweepStep(1 << 20) {
	}
}

// Session is the session that the entity belongs to.
func (e *Entity) Session() *Session { return e.session }

// Record is the entity's place in the store.
func (e *Entity) Record() store.Record { return e.record }

// Type is the entity's concrete type.
func (e *Entity) Type() *schema.EntityType {
	e.session.mu.RLock()
	defer e.session.mu.RUnlock()
	return e.session.store.Type(e.record)
}

// PrimaryKey is the entity's key as text, in the order of the schema.
func (e *Entity) PrimaryKey() []string {
	e.session.mu.RLock()
	defer e.session.mu.RUnlock()
	return e.session.store.Key(e.record)
}

// key is the first part of an entity's key.
func (e *Entity) key() string {
	if key := e.PrimaryKey(); len(key) > 0 {
		return key[0]
	}
	return ""
}

// Value is an attribute as a Go value, and whether it is loaded: nil for what is empty on the server, bool, int64,
// float64, string, time.Time in UTC for a date-time, Date, *Entity, []*Entity, or JSON for anything else. The local
// value counts before the server's. Nothing is loaded of a nil Entity: a chain of Reference needs one check, at its end.
func (e *Entity) Value(name string) (any, bool) {
	if e == nil {
		return nil, false
	}
	s := e.session
	s.mu.Lock() // making an Entity of a reference changes the session
	defer s.mu.Unlock()
	t := s.store.Type(e.record)
	if t == nil {
		return nil, false
	}
	v := s.store.Read(e.record, s.store.Slot(t.Name, name))
	if v == nil {
		return nil, false
	}
	return s.decode(v), true
}

// Date is a day without a time, as YYYY-MM-DD.
type Date string

// JSON is the text of a value that is no scalar and no entity, such as a task's link.
type JSON []byte

func (s *Session) decode(v *store.Value) any {
	var buffer [8]byte
	b := s.store.Bytes(v, buffer[:])
	switch v.Kind() {
	case store.False:
		return false
	case store.True:
		return true
	case store.Number:
		if i, ok := wire.ParseInt(b); ok {
			return i
		}
		f, _ := wire.ParseFloat(b)
		return f
	case store.ASCII:
		return string(b)
	case store.UTF8:
		return wire.DecodeText(b)
	case store.Escaped:
		return wire.DecodeText(b[1 : len(b)-1])
	case store.DateTime:
		if t, err := wire.ParseDateTime(string(b)); err == nil {
			return t
		}
		return string(b)
	case store.Date:
		return Date(b)
	case store.Reference:
		return s.entityLocked(v.Reference())
	case store.List:
		list := make([]*Entity, 0, v.Len())
		for _, r := range s.store.Records(v) {
			list = append(list, s.entityLocked(r))
		}
		return list
	case store.JSON:
		return JSON(append([]byte(nil), b...))
	}
	return nil
}

// Text is an attribute as text, "" when it is empty, not loaded, or no text.
func (e *Entity) Text(name string) string {
	v, _ := e.Value(name)
	text, _ := v.(string)
	return text
}

// Reference is the entity that an attribute refers to; nil when it is empty, not loaded, or no reference.
func (e *Entity) Reference(name string) *Entity {
	v, _ := e.Value(name)
	target, _ := v.(*Entity)
	return target
}

// Time is a date-time in UTC; the zero time when it is empty, not loaded, or no date-time.
func (e *Entity) Time(name string) time.Time {
	v, _ := e.Value(name)
	t, _ := v.(time.Time)
	return t
}
