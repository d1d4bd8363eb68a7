package session

import (
	"context"
	"iter"
	"runtime"
	"sync"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// DefaultPageSize is how many rows one request asks for, as in the Python client.
const DefaultPageSize = 500

// Query is an expression whose rows are fetched page by page when they are asked for. It is safe for use by several
// goroutines, which share its rows.
type Query struct {
	session  *Session
	tree     *query.Query
	limit    int // -1 for none
	offset   int
	pageSize int

	mu      sync.Mutex // held while a page is merged
	shape   store.Shape
	next    *fetchedPage // requested, not merged yet
	at      int          // offset of the next page to request
	single  bool         // there is one page
	fetched int
	done    bool
	rows    []*Entity
}

// Page is what one request brought.
type Page struct {
	Records []store.Record // the entities, in the server's order
	Plain   []byte         // JSON array of the rows that are no entities: those of aggregates; nil otherwise
	Done    bool           // no page follows

	entities []*Entity // of Records, made before a sweep can come between; nil with Options.KeepRecords
}

// QueryOptions configure one query; the zero value has the defaults.
type QueryOptions struct {
	PageSize int // 0 means DefaultPageSize
}

// Query parses an expression and sends nothing yet. Without a select clause the type's default projections are
// asked for. Errors: *query.SyntaxError, *UnrecognisedEntityTypeError, *ArgumentError.
func (s *Session) Query(expression string, options ...QueryOptions) (*Query, error) {
	if s.Closed() {
		return nil, ErrConnectionClosed
	}
	tree, err := query.Parse(expression)
	if err != nil {
		return nil, err
	}
	t, err := s.entityType(tree.EntityType)
	if err != nil {
		return nil, err
	}
	if !tree.HasSelect() {
		tree = tree.WithProjections(s.projections(t))
	}
	q := &Query{session: s, tree: tree, limit: -1, pageSize: DefaultPageSize}
	for _, o := range options {
		if o.PageSize < 0 {
			return nil, &ArgumentError{"query: the page size must be positive"}
		}
		if o.PageSize > 0 {
			q.pageSize = o.PageSize
		}
	}
	if limit, ok := tree.Limit(); ok {
		q.limit = limit
		q.done = limit == 0
	}
	q.offset, _ = tree.Offset()
	q.at = q.offset
	return q, nil
}

func defaultProjections(t *schema.EntityType) []string {
	if len(t.DefaultProjections) > 0 {
		return t.DefaultProjections
	}
	return t.PrimaryKey
}

// String is the expression as it is sent, without the paging of one request.
func (q *Query) String() string { return q.tree.String() }

// Next fetches and merges the page after the last one. When the context ends, so do the request and its merge; the
// query can then be asked again for the same page. After the last page it gives an empty one that is Done.
func (q *Query) Next(ctx context.Context) (Page, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.nextPage(ctx)
}

func (q *Query) nextPage(ctx context.Context) (Page, error) {
	if q.session.Closed() {
		return Page{}, ErrConnectionClosed
	}
	if q.done {
		return Page{Done: true}, nil
	}
	page := q.next
	if page == nil {
		page = q.request()
	}
	q.next = nil
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
	arrived  chan struct{}
	cancel   func()
	response *wire.Response
	err      error
}

// request asks for the page at q.at.
func (q *Query) request() *fetchedPage {
	size := q.pageSize
	if q.limit >= 0 {
		size = min(size, q.limit-q.fetched)
	}
	if q.single && q.at == 0 {
		return q.session.startPage(q.tree.WithPage(-1, size).String())
	}
	return q.session.startPage(q.tree.WithPage(q.at, size).String())
}

func (s *Session) startPage(expression string) *fetchedPage {
	ctx, release := s.bounded(context.Background())
	ctx, cancel := context.WithCancel(ctx)
	page := &fetchedPage{arrived: make(chan struct{}), cancel: func() { cancel(); release() }}
	go func() {
		defer close(page.arrived)
		page.response, page.err = s.fetch(ctx, "query", wire.AppendOperations(nil, wire.Query(expression)))
	}()
	return page
}

// merge takes an answer into the store, and requests the page after it first, so that the server works meanwhile.
func (q *Query) merge(ctx context.Context, page *fetchedPage) (Page, error) {
	s := q.session
	tape := s.takeTape()
	defer page.response.Done()
	defer s.giveTape(tape)
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
	result, err := s.mergeRows(ctx, "query", data, &q.shape)
	if err != nil { // the rows were not handed out: the page can be asked for again
		q.abandon()
		q.at, q.fetched, q.done = at, fetched, false
		return Page{}, err
	}
	result.Done = q.done
	return result, nil
}

func malformed(op, text string) error {
	return &wire.ServerError{Op: op, Exception: "MalformedReply", Content: text}
}

func (q *Query) abandon() {
	if q.next != nil {
		q.next.cancel()
		q.next = nil
	}
}

// Close stops the request that is under way for the page after the last one. The rows at hand stay, and asking for
// more begins again where the query stood.
func (q *Query) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.abandon()
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

// mergeRows merges rows in slices, with the session locked while a slice lasts.
func (s *Session) mergeRows(ctx context.Context, op string, data wire.Node, shape *store.Shape) (Page, error) {
	s.mu.Lock()
	m := s.store.Begin(shape)
	var plain []byte
	n := 0
	for _, row := range data.List() {
		if r := m.Row(row); r == 0 {
			if plain = append(plain, ','); len(plain) == 1 {
				plain[0] = '['
			}
			plain = append(plain, row.Raw()...)
		}
		if n++; n < slowRows || n%rowsPerBreath == 0 {
			s.mu.Unlock()
			err := s.breathe(ctx)
			s.mu.Lock()
			if err != nil {
				s.finish(m)
				s.mu.Unlock()
				return Page{}, s.endedOr(ctx, op, &AbortError{Op: op, Err: err})
			}
		}
	}
	// What the caller does with the rows is a turn's work of its own. Until the merge ends they are held.
	s.mu.Unlock()
	err := s.breathe(ctx)
	s.mu.Lock()
	if err != nil {
		s.finish(m)
		s.mu.Unlock()
		return Page{}, s.endedOr(ctx, op, &AbortError{Op: op, Err: err})
	}
	page := Page{Records: m.Rows()}
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
	s.mu.Unlock()
	switch {
	case plain != nil && len(page.Records) > 0:
		return Page{}, malformed(op, "the reply mixes entities and rows without identity")
	case plain != nil:
		page.Plain = append(plain, ']')
	}
	return page, nil
}

// rowsPerBreath is how many rows are merged between two breaths, but for the first ones of a page: they may run code
// that the browser still has to compile.
const (
	rowsPerBreath = 8
	slowRows      = 32
)

// finish ends a merge. The session is locked.
func (s *Session) finish(m *store.Merge) {
	changes := m.End()
	s.showLists()
	changes.Watched = append(changes.Watched, s.store.TakeTouched()...)
	if s.watchers != nil {
		s.watchers(changes)
	}
	s.sweepUnheld()
}

// First is the first row, nil when there is none. It asks for one row and does not touch the rows at hand. An
// expression with a limit is refused, as in the Python client.
func (q *Query) First(ctx context.Context) (*Entity, error) {
	page, err := q.FirstPage(ctx)
	if err != nil || len(page.Records) == 0 {
		return nil, err
	}
	return q.session.rows(page)[0], nil
}

// FirstPage is First as a page of at most one row.
func (q *Query) FirstPage(ctx context.Context) (Page, error) {
	if q.limit >= 0 {
		return Page{}, &ArgumentError{"first: the expression has a limit: take it out, or use all"}
	}
	return q.few(ctx, 1)
}

// One is the only row. ErrNoResultFound and ErrMultipleResultsFound say that there is not exactly one. An expression
// with limit or offset is refused.
func (q *Query) One(ctx context.Context) (*Entity, error) {
	page, err := q.OnePage(ctx)
	if err != nil {
		return nil, err
	}
	if len(page.Records) == 0 {
		return nil, &ArgumentError{"one: the row is an aggregate and no entity: use OnePage"}
	}
	return q.session.rows(page)[0], nil
}

// OnePage is One as a page of one row.
func (q *Query) OnePage(ctx context.Context) (Page, error) {
	_, hasOffset := q.tree.Offset()
	if q.limit >= 0 || hasOffset {
		return Page{}, &ArgumentError{"one: the expression has a limit or an offset: take it out, or use all"}
	}
	page, err := q.few(ctx, 2)
	if err != nil {
		return Page{}, err
	}
	rows := len(page.Records)
	if page.Plain != nil {
		n, _ := wire.Parse(page.Plain)
		rows = n.Len()
	}
	switch rows {
	case 0:
		return Page{}, ErrNoResultFound
	case 1:
		return page, nil
	}
	return Page{}, ErrMultipleResultsFound
}

// few fetches the first rows with a request of its own.
func (q *Query) few(ctx context.Context, limit int) (Page, error) {
	other := &Query{session: q.session, tree: q.tree, limit: limit, offset: q.offset, at: q.offset, pageSize: limit, single: true}
	page, err := other.Next(ctx)
	page.Done = true
	return page, err
}

// All fetches what is missing and gives all rows.
func (q *Query) All(ctx context.Context) ([]*Entity, error) {
	for {
		q.mu.Lock()
		_, err := q.load(ctx)
		done, rows := q.done, q.rows
		q.mu.Unlock()
		if err != nil {
			return nil, err
		}
		if done {
			return rows[:len(rows):len(rows)], nil
		}
	}
}

// load fetches one page into rows and reports whether there was one. q is locked.
func (q *Query) load(ctx context.Context) (bool, error) {
	if q.done {
		return false, nil
	}
	page, err := q.nextPage(ctx)
	if err != nil {
		return false, err
	}
	if page.Plain != nil {
		return false, &ArgumentError{"query: the rows of an aggregate are no entities: read them with Next"}
	}
	q.rows = append(q.rows, q.session.rows(page)...)
	return true, nil
}

// Each goes over the rows: those at hand, then page by page while the loop goes on. After an error the loop ends.
func (q *Query) Each(ctx context.Context) iter.Seq2[*Entity, error] {
	return func(yield func(*Entity, error) bool) {
		for i := 0; ; i++ {
			q.mu.Lock()
			var err error
			for i >= len(q.rows) && !q.done && err == nil {
				_, err = q.load(ctx)
			}
			var row *Entity
			if i < len(q.rows) {
				row = q.rows[i]
			}
			q.mu.Unlock()
			if row == nil && err == nil {
				return
			}
			if !yield(row, err) || err != nil {
				q.Close()
				return
			}
		}
	}
}

// Rows are the rows at hand, without fetching.
func (q *Query) Rows() []*Entity {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.rows[:len(q.rows):len(q.rows)]
}
