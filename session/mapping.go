package session

import (
	"slices"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
)

// Mapping is the metadata of an entity, texts by key, or its custom attributes. Each key is a row on the server; keys can be
// set and deleted whether or not the mapping is loaded. What custom attributes there are is configured on the server: one that is not is an
// *OperationError of the commit. Deleting one takes the set value away, so that the default or the inherited value
// shows again.
type Mapping struct {
	entity       *Entity
	attribute    *schema.Attribute
	hierarchical bool
}

// Hierarchical is the mapping for custom attributes that are hierarchical, where a key is that and plain too.
func (m *Mapping) Hierarchical() *Mapping { return &Mapping{m.entity, m.attribute, true} }

// Mapping gives a mapping by its name; an *AttributeError when the entity has none of that name.
func (e *Entity) Mapping(name string) (*Mapping, error) {
	t := e.Type()
	if t == nil {
		return nil, &InvalidStateError{"the entity is gone"}
	}
	a := t.Attribute(name)
	if a == nil || a.Kind != schema.Mapped && a.Kind != schema.CustomAttributes {
		return nil, &AttributeError{t.Name, name, t.Name + " has no mapping " + strconvQuote(name)}
	}
	return &Mapping{e, a, false}, nil
}

// Set gives a key a value.
func (m *Mapping) Set(key string, value any) error {
	s := m.entity.session
	s.mu.Lock()
	defer s.mu.Unlock()
	l, err := s.literalOf(value)
	if err != nil {
		return err
	}
	return s.setKey(m.entity.record, m.attribute.Name, key, l, m.hierarchical)
}

// Delete takes a key away; one that is not there is passed over.
func (m *Mapping) Delete(key string) error {
	s := m.entity.session
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.setKey(m.entity.record, m.attribute.Name, key, literal{}, m.hierarchical)
}

// Values are the keys and values as far as they are known, and whether the mapping is loaded: if not, only what was set is
// there.
func (m *Mapping) Values() (values map[string]any, loaded bool) {
	s := m.entity.session
	s.mu.Lock()
	defer s.mu.Unlock()
	view := s.mapView(m.entity.record, m.attribute)
	values = map[string]any{}
	for key, l := range view.values {
		values[key] = s.plain(l)
	}
	return values, view.loaded
}

// setKey records a change of one key; the zero literal deletes it. The session is locked.
func (s *Session) setKey(r store.Record, name, key string, l literal, hierarchical bool) error {
	t, err := s.writable(r)
	if err != nil {
		return err
	}
	if err := s.checkValue(t, name, literal{}); err != nil {
		return err
	}
	a := t.Attribute(name)
	rows := s.schemas.Type(a.Target)
	if rows == nil || a.Kind != schema.Mapped && (a.Kind != schema.CustomAttributes || customKind(t) == "" || rows.Attribute("value") == nil) {
		return &AttributeError{t.Name, name, t.Name + "." + name + " is no mapping whose keys can be set"}
	}
	if key == "" {
		return &AttributeError{t.Name, name, t.Name + "." + name + ": a key must not be empty"}
	}
	if !l.notSet() && a.Kind == schema.Mapped {
		if err := s.checkValue(rows, "value", l); err != nil {
			return err
		}
	}
	before := s.mapView(r, a).values[key]
	s.record(&entry{kind: mapEntry, record: r, attribute: name, mapKey: key, old: before, new: l, hierarchical: hierarchical})
	return nil
}

// mapView is a mapping as it is now: the server's rows with the recorded changes over them.
type mapView struct {
	loaded  bool
	values  map[string]literal
	removed []string // keys that were deleted
	changed bool     // keys were set or deleted
}

func (s *Session) mapView(r store.Record, a *schema.Attribute) mapView {
	v := s.store.Read(r, a.Slot)
	view := mapView{loaded: v.Kind() == store.List, values: map[string]literal{}}
	for key, row := range s.rowsByKey(v) {
		t := s.store.Type(row)
		view.values[key] = s.current(s.store.Read(row, s.store.Slot(t.Name, "value")))
	}
	for _, e := range s.log {
		if e.kind != mapEntry || e.record != r || e.attribute != a.Name {
			continue
		}
		view.changed = true
		if e.new.notSet() {
			delete(view.values, e.mapKey)
			view.removed = append(view.removed, e.mapKey)
		} else {
			view.values[e.mapKey] = e.new
			view.removed = slices.DeleteFunc(view.removed, func(key string) bool { return key == e.mapKey })
		}
	}
	return view
}

// rowsByKey are the rows of a loaded mapping.
func (s *Session) rowsByKey(v *store.Value) map[string]store.Record {
	rows := map[string]store.Record{}
	for _, row := range s.store.Records(v) {
		if t := s.store.Type(row); t != nil && !s.store.Retired(row) {
			if key, ok := s.plain(s.current(s.store.Read(row, s.store.Slot(t.Name, "key")))).(string); ok {
				rows[key] = row
			}
		}
	}
	return rows
}

// expandMappings gives the entries of a log with changes of mappings as changes of their rows: an update where the row
// is there, else its creation. The parent's list needs no update, the server keeps it. The session is locked.
func (s *Session) expandMappings(t *taken) []*entry {
	type key struct {
		at           place
		mapKey       string
		hierarchical bool
	}
	all := map[key][]*entry{}
	keyOf := func(e *entry) key {
		return key{place{e.record, s.store.Type(e.record).Attribute(e.attribute).Slot}, e.mapKey, e.hierarchical}
	}
	for _, e := range t.recorded {
		if e.kind == mapEntry {
			all[keyOf(e)] = append(all[keyOf(e)], e)
		}
	}
	if len(all) == 0 {
		return t.recorded
	}
	var log []*entry
	for _, e := range t.recorded {
		if p := s.pending[e.record]; e.kind != mapEntry || p != nil && p.deleted {
			log = append(log, e) // nothing of what is deleted is sent
		} else if of := all[keyOf(e)]; of[len(of)-1] == e {
			if row := s.rowChange(t, e); row != nil {
				row.from = of
				log = append(log, row)
			}
		}
	}
	return log
}

// rowChange is what the change of a key does to its row, nil for nothing.
func (s *Session) rowChange(t *taken, e *entry) *entry {
	owner := s.store.Type(e.record)
	a := owner.Attribute(e.attribute)
	if a.Kind == schema.CustomAttributes {
		return s.customChange(e, a)
	}
	row := s.rowsByKey(s.store.Remote(e.record, a.Slot))[e.mapKey]
	switch {
	case e.new.notSet() && row == 0:
		return nil
	case e.new.notSet():
		return &entry{kind: deleteEntry, record: row}
	case row != 0:
		return &entry{kind: updateEntry, record: row, attribute: "value", new: e.new}
	}
	rows := s.schemas.Type(a.Target)
	parent, err := s.literalOf(strings.Join(s.store.Key(e.record), ","))
	if err != nil {
		return nil
	}
	text := func(value string) literal { l, _ := s.literalOf(value); return l }
	data := []member{{"key", text(e.mapKey)}, {"parent_id", parent}, {"parent_type", text(owner.Name)}, {"value", e.new}}
	made, err := s.keyFrom(rows, data)
	if err != nil {
		return nil
	}
	r := s.stub(rows, made)
	t.made[r] = true
	return &entry{kind: createEntry, record: r, data: data}
}
