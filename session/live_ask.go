package session

import (
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// inquiries judges what is in doubt, and gives the questions for what it cannot tell.
func (l *Live) inquiries() []inquiry {
	if l.asked || len(l.probing) > 0 {
		return nil
	}
	if l.session.options.Policy == CacheOnly {
		l.stale = false
		clear(l.doubted)
		clear(l.unknown)
		return nil
	}
	if !l.stale {
		l.judge()
	}
	if l.stale {
		clear(l.doubted)
		clear(l.unknown)
		return []inquiry{l.everything(-1)}
	}
	return l.probes()
}

// mostProbed is how many entities are asked about; beyond it, all rows are asked for instead.
const mostProbed = 500

// probes asks which of the entities in doubt are rows, and for what they show.
func (l *Live) probes() []inquiry {
	s := l.session
	var records []store.Record
	var ids []string
	for r := range l.doubted {
		if !s.upkeep.unsettled(r) {
			records = append(records, r)
		}
	}
	if len(records)+len(l.unknown) == 0 {
		return nil
	}
	if len(l.typ.PrimaryKey) != 1 || len(records)+len(l.unknown) > mostProbed || l.windowed() && l.offset > 0 {
		clear(l.doubted)
		clear(l.unknown)
		return []inquiry{l.everything(-1)}
	}
	for _, r := range records {
		ids = append(ids, s.store.Key(r)[0])
		l.probing[r] = true
		delete(l.doubted, r)
	}
	for id := range l.unknown {
		ids = append(ids, id)
	}
	clear(l.unknown)
	slices.Sort(ids)
	key := query.OneOf(query.Names(l.typ.PrimaryKey[0]), ids)
	probe := l.tree.WithWhere(both(key, l.tree.Where))
	probe.OrderBy = nil
	probe = probe.WithProjections(l.withOrder()).WithPage(-1, -1)
	l.requests++
	return []inquiry{{question: question{expression: probe.String()}, done: func(page Page, more bool, refusal error) {
		probed := l.probing
		l.probing = map[store.Record]bool{}
		if l.err = refusal; refusal != nil || more {
			l.stale = more
			l.moved = true
			for r := range probed {
				l.doubted[r] = true
			}
			if refusal != nil {
				l.failed(refusal)
			}
			return
		}
		holds := map[store.Record]bool{}
		for _, r := range page.Records {
			holds[r] = true
			probed[r] = true
		}
		verdicts := map[store.Record]bool{}
		for r := range probed {
			if l.doubted[r] {
				continue // it changed again meanwhile
			}
			verdicts[r] = holds[r]
			if holds[r] && !page.partial && !l.complete(r) { // it was not asked what others show
				l.noteLacking(r)
			}
		}
		l.decide(verdicts)
	}}}
}

// noteLacking remembers what the server does not give of a row, so that it is not asked for it again.
func (l *Live) noteLacking(r store.Record) {
	s := l.session
	for _, p := range l.tree.Projections {
		if s.unanswered == nil {
			s.unanswered = map[lack]uint32{}
		}
		if path := p.Path.String(); !s.loaded([]store.Record{r}, pathNames(p.Path)) {
			s.unanswered[lack{r, path}] = s.store.Version(r)
		}
	}
}

// failed keeps what the server refused; where the network failed, everything is asked for again later.
func (l *Live) failed(err error) {
	l.err = err
	l.moved = true
	if s, ok := err.(*wire.ServerError); !ok || s.Status >= 500 {
		l.stale = true
	} else {
		clear(l.doubted)
	}
}

func both(key, where query.Criterion) query.Criterion {
	if where == nil {
		return key
	}
	return query.AllOf(key, where)
}

// withOrder are the projections, and what the rows are ordered by.
func (l *Live) withOrder() []query.Projection {
	projections := slices.Clone(l.tree.Projections)
	for _, order := range l.tree.OrderBy {
		p := query.Projection{Path: order.Path}
		if !slices.ContainsFunc(projections, func(other query.Projection) bool { return other.Key() == p.Key() }) {
			projections = append(projections, p)
		}
	}
	return projections
}

// livePage is how many rows more than those at hand are asked for in one question, and the most of all.
const (
	livePage     = 500
	mostLivePage = 5000
)

// everything asks for all rows; from a page on, when it is not negative.
func (l *Live) everything(from int) inquiry {
	s := l.session
	l.asked = true
	if from < 0 {
		l.stale = false // what is told between two pages of the rows still holds
	}
	l.requests++
	tree := l.tree
	if !tree.IsAggregate() {
		tree = tree.WithProjections(l.withOrder())
	}
	offset := max(from, l.offset)
	size := min(len(l.rows)+livePage, mostLivePage)
	if l.limit >= 0 {
		size = min(size, l.limit-(offset-l.offset))
	}
	if tree.IsAggregate() && l.limit < 0 {
		tree = tree.WithPage(-1, -1)
		if l.offset > 0 {
			tree = tree.WithPage(l.offset, -1)
		}
	} else {
		tree = tree.WithPage(offset, size)
	}
	var before []store.Record
	if from > 0 {
		before = l.rows
	}
	return inquiry{question: question{expression: tree.String()}, alone: l.err != nil, keep: l.keptAs(offset), cut: l.showKept, done: func(page Page, more bool, refusal error) {
		l.asked = false
		if refusal != nil {
			l.failed(refusal)
			return
		}
		l.err = nil
		l.moved, l.relook = true, true
		if from < 0 {
			l.freshness = Freshness{FetchedAt: s.options.Now()}
		}
		if l.tree.IsAggregate() {
			if l.plain = page.Plain; l.plain == nil {
				l.plain = []byte("[]")
			}
			l.loaded = true
			return
		}
		l.take(before, page.Records)
		if read := offset + len(page.Records) - l.offset; more && len(page.Records) > 0 && (l.limit < 0 || read < l.limit) {
			l.again(offset + len(page.Records))
			return
		}
		for _, r := range l.rows {
			if s.retired(r) {
				l.stale = true
			}
		}
		l.loaded = true
	}}
}

// again asks for the page after those that came.
func (l *Live) again(from int) {
	s := l.session
	next := l.everything(from)
	go func() {
		ok := s.ask(s.life, "live", []inquiry{next})
		s.mu.Lock()
		defer s.mu.Unlock()
		if !ok {
			s.pauseUpkeep(s.upkeep)
		}
		s.upkeep.wake(false)
	}()
}
