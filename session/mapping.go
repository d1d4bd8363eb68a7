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

// Hierarchical is the mapping for custom attributes that are hierarchical, where a key is that and plain too. The rows that a query gives
// for custom_attributes do not say which they are: both mappings may show either value until custom_attributes was populated.
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
	view := s.mapView(m.entity.record, m.attribute, m.hierarchical)
	values = map[string]any{}
	for key, item := range view.items {
		values[key] = s.plain(item.value)
	}
	return values, view.loaded
}

// MappingItem is what a mapping has under a key.
type MappingItem struct {
	Value  any
	Source Source
	From   string // id of the entity that an inherited value is set on
}

// Get gives what is under a key, and whether anything is, as far as that is known.
func (m *Mapping) Get(key string) (MappingItem, bool) {
	s := m.entity.session
	s.mu.Lock()
	defer s.mu.Unlock()
	item, ok := s.mapView(m.entity.record, m.attribute, m.hierarchical).items[key]
	return MappingItem{s.plain(item.value), item.source, item.from}, ok
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
	before := s.mapView(r, a, hierarchical).items[key].value
	s.record(&entry{kind: mapEntry, record: r, attribute: name, mapKey: key, old: before, new: l, hierarchical: hierarchical})
	s.store.Touch(r)
	return nil
}

// mapView is a mapping as it is now: the server's rows with the recorded changes over them.
type mapView struct {
	loaded   bool
	resolved bool // the sources of custom attributes are known
	items    map[string]mapItem
	removed  []string // keys that were deleted
}

type mapItem struct {
	value  literal
	source Source
	from   string
}

// mapView of a record's mapping; of custom attributes of the same key the hierarchical ones, if they are asked for, else the plain
// ones. The session is locked.
func (s *Session) mapView(r store.Record, a *schema.Attribute, hierarchical bool) mapView {
	v := s.store.Read(r, a.Slot)
	view := mapView{loaded: v.Kind() == store.List, items: map[string]mapItem{}}
	var known *customValues
	source := SourceSet
	if a.Kind == schema.CustomAttributes {
		source = SourceUnknown
		known = s.customOf(r)
	}
	values := map[string]literal{} // of the rows
	owner := customOwner{}
	if a.Kind == schema.CustomAttributes && s.configurations != nil {
		owner = s.customOwner(r)
	}
	for key, row := range s.rowsByKey(v, func(key string) *configuration { return s.configurationOf(owner, key, hierarchical) }) {
		t := s.store.Type(row)
		if value := s.store.Read(row, s.store.Slot(t.Name, "value")); value != nil {
			values[key] = s.current(value)
			view.items[key] = mapItem{value: values[key], source: source}
		} else if known == nil {
			view.loaded = false // only the keys were selected, or the value changed
		}
	}
	inherits := func(key string) {
		if c := s.configurationOf(owner, key, hierarchical); c != nil {
			item := mapItem{}
			item.value, item.source, item.from = s.customValue(known, c, values[key])
			view.items[key] = item
		}
	}
	if known != nil {
		view.loaded, view.resolved = true, true
		for i := range s.configurations {
			if c := &s.configurations[i]; c.isFor(owner) {
				inherits(c.key)
			}
		}
	}
	for _, e := range s.mapped(r) {
		if e.attribute != a.Name || s.isOther(e, owner, hierarchical) {
			continue
		}
		if !e.new.notSet() {
			view.items[e.mapKey] = mapItem{value: e.new, source: SourceSet}
			view.removed = slices.DeleteFunc(view.removed, func(key string) bool { return key == e.mapKey })
			continue
		}
		delete(view.items, e.mapKey)
		view.removed = append(view.removed, e.mapKey)
		if known != nil {
			s.withoutSet(known, owner, e, func() { inherits(e.mapKey) })
		}
	}
	return view
}

// isOther reports whether a change is of the other custom attribute of a key that is plain and hierarchical. The session is
// locked.
func (s *Session) isOther(e *entry, o customOwner, hierarchical bool) bool {
	if e.hierarchical == hierarchical {
		return false
	}
	if o.kind != "" {
		return s.configurationOf(o, e.mapKey, e.hierarchical) != s.configurationOf(o, e.mapKey, hierarchical)
	}
	return slices.ContainsFunc(s.mapped(e.record), func(other *entry) bool {
		return other.attribute == e.attribute && other.mapKey == e.mapKey && other.hierarchical == hierarchical
	})
}

// mapped are the changes of a record's mappings that the server has not taken, oldest first. The session is locked.
func (s *Session) mapped(r store.Record) []*entry {
	if p := s.pending[r]; p != nil {
		return p.mapped
	}
	return nil
}

// withoutSet does something while a custom attribute that is to be unset counts as unset.
func (s *Session) withoutSet(known *customValues, o customOwner, e *entry, do func()) {
	if c := s.configurationOf(o, e.mapKey, e.hierarchical); c != nil {
		if set, ok := known.set[c.id]; ok {
			delete(known.set, c.id)
			defer func() { known.set[c.id] = set }()
		}
	}
	do()
}

// rowsByKey are the rows of a loaded mapping. Of several rows with one key, as custom attributes may have, that of the
// configuration counts, if it is known, else the last.
func (s *Session) rowsByKey(v *store.Value, of func(key string) *configuration) map[string]store.Record {
	rows := map[string]store.Record{}
	for _, row := range s.store.Records(v) {
		if t := s.store.Type(row); t != nil && !s.store.Retired(row) {
			if key, ok := s.current(s.store.Read(row, s.store.Slot(t.Name, "key"))).text(); ok {
				if c := of(key); c == nil || rows[key] == 0 || slices.Contains(s.store.Key(row), c.id) {
					rows[key] = row
				}
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
	row := s.rowsByKey(s.store.Remote(e.record, a.Slot), func(string) *configuration { return nil })[e.mapKey]
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
