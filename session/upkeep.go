package session

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// upkeep keeps the identity map and the live queries of a session right while events come in. One goroutine of the session
// does it: it gathers what comes together, takes it into the store, and has one request under way at a time, by a second
// goroutine, so that local changes show whatever the server's pace. All of it is guarded by the session's lock.
type upkeep struct {
	signal   chan struct{} // holds one token when there is something to do
	gather   bool          // events came: others may follow at once
	failed   bool          // the last request did: wait before the next
	incoming []*remoteChange
	recent   []*remoteChange       // those that came while requests were under way, whose answers may be older
	stale    staleSet              // to be asked for again
	next     staleSet              // chosen of it
	asked    staleSet              // being asked for
	sought   []store.Record        // those that questions are being made for
	doubtful map[store.Record]bool // perhaps not on the server any more
	wanted   staleSet              // not loaded, but to be asked for: of entities that take the place of others
	fetching bool
	lives    []*Live
	told     []localEvent // to be told when the lock is released
	requests int
}

// errNotReached is why what had to be asked for again could not be.
var errNotReached = errors.New("the server was not reached")

type localEvent struct {
	topic string
	data  []byte
}

// legacyTypes remembers what legacy names of tables stand for.
type legacyTypes struct {
	mu     sync.Mutex
	byName map[string][]*schema.EntityType
}

// eventGather is how long events are waited for that belong together; upkeepPause how long after a request that failed.
const (
	eventGather = 20 * time.Millisecond
	upkeepPause = 5 * time.Second
	mostRecent  = 50_000 // changes that are remembered for answers that are under way
)

// upkeeping is the session's upkeep, begun when there is none yet. The session is locked.
func (s *Session) upkeeping() *upkeep {
	if s.upkeep == nil {
		u := &upkeep{signal: make(chan struct{}, 1), stale: staleSet{}, next: staleSet{}, asked: staleSet{}, wanted: staleSet{}, doubtful: map[store.Record]bool{}}
		s.upkeep = u
		s.store.KeepJournal(func() { u.wake(false) })
		go s.keepUp(u)
	}
	return s.upkeep
}

// wake has the upkeep look what there is to do. It does not wait.
func (u *upkeep) wake(gather bool) {
	u.gather = u.gather || gather
	select {
	case u.signal <- struct{}{}:
	default:
	}
}

// keepUp runs until the session ends.
func (s *Session) keepUp(u *upkeep) {
	for s.keepUpOnce(u) {
	}
}

// keepUpOnce waits for something to do, and does it. It reports whether the session lives on. A panic is reported, and live queries ask for
// everything anew after a while.
func (s *Session) keepUpOnce(u *upkeep) (on bool) {
	select {
	case <-u.signal:
	case <-s.life.Done():
		return false
	}
	defer func() {
		if p := recover(); p != nil {
			s.options.Report(&panicError{"upkeep", p})
			s.distrustAll(u)
			on = true
		}
	}()
	s.mu.Lock()
	gather := u.gather
	u.gather = false
	s.mu.Unlock()
	if gather && !s.sleep(eventGather) {
		return false
	}
	if err := s.takeIncoming(u); err != nil {
		return false
	}
	s.chooseStale(u)
	changed, told, hear, upkept := s.bringUpToDate(u)
	if s.life.Err() != nil {
		return false
	}
	if upkept != nil {
		s.guard("the upkeep's listener", upkept)
	}
	for _, l := range changed {
		l.call()
	}
	for _, e := range told {
		if hear != nil {
			s.guard("the listener of "+e.topic, func() { hear(e.topic, e.data) })
		}
	}
	return true
}

// bringUpToDate asks for what is stale, and gives the live queries that changed and what is to be told, and to whom.
func (s *Session) bringUpToDate(u *upkeep) (changed []*Live, told []localEvent, hear func(string, []byte), upkept func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !u.fetching && !u.failed {
		s.beginUpkeep(u)
	}
	s.refreshLives(u)
	s.tell()
	told, u.told = u.told, nil
	return s.changedLives(u), told, s.local, s.upkept
}

// distrustAll has live queries ask for everything, after a pause.
func (s *Session) distrustAll(u *upkeep) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range u.lives {
		clear(l.doubted)
		clear(l.touched)
		l.judged = nil
		l.stale, l.relook = true, true
	}
	s.pauseUpkeep(u)
}

// sleep waits, and reports whether the session lives on.
func (s *Session) sleep(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.life.Done():
		return false
	}
}

// takeIncoming takes the changes that came in into the store, in slices.
func (s *Session) takeIncoming(u *upkeep) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	changes := u.incoming
	u.incoming = nil
	if len(changes) == 0 {
		return nil
	}
	s.store.FillFromNow() // they tell of what is not loaded, too
	a := &application{Session: s, u: u}
	for i, c := range changes {
		a.apply(c)
		if i%changesPerBreath == changesPerBreath-1 && !s.rest() {
			return s.life.Err()
		}
	}
	a.finish()
	s.rest()
	return nil
}

// changesPerBreath is how many changes are applied between two breaths, recordsPerBreath how many records are looked at.
const (
	changesPerBreath = 16
	recordsPerBreath = 64
)

// rest is called between pieces of the upkeep's work, with the session locked; it is not meanwhile. It reports whether the session lives on.
func (s *Session) rest() bool {
	s.mu.Unlock()
	defer s.mu.Lock()
	return s.breathe(s.life) == nil && s.life.Err() == nil
}

// restEvery rests when as many records have been looked at as go together. n counts them.
func (s *Session) restEvery(n *int) bool {
	*n++
	return *n%recordsPerBreath != 0 || s.rest()
}

// beginUpkeep sends for what is stale, and what live queries need, if anything is. The session is locked, but not between its pieces.
func (s *Session) beginUpkeep(u *upkeep) {
	inquiries := s.refreshInquiries(u)
	for _, l := range slices.Clone(u.lives) {
		inquiries = append(inquiries, l.inquiries()...)
		s.rest()
	}
	if len(inquiries) == 0 || s.life.Err() != nil {
		return
	}
	u.fetching = true
	go s.askForUpkeep(u, inquiries)
}

// askForUpkeep puts the questions of the upkeep. A panic is reported; what was asked for is asked for again then, after a while.
func (s *Session) askForUpkeep(u *upkeep, inquiries []inquiry) {
	ok := false
	defer func() {
		p := recover()
		if p != nil {
			s.options.Report(&panicError{"upkeep", p})
			s.distrustAll(u)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		u.fetching = false
		if !ok {
			for r, slots := range u.asked {
				u.stale.add(r, slots...)
			}
		}
		if !ok && p == nil {
			s.pauseUpkeep(u)
		}
		u.asked = staleSet{}
		u.wake(false)
	}()
	ok = s.ask(s.life, "live", inquiries)
}

// pauseUpkeep asks nothing for a while: the network failed. The session is locked.
func (s *Session) pauseUpkeep(u *upkeep) {
	u.failed = true
	time.AfterFunc(upkeepPause, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		u.failed = false
		u.wake(false)
	})
}

// inquiry is a question of the session's own.
type inquiry struct {
	question
	alone bool   // it was refused before: others are not put at risk
	keep  string // what stands for its expression where its answer is kept, "" for nowhere
	cut   func() // hears, each time, that the network failed, and perhaps is tried again; it may be nil
	// done takes the answer, with the session locked: the rows that were merged, whether the server has more, or the server's refusal.
	done func(page Page, more bool, refusal error)
}

// ask puts questions to the server in as few requests as can be, and reports whether all were answered: it is false where the
// network failed. One that is refused together with others is put again alone.
func (s *Session) ask(ctx context.Context, op string, inquiries []inquiry) bool {
	answered := true
	var together, alone []inquiry
	for _, q := range inquiries {
		if q.alone {
			alone = append(alone, q)
		} else {
			together = append(together, q)
		}
	}
	chunks := slices.Collect(slices.Chunk(together, operationsPerRequest))
	for i := range alone {
		chunks = append(chunks, alone[i:i+1])
	}
	for _, chunk := range chunks {
		err := s.askTogether(ctx, op, chunk)
		var refused *wire.ServerError
		switch {
		case err == nil:
		case errors.As(err, &refused) && len(chunk) > 1:
			for i := range chunk {
				if err := s.askTogether(ctx, op, chunk[i:i+1]); err != nil {
					answered = s.refused(chunk[i], err) && answered
				}
			}
		default:
			for _, q := range chunk {
				answered = s.refused(q, err) && answered
			}
		}
	}
	return answered
}

// refused tells an inquiry what the server said, and whether it was the server.
func (s *Session) refused(q inquiry, err error) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	q.done(Page{}, false, err)
	var refused *wire.ServerError
	return errors.As(err, &refused)
}

// answer gives an inquiry the rows that the server has.
func (s *Session) answer(q inquiry, page Page, more bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q.done(page, more, nil)
}

func (s *Session) askTogether(ctx context.Context, op string, inquiries []inquiry) error {
	operations := make([]wire.Operation, len(inquiries))
	for i, q := range inquiries {
		operations[i] = wire.Query(q.expression)
	}
	s.mu.Lock()
	if s.upkeep != nil {
		s.upkeep.requests++
	}
	s.mu.Unlock()
	cut := func() bool {
		for _, q := range inquiries {
			if q.cut != nil {
				q.cut()
			}
		}
		return false
	}
	asked := s.options.Now()
	return s.readWithin(ctx, op, wire.AppendOperations(nil, operations...), len(operations), 0, cut, func(read *reading, replies []wire.Node) error {
		for _, reply := range replies {
			if reply.Get("data").Kind() != wire.Array {
				return malformed(op, "the reply has no list of rows")
			}
		}
		for i, reply := range replies {
			page, err := s.mergeRows(ctx, op, reply.Get("data"), nil, nil, read)
			if err != nil {
				return err
			}
			_, more := reply.Get("metadata").Get("next").Get("offset").Int()
			s.mu.Lock()
			page.partial = !read.whole()
			s.mu.Unlock()
			if q := inquiries[i]; q.keep != "" && s.keepsWith(s.options.Policy) {
				s.keepCopy(q.keep, asked, reply)
			}
			s.answer(inquiries[i], page, more)
		}
		return nil
	})
}

// OnLocalEvent sets who hears of the session's own events: "ftrack.session.resynced" when Resync is done, and
// "ftrack.session.conflict" when the server's value of an attribute changed under a local one. data is a JSON object. It is called
// without the session's lock, by the session's goroutine.
func (s *Session) OnLocalEvent(f func(topic string, data []byte)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.local = f
}

// OnUpkeep has f called after the session has taken changes in by itself, without its lock and by its goroutine.
func (s *Session) OnUpkeep(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.upkept = f
}

// SetHolding sets who tells which records are held, for a session with Options.KeepRecords: one bool a record. It is called without
// the session's lock.
func (s *Session) SetHolding(f func([]store.Record) []bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.holding = f
}
