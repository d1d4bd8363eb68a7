package session

import (
	"context"
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
)

// Rollback takes all that is recorded back: local values are gone, entities that were created have no identity any
// more, and those that were deleted are there again. What a commit that is under way has taken stays with that: where it fails, it is recorded
// again.
func (s *Session) Rollback() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rollback()
}

func (s *Session) rollback() {
	for _, e := range s.log {
		if e.kind == createEntry && e.record != 0 {
			s.store.Retire(e.record)
		}
	}
	dropped := slices.Clone(s.log)
	s.dropEntries(func(*entry) bool { return true })
	for _, e := range slices.Backward(dropped) {
		if s.pending[e.record] != nil {
			s.takeBackNewer(e)
		}
	}
	for at := range s.changes {
		if s.pending[at.record] == nil {
			delete(s.changes, at)
		}
	}
	clear(s.inStep)
	var inStep map[place]bool
	if t := s.underWay(); t != nil {
		inStep = t.inStep
	}
	for _, r := range s.store.LocalRecords() {
		if s.pending[r] == nil {
			s.clearLocalsBut(r, inStep)
		}
	}
}

// takeBackNewer takes a local value back that was set after a commit had taken others of the entity. The session is locked.
func (s *Session) takeBackNewer(e *entry) {
	t := s.store.Type(e.record)
	if e.kind != updateEntry || t == nil {
		return
	}
	a := t.Attribute(e.attribute)
	if a == nil || a.Kind == schema.Collection {
		return // of collections the local list goes with the commit
	}
	old := literal{}
	if s.pending[e.record].created || slices.ContainsFunc(s.outstanding(), func(sent *entry) bool {
		return sent.record == e.record && sent.kind == updateEntry && pairName(t, sent.attribute) == pairName(t, e.attribute)
	}) {
		old = e.old
	}
	s.assign(e.record, t, a, old)
}

// Reset starts afresh without a new session: recorded operations are taken back, and no value counts as loaded any
// more. Entities that are held stay the same. It waits for a commit that is under way. Subscribers of ftrack.api.session.reset hear of it.
func (s *Session) Reset(ctx context.Context) error {
	release, err := s.holdCommit(ctx, "reset")
	if err != nil {
		return err
	}
	s.reset()
	release()
	s.publishLocal(topicReset, nil)
	return nil
}

func (s *Session) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rollback()
	s.store.UnloadAll()
	clear(s.customs)
	clear(s.unanswered)
	s.tell()
}

// tell says which watched entities changed otherwise than by a reply. The session is locked.
func (s *Session) tell() {
	if touched := s.store.TakeTouched(); s.watchers != nil && len(touched) > 0 {
		s.watchers(&store.Changes{Watched: touched})
	}
}
