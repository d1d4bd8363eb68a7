package session

import (
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Conflicts are the names of the attributes that have a local value while the server's was changed by somebody else since: the local
// one shows, and a commit overwrites the other. Revert takes the server's. For an entity that was deleted on the server, all
// attributes that were set locally.
func (e *Entity) Conflicts() []string {
	e.session.mu.RLock()
	defer e.session.mu.RUnlock()
	return e.session.conflictsOf(e.record)
}

func (s *Session) conflictsOf(r store.Record) []string {
	names := []string{}
	for at := range s.conflicts {
		if at.record != r {
			continue
		}
		if s.conflicting(at) {
			names = append(names, s.store.SlotName(r, at.slot))
		}
	}
	slices.Sort(names)
	return names
}

// conflicting reports whether a conflict that was noted is still one. The session is locked.
func (s *Session) conflicting(at place) bool {
	local := s.store.Local(at.record, at.slot)
	if local == nil || s.inStep[at] {
		return false
	}
	return s.retired(at.record) || !same(s.current(local), s.current(s.remoteOf(at.record, at.slot)))
}

// noteConflict notes that the server's value changed under a local one. The session is locked.
func (s *Session) noteConflict(r store.Record, slot int32) {
	at := place{r, slot}
	if s.changes[at] != nil && !s.changes[at].whole {
		return // members that were added or removed go over whatever list there is
	}
	if !s.conflicting(at) {
		return
	}
	for other := range s.conflicts {
		if !s.store.Alive(other.record) || s.store.Local(other.record, other.slot) == nil {
			delete(s.conflicts, other)
		}
	}
	if s.conflicts == nil {
		s.conflicts = map[place]bool{}
	}
	s.conflicts[at] = true
	s.store.Touch(r)
	if s.upkeep == nil {
		return
	}
	t, key := s.typeOf(r), s.store.Key(r)
	told := map[string]any{"entityType": t.Name, "entityKey": key, "attribute": s.store.SlotName(r, slot),
		"local": s.encodable(s.current(s.store.Local(r, slot))), "removed": s.retired(r)}
	if remote := s.current(s.remoteOf(r, slot)); !remote.notSet() {
		told["remote"] = s.encodable(remote) // what is not loaded is not told
	}
	data, err := wire.AppendValue(nil, told)
	if err == nil {
		s.upkeep.told = append(s.upkeep.told, localEvent{"ftrack.session.conflict", data})
		s.upkeep.wake(false)
	}
}

// conflictOfRemoved notes what was set locally on an entity that the server has no more.
func (a *application) conflictOfRemoved(r store.Record) {
	var slots []int32
	a.store.Locals(r, func(slot int32, _ *store.Value) { slots = append(slots, slot) })
	if len(slots) == 0 {
		return
	}
	a.dropExactly(map[store.Record]bool{r: true})
	for _, slot := range slots {
		if !a.inStep[place{r, slot}] {
			a.noteConflict(r, slot)
		}
	}
}

// noteMerged looks at what a merge changed: values under local ones, and rows of live queries. The session is locked.
func (s *Session) noteMerged(changes *store.Changes) {
	if !s.accepting {
		for _, c := range changes.Updated {
			if s.store.Local(c.Record, c.Slot) != nil {
				s.noteConflict(c.Record, c.Slot)
			}
		}
	}
	if s.upkeep != nil && len(s.upkeep.lives) > 0 {
		for _, l := range s.upkeep.lives {
			l.merged(changes)
		}
		s.upkeep.wake(false)
	}
}
