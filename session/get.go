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
// projections is not asked for again, unlike what the server did not have; with a Storage and a Policy that uses it, what is kept and no older than MaxAge comes
// next, and what is kept at any age when the network fails. Gets at the same time go in one request. A base type finds the entities of the types below it. A key with another
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
	if page, ok := s.keptEntity(ctx, t, key, false); ok {
		return page, nil
	}
	if s.options.Policy == CacheOnly {
		return Page{Done: true}, s.notKept("get")
	}
	expression := "select " + strings.Join(s.defaultProjections(t), ", ") + " from " + t.Name + " where " + keyCriterion(t, key) + " limit 1"
	page := Page{Done: true}
	kept := s.keepsEntity(ctx, t, key)
	err = s.fetchTogether(ctx, "get", []question{{expression: expression, kept: kept, take: func(rows wire.Node, read *reading) {
		m := s.store.Begin(nil)
		m.Keep(read.written)
		for row := range rows.Elements() {
			m.Row(row)
		}
		page.Records = read.here(m.Rows())
		if !s.options.KeepRecords {
			page.entities = make([]*Entity, len(page.Records))
			for i, r := range page.Records {
				page.entities[i] = s.entityLocked(r)
			}
		}
		s.finish(m)
	}}})
	if err != nil && kept {
		return s.orKept(err, t, key)
	}
	return page, err
}

// inMemory looks for an entity that has its default projections.
func (s *Session) inMemory(t *schema.EntityType, key []string) (Page, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.store.Find(t.Name, key...)
	if p := s.pending[r]; r == 0 || !s.hasDefaults(r) && (p == nil || !p.created) { // a created one is here only
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
	for _, name := range s.defaultProjections(t) {
		if !s.loaded([]store.Record{r}, strings.Split(name, ".")) {
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
