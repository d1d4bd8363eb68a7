package session

import (
	"strconv"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Command does a change that is given as JSON, for the module's boundary, and gives its result and the watched records that it changed: `{"v":
// result, "changed": [records]}`. Entities are `{"$": record}`, NotSet is `{"$": 0}`, objects that have a key of these themselves `{"$$": object}`; records are those of Store. Nothing changes
// when it returns an error.
func (s *Session) Command(text []byte) ([]byte, error) {
	node, err := wire.Parse(text)
	if err != nil {
		return nil, &ArgumentError{"a command is no JSON"}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Closed() {
		return nil, ErrConnectionClosed
	}
	name := node.Get("op").Text()
	for _, c := range commands {
		if c.name != name {
			continue
		}
		result, err := c.run(s, node)
		touched := s.store.TakeTouched()
		if err != nil {
			return nil, err
		}
		out, err := wire.AppendValue([]byte(`{"v":`), result)
		if err != nil {
			return nil, &ArgumentError{name + ": " + err.Error()}
		}
		if len(touched) > 0 {
			out = appendChanged(out, touched)
		}
		return append(out, '}'), nil
	}
	return nil, &ArgumentError{"there is no command " + strconvQuote(name)}
}

// SetJSON is the command "set" for one attribute, by its slot, with the value as commands have it: the most frequent change takes the
// short way. The answer is that of Command, nil when no watched record changed. The session keeps the bytes.
func (s *Session) SetJSON(r store.Record, slot int32, value []byte) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Closed() {
		return nil, ErrConnectionClosed
	}
	l := literal{json: value}
	if len(value) > 0 && (value[0] == '{' || value[0] == '[') {
		node, err := wire.Parse(value)
		if err != nil {
			return nil, &ArgumentError{"a command is no JSON"}
		}
		l = s.literalFrom(node)
	}
	err := s.set(r, []member{{s.store.SlotName(r, slot), l}})
	touched := s.store.TakeTouched()
	if err != nil || len(touched) == 0 {
		return nil, err
	}
	return append(appendChanged([]byte(`{"v":null`), touched), '}'), nil
}

// appendChanged writes the records that a command changed.
func appendChanged(out []byte, touched []store.Record) []byte {
	out = append(out, `,"changed":[`...)
	for i, r := range touched {
		if i > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendInt(out, int64(r), 10)
	}
	return append(out, ']')
}

type command struct {
	name string
	run  func(*Session, wire.Node) (any, error)
}

var commands []command

func init() {
	commands = []command{
		{"conflicts", func(s *Session, n wire.Node) (any, error) { return s.conflictsOf(recordOf(n)), nil }},
		{"set", func(s *Session, n wire.Node) (any, error) {
			return nil, s.set(recordOf(n), s.membersOf(n.Get("values")))
		}},
		{"unset", func(s *Session, n wire.Node) (any, error) {
			var members []member
			for _, name := range n.Get("names").List() {
				members = append(members, member{name: name.Text()})
			}
			return nil, s.set(recordOf(n), members)
		}},
		{"revert", func(s *Session, n wire.Node) (any, error) {
			var names []string
			for _, name := range n.Get("names").List() {
				names = append(names, name.Text())
			}
			return nil, s.revert(recordOf(n), names)
		}},
		{"create", func(s *Session, n wire.Node) (any, error) {
			r, err := s.create(n.Get("type").Text(), s.membersOf(n.Get("values")))
			return map[string]any{"record": int64(r)}, err
		}},
		{"delete", func(s *Session, n wire.Node) (any, error) { return nil, s.delete(recordOf(n)) }},
		{"add", func(s *Session, n wire.Node) (any, error) {
			return nil, s.changeList(recordOf(n), n.Get("name").Text(), recordsOf(n), nil)
		}},
		{"remove", func(s *Session, n wire.Node) (any, error) {
			return nil, s.changeList(recordOf(n), n.Get("name").Text(), nil, recordsOf(n))
		}},
		{"replace", func(s *Session, n wire.Node) (any, error) {
			return nil, s.set(recordOf(n), []member{{n.Get("name").Text(), literal{isList: true, list: recordsOf(n)}}})
		}},
		{"pending", (*Session).pendingCommand},
		{"mapSet", func(s *Session, n wire.Node) (any, error) {
			return nil, s.setKey(recordOf(n), n.Get("name").Text(), n.Get("key").Text(), s.literalFrom(n.Get("value")), n.Get("hierarchical").Bool())
		}},
		{"mapDelete", func(s *Session, n wire.Node) (any, error) {
			return nil, s.setKey(recordOf(n), n.Get("name").Text(), n.Get("key").Text(), literal{}, n.Get("hierarchical").Bool())
		}},
		{"mapRead", (*Session).mapReadCommand},
		{"defaults", func(s *Session, n wire.Node) (any, error) {
			t, err := s.entityType(n.Get("type").Text())
			if err != nil {
				return nil, err
			}
			projections := []string{}
			for _, path := range n.Get("projections").List() {
				projections = append(projections, path.Text())
			}
			return nil, s.setDefaults(t, projections)
		}},
		{"recording", func(s *Session, n wire.Node) (any, error) {
			before := !s.notRecording
			s.notRecording = !n.Get("on").Bool()
			return before, nil
		}},
		{"operations", func(s *Session, _ wire.Node) (any, error) {
			list := make([]any, len(s.log))
			for i, e := range s.log {
				list[i] = s.shown(e)
			}
			return list, nil
		}},
		{"push", (*Session).pushCommand},
		{"pop", func(s *Session, _ wire.Node) (any, error) {
			if len(s.log) == 0 {
				return nil, nil
			}
			e := s.log[len(s.log)-1]
			shown := s.shown(e)
			s.dropEntries(func(other *entry) bool { return other == e })
			return shown, nil
		}},
		{"clear", func(s *Session, _ wire.Node) (any, error) {
			s.dropEntries(func(*entry) bool { return true })
			return nil, nil
		}},
		{"decode", func(s *Session, n wire.Node) (any, error) {
			return s.merged(n.Get("value"), n.Get("own").Bool()), nil
		}},
		{"rollback", func(s *Session, _ wire.Node) (any, error) {
			s.rollback()
			return nil, nil
		}},
		{"states", func(s *Session, _ wire.Node) (any, error) {
			states := map[string]any{}
			for _, state := range []State{Created, Modified, Deleted} {
				states[string(state)] = numbers(s.recordsIn(state))
			}
			return states, nil
		}},
		{"state", func(s *Session, n wire.Node) (any, error) {
			if state := s.stateOf(recordOf(n)); state != Unchanged {
				return string(state), nil
			}
			return nil, nil
		}},
	}
}

func recordOf(n wire.Node) store.Record {
	r, _ := n.Get("record").Int()
	return store.Record(r)
}

func recordsOf(n wire.Node) []store.Record {
	var records []store.Record
	for _, each := range n.Get("records").List() {
		r, _ := each.Int()
		records = append(records, store.Record(r))
	}
	return records
}

func numbers(records []store.Record) []any {
	list := make([]any, len(records))
	for i, r := range records {
		list[i] = int64(r)
	}
	return list
}

// literalFrom reads a value of a command.
func (s *Session) literalFrom(n wire.Node) literal {
	switch n.Kind() {
	case wire.Object:
		if plain := n.Get("$$"); plain.Kind() == wire.Object {
			return literal{json: append([]byte(nil), plain.Raw()...)}
		}
		if r := n.Get("$"); r.Kind() == wire.Number {
			record, _ := r.Int()
			return literal{ref: store.Record(record)}
		}
	case wire.Array:
		items := n.List()
		list := make([]store.Record, 0, len(items))
		for _, item := range items {
			r := item.Get("$")
			if r.Kind() != wire.Number {
				return literal{json: append([]byte(nil), n.Raw()...)}
			}
			record, _ := r.Int()
			list = append(list, store.Record(record))
		}
		return literal{list: list, isList: true}
	}
	return literal{json: append([]byte(nil), n.Raw()...)}
}

func (s *Session) membersOf(values wire.Node) []member {
	var members []member
	for name, value := range values.Members() {
		members = append(members, member{name, s.literalFrom(value)})
	}
	return members
}

func (s *Session) pendingCommand(n wire.Node) (any, error) {
	shown := map[string]any{"added": []any{}, "removed": []any{}}
	if t := s.store.Type(recordOf(n)); t != nil {
		if a := t.Attribute(n.Get("name").Text()); a != nil {
			if c := s.changes[place{recordOf(n), a.Slot}]; c != nil {
				shown["added"], shown["removed"] = numbers(c.added), numbers(c.removed)
			}
		}
	}
	return shown, nil
}

func (s *Session) mapReadCommand(n wire.Node) (any, error) {
	t := s.store.Type(recordOf(n))
	var a *schema.Attribute
	if t != nil {
		a = t.Attribute(n.Get("name").Text())
	}
	if a == nil || !a.IsMany() {
		return nil, &AttributeError{Attribute: n.Get("name").Text(), Text: "there is no mapping " + strconvQuote(n.Get("name").Text())}
	}
	view := s.mapView(recordOf(n), a, n.Get("hierarchical").Bool())
	values, sources, from := map[string]any{}, map[string]any{}, map[string]any{}
	for key, item := range view.items {
		values[key] = s.shownValue(item.value)
		if view.resolved {
			sources[key] = string(item.source)
		}
		if item.from != "" {
			from[key] = item.from
		}
	}
	removed := make([]any, len(view.removed))
	for i, key := range view.removed {
		removed[i] = key
	}
	return map[string]any{"loaded": view.loaded, "resolved": view.resolved, "values": values, "sources": sources, "from": from, "removed": removed}, nil
}

// shownValue is a literal as commands have it.
func (s *Session) shownValue(l literal) any {
	entity := func(r store.Record) any { return map[string]any{"$": int64(r)} }
	switch {
	case l.notSet():
		return entity(0)
	case l.ref != 0:
		return entity(l.ref)
	case l.isList:
		list := make([]any, len(l.list))
		for i, r := range l.list {
			list[i] = entity(r)
		}
		return list
	}
	return wire.RawJSON(l.json)
}

// shown is an entry as commands show operations.
func (s *Session) shown(e *entry) any {
	t, key := s.entityOf(e)
	o := map[string]any{"entityType": t.Name, "entityKey": key}
	switch e.kind {
	case createEntry:
		data := map[string]any{}
		for _, m := range e.data {
			data[m.name] = s.shownValue(m.value)
		}
		o["operation"], o["entityData"] = "create", data
	case deleteEntry:
		o["operation"] = "delete"
	default:
		o["operation"], o["attributeName"] = "update", e.attribute
		if e.kind == mapEntry {
			o["attributeName"] = e.attribute + "." + e.mapKey
		}
		o["oldValue"], o["newValue"] = s.shownValue(e.old), s.shownValue(e.new)
	}
	return o
}

func (s *Session) pushCommand(n wire.Node) (any, error) {
	n = n.Get("operation")
	kind, ok := map[string]entryKind{"create": createEntry, "update": updateEntry, "delete": deleteEntry}[n.Get("operation").Text()]
	if !ok {
		return nil, &OperationError{"push: an operation creates, updates or deletes an entity"}
	}
	var key []string
	for _, part := range n.Get("entityKey").List() {
		if part.Kind() == wire.String {
			key = append(key, part.Text())
		} else {
			key = append(key, string(part.Raw()))
		}
	}
	e, err := s.handmade(kind, n.Get("entityType").Text(), key)
	if err != nil {
		return nil, err
	}
	switch kind {
	case createEntry:
		for _, m := range s.membersOf(n.Get("entityData")) {
			if err := s.checkValue(e.typ, m.name, m.value); err != nil {
				return nil, err
			}
			e.data = append(e.data, m)
		}
	case updateEntry:
		e.attribute = n.Get("attributeName").Text()
		e.new = s.literalFrom(n.Get("newValue"))
		if old := n.Get("oldValue"); old.Kind() != wire.Missing {
			e.old = s.literalFrom(old)
		}
		if err := s.checkValue(e.typ, e.attribute, e.new); err != nil {
			return nil, err
		}
	}
	s.log = append(s.log, e)
	s.count(e, 1)
	return nil, nil
}

// merged is a value with the entities in it merged, and named as commands name them: objects that tell their type and
// their key. What stands for no entity stays as it is; own says that the value names some already.
func (s *Session) merged(n wire.Node, own bool) any {
	switch n.Kind() {
	case wire.Object:
		if n.Get("__entity_type__").Kind() == wire.String {
			m := s.store.Begin(nil)
			r := m.Row(n)
			s.finish(m)
			if r != 0 {
				return map[string]any{"$": int64(r)}
			}
		}
		object := map[string]any{}
		for name, member := range n.Members() {
			object[name] = s.merged(member, own)
		}
		if !own && (n.Get("$").Kind() != wire.Missing || n.Get("$$").Kind() != wire.Missing) {
			return map[string]any{"$$": object} // no record
		}
		return object
	case wire.Array:
		list := make([]any, 0, n.Len())
		for item := range n.Elements() {
			list = append(list, s.merged(item, own))
		}
		return list
	}
	return wire.RawJSON(n.Raw())
}
