package session

import (
	"slices"
	"strconv"

	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// keptAs stands for the expression of what brought rows from a place on, where it is kept. Answers differ in length, so an expression with a limit
// would not find what another one left.
func (l *Live) keptAs(offset int) string {
	return "live\n" + l.tree.String() + "\n" + strconv.Itoa(offset)
}

// showKept shows what is kept of the rows, all or none, until the server has answered; it looks once. The session must not be locked.
func (l *Live) showKept() {
	s := l.session
	s.mu.Lock()
	sought := l.sought || l.loaded || l.closed || s.options.Policy == NetworkOnly
	l.sought = true
	s.mu.Unlock()
	if sought {
		return
	}
	rows, ok := l.keptRows()
	s.mu.Lock()
	defer s.mu.Unlock()
	only := s.options.Policy == CacheOnly
	switch {
	case l.closed || !l.freshness.FetchedAt.IsZero():
		return
	case ok:
		l.freshness = rows.Freshness
		l.freshness.Stale = !only
		l.plain = rows.Plain
		l.take(nil, rows.Records)
	case only:
		l.err = s.notKept("live")
	}
	l.asked = l.asked && !only // nobody else is asked
	l.moved, l.relook = true, true
	s.upkeep.wake(false)
}

// keptRows are all rows that are kept, as a query of the same expression left them if no live one did; false if some are not.
func (l *Live) keptRows() (all Page, ok bool) {
	s := l.session
	if s.options.Storage == nil {
		return Page{}, false
	}
	read := s.beginRead()
	defer read.end()
	for at := l.offset; ; {
		found, ok := s.keptReply(s.life, l.keptAs(at))
		if !ok {
			size := DefaultPageSize
			if l.limit >= 0 {
				size = min(size, l.limit-(at-l.offset))
			}
			if found, ok = s.keptReply(s.life, l.tree.WithPage(at, size).String()); !ok {
				return Page{}, false
			}
		}
		page, next, err := l.keptPage(read, &found)
		if err != nil {
			return Page{}, false
		}
		all.Records = append(all.Records, page.Records...)
		all.Plain = page.Plain
		all.Freshness = all.Freshness.and(Freshness{FromCache: true, FetchedAt: found.At})
		if next <= at || l.limit >= 0 && next-l.offset >= l.limit {
			return all, true
		}
		at = next
	}
}

// keptPage merges a kept answer, and says where the rows after it begin; 0 if it is the last.
func (l *Live) keptPage(read *reading, found *Kept) (page Page, next int, err error) {
	s := l.session
	response := &wire.Response{Status: 200, Body: found.Body, Recycle: found.Recycle}
	defer response.Done()
	tape := s.takeTape()
	defer s.giveTape(tape)
	replies, err := s.scan(s.life, "live", response, tape, 1)
	if err != nil {
		return Page{}, 0, err
	}
	page, err = s.mergeRows(s.life, "live", replies[0].Get("data"), nil, found, read)
	offset, _ := replies[0].Get("metadata").Get("next").Get("offset").Int()
	return page, int(offset), err
}

// take makes records the rows, behind those before. The session is locked.
func (l *Live) take(before, records []store.Record) {
	known := map[store.Record]bool{}
	l.rows = slices.DeleteFunc(append(slices.Clone(before), records...), func(r store.Record) bool {
		twice := known[r]
		known[r] = true
		return twice
	})
	for _, r := range records {
		if !l.in[r] {
			l.dirty[r] = true
		}
	}
	l.in = known
}
