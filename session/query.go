package session

import (
	"context"
	"iter"
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
	policy   Policy

	mu      sync.Mutex // held while a page is merged
	shape   store.Shape
	next    *fetchedPage // requested, not merged yet
	at      int          // offset of the next page to request
	single  bool         // there is one page
	fetched int
	done    bool
	rows    []*Entity

	freshness Freshness // of the rows
	fresh     *Query    // asks the server for what rows are kept ones of
}

// QueryOptions configure one query; the zero value has the defaults.
type QueryOptions struct {
	PageSize int    // 0 means DefaultPageSize
	Policy   Policy // "" means that of the session
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
	q := &Query{session: s, tree: tree, limit: -1, pageSize: DefaultPageSize, policy: s.options.Policy}
	for _, o := range options {
		if o.PageSize < 0 {
			return nil, &ArgumentError{"query: the page size must be positive"}
		}
		if o.PageSize > 0 {
			q.pageSize = o.PageSize
		}
		if err := o.Policy.check(); err != nil {
			return nil, err
		}
		if o.Policy != "" {
			q.policy = o.Policy
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
	result, err := q.await(ctx, page)
	if err != nil && page.wasKept() && ctx.Err() == nil && !q.session.Closed() {
		// What was kept is damaged: as if nothing were.
		if q.policy == CacheOnly {
			return Page{}, q.session.notKept("query")
		}
		return q.await(ctx, q.session.startPage(networkOrNothing, page.expression))
	}
	return result, err
}

// Freshness says where the rows come from that were read so far.
func (q *Query) Freshness() Freshness {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.freshness
}

// Fresh are all rows as the server has them now: with CacheAndNetwork, those that are asked for while the kept ones are
// read already; with other policies those of All.
func (q *Query) Fresh(ctx context.Context) ([]*Entity, error) {
	q.mu.Lock()
	fresh := q.fresh
	q.mu.Unlock()
	if fresh == nil {
		if rows, err := q.All(ctx); err != nil || q.Freshness().FromCache == false || q.policy != CacheAndNetwork {
			return rows, err
		}
		return q.Fresh(ctx)
	}
	return fresh.All(ctx)
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
	other := &Query{session: q.session, tree: q.tree, limit: limit, offset: q.offset, at: q.offset, pageSize: limit, single: true, policy: q.policy}
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
