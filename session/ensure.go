package session

import (
	"context"
	"slices"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Ensure gives the entity of a type that has the values of the identifying keys (all of data by default): the one on the
// server, with what else data holds written to it where it differs, or a new one. It sends one query and at most one
// write, which holds nothing of what is recorded. More than one entity with these values is ErrMultipleResultsFound. Calls of one session
// with the same values come one after the other, so that only the first creates; another session may create at the same time. Entities
// among the values must be committed: an *OperationError.
func (s *Session) Ensure(ctx context.Context, entityType string, data map[string]any, identifyingKeys ...string) (*Entity, error) {
	s.mu.Lock()
	members, err := s.members(data)
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	page, err := s.ensure(ctx, entityType, members, identifyingKeys)
	if err != nil {
		return nil, err
	}
	return s.rows(page)[0], nil
}

// EnsureJSON is Ensure with the values of a command (see Command), as a page of one row.
func (s *Session) EnsureJSON(ctx context.Context, entityType string, data []byte, identifyingKeys ...string) (Page, error) {
	node, err := wire.Parse(data)
	if err != nil {
		return Page{}, &ArgumentError{"ensure: the data is no JSON"}
	}
	return s.ensure(ctx, entityType, s.membersOf(node), identifyingKeys)
}

func (s *Session) ensure(ctx context.Context, entityType string, data []member, keys []string) (Page, error) {
	if s.Closed() {
		return Page{}, ErrConnectionClosed
	}
	t, err := s.entityType(entityType)
	if err != nil {
		return Page{}, err
	}
	if len(data) == 0 {
		return Page{}, &ArgumentError{"ensure: there are no values to identify a " + t.Name + " by"}
	}
	if len(keys) == 0 {
		for _, m := range data {
			keys = append(keys, m.name)
		}
	}
	s.mu.RLock()
	projections, criteria, err := s.ensureQuery(t, data, keys)
	s.mu.RUnlock()
	if err != nil {
		return Page{}, err
	}
	slices.Sort(criteria)
	expression := t.Name + " where " + strings.Join(criteria, " and ")
	release, err := s.ensureAlone(ctx, expression)
	if err != nil {
		return Page{}, err
	}
	defer release()
	q, err := s.Query("select " + strings.Join(projections, ", ") + " from " + expression)
	if err != nil {
		return Page{}, err
	}
	page, err := q.few(ctx, 2)
	switch {
	case err != nil:
		return Page{}, err
	case len(page.Records) > 1:
		return Page{}, ErrMultipleResultsFound
	}
	return s.ensureWrite(ctx, t, data, page)
}

// ensureAlone waits for the other calls that ensure the same: they may be about to create what this one asks for.
func (s *Session) ensureAlone(ctx context.Context, what string) (release func(), err error) {
	for {
		s.mu.Lock()
		other := s.ensuring[what]
		if other == nil {
			done := make(chan struct{})
			s.ensuring[what] = done
			s.mu.Unlock()
			return func() {
				s.mu.Lock()
				delete(s.ensuring, what)
				s.mu.Unlock()
				close(done)
			}, nil
		}
		s.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, &AbortError{Op: "ensure", Err: context.Cause(ctx)}
		case <-s.life.Done():
			return nil, ErrConnectionClosed
		}
	}
}

// ensureQuery is what asks for the entity by its identifying keys, with the values that may have to change.
func (s *Session) ensureQuery(t *schema.EntityType, data []member, keys []string) (projections, criteria []string, err error) {
	values := map[string]literal{}
	projections = s.defaultProjections(t)
	for _, m := range data {
		if err := s.checkValue(t, m.name, m.value); err != nil {
			return nil, nil, err
		}
		for _, r := range m.value.refersTo() {
			if err := s.checkCommitted("ensure", r); err != nil {
				return nil, nil, err
			}
		}
		if a := t.Attribute(m.name); a.IsMany() {
			return nil, nil, &AttributeError{t.Name, m.name, "ensure: " + t.Name + "." + m.name + " holds several entities"}
		}
		values[m.name] = m.value
		if !contains(projections, m.name) {
			projections = append(projections, m.name)
		}
	}
	for _, name := range keys {
		l, ok := values[name]
		if !ok {
			return nil, nil, &ArgumentError{"ensure: the identifying key " + strconvQuote(name) + " has no value in the data"}
		}
		criterion, err := s.criterion(t, name, l)
		if err != nil {
			return nil, nil, err
		}
		criteria = append(criteria, criterion)
	}
	return projections, criteria, nil
}

func contains(list []string, text string) bool {
	for _, each := range list {
		if each == text {
			return true
		}
	}
	return false
}

// criterion compares an attribute with a value, quoted as the query language wants it.
func (s *Session) criterion(t *schema.EntityType, name string, l literal) (string, error) {
	if l.ref != 0 {
		target := s.store.Type(l.ref)
		key := s.store.Key(l.ref)
		if len(key) != 1 {
			return "", &ArgumentError{"ensure: a " + target.Name + " has a key of several parts: give its foreign keys"}
		}
		return name + "." + target.PrimaryKey[0] + " is " + query.Text(key[0]), nil
	}
	node, err := wire.Parse(l.json)
	if err != nil {
		return "", &ArgumentError{"ensure: the value of " + strconvQuote(name) + " cannot be compared"}
	}
	switch node.Kind() {
	case wire.Null:
		return name + " is none", nil
	case wire.True:
		return name + " is true", nil
	case wire.False:
		return name + " is false", nil
	case wire.Number:
		return name + " is " + string(node.Raw()), nil
	case wire.String:
		if t.Attribute(name).Kind != schema.DateTime {
			return name + " is " + query.Text(node.Text()), nil
		}
	}
	text := node.Get("value").Text()
	if node.Kind() == wire.String {
		text = node.Text()
	}
	moment, err := wire.ParseDateTime(text)
	if err != nil {
		return "", &ArgumentError{"ensure: the value of " + strconvQuote(name) + " cannot be compared"}
	}
	// The server drops parts of a second, and has dates in UTC without a zone.
	b := wire.AppendDateTime(nil, moment.UTC())
	return name + " is " + query.Text(string(b[:min(len(b), len("2006-01-02T15:04:05"))])), nil
}

// ensureWrite creates the entity, or brings it up to date, in a request of its own.
func (s *Session) ensureWrite(ctx context.Context, t *schema.EntityType, data []member, found Page) (Page, error) {
	release, err := s.holdCommit(ctx, "ensure")
	if err != nil {
		return Page{}, err
	}
	defer release()
	s.mu.Lock()
	p := &payload{action: "update", typ: t}
	if len(found.Records) == 1 {
		r := found.Records[0]
		p.identity.record, p.typ, p.key = r, s.store.Type(r), s.store.Key(r)
		for _, m := range data {
			a := p.typ.Attribute(m.name)
			if a == nil || contains(p.typ.PrimaryKey, m.name) || s.sameAsLoaded(r, a, m.value) {
				continue
			}
			if err := s.checkMutable(p.typ, r, a); err != nil {
				s.mu.Unlock()
				return Page{}, err
			}
			p.data = append(p.data, m)
		}
		if len(p.data) == 0 {
			s.mu.Unlock()
			return found, nil
		}
	} else {
		p.action, p.data = "create", s.withDefaults(t, data)
		if p.key, err = s.keyFrom(t, p.data); err != nil {
			s.mu.Unlock()
			return Page{}, err
		}
	}
	for i, m := range p.data {
		if a := p.typ.Attribute(m.name); a.Kind == schema.DateTime {
			p.data[i].value = tagDate(m.value)
		}
	}
	operation := s.wireOperation(p)
	s.mu.Unlock()

	t2 := &taken{made: map[store.Record]bool{}, done: map[*entry]bool{}}
	err = s.post(ctx, "ensure", wire.AppendOperations(nil, operation), 1, func(replies []wire.Node) error {
		return s.accept(t2, "ensure", []*payload{p}, replies)
	})
	if err != nil {
		return Page{}, err
	}
	if p.action == "create" {
		s.mu.Lock()
		r := s.store.Find(t.Name, p.key...)
		found = Page{Records: []store.Record{r}, Done: true}
		if !s.options.KeepRecords {
			found.entities = []*Entity{s.entityLocked(r)}
		}
		s.mu.Unlock()
	}
	return found, nil
}

// sameAsLoaded reports whether the server has a value already. The session is locked.
func (s *Session) sameAsLoaded(r store.Record, a *schema.Attribute, l literal) bool {
	if a.Kind == schema.DateTime {
		l = tagDate(l)
	}
	return same(l, s.current(s.store.Remote(r, a.Slot)))
}
