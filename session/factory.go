package session

import (
	"maps"
	"slices"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
)

// EntityFactory makes an entity type what a program wants it to be, as the handlers of ftrack.api.session.construct-entity-type do
// in ftrack-python. A type without a factory has that of its base type.
type EntityFactory struct {
	// DefaultProjections are what queries without a select and Get ask for, instead of those of the schema.
	DefaultProjections []string
	// Construct makes the program's own value for an entity, such as a struct that embeds it and has methods: Entity.Object gives
	// it. It is called once for each entity, and must not use the session.
	Construct func(*Entity) any
}

// Object is what the factory of the entity's type made of it; the entity itself without one.
func (e *Entity) Object() any {
	e.session.mu.Lock()
	defer e.session.mu.Unlock()
	if e.object != nil {
		return e.object
	}
	for t := e.session.store.Type(e.record); t != nil; t = t.Base {
		if construct := e.session.options.EntityTypes[t.Name].Construct; construct != nil {
			e.object = construct(e)
			return e.object
		}
	}
	return e
}

// SetDefaultProjections says what queries without a select and Get ask for of a type and of those below it that have none of their own.
// An unknown path is an *ArgumentError that names it.
func (s *Session) SetDefaultProjections(entityType string, projections []string) error {
	t, err := s.entityType(entityType)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.setDefaults(t, projections)
}

// setDefaults replaces the table, which is read without a lock. The session is locked.
func (s *Session) setDefaults(t *schema.EntityType, projections []string) error {
	for _, text := range projections {
		_, err := query.ParsePath(text)
		if err == nil {
			_, err = s.expand(t, text)
		}
		if err != nil {
			return &ArgumentError{"default projections of " + t.Name + ": " + strings.TrimPrefix(err.Error(), "populate: ")}
		}
	}
	table := map[*schema.EntityType][]string{}
	if known := s.defaults.Load(); known != nil {
		maps.Copy(table, *known)
	}
	table[t] = slices.Clone(projections)
	s.defaults.Store(&table)
	return nil
}

// defaultProjections are what is asked for of a type where nobody says what.
func (s *Session) defaultProjections(t *schema.EntityType) []string {
	if table := s.defaults.Load(); table != nil {
		for at := t; at != nil; at = at.Base {
			if projections, ok := (*table)[at]; ok {
				return projections
			}
		}
	}
	return defaultProjections(t)
}

// projections are defaultProjections as a query has them.
func (s *Session) projections(t *schema.EntityType) []query.Projection {
	names := s.defaultProjections(t)
	projections := query.Plain(names...)
	for i, name := range names {
		if strings.ContainsAny(name, ".[") {
			projections[i].Path, _ = query.ParsePath(name) // checked when it was given
		}
	}
	return projections
}
