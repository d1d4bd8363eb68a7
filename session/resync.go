package session

import (
	"context"
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Resynced is what Resync did.
type Resynced struct {
	Entities int // that were asked for again
	Removed  int // of these, those that the server has no more
	Dropped  int // that nobody holds, and that count as not loaded now
	Live     int // live queries that were asked again
	Requests int
}

// Resync brings the session up to date after a time in which it heard of no events, as after the event hub lost its connection: what is
// loaded and held is asked for again, as it is loaded, and live queries are. It returns when all is there; with a *wire.NetworkError when the
// server could not be reached, and may be called again then. "ftrack.session.resynced" is told when it is done.
func (s *Session) Resync(ctx context.Context) (Resynced, error) {
	if s.Closed() {
		return Resynced{}, ErrConnectionClosed
	}
	s.mu.Lock()
	u := s.upkeeping()
	before := u.requests
	var all []store.Record
	s.store.All(func(r store.Record) bool {
		all = append(all, r)
		return true
	})
	stale := u.stale
	u.stale = staleSet{}
	n := 0
	for _, r := range all {
		if !s.restEvery(&n) {
			s.mu.Unlock()
			return Resynced{}, ErrConnectionClosed
		}
		if p := s.pending[r]; s.store.Alive(r) && (p == nil || !p.created) {
			for _, slot := range s.store.LoadedSlots(r) {
				stale.add(r, slot)
			}
		}
	}
	clear(s.customs)
	clear(s.unanswered)
	loaded := len(stale)
	s.dropUnheld(u, stale)
	result := Resynced{Dropped: loaded - len(stale), Live: len(u.lives)}
	needs := map[store.Record][]string{}
	var order []store.Record
	for r, slots := range stale {
		if !s.restEvery(&n) {
			s.mu.Unlock()
			return Resynced{}, ErrConnectionClosed
		}
		t := s.typeOf(r)
		for _, slot := range slots {
			if t != nil {
				needs[r] = append(needs[r], s.refreshPaths(r, t, slot)...)
			}
		}
		if len(needs[r]) == 0 && t != nil {
			needs[r] = slices.Clone(t.PrimaryKey) // whether it is still there
		}
		order = append(order, r)
	}
	slices.Sort(order)
	for _, l := range u.lives {
		l.stale = true
	}
	inquiries := s.refreshing(order, needs, func(gone []store.Record) { result.Removed += len(gone) })
	result.Entities = len(order)
	s.mu.Unlock()

	answered := s.ask(ctx, "resync", inquiries)
	s.mu.Lock()
	if !answered {
		for r, slots := range stale {
			u.stale.add(r, slots...)
		}
	}
	lives := slices.Clone(u.lives)
	u.wake(false)
	s.mu.Unlock()
	if !answered {
		if err := s.ended(ctx, "resync"); err != nil {
			return result, err
		}
		return result, &wire.NetworkError{Op: "resync", URL: s.options.ServerURL + "/api", Err: errNotReached}
	}
	for _, l := range lives {
		if err := l.Wait(ctx); err != nil && ctx.Err() != nil {
			return result, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	result.Requests = u.requests - before
	data, err := wire.AppendValue(nil, map[string]any{"entities": result.Entities, "removed": result.Removed, "dropped": result.Dropped,
		"live": result.Live, "requests": result.Requests})
	if err == nil {
		u.told = append(u.told, localEvent{"ftrack.session.resynced", data})
		u.wake(false)
	}
	return result, nil
}
