package session

import (
	"context"
	"slices"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/store"
)

// rowPage are rows that a query gave together: when one of them lacks an attribute, the others are likely to soon.
type rowPage struct{ records []store.Record }

// LoadOptions say how Load goes about what is missing.
type LoadOptions struct {
	// NoFetch gives what is there, without any request; Session.SetAutoPopulate does so for all loads.
	NoFetch bool
	// Alone fetches for the entity alone. By default the other rows of its query page that lack the same go along, so
	// that a loop over rows costs one request a page.
	Alone bool
}

// Load is the value at the end of a path such as "parent.name", fetched where it is missing: as Value gives it, a []any
// with a value for each member behind a collection, and behind metadata and custom attributes the value under the key that
// the path goes on with. Goroutines that wait at the same time share a request; it follows what reading an attribute
// does in ftrack-python, with autoPopulate.
func (e *Entity) Load(ctx context.Context, path string, options ...LoadOptions) (any, error) {
	values, err := e.session.LoadAll(ctx, []*Entity{e}, []string{path}, options...)
	if err != nil {
		return nil, err
	}
	return values[0][0], nil
}

// LoadAll is Load for several entities and paths, in as few requests as can be: values[i][k] is that of entities[i] at paths[k].
func (s *Session) LoadAll(ctx context.Context, entities []*Entity, paths []string, options ...LoadOptions) (values [][]any, err error) {
	var o LoadOptions
	if len(options) > 0 {
		o = options[0]
	}
	if !o.NoFetch && s.AutoPopulate() {
		records, err := s.lacking(entities, paths, !o.Alone)
		if err != nil {
			return nil, err
		}
		if len(records) > 0 {
			if err := s.PopulateRecords(ctx, records, s.fetchable(entities, paths)...); err != nil {
				return nil, err
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	values = make([][]any, len(entities))
	for i, e := range entities {
		values[i] = make([]any, len(paths))
		for k, path := range paths {
			values[i][k] = s.follow(e.record, strings.Split(path, "."))
		}
	}
	return values, nil
}

// lacking are the records, of the entities and of those that came in a page with them, that do not have all the paths loaded.
func (s *Session) lacking(entities []*Entity, paths []string, pages bool) ([]store.Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var records []store.Record
	seen := map[store.Record]bool{}
	lacks := func(r store.Record) bool {
		return slices.ContainsFunc(paths, func(path string) bool { return !s.reachable(r, strings.Split(path, ".")) })
	}
	for _, e := range entities {
		if e.session != s {
			return nil, &ArgumentError{"load: an entity belongs to another session"}
		}
		if !lacks(e.record) || seen[e.record] {
			continue
		}
		seen[e.record] = true
		records = append(records, e.record)
		if !pages || e.page == nil {
			continue
		}
		for _, r := range e.page.records {
			// A record's place may have gone to another entity since; that one is of no page, or of another.
			if mate := s.entities[r].Value(); mate != nil && mate.page == e.page && !seen[r] && s.store.Type(r) == s.store.Type(e.record) && lacks(r) {
				seen[r] = true
				records = append(records, r)
			}
		}
	}
	return records, nil
}

// fetchable are paths as queries have them: without keys of mappings.
func (s *Session) fetchable(entities []*Entity, paths []string) []string {
	var out []string
	for _, path := range paths {
		t := entities[0].Type()
		segments := strings.Split(path, ".")
		for i, segment := range segments {
			name, cast, hasCast := strings.Cut(strings.TrimSuffix(segment, "]"), "[")
			if t == nil || t.Attribute(name) == nil {
				break
			}
			a := t.Attribute(name)
			if a.IsKeyed() {
				path = strings.Join(segments[:i+1], ".")
				break
			}
			if hasCast {
				t = s.schemas.Type(cast)
			} else {
				t = s.schemas.Type(a.Target)
			}
		}
		if !slices.Contains(out, path) {
			out = append(out, path)
		}
	}
	return out
}

// reachable reports whether what a path leads to is loaded, custom attributes with their sources. The session is locked.
func (s *Session) reachable(r store.Record, path []string) bool {
	t := s.store.Type(r)
	if t == nil {
		return true // gone: there is nothing to ask for
	}
	name, _, _ := strings.Cut(path[0], "[")
	if a := t.Attribute(name); a != nil && a.IsKeyed() {
		view := s.mapView(r, a, false)
		return view.loaded && (name != customAttributes || view.resolved)
	}
	v := s.store.Read(r, s.store.Slot(t.Name, name))
	if v == nil {
		return false
	}
	if len(path) == 1 {
		return true
	}
	if target := v.Reference(); target != 0 {
		return s.reachable(target, path[1:])
	}
	for _, item := range s.store.Records(v) {
		if !s.reachable(item, path[1:]) {
			return false
		}
	}
	return true
}

// follow is the value at the end of a path, of what is loaded. The session is locked.
func (s *Session) follow(r store.Record, path []string) any {
	t := s.store.Type(r)
	if t == nil {
		return nil
	}
	name, _, _ := strings.Cut(path[0], "[")
	if a := t.Attribute(name); a != nil && a.IsKeyed() && len(path) > 1 {
		if item, ok := s.mapView(r, a, false).items[strings.Join(path[1:], ".")]; ok {
			return s.plain(item.value)
		}
		return nil
	}
	v := s.store.Read(r, s.store.Slot(t.Name, name))
	if v == nil || len(path) == 1 {
		return s.decode(v)
	}
	if target := v.Reference(); target != 0 {
		return s.follow(target, path[1:])
	}
	if v.Kind() != store.List {
		return nil
	}
	values := make([]any, 0, v.Len())
	for _, item := range s.store.Records(v) {
		values = append(values, s.follow(item, path[1:]))
	}
	return values
}

// AutoPopulate reports whether Load fetches what is missing.
func (s *Session) AutoPopulate() bool { return !s.notPopulating.Load() }

// SetAutoPopulate says whether Load fetches what is missing.
func (s *Session) SetAutoPopulate(on bool) { s.notPopulating.Store(!on) }

// AutoPopulating runs a function with AutoPopulate as given, and sets it back. Other goroutines of the session see it too.
func (s *Session) AutoPopulating(on bool, do func()) {
	before := s.AutoPopulate()
	s.SetAutoPopulate(on)
	defer s.SetAutoPopulate(before)
	do()
}
