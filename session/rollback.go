package session

import (
	"context"

	"github.com/ftrack-wasm/ftrack-wasm/session/store"
)

// Rollback takes all that is recorded back: local values are gone, entities that were created have no identity any
// more, and those that were deleted are there again.
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
	s.dropEntries(func(*entry) bool { return true })
	clear(s.pending)
	clear(s.changes)
	clear(s.inStep)
	for _, r := range s.store.LocalRecords() {
		s.clearLocals(r)
	}
}

// Reset starts afresh without a new session: recorded operations are taken back, and no value counts as loaded any
// more. Entities that are held stay the same. It waits for a commit that is under way. Subscribers of ftrack.api.session.reset hear of it.
func (s *Session) Reset(ctx context.Context) error {
	release, err := s.holdCommit(ctx)
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
