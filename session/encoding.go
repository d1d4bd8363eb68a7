package session

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Strategy says which attributes of an entity Encode writes, by the names of ftrack-python's entity_attribute_strategy.
type Strategy string

// The strategies.
const (
	EncodeAll           Strategy = "all"            // all that the type has, loaded first
	EncodeSetOnly       Strategy = "set_only"       // what is loaded or set; the default
	EncodeModifiedOnly  Strategy = "modified_only"  // what recorded operations change
	EncodePersistedOnly Strategy = "persisted_only" // what the server has, without what it computes
)

// EntityReference is an entity as requests name it: its type and its primary key.
func (s *Session) EntityReference(e *Entity) map[string]any {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.referenceTo(e.record)
}

func (s *Session) referenceTo(r store.Record) map[string]any {
	t := s.store.Type(r)
	reference := map[string]any{"__entity_type__": t.Name}
	for i, part := range entityKey(t, s.store.Key(r)) {
		reference[t.PrimaryKey[i]] = part
	}
	return reference
}

// Encode writes a value as JSON of the API: an entity with the attributes that the strategy chooses, entities below it by
// type and key, time.Time tagged; maps and lists of these too. "" is EncodeSetOnly. Only EncodeAll sends requests.
func (s *Session) Encode(ctx context.Context, value any, strategy Strategy) ([]byte, error) {
	switch strategy {
	case "":
		strategy = EncodeSetOnly
	case EncodeAll, EncodeSetOnly, EncodeModifiedOnly, EncodePersistedOnly:
	default:
		return nil, &ArgumentError{"encode: there is no strategy " + strconvQuote(string(strategy)) + "; known are all, set_only, modified_only, persisted_only"}
	}
	var entities []*Entity
	if _, err := s.written(value, func(e *Entity) any { entities = append(entities, e); return nil }); err != nil {
		return nil, err
	}
	if strategy == EncodeAll {
		if err := s.Populate(ctx, entities); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out, err := s.written(value, func(e *Entity) any { return s.attributesOf(e.record, strategy) })
	if err != nil {
		return nil, err
	}
	b, err := wire.AppendValue(nil, out)
	if err != nil {
		return nil, &ArgumentError{"encode: " + err.Error()}
	}
	return b, nil
}

// written is a value with something else in the place of each entity.
func (s *Session) written(value any, write func(*Entity) any) (any, error) {
	switch v := value.(type) {
	case *Entity:
		if v == nil {
			return nil, nil
		}
		if v.session != s {
			return nil, &ArgumentError{"encode: an entity belongs to another session: merge it first"}
		}
		return write(v), nil
	case []*Entity:
		list := make([]any, len(v))
		for i, e := range v {
			list[i] = e
		}
		return s.written(list, write)
	case []any, map[string]any:
		return eachIn(v, func(item any) (any, error) { return s.written(item, write) })
	case Date:
		return wire.Date(v), nil
	case JSON:
		return wire.RawJSON(v), nil
	}
	return value, nil
}

// eachIn is a list or an object with what a function makes of each value in it.
func eachIn(value any, f func(any) (any, error)) (any, error) {
	var err error
	if list, ok := value.([]any); ok {
		made := make([]any, len(list))
		for i, item := range list {
			if made[i], err = f(item); err != nil {
				return nil, err
			}
		}
		return made, nil
	}
	object, _ := value.(map[string]any)
	made := make(map[string]any, len(object))
	for name, item := range object {
		if made[name], err = f(item); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// attributesOf is an entity with its attributes. The session is locked.
func (s *Session) attributesOf(r store.Record, strategy Strategy) map[string]any {
	out := s.referenceTo(r)
	for _, a := range s.store.Type(r).Attributes {
		v := s.store.Read(r, a.Slot)
		switch strategy {
		case EncodeModifiedOnly:
			if !s.setsAttribute(r, a.Name) {
				continue
			}
		case EncodePersistedOnly:
			if v = s.store.Remote(r, a.Slot); a.Computed {
				continue
			}
		}
		if l := s.current(v); !l.notSet() {
			out[a.Name] = s.encodable(l)
		}
	}
	return out
}

// setsAttribute reports whether recorded operations set an attribute of a record. The session is locked.
func (s *Session) setsAttribute(r store.Record, name string) bool {
	return slices.ContainsFunc(s.log, func(e *entry) bool {
		if e.record != r {
			return false
		}
		return e.kind != createEntry && e.attribute == name ||
			e.kind == createEntry && slices.ContainsFunc(e.data, func(m member) bool { return m.name == name })
	})
}

// Decode reads JSON of the API: entities become those of this session, with what the text says of them merged; tagged
// date-times become time.Time, tagged dates Date, objects map[string]any, lists []any, numbers int64 or float64.
func (s *Session) Decode(text []byte) (any, error) {
	node, err := wire.Parse(text)
	if err != nil {
		return nil, &ArgumentError{"decode: " + err.Error()}
	}
	if s.Closed() {
		return nil, ErrConnectionClosed
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.decoded(node), nil
}

func (s *Session) decoded(n wire.Node) any {
	switch n.Kind() {
	case wire.Array:
		list := make([]any, 0, n.Len())
		for item := range n.Elements() {
			list = append(list, s.decoded(item))
		}
		return list
	case wire.Object:
		if n.Get("__entity_type__").Kind() == wire.String {
			m := s.store.Begin(nil)
			r := m.Row(n)
			if r != 0 {
				e := s.entityLocked(r)
				s.finish(m)
				return e
			}
			s.finish(m)
		}
		text := n.Get("value").Text()
		switch n.Get("__type__").Text() {
		case "datetime":
			if t, err := wire.ParseDateTime(text); err == nil {
				return t
			}
		case "date":
			return Date(strings.TrimSuffix(text, "T00:00:00"))
		}
		object := map[string]any{}
		for name, member := range n.Members() {
			object[name] = s.decoded(member)
		}
		return object
	}
	return s.plain(literal{json: n.Raw()})
}

// Merge gives a value in which the entities are this session's: those of other sessions, alone or anywhere in lists and maps, are merged
// into it, with what is loaded of them there, local changes included. The given value stays as it is.
func (s *Session) Merge(value any) (any, error) {
	if s.Closed() {
		return nil, ErrConnectionClosed
	}
	switch v := value.(type) {
	case *Entity:
		if v == nil || v.session == s {
			return v, nil
		}
		text, err := v.session.foreign(v.record)
		if err != nil {
			return nil, err
		}
		merged, err := s.Decode(text)
		if err != nil {
			return nil, err
		}
		e, ok := merged.(*Entity)
		if !ok {
			return nil, &ArgumentError{"merge: this session's server has no entities of the type of one that is merged"}
		}
		return e, nil
	case []*Entity:
		list := make([]*Entity, len(v))
		for i, e := range v {
			merged, err := s.Merge(e)
			if err != nil {
				return nil, err
			}
			list[i] = merged.(*Entity)
		}
		return list, nil
	case []any, map[string]any:
		return eachIn(v, s.Merge)
	case time.Time:
		return v, nil
	}
	return value, nil
}

// foreign is an entity of this session as a reply would have it, with all that is loaded around it; where it comes round to an entity
// again, that one is a stub.
func (s *Session) foreign(r store.Record) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := map[store.Record]bool{}
	var write func(r store.Record, depth int) map[string]any
	write = func(r store.Record, depth int) map[string]any {
		out := s.referenceTo(r)
		if seen[r] || depth > deepestMerge {
			return out
		}
		seen[r] = true
		for _, a := range s.store.Type(r).Attributes {
			l := s.current(s.store.Read(r, a.Slot))
			switch {
			case l.notSet():
			case l.ref != 0:
				out[a.Name] = write(l.ref, depth+1)
			case l.isList:
				list := make([]any, len(l.list))
				for i, item := range l.list {
					list[i] = write(item, depth+1)
				}
				out[a.Name] = list
			default:
				out[a.Name] = wire.RawJSON(l.json)
			}
		}
		return out
	}
	return wire.AppendValue(nil, write(r, 0))
}

// deepestMerge keeps what is merged within the nesting that the scanner takes: each entity is two levels.
const deepestMerge = 400
