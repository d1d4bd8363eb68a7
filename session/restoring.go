package session

import (
	"context"
	"errors"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// mergeNewer merges entities that are kept, a JSON array of them, the newest first: what is loaded stays. They are held until end is
// called. The session must not be locked.
func (s *Session) mergeNewer(ctx context.Context, objects []byte) (end func(), err error) {
	if objects == nil {
		return func() {}, nil
	}
	root, err := s.parse(ctx, objects)
	if err != nil {
		return func() {}, ctx.Err() // what is no JSON is nothing
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.store.BeginOlder(nil)
	merged := false
	defer func() {
		if !merged { // it panicked
			m.Abandon()
		}
	}()
	for i, object := range root.List() {
		m.Row(object)
		if i%rowsPerBreath == 0 {
			if err = s.unlocked(ctx, s.breathe); err != nil {
				break
			}
		}
	}
	merged = true
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		defer m.Abandon()
		s.finish(m)
	}, err
}

// keptEntity takes an entity from the storage, with its default projections, if what is kept of it is as new as the policy wants it.
// stale takes it at any age: the network has failed.
func (s *Session) keptEntity(ctx context.Context, t *schema.EntityType, key []string, stale bool) (Page, bool) {
	if !s.keepsWith(s.options.Policy) {
		return Page{}, false
	}
	objects, ok := s.keptObjects(ctx, s.identity(t.Name, key...), s.span(stale))
	if !ok {
		return Page{}, false
	}
	end, _ := s.mergeNewer(ctx, objects)
	defer end()
	return s.inMemory(t, key)
}

// span is when what is kept of an entity must have come. Beyond now the clock was set back, and nobody knows its age.
func (s *Session) span(stale bool) Span {
	age := s.options.MaxAge
	if age == 0 && s.options.Policy == NetworkFirst {
		age = defaultMaxAge
	}
	if stale || age == 0 || s.options.Policy == CacheOnly {
		return Span{}
	}
	now := s.options.Now()
	return Span{now.Add(-age), now.Add(clockSkew)}
}

// defaultMaxAge is how old an entity may be that Get takes from the storage although the policy is to ask the server first.
const defaultMaxAge = 5 * time.Minute

// populateFromKept loads what records lack from the storage, at any age: the network has failed. It gives err back for what is not
// kept.
func (s *Session) populateFromKept(err error, records []store.Record, projections []string) error {
	var network *wire.NetworkError
	if !errors.As(err, &network) || !s.keepsWith(s.options.Policy) {
		return err
	}
	for _, r := range records {
		s.mu.RLock()
		t, key := s.store.Type(r), s.store.Key(r)
		s.mu.RUnlock()
		if t == nil {
			continue
		}
		if objects, ok := s.keptObjects(s.life, s.identity(t.Name, key...), Span{}); ok {
			end, _ := s.mergeNewer(s.life, objects)
			end()
		}
	}
	if lacking, wrong := s.missing(records, projections); wrong != nil || len(lacking) > 0 {
		return err
	}
	return nil
}

// keepsEntity reports whether anything is kept of an entity, however old.
func (s *Session) keepsEntity(ctx context.Context, t *schema.EntityType, key []string) bool {
	if !s.keepsWith(s.options.Policy) {
		return false
	}
	_, ok := s.keptObjects(ctx, s.identity(t.Name, key...), Span{})
	return ok
}

// orKept is what a single entity comes to when the server was asked for it and the network failed: what is kept, at any age.
func (s *Session) orKept(err error, t *schema.EntityType, key []string) (Page, error) {
	var network *wire.NetworkError
	if errors.As(err, &network) {
		if page, ok := s.keptEntity(s.life, t, key, true); ok { // the caller's time may be over
			return page, nil
		}
	}
	return Page{Done: true}, err
}
