package session

import (
	"maps"
	"slices"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
)

// note takes what an event tells of an entity. The session is locked, in this file throughout.
func (l *Live) note(c *remoteChange, r store.Record) {
	s := l.session
	var t *schema.EntityType
	if r != 0 {
		t = s.typeOf(r)
	}
	switch l.uses.concerns(l.typ, c, t) {
	case concernsNothing:
		return
	case concernsAll:
		l.stale = true
		return
	}
	switch {
	case l.remote == nil:
		l.stale = true
	case c.action == changeRemove:
		if r != 0 && l.in[r] {
			l.drop(r)
			l.doubtWindow()
		} else if l.offset > 0 {
			l.stale = true // it may have been before the window
		}
	case r != 0:
		s.store.SweepRoot(r)
		l.doubted[r] = true
	case len(c.key) == 1 && !l.ruledOut(c):
		l.unknown[c.key[0]] = true
	case len(c.key) != 1:
		l.stale = true
	}
}

// ruledOut reports whether what an event tells of an entity that is not known says that it is no row.
func (l *Live) ruledOut(c *remoteChange) bool {
	p := l.sources[0]
	t := c.types[0]
	if !c.named || !t.IsA(l.typ.Name) {
		if c.named || len(c.types) == 0 {
			return c.named && !l.typ.IsA(t.Name)
		}
		t = l.typ
	}
	p.typ, p.told = t, map[int32]eval.Value{}
	defer func() { p.typ, p.told = nil, nil }()
	for _, k := range c.changed {
		for _, a := range attributesOf(t, k.name) {
			if isID(t, a) && k.new.known {
				if k.new.null || k.new.text == "" {
					p.told[a.Slot] = eval.Value{}
				} else {
					p.told[a.Slot] = eval.Text(k.new.text)
				}
			}
		}
	}
	for i, parent := range c.parents {
		for _, name := range []string{"parent_id", "project_id"} {
			a := named(t, name)
			if a == nil || len(parent.types) == 0 || name == "parent_id" && i > 0 || name == "project_id" && parent.types[0].Name != "Project" {
				continue
			}
			if _, told := p.told[a.Slot]; !told {
				p.told[a.Slot] = eval.Text(parent.id)
			}
		}
	}
	p.told[named(t, t.PrimaryKey[0]).Slot] = eval.Text(c.key[0])
	return l.remote.Judge(toldEntity, false) == eval.Fails
}

// drop takes a row out.
func (l *Live) drop(r store.Record) {
	if i := slices.Index(l.rows, r); i >= 0 {
		l.rows = slices.Delete(slices.Clone(l.rows), i, i+1)
		delete(l.in, r)
		l.relook, l.moved = true, true
	}
}

// windowed reports whether the query shows a part of its rows.
func (l *Live) windowed() bool { return l.limit >= 0 || l.offset > 0 }

// doubtWindow asks for all rows where a row that went makes room for one that nobody knows.
func (l *Live) doubtWindow() {
	if l.offset > 0 || l.limit >= 0 && len(l.rows) >= l.limit-1 {
		l.stale = true
	}
}

// merged looks at what a reply brought.
func (l *Live) merged(changes *store.Changes) {
	for _, c := range changes.Updated {
		l.touched[c.Record] = true
		if l.remote == nil || l.session.upkeep.asked[c.Record] != nil {
			continue
		}
		if t := l.session.typeOf(c.Record); t != nil && t.IsA(l.typ.Name) && l.uses.own[l.session.store.SlotName(c.Record, c.Slot)] {
			l.doubted[c.Record] = true
		}
	}
}

// noteCommitted tells live queries what the session's own commit did. The session is locked.
func (s *Session) noteCommitted(payloads []*payload) {
	if s.upkeep == nil || len(s.upkeep.lives) == 0 {
		return
	}
	for _, p := range payloads {
		c := &remoteChange{types: []*schema.EntityType{p.typ}, named: true, key: p.key}
		switch p.action {
		case "create":
			c.action = changeAdd
		case "delete":
			c.action = changeRemove
		}
		for _, m := range p.data {
			c.changed = append(c.changed, changedKey{name: m.name})
		}
		r := p.identity.record
		if r == 0 {
			r = s.store.Find(p.typ.Name, p.key...)
		}
		for _, l := range s.upkeep.lives {
			l.note(c, r)
		}
	}
	deletes := slices.ContainsFunc(payloads, func(p *payload) bool { return p.action == "delete" })
	for _, l := range s.upkeep.lives { // what went with what was deleted
		if deletes && (l.remote == nil || l.offset > 0) {
			l.stale = true
		}
		for _, r := range l.rows {
			if s.retired(r) {
				l.drop(r)
				l.doubtWindow()
			}
		}
	}
	s.upkeep.wake(false)
}

// shows reports whether the projections lead to entities of a type.
func (l *Live) shows(t *schema.EntityType) bool {
	for shown := range l.uses.shown {
		if related(t, shown) {
			return true
		}
	}
	return false
}

// noteUnloaded tells live queries of a value that is not loaded any more, though nothing changed.
func (s *Session) noteUnloaded(at store.Change) {
	if s.upkeep == nil {
		return
	}
	name, t := s.store.SlotName(at.Record, at.Slot), s.typeOf(at.Record)
	for _, l := range s.upkeep.lives {
		for _, path := range l.paths {
			switch {
			case path[len(path)-1] != name || l.remote == nil:
			case len(path) > 1:
				l.stale = l.stale || l.shows(t)
			case l.in[at.Record]:
				l.doubted[at.Record] = true
			}
		}
	}
	s.upkeep.wake(false)
}

// judge decides what is in doubt, where the values at hand tell.
func (l *Live) judge() {
	s := l.session
	l.judged = map[store.Record]bool{}
	n := 0
	for r := range l.doubted {
		if !s.restEvery(&n) {
			return
		}
		if s.upkeep.unsettled(r) {
			continue // its values are on their way
		}
		verdict := eval.Fails
		if s.store.Alive(r) && !s.retired(r) {
			verdict = l.remote.Judge(eval.Entity(r), false)
			if verdict == eval.Unsure || verdict == eval.Holds && !l.complete(r) {
				continue
			}
		}
		delete(l.doubted, r)
		l.judged[r] = verdict == eval.Holds
	}
	verdicts := l.judged
	l.judged = nil
	for r := range verdicts { // what happened meanwhile
		switch {
		case l.doubted[r]:
			delete(verdicts, r)
		case !s.store.Alive(r) || s.retired(r):
			verdicts[r] = false
		}
	}
	if !l.stale {
		l.decide(verdicts)
	}
}

// complete reports whether everything that a row shows is loaded.
func (l *Live) complete(r store.Record) bool {
	t := l.session.typeOf(r)
	for i, path := range l.paths {
		if a := named(t, path[0]); a == nil || len(path) == 1 && a.IsRelation() && l.session.remoteOf(r, a.Slot) == nil {
			return false
		}
		if !l.session.loaded([]store.Record{r}, path) && !l.session.isUnanswered(r, l.tree.Projections[i].Path.String()) {
			return false
		}
	}
	return true
}

func pathNames(path query.Path) []string {
	names := make([]string, len(path))
	for i, segment := range path {
		names[i] = segment.Name
	}
	return names
}

// mostPlaced is how many rows are put in their places; beyond it, all are asked for instead.
const mostPlaced = 256

// decide takes entities in or out, and puts those that came or changed where they belong. Where that cannot be told, all rows are
// asked for.
func (l *Live) decide(verdicts map[store.Record]bool) {
	var placed []store.Record
	out := false
	for r, holds := range verdicts {
		switch was := l.in[r]; {
		case holds && (!was || l.remote.Ordered()):
			placed = append(placed, r)
		case !holds && was:
			out = true
		}
	}
	if !out && len(placed) == 0 {
		return
	}
	if l.windowed() && (l.offset > 0 || l.limit >= 0 && (len(l.rows) >= l.limit || len(l.rows)+len(placed) > l.limit)) ||
		l.remote.Ordered() && len(placed) > mostPlaced {
		l.stale = true
		return
	}
	slices.Sort(placed)
	rows := make([]store.Record, 0, len(l.rows)+len(placed))
	aside := map[int]store.Record{} // in doubt themselves: they may not be in order, and are no measure for others
	for i, r := range l.rows {
		switch holds, judged := verdicts[r]; {
		case judged && (!holds || l.remote.Ordered()):
		case len(placed) > 0 && l.remote.Ordered() && (l.doubted[r] || l.probing[r]):
			aside[i] = r
		default:
			rows = append(rows, r)
		}
	}
	for _, r := range placed {
		at, sure := l.position(l.remote, rows, r)
		if !sure {
			l.stale = true
			return
		}
		rows = slices.Insert(rows, at, r)
	}
	for _, i := range slices.Sorted(maps.Keys(aside)) {
		rows = slices.Insert(rows, min(i, len(rows)), aside[i]) // about where they stood, until it is known where they belong
	}
	if slices.Equal(rows, l.rows) {
		return
	}
	for r := range verdicts {
		delete(l.in, r)
	}
	for _, r := range rows {
		if !l.in[r] {
			l.in[r] = true
			l.dirty[r] = true
		}
	}
	l.rows = rows
	l.relook, l.moved = true, true
}

// position is where an entity belongs among rows that are in order; sure is false where that is not known.
func (l *Live) position(judge *eval.Judge, rows []store.Record, r store.Record) (at int, sure bool) {
	if !judge.Ordered() {
		return len(rows), true
	}
	low, high, sure := 0, len(rows), true
	for low < high {
		middle := (low + high) / 2
		order, known := judge.Compare(eval.Entity(rows[middle]), eval.Entity(r))
		sure = sure && known
		if order <= 0 {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, sure
}

// isRow reports whether a type can be met among the rows.
func (l *Live) isRow(t *schema.EntityType) bool {
	return t != nil && (t.IsA(l.typ.Name) || strings.EqualFold(t.Name, l.typ.Name))
}
