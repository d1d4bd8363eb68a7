package session

import (
	"context"
	"math"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/survey"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// TakeNews merges what another session of the same user has fetched or committed: JSON, an array of entities or the replies to
// queries, and when the server was asked for it. News can come late: what this session was told of an entity since stays, what it did not
// load of it is not filled, and local changes stay over the new values. Only entities that are in memory change, with what is in them. Where it cannot be known which value is the
// newer one, and no events tell, the server is asked.
func (s *Session) TakeNews(ctx context.Context, at time.Time, news []byte) error {
	root, err := s.parse(ctx, news)
	if err != nil {
		return &ArgumentError{"news: no JSON"}
	}
	followed := s.hub.Connected()
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.store.BeginLate(s.clock(at))
	defer func() {
		if doubted := s.finish(m); !followed {
			s.doubt(doubted)
		}
	}()
	for _, each := range root.List() {
		rows := []wire.Node{each}
		if data := each.Get("data"); data.Kind() == wire.Array && each.Get("__entity_type__").Kind() == wire.Missing {
			rows = data.List()
		}
		for i, row := range rows {
			s.mergeKnown(m, row)
			if i%rowsPerBreath == 0 {
				s.mu.Unlock()
				err := s.breathe(ctx)
				s.mu.Lock()
				if err != nil {
					return s.endedOr(ctx, "news", &AbortError{Op: "news", Err: err})
				}
			}
		}
	}
	return nil
}

// clock is a time as the store compares it: in milliseconds, from well before the session opened on.
func (s *Session) clock(at time.Time) uint32 {
	return uint32(min(max(at.Sub(s.opened)+clockBefore, 0)/time.Millisecond, math.MaxUint32))
}

// clockBefore is how long before the session opened its clock begins.
const clockBefore = 7 * 24 * time.Hour

// doubt has values asked for again that another session may know better. The session is locked.
func (s *Session) doubt(values []store.Change) {
	if len(values) == 0 || s.options.Policy == CacheOnly {
		return
	}
	u := s.upkeeping()
	for _, v := range values {
		s.markStale(v.Record, v.Slot)
	}
	u.wake(false)
}

// mergeKnown merges an entity that is in memory, else those in it that are. The session is locked.
func (s *Session) mergeKnown(m *store.Merge, node wire.Node) {
	switch node.Kind() {
	case wire.Array:
		for _, element := range node.List() {
			s.mergeKnown(m, element)
		}
	case wire.Object:
		if name := node.Get("__entity_type__").Text(); name != "" && s.store.Find(name, keyIn(node, survey.PrimaryKey(s.schemas.Type(name)))...) != 0 {
			m.Row(node)
			return
		}
		for _, member := range node.Object() {
			s.mergeKnown(m, member.Value)
		}
	}
}

// keyIn reads a primary key from an entity; parts that are not there are empty.
func keyIn(object wire.Node, names []string) []string {
	key := make([]string, len(names))
	for i, name := range names {
		if value := object.Get(name); value.Kind() == wire.Number {
			key[i] = string(value.Raw())
		} else {
			key[i] = value.Text()
		}
	}
	return key
}

// TakeGone drops entities that another session has deleted on the server.
func (s *Session) TakeGone(gone []Identity) {
	s.mu.Lock()
	defer s.mu.Unlock()
	deleted := map[store.Record]bool{}
	for _, identity := range gone {
		if r := s.store.Find(identity.Type, identity.Key...); r != 0 {
			deleted[r] = true
		}
	}
	s.dropDeleted(deleted)
	s.tell()
}
