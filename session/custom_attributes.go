package session

import (
	"context"
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// configuration says for which entities a custom attribute is.
type configuration struct {
	id, key      string
	entityType   string // task, show, assetversion, asset, user, list
	objectType   string // id, "" for all
	project      string // id, "" for a global one
	hierarchical bool
	fallback     literal // what entities show where nothing is set
}

// customKind is what configurations call an entity type, "" for one without custom attributes.
func customKind(t *schema.EntityType) string {
	switch {
	case t.IsA("TypedContext"):
		return "task"
	case t.IsA("Project"):
		return "show"
	case t.IsA("AssetVersion"):
		return "assetversion"
	case t.IsA("Asset"):
		return "asset"
	case t.IsA("User"):
		return "user"
	case t.IsA("List"):
		return "list"
	}
	return ""
}

// mayBeHierarchical are the kinds of entities that hierarchical attributes are for.
var mayBeHierarchical = []string{"task", "show", "assetversion", "asset"}

// fetchConfigurations asks the server what custom attributes there are; once, and again when a key is missing.
func (s *Session) fetchConfigurations(ctx context.Context) error {
	return s.fetchInto(ctx, "custom attributes", []question{s.askConfigurations()})
}

func (s *Session) askConfigurations() question {
	const expression = "select key, project_id, id, object_type_id, entity_type, is_hierarchical, default from CustomAttributeConfiguration"
	return question{expression: expression, take: func(rows wire.Node, _ *reading) {
		found := make([]configuration, 0, rows.Len())
		for row := range rows.Elements() {
			found = append(found, configuration{
				id: row.Get("id").Text(), key: row.Get("key").Text(), entityType: row.Get("entity_type").Text(),
				objectType: row.Get("object_type_id").Text(), project: row.Get("project_id").Text(), hierarchical: row.Get("is_hierarchical").Bool(),
				fallback: valueOf(row.Get("default")),
			})
		}
		s.configurations = found
	}}
}

// valueOf keeps a value of a reply; one that is missing is empty.
func valueOf(n wire.Node) literal {
	if n.Kind() == wire.Missing {
		return literal{json: []byte("null")}
	}
	return literal{json: append([]byte(nil), n.Raw()...)}
}

// customOwner is what decides which configurations an entity has.
type customOwner struct{ kind, objectType, project string }

// customOwner tells it of an entity, as far as it is loaded. The session is locked.
func (s *Session) customOwner(r store.Record) customOwner {
	return customOwner{customKind(s.store.Type(r)), s.textOf(r, "object_type_id"), s.projectOf(r)}
}

func (c *configuration) isFor(o customOwner) bool {
	fits := c.entityType == o.kind && (o.kind != "task" || c.objectType == "" || c.objectType == o.objectType)
	if c.hierarchical {
		fits = slices.Contains(mayBeHierarchical, o.kind)
	}
	return fits && (c.project == "" || c.project == o.project)
}

// configurationFor is the configuration of a key for an entity: a plain one before a hierarchical one, unless that is
// asked for; one of the entity's project before a global one. The session is locked.
func (s *Session) configurationFor(r store.Record, key string, hierarchical bool) *configuration {
	return s.configurationOf(s.customOwner(r), key, hierarchical)
}

func (s *Session) configurationOf(o customOwner, key string, hierarchical bool) *configuration {
	var best *configuration
	rank := func(c *configuration) int {
		n := 0
		if c.hierarchical == hierarchical {
			n += 2
		}
		if c.project != "" {
			n++
		}
		return n
	}
	for i := range s.configurations {
		c := &s.configurations[i]
		if c.key == key && c.isFor(o) && (best == nil || rank(c) > rank(best)) {
			best = c
		}
	}
	return best
}

// textOf is a loaded text of an entity, "" for none. The session is locked.
func (s *Session) textOf(r store.Record, name string) string {
	t := s.store.Type(r)
	if t == nil || t.Attribute(name) == nil {
		return ""
	}
	text, _ := s.current(s.store.Read(r, t.Attribute(name).Slot)).text()
	return text
}

// projectOf is the id of an entity's project as far as it is loaded, by way of its parents if need be.
func (s *Session) projectOf(r store.Record) string {
	for range 32 {
		t := s.store.Type(r)
		switch {
		case t == nil:
			return ""
		case t.IsA("Project"):
			return s.store.Key(r)[0]
		}
		if id := s.textOf(r, "project_id"); id != "" {
			return id
		}
		next := store.Record(0)
		for _, name := range owning {
			if a := t.Attribute(name); a != nil && next == 0 {
				next = s.store.Read(r, a.Slot).Reference()
			}
		}
		r = next
	}
	return ""
}

// projectPath is what leads from an entity to its project.
func projectPath(t *schema.EntityType) []string {
	switch customKind(t) {
	case "task":
		return []string{"project_id", "object_type_id"}
	case "asset":
		return []string{"parent.id", "parent[TypedContext].project_id"}
	case "assetversion":
		return []string{"asset.parent.id", "asset.parent[TypedContext].project_id"}
	}
	return nil
}

// prepareCustomAttributes loads what tells which configurations recorded changes are for, and finds those that are for
// none.
func (s *Session) prepareCustomAttributes(ctx context.Context) error {
	changed := func(each func(e *entry, t *schema.EntityType)) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, e := range s.log {
			if p := s.pending[e.record]; e.kind != mapEntry || p != nil && p.deleted {
				continue
			}
			if t := s.store.Type(e.record); t.Attribute(e.attribute).Kind == schema.CustomAttributes {
				each(e, t)
			}
		}
	}
	paths := map[string][]store.Record{}
	any := false
	changed(func(e *entry, t *schema.EntityType) {
		any = true
		r := e.record
		if p := s.pending[r]; p != nil && p.created {
			for _, name := range owning { // the project is that of its parent
				if a := t.Attribute(name); a != nil {
					r = s.store.Read(r, a.Slot).Reference()
					break
				}
			}
			if t = s.store.Type(r); t == nil {
				return
			}
		}
		for _, path := range projectPath(t) {
			paths[path] = append(paths[path], r)
		}
	})
	if !any {
		return nil
	}
	old := s.configurations != nil
	if !old {
		if err := s.fetchConfigurations(ctx); err != nil {
			return err
		}
	}
	for path, records := range paths {
		if err := s.PopulateRecords(ctx, records, path); err != nil {
			return err
		}
	}
	var missing *OperationError
	check := func() {
		missing = nil
		changed(func(e *entry, t *schema.EntityType) {
			if s.configurationFor(e.record, e.mapKey, e.hierarchical) == nil {
				missing = &OperationError{"commit: a " + t.Name + " has no custom attribute " + strconvQuote(e.mapKey) +
					": it must be configured for this type and project first"}
			}
		})
	}
	if check(); missing != nil && old {
		if err := s.fetchConfigurations(ctx); err != nil {
			return err
		}
		check()
	}
	if missing != nil {
		return missing
	}
	return s.findSetValues(ctx)
}

// findSetValues asks which of the values that are to be unset are set at all: only those have a row in CustomAttributeValue
// to delete; the named variants of that type show defaults too (reference, section 9).
func (s *Session) findSetValues(ctx context.Context) error {
	s.mu.Lock()
	var expressions []string
	for _, e := range s.log {
		if e.kind != mapEntry || !e.new.notSet() {
			continue
		}
		t := s.store.Type(e.record)
		a := t.Attribute(e.attribute)
		if p := s.pending[e.record]; a.Kind != schema.CustomAttributes || p != nil && p.created {
			continue
		}
		c := s.configurationFor(e.record, e.mapKey, e.hierarchical)
		expressions = append(expressions, "select entity_id, configuration_id, value from CustomAttributeValue where entity_id is "+
			query.Text(s.store.Key(e.record)[0])+" and configuration_id is "+query.Text(c.id))
	}
	s.setValues = map[[2]string]bool{}
	s.mu.Unlock()
	if len(expressions) == 0 {
		return nil
	}
	operations := make([]wire.Operation, len(expressions))
	for i, e := range expressions {
		operations[i] = wire.Query(e)
	}
	return s.read(ctx, "custom attributes", wire.AppendOperations(nil, operations...), len(operations), func(_ *reading, replies []wire.Node) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, reply := range replies {
			for row := range reply.Get("data").Elements() {
				s.setValues[[2]string{row.Get("configuration_id").Text(), row.Get("entity_id").Text()}] = true
			}
		}
		return nil
	})
}

// customChange is what the change of a custom attribute does to its row: the server makes it when it is updated. The
// session is locked.
func (s *Session) customChange(e *entry, a *schema.Attribute) *entry {
	rows := s.schemas.Type(a.Target)
	c := s.configurationFor(e.record, e.mapKey, e.hierarchical)
	owner := s.store.Key(e.record)
	if rows == nil || c == nil || len(owner) != 1 || len(rows.PrimaryKey) != 2 {
		return nil
	}
	if e.new.notSet() && !s.setValues[[2]string{c.id, owner[0]}] {
		return nil
	}
	if v := s.customs[owner[0]]; v != nil && v.set != nil {
		if set, ok := v.set[c.id]; ok && same(set, e.new) {
			return nil // it is set to that already
		}
	}
	key := []string{c.id, owner[0]}
	if rows.PrimaryKey[0] != "configuration_id" {
		key = []string{owner[0], c.id}
	}
	row := s.store.Find(rows.Name, key...)
	if row == 0 {
		row = s.stub(rows, key)
	}
	if e.new.notSet() {
		return &entry{kind: deleteEntry, record: row}
	}
	return &entry{kind: updateEntry, record: row, attribute: "value", new: e.new, always: true}
}
