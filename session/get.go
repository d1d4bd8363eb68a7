package session

import (
	"context"
	"strconv"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Get is the entity of a type with a primary key, nil when the server has none. What is in memory with its default
// projections is not asked for again. A base type finds the entities of the types below it. A key with another
// number of parts than the schema's is an *ArgumentError.
func (s *Session) Get(ctx context.Context, entityType string, key ...string) (*Entity, error) {
	page, err := s.GetPage(ctx, entityType, key...)
	if err != nil || len(page.Records) == 0 {
		return nil, err
	}
	return s.rows(page)[0], nil
}

// GetPage is Get as a page of at most one row.
func (s *Session) GetPage(ctx context.Context, entityType string, key ...string) (Page, error) {
	if s.Closed() {
		return Page{}, ErrConnectionClosed
	}
	t, err := s.entityType(entityType)
	if err != nil {
		return Page{}, err
	}
	if len(key) != len(t.PrimaryKey) {
		return Page{}, &ArgumentError{"get: " + t.Name + " has the primary key (" + strings.Join(t.PrimaryKey, ", ") +
			"), but the number of values given is " + strconv.Itoa(len(key))}
	}
	if page, ok := s.inMemory(t, key); ok {
		return page, nil
	}
	q, err := s.Query("select " + strings.Join(defaultProjections(t), ", ") + " from " + t.Name + " where " + keyCriterion(t, key))
	if err != nil {
		return Page{}, err
	}
	return q.few(ctx, 1)
}

// inMemory looks for an entity that has its default projections.
func (s *Session) inMemory(t *schema.EntityType, key []string) (Page, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.store.Find(t.Name, key...)
	if r == 0 || !s.hasDefaults(r) {
		return Page{}, false
	}
	page := Page{Records: []store.Record{r}, Done: true}
	if !s.options.KeepRecords {
		page.entities = []*Entity{s.entityLocked(r)}
	}
	return page, true
}

// hasDefaults reports whether a record has its type's default projections. The session is locked.
func (s *Session) hasDefaults(r store.Record) bool {
	t := s.store.Type(r)
	for _, name := range defaultProjections(t) {
		if s.store.Read(r, s.store.Slot(t.Name, name)) == nil {
			return false
		}
	}
	return true
}

// keyCriterion is the criterion that one entity meets: `id is "x"`, or all parts of a composite key.
func keyCriterion(t *schema.EntityType, key []string) string {
	var b strings.Builder
	for i, name := range t.PrimaryKey {
		if i > 0 {
			b.WriteString(" and ")
		}
		b.WriteString(name)
		b.WriteString(" is ")
		if a := t.Attribute(name); a != nil && (a.Kind == schema.Integer || a.Kind == schema.Number) {
			if _, err := strconv.ParseFloat(key[i], 64); err == nil {
				b.WriteString(key[i])
				continue
			}
		}
		b.WriteString(query.Text(key[i]))
	}
	return b.String()
}

// Populate loads what entities lack of the projections, entities of one type and lack in one operation, all
// operations in one request of at most a few hundred keys each. Values that are loaded are not asked for again.
// An unknown attribute is an *ArgumentError that names it.
func (s *Session) Populate(ctx context.Context, entities []*Entity, projections ...string) error {
	records := make([]store.Record, len(entities))
	for i, e := range entities {
		if e.session != s {
			return &ArgumentError{"populate: an entity belongs to another session"}
		}
		records[i] = e.record
	}
	return s.PopulateRecords(ctx, records, projections...)
}

// keysPerOperation bounds the list of keys in one expression: very long ones are slow or refused (reference, section 4).
const keysPerOperation = 500

// PopulateRecords is Populate by record.
func (s *Session) PopulateRecords(ctx context.Context, records []store.Record, projections ...string) error {
	if s.Closed() {
		return ErrConnectionClosed
	}
	expressions, err := s.missing(records, projections)
	if err != nil || len(expressions) == 0 {
		return err
	}
	operations := make([]wire.Operation, len(expressions))
	for i, e := range expressions {
		operations[i] = wire.Query(e)
	}
	return s.read(ctx, "populate", wire.AppendOperations(nil, operations...), len(operations),
		func(_ *wire.Tape, replies []wire.Node) error {
			for _, reply := range replies {
				if _, err := s.mergeRows(ctx, "populate", reply.Get("data"), nil); err != nil {
					return err
				}
			}
			return nil
		})
}

// missing builds the expressions that load what the records lack.
func (s *Session) missing(records []store.Record, projections []string) ([]string, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	type lack struct {
		typ   *schema.EntityType
		paths string
	}
	keys := map[lack][]string{}
	var order []lack
	seen := map[store.Record]bool{}
	for _, r := range records {
		t := s.store.Type(r)
		if t == nil || seen[r] {
			continue
		}
		seen[r] = true
		var paths []string
		for _, path := range projections {
			expanded, err := s.expand(t, path)
			if err != nil {
				return nil, err
			}
			for _, p := range expanded {
				if !s.loaded([]store.Record{r}, strings.Split(p, ".")) {
					paths = append(paths, p)
				}
			}
		}
		if len(paths) == 0 {
			continue
		}
		l := lack{t, strings.Join(paths, ", ")}
		if _, ok := keys[l]; !ok {
			order = append(order, l)
		}
		keys[l] = append(keys[l], s.identityText(t, r))
	}
	var expressions []string
	for _, l := range order {
		for list := keys[l]; len(list) > 0; {
			n := min(keysPerOperation, len(list))
			criterion := strings.Join(list[:n], " or ")
			if len(l.typ.PrimaryKey) == 1 {
				criterion = l.typ.PrimaryKey[0] + " in (" + strings.Join(list[:n], ", ") + ")"
			}
			expressions = append(expressions, "select "+l.paths+" from "+l.typ.Name+" where "+criterion)
			list = list[n:]
		}
	}
	return expressions, nil
}

// identityText is a record's key for an expression: a quoted value, or a criterion in parentheses.
func (s *Session) identityText(t *schema.EntityType, r store.Record) string {
	key := s.store.Key(r)
	if len(t.PrimaryKey) == 1 {
		return query.Text(key[0])
	}
	return "(" + keyCriterion(t, key) + ")"
}

// expand checks a path against the schemas, and gives an entity at its end the default projections of its type, so
// that `status` brings a status with a name. Steps below an unknown type are left to the server.
func (s *Session) expand(t *schema.EntityType, path string) ([]string, error) {
	segments := strings.Split(path, ".")
	current := t
	for i, segment := range segments {
		if current == nil {
			return []string{path}, nil
		}
		name, cast, hasCast := strings.Cut(strings.TrimSuffix(segment, "]"), "[")
		a := current.Attribute(name)
		if a == nil {
			text := "unknown attribute " + strconvQuote(name) + " of " + current.Name + " in " + strconvQuote(path)
			return nil, &ArgumentError{"populate: " + text}
		}
		target := a.Target
		if hasCast {
			target = cast
		}
		if target == "" {
			if i < len(segments)-1 {
				return nil, &ArgumentError{"populate: " + strconvQuote(name) + " of " + current.Name + " is no relation, so " +
					strconvQuote(path) + " cannot go on behind it"}
			}
			return []string{path}, nil
		}
		current = s.schemas.Type(target)
	}
	if current == nil {
		return []string{path}, nil
	}
	var expanded []string
	for _, name := range append(append([]string(nil), defaultProjections(current)...), mappedProjections(current)...) {
		expanded = append(expanded, path+"."+name)
	}
	return expanded, nil
}

// mappedProjections are what a mapping needs of its rows beyond their default projections.
func mappedProjections(t *schema.EntityType) []string {
	if strings.HasSuffix(t.Name, "CustomAttributeValue") && t.Attribute("value") != nil {
		return []string{"value"}
	}
	return nil
}

// loaded reports whether every value along a path is at hand. The session is locked.
func (s *Session) loaded(records []store.Record, path []string) bool {
	for _, r := range records {
		t := s.store.Type(r)
		if t == nil {
			return false
		}
		name, _, _ := strings.Cut(path[0], "[")
		v := s.store.Read(r, s.store.Slot(t.Name, name))
		if v == nil {
			return false
		}
		if len(path) == 1 {
			continue
		}
		switch v.Kind() {
		case store.Reference:
			if !s.loaded([]store.Record{v.Reference()}, path[1:]) {
				return false
			}
		case store.List:
			for _, item := range s.store.Records(v) {
				if !s.loaded([]store.Record{item}, path[1:]) {
					return false
				}
			}
		}
	}
	return true
}
