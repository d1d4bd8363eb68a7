package session

import (
	"slices"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
)

// staleSet are attributes of records.
type staleSet map[store.Record][]int32

func (set staleSet) add(r store.Record, slots ...int32) {
	known := set[r]
	for _, slot := range slots {
		if !slices.Contains(known, slot) {
			known = append(known, slot)
		}
	}
	set[r] = known
}

func (set staleSet) has(r store.Record, slot int32) bool { return slices.Contains(set[r], slot) }

// isStale reports whether a loaded value is known to be old. The session is locked.
func (s *Session) isStale(r store.Record, slot int32) bool {
	return s.upkeep != nil && (s.upkeep.stale.has(r, slot) || s.upkeep.next.has(r, slot) || s.upkeep.asked.has(r, slot))
}

// unsettled reports whether something of a record is being asked for, or about to be. The session is locked.
func (u *upkeep) unsettled(r store.Record) bool {
	return u.stale[r] != nil || u.next[r] != nil || u.asked[r] != nil || u.wanted[r] != nil
}

// markStale marks an attribute that is loaded. The session is locked.
func (s *Session) markStale(r store.Record, slot int32) {
	if s.remoteOf(r, slot) == nil || s.retired(r) {
		return
	}
	if p := s.pending[r]; p != nil && p.created {
		return
	}
	s.store.SweepRoot(r)
	s.upkeep.stale.add(r, slot)
}

// distrust takes again what events told while a request was under way: its answer may be older. What an event sets is marked first, so
// that none of it is taken from the event once more. The session is locked.
func (s *Session) distrust(changes []*remoteChange) {
	u := s.upkeep
	var again []*remoteChange
	for _, c := range changes {
		r := s.changedRecord(c)
		if t := s.typeOf(r); t != nil {
			for _, k := range c.changed {
				for _, attribute := range attributesOf(t, k.name) {
					s.markStalePair(r, t, attribute)
				}
			}
			if parent := named(t, "parent_id"); c.action == changeMove && parent != nil {
				s.markStalePair(r, t, parent)
			}
		}
		switch {
		case !c.own:
			again = append(again, c)
		case r != 0:
			for _, l := range u.lives {
				l.note(c, r)
			}
		}
	}
	u.incoming = append(again, u.incoming...)
	u.wake(false)
}

// markStalePair marks an attribute, and the reference or the foreign key that belongs to it.
func (s *Session) markStalePair(r store.Record, t *schema.EntityType, a *schema.Attribute) {
	for _, name := range []string{a.Name, a.ForeignKey, a.ReferenceName} {
		if each := named(t, name); each != nil {
			s.markStale(r, each.Slot)
		}
	}
}

// mostRefreshed is how many entities are asked for again in one go; the others wait for their turn.
const mostRefreshed = 2000

// chooseStale takes what is to be asked for again now, of what somebody holds.
func (s *Session) chooseStale(u *upkeep) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u.fetching || u.failed || len(u.stale) == 0 {
		return
	}
	chosen := u.stale
	if len(u.stale) > mostRefreshed {
		chosen = staleSet{}
		for r, slots := range u.stale {
			if len(chosen) == mostRefreshed {
				break
			}
			chosen[r] = slots
			delete(u.stale, r)
		}
	} else {
		u.stale = staleSet{}
	}
	u.next = chosen
	s.dropUnheld(u, chosen)
}

// dropUnheld makes stale values not loaded of records that nobody holds, so that they are asked for when somebody does. The
// session is locked, but for a moment while JavaScript is asked.
func (s *Session) dropUnheld(u *upkeep, set staleSet) {
	loose := map[store.Record]bool{}
	for r := range set {
		if s.pending[r] == nil && !s.store.Watched(r) {
			loose[r] = true
		}
	}
	for r := range loose {
		if slices.ContainsFunc(u.lives, func(l *Live) bool { return l.in[r] }) {
			delete(loose, r)
		}
	}
	if s.options.KeepRecords {
		if s.holding != nil && len(loose) > 0 {
			records := make([]store.Record, 0, len(loose))
			for r := range loose {
				records = append(records, r)
			}
			held := s.askHolding(records)
			for i, r := range records {
				if i < len(held) && held[i] {
					delete(loose, r)
				}
			}
		}
	} else {
		for r := range loose {
			if e := s.entities[r].Value(); e != nil {
				delete(loose, r)
			}
		}
	}
	if len(loose) > 0 {
		s.store.Referenced(loose)
	}
	for r := range loose {
		for _, slot := range set[r] {
			s.store.Unload(r, slot)
		}
		delete(set, r)
	}
}

// askHolding asks JavaScript which records it holds. The session is locked, but not meanwhile.
func (s *Session) askHolding(records []store.Record) []bool {
	ask := s.holding
	s.mu.Unlock()
	defer s.mu.Lock()
	return ask(records)
}

// refreshInquiries are the questions for what is stale, as few as can be, and note it as asked. The session is locked.
func (s *Session) refreshInquiries(u *upkeep) []inquiry {
	needs := map[store.Record][]string{}
	var order []store.Record
	n := 0
	need := func(set staleSet) {
		for r := range set {
			if !s.restEvery(&n) {
				return
			}
			t := s.typeOf(r)
			if t == nil || s.retired(r) {
				continue
			}
			if needs[r] == nil {
				order = append(order, r)
				needs[r] = []string{}
			}
			for _, slot := range set[r] {
				for _, path := range s.refreshPaths(r, t, slot) {
					if !slices.Contains(needs[r], path) {
						needs[r] = append(needs[r], path)
					}
				}
			}
		}
	}
	need(u.next)
	need(u.wanted)
	for r := range u.doubtful {
		if t := s.typeOf(r); t != nil && !s.retired(r) && len(needs[r]) == 0 {
			needs[r] = slices.Clone(t.PrimaryKey)
			order = append(order, r)
		}
	}
	clear(u.doubtful)
	u.asked, u.next, u.wanted = u.next, staleSet{}, staleSet{}
	slices.Sort(order)
	u.sought = order
	defer func() { u.sought = nil }()
	return s.refreshing(order, needs, func([]store.Record) {})
}

// refreshing are the questions that load paths of records, whether they are loaded or not. What the server has no more is dropped;
// gone hears of it. The session is locked, but not between pieces.
func (s *Session) refreshing(order []store.Record, needs map[store.Record][]string, gone func([]store.Record)) []inquiry {
	type group struct {
		typ   *schema.EntityType
		paths string
	}
	members := map[group][]store.Record{}
	kinds := map[*schema.EntityType]map[string]bool{}
	var groups []group
	n := 0
	for _, r := range order {
		if !s.restEvery(&n) {
			return nil
		}
		if t := s.typeOf(r); t != nil && len(needs[r]) > 0 {
			slices.Sort(needs[r])
			if kinds[t] == nil {
				kinds[t] = map[string]bool{}
			}
			kinds[t][strings.Join(needs[r], ", ")] = true
		}
	}
	for _, r := range order {
		t := s.typeOf(r)
		if t == nil || len(needs[r]) == 0 {
			continue
		}
		paths := strings.Join(needs[r], ", ")
		if len(kinds[t]) > mostKinds { // one question for all of a type rather than dozens
			paths = ""
		}
		g := group{t, paths}
		if members[g] == nil {
			groups = append(groups, g)
		}
		members[g] = append(members[g], r)
	}
	var inquiries []inquiry
	for _, g := range groups {
		paths := g.paths
		if paths == "" {
			paths = strings.Join(union(members[g], needs), ", ")
		}
		for chunk := range slices.Chunk(members[g], keysPerOperation) {
			if !s.rest() {
				return nil
			}
			inquiries = append(inquiries, inquiry{
				question: question{expression: "select " + paths + " from " + g.typ.Name + " where " + s.keysCriterion(g.typ, chunk), records: chunk},
				done: func(page Page, more bool, refusal error) {
					if refusal != nil || more {
						return
					}
					answered := make(map[store.Record]bool, len(page.Records))
					for _, r := range page.Records {
						answered[r] = true
					}
					missing := map[store.Record]bool{}
					var list []store.Record
					for _, r := range chunk {
						if !answered[r] && s.store.Alive(r) && !s.retired(r) {
							missing[r] = true
							list = append(list, r)
						}
					}
					if len(list) > 0 {
						s.dropRemoved(missing)
						gone(list)
					}
				},
			})
		}
	}
	return inquiries
}

// mostKinds is how many sets of attributes are asked for apart of the entities of one type.
const mostKinds = 4

func union(records []store.Record, needs map[store.Record][]string) []string {
	var all []string
	for _, r := range records {
		for _, path := range needs[r] {
			if !slices.Contains(all, path) {
				all = append(all, path)
			}
		}
	}
	slices.Sort(all)
	return all
}

// refreshPaths are the paths that bring an attribute anew. A reference and the members of a collection come with what is loaded of those that
// are there now, so that what takes their place can be read as they could. The session is locked.
func (s *Session) refreshPaths(r store.Record, t *schema.EntityType, slot int32) []string {
	name := s.store.SlotName(r, slot)
	a := named(t, name)
	switch {
	case a == nil || a.Restricted:
		s.store.Unload(r, slot)
		return nil
	case slices.Contains(t.PrimaryKey, name):
		return nil
	case !a.IsRelation():
		return []string{name}
	}
	paths, err := s.expand(t, name)
	if err != nil {
		s.store.Unload(r, slot)
		return nil
	}
	v := s.remoteOf(r, slot)
	model := v.Reference()
	for _, item := range s.membersOfList(v) {
		model = item
		break
	}
	target := s.schemas.Type(a.Target)
	if target == nil || model == 0 {
		return paths
	}
	for _, column := range s.scalars(model) {
		if named(target, column) != nil && !slices.Contains(paths, name+"."+column) {
			paths = append(paths, name+"."+column)
		}
	}
	return paths
}

// scalars are the names of the attributes of a record that are loaded and hold no entities. The session is locked.
func (s *Session) scalars(r store.Record) []string {
	t := s.typeOf(r)
	if t == nil {
		return nil
	}
	var names []string
	for _, slot := range s.store.LoadedSlots(r) {
		if a := named(t, s.store.SlotName(r, slot)); a != nil && !a.IsRelation() && !a.Restricted {
			names = append(names, a.Name)
		}
	}
	return names
}
