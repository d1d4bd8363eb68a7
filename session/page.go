package session

import (
	"context"
	"runtime"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Page is what one request brought.
type Page struct {
	Records []store.Record // the entities, in the server's order
	Plain   []byte         // JSON array of the rows that are no entities: those of aggregates; nil otherwise
	Done    bool           // no page follows

	Freshness Freshness

	entities []*Entity // of Records, made before a sweep can come between; nil with Options.KeepRecords
	partial  bool      // something of it was left out, because something newer was known
}

// await merges a page once it is there.
func (q *Query) await(ctx context.Context, page *fetchedPage) (Page, error) {
	select {
	case <-page.arrived:
	case <-ctx.Done():
		page.cancel()
		return Page{}, &AbortError{Op: "query", Err: context.Cause(ctx)}
	}
	defer page.cancel()
	if page.err != nil {
		return Page{}, page.err
	}
	return q.merge(ctx, page)
}

// fetchedPage is a request under way, or its answer.
type fetchedPage struct {
	arrived    chan struct{}
	cancel     func()
	read       *reading
	expression string
	response   *wire.Response
	asked      time.Time // when the request left
	freshness  Freshness
	kept       *Kept // what response is made of, when it was kept
	keep       bool  // the reply is to be kept
	err        error
}

// wasKept reports whether the page has come, and from what is kept.
func (p *fetchedPage) wasKept() bool {
	select {
	case <-p.arrived:
		return p.freshness.FromCache
	default: // an aborted request may still write to it
		return false
	}
}

// request asks for the page at q.at.
func (q *Query) request() *fetchedPage {
	size := q.pageSize
	if q.limit >= 0 {
		size = min(size, q.limit-q.fetched)
	}
	if q.single && q.at == 0 {
		return q.session.startPage(q.policy, q.tree.WithPage(-1, size).String())
	}
	return q.session.startPage(q.policy, q.tree.WithPage(q.at, size).String())
}

func (s *Session) startPage(policy Policy, expression string) *fetchedPage {
	ctx, release := s.bounded(context.Background())
	ctx, cancel := context.WithCancel(ctx)
	read := s.beginRead()
	page := &fetchedPage{arrived: make(chan struct{}), read: read, expression: expression, cancel: func() { cancel(); release(); read.end() }}
	go func() {
		defer close(page.arrived)
		page.err = s.obtain(ctx, policy, expression, page)
	}()
	return page
}

// merge takes an answer into the store, and requests the page after it first, so that the server works meanwhile.
func (q *Query) merge(ctx context.Context, page *fetchedPage) (Page, error) {
	s := q.session
	tape := s.takeTape()
	kept := false
	defer func() {
		if !kept {
			s.giveTape(tape)
			page.response.Done()
		}
	}()
	if page.keep {
		s.keeping.postpone()
	}
	if err := s.breathe(ctx); err != nil {
		return Page{}, s.endedOr(ctx, "query", &AbortError{Op: "query", Err: err})
	}
	replies, err := s.scan(ctx, "query", page.response, tape, 1)
	if err != nil {
		return Page{}, err
	}
	reply := replies[0]
	data := reply.Get("data")
	if data.Kind() != wire.Array {
		return Page{}, malformed("query", "the reply has no list of rows")
	}
	count := data.Len()
	at, fetched := q.at, q.fetched
	offset := reply.Get("metadata").Get("next").Get("offset")
	next, more := offset.Int()
	if !more && offset.Kind() != wire.Null && offset.Kind() != wire.Missing {
		return Page{}, malformed("query", "the reply's next offset is no number")
	}
	q.fetched += count
	switch {
	case !more || count == 0 || q.limit >= 0 && q.fetched >= q.limit:
		q.done = true
	case int(next) <= q.at:
		q.fetched = fetched
		return Page{}, malformed("query", "the reply's next offset does not advance")
	default:
		q.at = int(next)
		q.next = q.request()
		runtime.Gosched() // on the one thread of a browser it would leave only when the merge pauses
	}
	result, err := s.mergeRows(ctx, "query", data, &q.shape, page.kept, page.read)
	if err != nil { // the rows were not handed out: the page can be asked for again
		q.abandon()
		q.at, q.fetched, q.done = at, fetched, false
		return Page{}, err
	}
	result.Done = q.done
	result.Freshness = page.freshness
	q.freshness = q.freshness.and(page.freshness)
	if page.keep {
		s.keep(s.replyKey(page.expression), page.asked, page.response, tape)
		kept = true
	}
	if q.policy == CacheAndNetwork && page.freshness.FromCache && q.fresh == nil {
		q.refresh()
	}
	return result, nil
}

// refresh asks the server, too, for what rows are kept ones of.
func (q *Query) refresh() {
	q.fresh = &Query{session: q.session, tree: q.tree, limit: q.limit, offset: q.offset, at: q.offset, pageSize: q.pageSize, policy: networkOrNothing, single: q.single}
	if !q.session.options.KeepRecords {
		go q.fresh.All(q.session.life)
	}
}

// rows are the entities of a page.
func (s *Session) rows(page Page) []*Entity {
	if page.entities == nil {
		for _, r := range page.Records {
			page.entities = append(page.entities, s.entity(r))
		}
	}
	return page.entities
}

// mergeRows merges rows in slices, with the session locked while a slice lasts, and free after a panic. kept says that they are kept ones.
func (s *Session) mergeRows(ctx context.Context, op string, data wire.Node, shape *store.Shape, kept *Kept, read *reading) (Page, error) {
	if kept != nil {
		newer, err := s.mergeNewer(ctx, kept.Newer)
		defer newer()
		if err != nil {
			return Page{}, s.endedOr(ctx, op, &AbortError{Op: op, Err: err})
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	begin := s.store.Begin
	if kept != nil {
		begin = s.store.BeginOlder
	}
	m := begin(shape)
	defer m.Abandon()
	m.Keep(read.written)
	if kept == nil {
		m.Answers(&read.question)
	} else {
		m.Without(kept.Gone)
		m.ToldAt(s.clock(kept.At))
	}
	var plain []byte
	n := 0
	for _, row := range data.List() {
		if offset, _ := row.Span(); kept != nil && kept.Gone[offset] {
			continue
		}
		if r := m.Row(row); r == 0 {
			if plain = append(plain, ','); len(plain) == 1 {
				plain[0] = '['
			}
			plain = append(plain, row.Raw()...)
		}
		if n++; n < slowRows || n%rowsPerBreath == 0 {
			if err := s.unlocked(ctx, s.breathe); err != nil {
				s.finish(m)
				return Page{}, s.endedOr(ctx, op, &AbortError{Op: op, Err: err})
			}
		}
	}
	// What the caller does with the rows is a turn's work of its own. Until the merge ends they are held.
	if err := s.unlocked(ctx, s.breatheBetween); err != nil {
		s.finish(m)
		return Page{}, s.endedOr(ctx, op, &AbortError{Op: op, Err: err})
	}
	page := Page{Records: read.here(m.Rows())}
	if !s.options.KeepRecords {
		together := &rowPage{page.Records}
		page.entities = make([]*Entity, len(page.Records))
		for i, r := range page.Records {
			page.entities[i] = s.entityLocked(r)
			if shape != nil && page.entities[i].page == nil { // rows of a query
				page.entities[i].page = together
			}
		}
	}
	s.finish(m)
	switch {
	case plain != nil && len(page.Records) > 0:
		return Page{}, malformed(op, "the reply mixes entities and rows without identity")
	case plain != nil:
		page.Plain = append(plain, ']')
	}
	return page, nil
}

// unlocked runs a function while the session, which is locked, is not.
func (s *Session) unlocked(ctx context.Context, f func(context.Context) error) error {
	s.mu.Unlock()
	defer s.mu.Lock()
	return f(ctx)
}

// rowsPerBreath is how many rows are merged between two breaths, but for the first ones of a page: they may run code
// that the browser still has to compile.
const (
	rowsPerBreath = 8
	slowRows      = 32
)

// finish ends a merge, and gives the values that stayed in doubt. The session is locked.
func (s *Session) finish(m *store.Merge) (doubted []store.Change) {
	changes := m.End()
	s.showLists()
	s.noteMerged(changes)
	changes.Watched = append(changes.Watched, s.store.TakeTouched()...)
	if s.watchers != nil {
		s.watchers(changes)
	}
	s.sweepUnheld()
	return changes.Doubted
}

func malformed(op, text string) error {
	return &wire.ServerError{Op: op, Exception: "MalformedReply", Content: text}
}
