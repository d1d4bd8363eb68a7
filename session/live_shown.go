package session

import (
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
)

// refreshLives brings what live queries show up to date with what changed since it last did. The session is locked, in this file
// throughout, but here not between pieces.
func (s *Session) refreshLives(u *upkeep) {
	journal := s.store.TakeJournal()
	for _, l := range u.lives {
		for _, r := range journal {
			l.touched[r] = true
		}
	}
	for _, l := range slices.Clone(u.lives) {
		l.refresh()
		s.rest()
	}
	if !s.idle(u) {
		return
	}
	for _, l := range u.lives {
		l.settle()
	}
}

// idle reports whether nothing is under way, or can be before a pause is over.
func (s *Session) idle(u *upkeep) bool {
	if u.fetching || len(u.incoming)+len(u.signal) > 0 {
		return false
	}
	for _, l := range u.lives {
		if l.asked || len(l.probing) > 0 || len(l.touched) > 0 || l.relook {
			return false
		}
	}
	if u.failed {
		return true
	}
	for _, l := range u.lives {
		if l.stale || len(l.doubted)+len(l.unknown) > 0 {
			return false
		}
	}
	return len(u.stale)+len(u.next)+len(u.wanted)+len(u.doubtful) == 0
}

// changedLives are the live queries whose listeners are to be told.
func (s *Session) changedLives(u *upkeep) []*Live {
	var changed []*Live
	for _, l := range u.lives {
		if l.moved {
			l.moved = false
			changed = append(changed, l)
		}
	}
	return changed
}

// refresh works out what is shown, where something changed that it depends on.
func (l *Live) refresh() {
	s := l.session
	if len(l.touched) == 0 && !l.relook {
		return
	}
	rows, beyond := false, false
	touched := l.touched
	relook := l.relook
	l.touched, l.relook = map[store.Record]bool{}, false
	for r := range touched {
		t := s.typeOf(r)
		if t == nil {
			continue
		}
		rows = rows || l.isRow(t)
		beyond = beyond || l.reads(t)
	}
	before := l.shown
	if relook || rows || beyond {
		l.shown = l.overlay()
	}
	if !slices.Equal(before, l.shown) {
		l.moved, l.place = true, nil
		was := map[store.Record]bool{}
		for _, r := range before {
			was[r] = true
		}
		for _, r := range l.shown {
			if !was[r] {
				l.dirty[r] = true
			}
		}
	}
	l.markDirty(touched)
}

// reads reports whether paths of the query lead to entities of a type.
func (l *Live) reads(t *schema.EntityType) bool {
	for beyond := range l.uses.beyond {
		if related(t, beyond) {
			return true
		}
	}
	return slices.ContainsFunc(l.uses.members, func(member *schema.EntityType) bool { return related(t, member) })
}

// overlay is the rows with the local changes of the session over them: what was created and meets the criteria is there, what was deleted or
// meets them no more is not.
func (l *Live) overlay() []store.Record {
	s := l.session
	var changed []store.Record
	beyond := false
	consider := func(r store.Record) {
		t := s.typeOf(r)
		if t == nil || s.retired(r) {
			return
		}
		if l.isRow(t) && !slices.Contains(changed, r) {
			changed = append(changed, r)
		}
		beyond = beyond || !l.isRow(t) && l.reads(t)
	}
	for _, r := range s.store.LocalRecords() {
		consider(r)
	}
	for r := range s.pending {
		consider(r)
	}
	if len(changed) == 0 && !beyond {
		return l.rows
	}
	if beyond && l.local != nil {
		changed = changed[:0]
		s.store.All(func(r store.Record) bool {
			if l.isRow(s.typeOf(r)) {
				changed = append(changed, r)
			}
			return true
		})
	}
	slices.Sort(changed)
	out := map[store.Record]bool{}
	var in []store.Record
	for _, r := range changed {
		was, holds := l.in[r], l.in[r]
		p := s.pending[r]
		own := beyond || l.changedHere(r)
		switch {
		case p != nil && p.deleted:
			holds = false
		case l.local == nil:
		case p != nil && p.created || own:
			l.sources[1].guessed = true
			if verdict := l.local.Judge(eval.Entity(r), true); verdict != eval.Unsure {
				holds = verdict == eval.Holds
			}
			l.sources[1].guessed = false // but not for the order: the server may date what is created
		}
		if was && (!holds || own && l.local != nil && l.local.Ordered()) {
			out[r] = true
		}
		if holds && (!was || out[r]) {
			in = append(in, r)
		}
	}
	if len(out)+len(in) == 0 {
		return l.rows
	}
	shown := slices.DeleteFunc(slices.Clone(l.rows), func(r store.Record) bool { return out[r] })
	for _, r := range in {
		at, _ := l.position(l.local, shown, r)
		shown = slices.Insert(shown, at, r)
	}
	if l.limit >= 0 && len(shown) > l.limit {
		shown = shown[:l.limit]
	}
	return shown
}

// changedHere reports whether an attribute has a local value that the criteria or the order read.
func (l *Live) changedHere(r store.Record) bool {
	found := false
	l.session.store.Locals(r, func(slot int32, _ *store.Value) {
		found = found || l.uses.own[l.session.store.SlotName(r, slot)]
	})
	return found
}

// markDirty notes the rows of which something changed that the projections show.
func (l *Live) markDirty(touched map[store.Record]bool) {
	s := l.session
	walk := false // whether it takes a look at where the paths of each row lead
	kinds := map[*schema.EntityType]bool{}
	for r := range touched {
		if t := s.typeOf(r); t != nil && !kinds[t] {
			kinds[t] = true
			for shown := range l.uses.shown {
				walk = walk || related(t, shown)
			}
		}
	}
	n := 0
	if walk {
		for _, r := range l.shown {
			if !s.restEvery(&n) {
				return
			}
			if !l.marked(r) && (touched[r] || l.reaches(r, touched)) {
				l.mark(r)
			}
		}
	} else {
		place := l.places()
		for r := range touched {
			if !s.restEvery(&n) {
				return
			}
			if _, shown := place[r]; shown && !l.marked(r) {
				l.mark(r)
			}
		}
	}
	if len(l.doubted) > 0 {
		s.upkeep.wake(false)
	}
}

// marked reports whether a row is told anyway.
func (l *Live) marked(r store.Record) bool { return l.dirty[r] && l.moved }

// mark notes that a row that is shown changed.
func (l *Live) mark(r store.Record) {
	l.dirty[r] = true
	l.moved = true
	if l.in[r] && l.remote != nil && !l.complete(r) {
		l.doubted[r] = true // something took the place of what was loaded
	}
}

// places is where each row stands among those that are shown: a change touches few of them, and many may be shown.
func (l *Live) places() map[store.Record]int {
	if l.place == nil {
		l.place = make(map[store.Record]int, len(l.shown))
		for i, r := range l.shown {
			l.place[r] = i
		}
	}
	return l.place
}

// reaches reports whether a projection of a row leads to something that changed.
func (l *Live) reaches(r store.Record, touched map[store.Record]bool) bool {
	for _, p := range l.tree.Projections {
		if l.reachesAlong(r, p.Path, touched) {
			return true
		}
	}
	return false
}

func (l *Live) reachesAlong(r store.Record, path query.Path, touched map[store.Record]bool) bool {
	s := l.session
	if touched[r] {
		return true
	}
	t := s.typeOf(r)
	if len(path) == 0 || t == nil {
		return false
	}
	v := s.store.Read(r, s.store.Slot(t.Name, path[0].Name))
	if target := v.Reference(); target != 0 {
		return l.reachesAlong(target, path[1:], touched)
	}
	for _, item := range s.membersOfList(v) {
		if l.reachesAlong(item, path[1:], touched) {
			return true
		}
	}
	return false
}

// holdUpkeep names the records that the upkeep needs to a sweep that has begun.
func (s *Session) holdUpkeep() {
	u := s.upkeep
	if u == nil {
		return
	}
	for _, set := range []staleSet{u.stale, u.next, u.asked, u.wanted} {
		for r := range set {
			s.store.SweepRoot(r)
		}
	}
	for r := range u.doubtful {
		s.store.SweepRoot(r)
	}
	for _, r := range u.sought {
		s.store.SweepRoot(r)
	}
	for _, l := range u.lives {
		for _, list := range [][]store.Record{l.rows, l.shown} {
			for _, r := range list {
				s.store.SweepRoot(r)
			}
		}
		for _, set := range []map[store.Record]bool{l.doubted, l.judged, l.probing} {
			for r := range set {
				s.store.SweepRoot(r)
			}
		}
	}
}
