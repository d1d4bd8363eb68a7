package session

import (
	"context"
	"slices"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
)

// Populate loads what entities lack of the projections, entities of one type and lack in one operation, all
// operations in one request of at most a few hundred keys each. Values that are loaded are not asked for again.
// Without projections all attributes are loaded. An unknown attribute is an *ArgumentError that names it.
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

// PopulateRecords is Populate by record. What several callers lack at the same time goes in one request.
func (s *Session) PopulateRecords(ctx context.Context, records []store.Record, projections ...string) error {
	if s.Closed() {
		return ErrConnectionClosed
	}
	if len(projections) == 0 {
		return s.populateAll(ctx, records)
	}
	now, later, err := s.split(records, projections)
	if err != nil {
		return err
	}
	if err := s.populateNow(ctx, records, now); err != nil {
		return err
	}
	// What only the concrete types of these relations have is asked for once these are known.
	for _, path := range later {
		if err := s.PopulateRecords(ctx, s.having(s.reached(records, path.prefix), path.rest), path.rest); err != nil {
			return err
		}
	}
	return nil
}

// populateAll loads all attributes of entities, those of one type in one request.
func (s *Session) populateAll(ctx context.Context, records []store.Record) error {
	s.mu.RLock()
	byType := map[*schema.EntityType][]store.Record{}
	var order []*schema.EntityType
	for _, r := range records {
		if t := s.store.Type(r); t != nil {
			if byType[t] == nil {
				order = append(order, t)
			}
			byType[t] = append(byType[t], r)
		}
	}
	s.mu.RUnlock()
	for _, t := range order {
		var names []string
		for _, a := range t.Attributes {
			if !a.Restricted {
				names = append(names, a.Name)
			}
		}
		if err := s.PopulateRecords(ctx, byType[t], names...); err != nil {
			return err
		}
	}
	return nil
}

// laterPath is a path through a relation to a base type: `parent.description`, where only shots and tasks have descriptions.
type laterPath struct{ prefix, rest string }

// split tells paths that can be asked for in one step from those that need the types of their entities first.
func (s *Session) split(records []store.Record, projections []string) (now []string, later []laterPath, err error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, path := range projections {
		prefix := ""
		for _, r := range records {
			if t := s.store.Type(r); t != nil {
				prefix = s.baseStep(t, path)
				break
			}
		}
		if prefix == "" {
			now = append(now, path)
			continue
		}
		now = append(now, prefix)
		later = append(later, laterPath{prefix, path[len(prefix)+1:]})
	}
	return now, later, nil
}

// baseStep is the part of a path up to a relation to a base type that lacks the next attribute, while types below it
// have it; "" when there is none.
func (s *Session) baseStep(t *schema.EntityType, path string) string {
	at := 0
	for t != nil {
		segment, rest, more := strings.Cut(path[at:], ".")
		name, cast, hasCast := strings.Cut(strings.TrimSuffix(segment, "]"), "[")
		a := t.Attribute(name)
		if a == nil || !more {
			return ""
		}
		target := a.Target
		if hasCast {
			target = cast
		}
		at += len(segment)
		if t = s.schemas.Type(target); t != nil {
			next, _, _ := strings.Cut(rest, ".")
			next, _, _ = strings.Cut(next, "[")
			if t.Attribute(next) == nil && derivedHas(t, next) {
				return path[:at]
			}
		}
		at++
	}
	return ""
}

func derivedHas(t *schema.EntityType, attribute string) bool {
	for _, d := range t.Derived {
		if d.Attribute(attribute) != nil || derivedHas(d, attribute) {
			return true
		}
	}
	return false
}

// reached are the entities at the end of a path that is loaded.
func (s *Session) reached(records []store.Record, path string) []store.Record {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, segment := range strings.Split(path, ".") {
		name, _, _ := strings.Cut(segment, "[")
		var next []store.Record
		for _, r := range records {
			t := s.store.Type(r)
			if t == nil {
				continue
			}
			v := s.store.Read(r, s.store.Slot(t.Name, name))
			if target := v.Reference(); target != 0 {
				next = append(next, target)
			}
			for _, item := range s.store.Records(v) {
				next = append(next, item)
			}
		}
		records = next
	}
	return records
}

// having are the entities whose type has the first attribute of a path: of mixed parents some may lack it.
func (s *Session) having(records []store.Record, path string) []store.Record {
	first, _, _ := strings.Cut(path, ".")
	first, _, _ = strings.Cut(first, "[")
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.DeleteFunc(records, func(r store.Record) bool {
		t := s.store.Type(r)
		return t == nil || t.Attribute(first) == nil
	})
}

// populateNow is PopulateRecords for paths that the schemas know whole.
func (s *Session) populateNow(ctx context.Context, records []store.Record, projections []string) error {
	questions, err := s.missing(records, projections)
	if err != nil {
		return err
	}
	custom := slices.Contains(projections, customAttributes)
	if custom {
		questions = append(questions, s.askCustomValues(records)...)
	}
	if err := s.fetchTogether(ctx, "populate", questions); err != nil || !custom {
		return s.populateFromKept(err, records, projections)
	}
	return s.resolveCustomValues(ctx, records)
}

// missing builds the expressions that load what the records lack.
func (s *Session) missing(records []store.Record, projections []string) ([]question, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	type group struct {
		typ   *schema.EntityType
		paths string
	}
	paths := map[group][]string{}
	members := map[group][]store.Record{}
	var order []group
	seen := map[store.Record]bool{}
	for _, r := range records {
		t := s.store.Type(r)
		if t == nil || seen[r] {
			continue
		}
		seen[r] = true
		if p := s.pending[r]; p != nil && p.created || s.store.Retired(r) {
			continue // the server has none of it
		}
		var lacking []string
		for _, path := range projections {
			expanded, err := s.expand(t, path)
			if err != nil {
				return nil, err
			}
			for _, p := range expanded {
				if !s.loaded([]store.Record{r}, strings.Split(p, ".")) && !s.isUnanswered(r, p) {
					lacking = append(lacking, p)
				}
			}
		}
		if len(lacking) == 0 {
			continue
		}
		g := group{t, strings.Join(lacking, ", ")}
		if members[g] == nil {
			order = append(order, g)
			paths[g] = lacking
		}
		members[g] = append(members[g], r)
	}
	var questions []question
	for _, g := range order {
		for chunk := range slices.Chunk(members[g], keysPerOperation) {
			questions = append(questions, question{
				expression: "select " + g.paths + " from " + g.typ.Name + " where " + s.keysCriterion(g.typ, chunk),
				records:    chunk, paths: paths[g],
			})
		}
	}
	return questions, nil
}

// keysCriterion is the criterion that the records of a type meet. The session is locked.
func (s *Session) keysCriterion(t *schema.EntityType, records []store.Record) string {
	list := make([]string, len(records))
	for i, r := range records {
		list[i] = s.identityText(t, r)
	}
	switch {
	case len(t.PrimaryKey) == 1 && len(list) == 1:
		return t.PrimaryKey[0] + " is " + list[0]
	case len(t.PrimaryKey) == 1:
		return t.PrimaryKey[0] + " in (" + strings.Join(list, ", ") + ")"
	}
	return strings.Join(list, " or ")
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
	for _, name := range append(append([]string(nil), s.defaultProjections(current)...), mappedProjections(current)...) {
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
