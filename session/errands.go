package session

import (
	"sync"
	"time"
)

// errands are done one after the other, behind the callers' backs, in quiet moments. The zero value has none.
type errands struct {
	mu     sync.Mutex
	list   []errand
	bytes  int // that the list holds
	busy   bool
	active time.Time // when something came that goes first
	waits  []chan struct{}
	hurry  chan struct{} // closed when somebody waits; nil unless a rest is taken
}

type errand struct {
	bytes int
	do    func()
}

const (
	quietMoment = 50 * time.Millisecond
	mostRests   = 20       // after which an errand is done in any case
	mostHeld    = 48 << 20 // bytes that may wait
)

// add takes an errand that holds so many bytes.
func (e *errands) add(bytes int, do func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.list = append(e.list, errand{bytes, do})
	if e.bytes += bytes; e.bytes > mostHeld {
		e.wake()
	}
	if !e.busy {
		e.busy = true
		go e.run()
	}
}

// postpone says that something is done that goes first.
func (e *errands) postpone() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.active = time.Now()
}

func (e *errands) run() {
	for {
		e.rest()
		e.mu.Lock()
		if len(e.list) == 0 {
			e.busy = false
			for _, wait := range e.waits {
				close(wait)
			}
			e.waits = nil
			e.mu.Unlock()
			return
		}
		next := e.list[0]
		e.list[0] = errand{}
		e.list = e.list[1:]
		e.mu.Unlock()
		next.do()
		e.mu.Lock()
		e.bytes -= next.bytes
		e.mu.Unlock()
	}
}

// rest waits for a quiet moment, unless there is nothing to do, much waits, or somebody waits for it.
func (e *errands) rest() {
	for range mostRests {
		e.mu.Lock()
		due := len(e.list) == 0 || e.bytes > mostHeld || len(e.waits) > 0 || time.Since(e.active) >= quietMoment
		hurry := make(chan struct{})
		e.hurry = hurry
		e.mu.Unlock()
		if due {
			return
		}
		timer := time.NewTimer(quietMoment)
		select {
		case <-hurry:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// wake ends a rest. The errands are locked.
func (e *errands) wake() {
	if e.hurry != nil {
		close(e.hurry)
		e.hurry = nil
	}
}

// idle is closed once there are none.
func (e *errands) idle() <-chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	wait := make(chan struct{})
	if !e.busy {
		close(wait)
	} else {
		e.waits = append(e.waits, wait)
		e.wake()
	}
	return wait
}
