package session

import (
	"context"
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
)

// Live is a query whose rows stay right by themselves: while ftrack.update events tell of changes (Session.ApplyUpdate), while the session
// commits and reads, and with its local changes over what the server has. It works out itself who comes in, goes out and moves, and asks the server
// where the values at hand, or what is known of the server's ways, do not tell. It is safe for use by several goroutines.
type Live struct {
	session *Session
	tree    *query.Query
	typ     *schema.EntityType
	uses    *liveUses
	remote  *eval.Judge // over the server's values; nil where the query must be asked for every change
	local   *eval.Judge // with the local ones
	sources [2]*partialSource
	paths   [][]string // of the projections, without casts
	limit   int
	offset  int

	rows    []store.Record // the server's, in its order
	in      map[store.Record]bool
	doubted map[store.Record]bool // rows, or not, to be judged anew
	judged  map[store.Record]bool // those of which it is known, until they are put in their places
	unknown map[string]bool       // ids of entities that the session does not know, which may be rows
	stale   bool                  // everything is to be asked for
	asked   bool                  // it is being asked for
	probing map[store.Record]bool // being asked about
	loaded  bool
	sought  bool   // what is kept was looked for
	plain   []byte // rows of an aggregate
	err     error

	freshness Freshness // of rows and plain

	shown     []store.Record
	overlaid  bool                  // local changes make shown differ from rows
	touched   map[store.Record]bool // what changed since the last look
	relook    bool
	dirty     map[store.Record]bool // rows whose content changed since they were told
	place     map[store.Record]int  // where a row stands in shown; nil when that is not known, see places
	version   int
	moved     bool // the list changed since it was told
	listeners []*liveListener
	settled   []chan struct{}
	requests  int
	closed    bool
}

type liveListener struct{ call func() }

// Live follows a query. The first rows are asked for at once; Wait waits for them. Until they are here, what is kept of them shows: when the network
// fails, or at once, as Options.Policy says. CacheOnly asks for nothing. Without a select clause the type's default
// projections are asked for. It holds its rows until Close. Errors: those of Query.
func (s *Session) Live(expression string) (*Live, error) {
	q, err := s.Query(expression)
	if err != nil {
		return nil, err
	}
	t, err := s.entityType(q.tree.EntityType)
	if err != nil {
		return nil, err
	}
	l := &Live{session: s, tree: q.tree, typ: t, uses: usesOf(s.schemas, t, q.tree), limit: q.limit, offset: q.offset, stale: true,
		in: map[store.Record]bool{}, doubted: map[store.Record]bool{}, unknown: map[string]bool{}, probing: map[store.Record]bool{},
		touched: map[store.Record]bool{}, dirty: map[store.Record]bool{}}
	for _, p := range q.tree.Projections {
		l.paths = append(l.paths, pathNames(p.Path))
	}
	l.sources = [2]*partialSource{{session: s}, {session: s, local: true}}
	if !q.tree.IsAggregate() {
		if remote, err := eval.NewJudge(l.sources[0], q.tree); err == nil && !l.uses.computed {
			l.remote = remote
		}
		if local, err := eval.NewJudge(l.sources[1], q.tree); err == nil {
			l.local = local
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Closed() {
		return nil, ErrConnectionClosed
	}
	u := s.upkeeping()
	u.lives = append(u.lives, l)
	switch s.options.Policy {
	case CacheOnly:
		l.asked = true
		fallthrough
	case CacheFirst, CacheAndNetwork:
		go s.guard("a live query", l.showKept)
	}
	u.wake(false)
	return l, nil
}

// Close ends it. The rows that are here stay readable.
func (l *Live) Close() {
	s := l.session
	s.mu.Lock()
	defer s.mu.Unlock()
	l.closed = true
	s.upkeep.lives = slices.DeleteFunc(s.upkeep.lives, func(other *Live) bool { return other == l })
	l.settle()
}

// String is the expression as it is sent.
func (l *Live) String() string { return l.tree.String() }

// Projections are the paths that the rows are shown with.
func (l *Live) Projections() []string {
	paths := make([]string, len(l.tree.Projections))
	for i, p := range l.tree.Projections {
		paths[i] = p.Key()
	}
	return paths
}

// Rows are the rows as of now, in order; none before they came, and none of an aggregate.
func (l *Live) Rows() []*Entity {
	s := l.session
	s.mu.Lock()
	defer s.mu.Unlock()
	rows := make([]*Entity, 0, len(l.shown))
	for _, r := range l.shown {
		if s.store.Alive(r) {
			rows = append(rows, s.entityLocked(r))
		}
	}
	return rows
}

// Plain are the rows of an aggregate, a JSON array; nil before they came, and of other queries.
func (l *Live) Plain() []byte {
	l.session.mu.RLock()
	defer l.session.mu.RUnlock()
	return l.plain
}

// Err is what the server refused the query with, or the network failed with, when it was asked last; nil when it answered.
func (l *Live) Err() error {
	l.session.mu.RLock()
	defer l.session.mu.RUnlock()
	return l.err
}

// Freshness says where the rows come from: from the storage while the server has not answered, as the session's policy wants it. Its FetchedAt
// is zero before there are rows.
func (l *Live) Freshness() Freshness {
	l.session.mu.RLock()
	defer l.session.mu.RUnlock()
	return l.freshness
}

// Requests is how many questions the query has put to the server so far.
func (l *Live) Requests() int {
	l.session.mu.RLock()
	defer l.session.mu.RUnlock()
	return l.requests
}

// Subscribe has f called after the rows, or something that their projections show, have changed. It is called by the session's goroutine,
// without its lock. What it gives ends it.
func (l *Live) Subscribe(f func()) (unsubscribe func()) {
	s := l.session
	listener := &liveListener{f}
	s.mu.Lock()
	defer s.mu.Unlock()
	l.listeners = append(l.listeners, listener)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		l.listeners = slices.DeleteFunc(slices.Clone(l.listeners), func(other *liveListener) bool { return other == listener })
	}
}

// Wait returns when the rows are here and nothing is under way: no event to be taken in, nothing to be asked for. Its error is that of
// the context, ErrConnectionClosed, or Err.
func (l *Live) Wait(ctx context.Context) error {
	s := l.session
	s.mu.Lock()
	done := make(chan struct{})
	l.settled = append(l.settled, done)
	s.upkeep.wake(false)
	if l.closed {
		l.settle()
	}
	s.mu.Unlock()
	select {
	case <-done:
	case <-ctx.Done():
		return &AbortError{Op: "live", Err: context.Cause(ctx)}
	case <-s.life.Done():
		return ErrConnectionClosed
	}
	return l.Err()
}

// settle tells those who wait. The session is locked.
func (l *Live) settle() {
	for _, done := range l.settled {
		close(done)
	}
	l.settled = nil
}

// LiveState is what a Live tells of itself at one moment.
type LiveState struct {
	Records []store.Record
	Changed []bool // of each record: whether something that the projections show may have changed since State was last called
	Plain   []byte
	Loaded  bool
	Err     error

	Freshness Freshness
}

// State is the rows by record, for the module's boundary.
func (l *Live) State() LiveState {
	s := l.session
	s.mu.Lock()
	defer s.mu.Unlock()
	state := LiveState{Records: slices.Clone(l.shown), Changed: make([]bool, len(l.shown)), Plain: l.plain, Loaded: l.loaded, Err: l.err, Freshness: l.freshness}
	if len(l.dirty) > 0 {
		place := l.places()
		for r := range l.dirty {
			if i, ok := place[r]; ok {
				state.Changed[i] = true
			}
		}
	}
	clear(l.dirty)
	return state
}

// call tells the listeners.
func (l *Live) call() {
	s := l.session
	s.mu.RLock()
	listeners := l.listeners
	s.mu.RUnlock()
	for _, listener := range listeners {
		s.guard("a listener of a live query", listener.call)
	}
}
