package sandbox

import (
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
)

// shuffles gives unordered rows a new order from request to request. Whoever reads page after page must not lose rows by it,
// though, and others may read the same at the same time: an order is kept while somebody is in the middle of it.
type shuffles struct {
	mutex  sync.Mutex
	orders map[string]*order
}

// order is how the rows of one expression stand at present.
type order struct {
	seed    uint64
	readers int       // who began and has not seen the end
	used    time.Time // when a page was last asked for
}

const (
	remembered = 4096            // expressions whose orders are kept at most
	forgotten  = 5 * time.Second // readers that ask for nothing so long are gone
	peek       = 2               // who asks for so few rows wants no more of them: first, one
)

// of arranges the rows for one request.
func (s *shuffles) of(q *query.Query) func([]eval.Entity) {
	offset, _ := q.Offset()
	seed := s.seed(q.WithPage(-1, -1).String(), offset, peeks(q), time.Now())
	return func(rows []eval.Entity) {
		if !slices.IsSorted(rows) {
			slices.Sort(rows)
		}
		rand.New(rand.NewPCG(seed, 0)).Shuffle(len(rows), func(i, k int) { rows[i], rows[k] = rows[k], rows[i] })
	}
}

func peeks(q *query.Query) bool {
	limit, ok := q.Limit()
	return ok && limit <= peek
}

func (s *shuffles) seed(expression string, offset int, peeks bool, now time.Time) uint64 {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	o := s.orders[expression]
	if o == nil {
		if len(s.orders) >= remembered || s.orders == nil {
			s.orders = map[string]*order{}
		}
		o = &order{seed: rand.Uint64()}
		s.orders[expression] = o
	} else if busy := o.readers > 0 && now.Sub(o.used) < forgotten; offset == 0 && busy && peeks {
		return rand.Uint64()
	} else if offset == 0 && !busy {
		o.seed, o.readers = rand.Uint64(), 0
	}
	o.used = now
	return o.seed
}

// served notes that a page went out; one that is full has another after it.
func (s *shuffles) served(q *query.Query, full bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	o := s.orders[q.WithPage(-1, -1).String()]
	if o == nil {
		return
	}
	switch offset, _ := q.Offset(); {
	case offset == 0 && full && !peeks(q):
		o.readers++
	case offset > 0 && !full:
		o.readers = max(o.readers-1, 0)
	}
}
