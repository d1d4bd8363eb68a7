package session

import (
	"slices"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// taken is what a commit has taken from the session, to be put back where it fails.
type taken struct {
	recorded []*entry // as they were recorded
	log      []*entry // with changes of mappings as changes of their rows
	inStep   map[place]bool
	made     map[store.Record]bool // rows of mappings that the commit creates
	done     map[*entry]bool       // that the server has taken
}

// takeLog takes what is recorded; what is recorded from now on is for the next commit. The session is locked.
func (s *Session) takeLog() *taken {
	t := &taken{recorded: s.log, inStep: s.inStep, made: map[store.Record]bool{}, done: map[*entry]bool{}}
	t.log = s.expandMappings(t)
	s.log, s.inStep = nil, map[place]bool{}
	return t
}

// putBack undoes takeLog for what the server has not taken. The session is locked.
func (s *Session) putBack(t *taken) {
	for r := range t.made {
		s.store.Retire(r)
	}
	var log []*entry
	for _, e := range t.recorded {
		if !t.done[e] {
			log = append(log, e)
		}
	}
	s.log = append(log, s.log...)
	for at := range t.inStep {
		s.inStep[at] = true
	}
	s.sending.Store(nil)
}

// finishEntry counts an entry as done. The session is locked.
func (s *Session) finishEntry(t *taken, e *entry) {
	for _, each := range e.recorded() {
		if !t.done[each] {
			t.done[each] = true
			s.count(each, -1)
		}
	}
}

// endTaken ends a commit that the server has taken whole: entries that had nothing to say too. The session is locked.
func (s *Session) endTaken(t *taken) {
	for _, e := range t.recorded {
		if t.done[e] {
			continue
		}
		s.finishEntry(t, e)
		typ := s.store.Type(e.record)
		switch {
		case typ == nil:
		case e.kind == updateEntry:
			s.settle(e.record, typ, e.attribute)
		case e.kind == createEntry:
			s.store.Retire(e.record) // deleted before it was sent
			s.clearLocals(e.record)
		}
	}
	s.keepListsInStep(t)
	for at := range t.inStep {
		if !s.inStep[at] && s.changes[at] == nil && !s.updates(at.record, s.store.SlotName(at.record, at.slot)) {
			s.store.ClearLocal(at.record, at.slot)
		}
		s.store.Unload(at.record, at.slot)
	}
	s.tell()
}

// updates reports whether an operation that is still recorded sets an attribute or its pair. The session is locked.
func (s *Session) updates(r store.Record, name string) bool {
	t := s.store.Type(r)
	if t == nil {
		return false
	}
	return slices.ContainsFunc(s.log, func(e *entry) bool {
		return e.record == r && e.kind == updateEntry && pairName(t, e.attribute) == pairName(t, name)
	})
}

// settle takes the local value of an attribute and of its pair away, unless a newer operation set it. The session is
// locked.
func (s *Session) settle(r store.Record, t *schema.EntityType, name string) {
	a := t.Attribute(name)
	if a == nil || s.updates(r, name) {
		return
	}
	for _, each := range []string{a.Name, a.ForeignKey, a.ReferenceName} {
		if other := t.Attribute(each); other != nil {
			s.store.ClearLocal(r, other.Slot)
			delete(s.changes, place{r, other.Slot})
		}
	}
}

func (s *Session) clearLocals(r store.Record) { s.clearLocalsBut(r, nil) }

// clearLocalsBut takes the local values of a record away, but those in some places.
func (s *Session) clearLocalsBut(r store.Record, kept map[place]bool) {
	var slots []int32
	s.store.Locals(r, func(slot int32, _ *store.Value) {
		if !kept[place{r, slot}] {
			slots = append(slots, slot)
		}
	})
	for _, slot := range slots {
		s.store.ClearLocal(r, slot)
		delete(s.changes, place{r, slot})
	}
}

// accept makes what was sent the server's values, with the replies over it. Its error is for replies that do not say that the server did
// anything; nothing is taken then.
func (s *Session) accept(t *taken, op string, payloads []*payload, replies []wire.Node) error {
	for _, reply := range replies {
		if reply.Kind() != wire.Object {
			return malformed(op, "a reply to a change is no object")
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.acceptAll(t, payloads, replies)
	return nil
}

// acceptAll is accept; there may be no replies. The session is locked.
func (s *Session) acceptAll(t *taken, payloads []*payload, replies []wire.Node) {
	deleted := map[store.Record]bool{}
	var unloaded []store.Change
	noted := s.noteOwn()
	moved := map[store.Record][]*schema.Attribute{} // references whose old value is not known, or not any more: another answer told the new one first
	for _, p := range payloads {
		r := p.identity.record
		if r == 0 {
			r = s.store.Find(p.typ.Root.Name, p.key...)
		}
		if r == 0 && p.action == "create" {
			r = s.stub(p.typ, p.key)
		}
		for _, e := range p.entries {
			s.finishEntry(t, e)
		}
		delete(t.made, r)
		if r == 0 {
			continue
		}
		s.unloadCustom(p)
		if p.action == "delete" {
			deleted[r] = true
			continue
		}
		for _, m := range p.data {
			reference := p.typ.Attribute(pairName(p.typ, m.name))
			if reference == nil || reference.Kind != schema.Reference {
				s.takeAsRemote(r, p.typ, m)
			} else {
				before := s.store.Remote(r, reference.Slot)
				known, from := before != nil, before.Reference() // the cell is overwritten
				s.takeAsRemote(r, p.typ, m)
				to := s.store.Remote(r, reference.Slot).Reference()
				if (!known || from == to) && p.action == "update" {
					moved[r] = append(moved[r], reference)
				}
				s.unloadEnds(r, p.typ, reference, from, to)
			}
			if slices.Contains(owning, strings.TrimSuffix(m.name, "_id")) {
				s.forgetAbove(r)
			}
		}
		if p.action == "create" {
			s.settleCreated(r, p.typ)
			s.addRow(p, r)
			s.unloadAround(p, r)
		}
		for _, a := range p.typ.Attributes {
			if a.Computed || a.Name == "link" || a.Name == "_link" {
				if s.store.Remote(r, a.Slot) != nil {
					unloaded = append(unloaded, store.Change{Record: r, Slot: a.Slot})
				}
				s.store.Unload(r, a.Slot)
			}
		}
	}
	for _, p := range payloads { // an event may have come first, and a reference made a new record since
		if p.action == "delete" {
			if r := s.store.Find(p.typ.Root.Name, p.key...); r != 0 {
				deleted[r] = true
			}
		}
	}
	s.dropDeleted(deleted)
	gone := s.identities(deleted)
	s.takeFromOldOwners(moved)
	noted(gone)
	m := s.store.Begin(nil)
	for _, reply := range replies {
		if data := reply.Get("data"); data.Kind() == wire.Object {
			m.Row(data)
		}
	}
	s.accepting = true
	s.finish(m)
	s.accepting = false
	s.noteAnswered()
	s.keepCommitted(payloads, replies, gone)
	s.noteCommitted(payloads)
	for _, at := range unloaded {
		if s.store.Remote(at.Record, at.Slot) == nil {
			s.noteUnloaded(at)
		}
	}
}

// unloadEnds makes the collections at the ends of a reference that changed not loaded: they may have been loaded, or asked for, after the
// change was recorded and before the server had it. Where another answer told of the change first, so may the collection at the new end,
// unless it has the entity. The session is locked.
func (s *Session) unloadEnds(r store.Record, t *schema.EntityType, reference *schema.Attribute, before, after store.Record) {
	for _, end := range []store.Record{before, after} {
		owner := s.store.Type(end)
		if owner == nil {
			continue
		}
		many := s.otherEnd(t, reference, owner)
		if many == nil || before == after && slices.Contains(s.current(s.store.Remote(end, many.Slot)).list, r) {
			continue
		}
		s.store.Unload(end, many.Slot)
	}
}

// takeFromOldOwners takes entities out of the loaded collections at the other ends of references whose old value nobody had
// loaded. The session is locked.
func (s *Session) takeFromOldOwners(moved map[store.Record][]*schema.Attribute) {
	if len(moved) == 0 {
		return
	}
	records := map[store.Record]bool{}
	for r := range moved {
		records[r] = true
	}
	lists := map[place][]store.Record{}
	s.store.Holders(records, func(holder store.Record, slot int32, v *store.Value) {
		if v.Kind() != store.List {
			return
		}
		owner := s.store.Type(holder)
		left := slices.DeleteFunc(s.current(v).list, func(r store.Record) bool {
			return slices.ContainsFunc(moved[r], func(reference *schema.Attribute) bool {
				many := s.otherEnd(s.store.Type(r), reference, owner)
				return many != nil && many.Slot == slot && s.store.Remote(r, reference.Slot).Reference() != holder
			})
		})
		if len(left) < v.Len() {
			lists[place{holder, slot}] = left
		}
	})
	for at, list := range lists {
		s.store.SetRemoteList(at.record, at.slot, list)
	}
}

// takeAsRemote makes a value the server's, and what moves with it. A newer local value stays over it.
func (s *Session) takeAsRemote(r store.Record, t *schema.EntityType, m member) {
	a := t.Attribute(m.name)
	if a == nil || slices.Contains(t.PrimaryKey, m.name) {
		return
	}
	newer := s.updates(r, m.name)
	set := func(slot int32, l literal) {
		var local literal
		if newer {
			local = s.current(s.store.Local(r, slot))
		}
		if l.isList {
			s.store.ClearLocal(r, slot)
			s.store.SetRemoteList(r, slot, l.list)
		} else if s.putLocal(r, slot, l); !s.store.Accept(r, slot) {
			s.store.Unload(r, slot)
		}
		if newer {
			s.putLocal(r, slot, local)
		} else {
			delete(s.changes, place{r, slot})
		}
	}
	set(a.Slot, m.value)
	switch {
	case a.Kind == schema.Reference && a.ForeignKey != "":
		set(t.Attribute(a.ForeignKey).Slot, s.keyOf(m.value))
	case a.ReferenceName != "":
		if reference := t.Attribute(a.ReferenceName); reference.Kind == schema.Reference {
			set(reference.Slot, s.targetOf(reference, m.value))
		}
	}
}

// settleCreated takes the local values of a created entity away that only stood for "nothing there yet".
func (s *Session) settleCreated(r store.Record, t *schema.EntityType) {
	for _, a := range t.Attributes {
		if a.IsMany() && s.changes[place{r, a.Slot}] == nil {
			s.store.ClearLocal(r, a.Slot)
		}
	}
}

// addRow puts a row that was created into the mapping that it is of, where that is loaded.
func (s *Session) addRow(p *payload, row store.Record) {
	if len(p.entries) == 0 || p.entries[0].from == nil {
		return
	}
	change := p.entries[0].from[0]
	owner := change.record
	slot := s.store.Slot(s.store.Type(owner).Name, change.attribute)
	if v := s.store.Remote(owner, slot); v.Kind() == store.List {
		if list := s.current(v).list; !slices.Contains(list, row) {
			s.store.SetRemoteList(owner, slot, append(list, row))
		}
	}
}

// unloadCustom makes custom attributes not loaded whose values changed: what they show now is the server's to say.
func (s *Session) unloadCustom(p *payload) {
	if len(p.entries) == 0 || p.entries[0].from == nil {
		return
	}
	change := p.entries[0].from[0]
	if a := s.store.Type(change.record).Attribute(change.attribute); a.Kind == schema.CustomAttributes {
		if !s.acceptCustom(p, change.record) {
			s.store.Unload(change.record, a.Slot)
		}
		s.store.Unload(p.identity.record, s.store.Slot(p.typ.Name, "value"))
	}
}
