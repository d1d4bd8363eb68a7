package jsbridge

import (
	"context"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/jsbridge/guard"
)

// The core keeps the page's thread for a slice. With what the page's own script does with the rows two of them, which the
// browser may run one after the other, stay within a frame of 16 ms. While code is cold a single step may take milliseconds, and the browser compiles and collects beside it,
// so slices are shorter then.
const (
	coldSlice = 2 * time.Millisecond
	warmSlice = 6 * time.Millisecond
	warmAfter = 40 // slices
)

// While a socket brings messages, the browser runs dozens of them before it lets anything else have the thread. Together with a slice they take less
// time when it is short, and little is lost: the events are the work.
const (
	besideMessages = 3 * time.Millisecond
	messagesLast   = 50 * time.Millisecond
)

// idle is how long the core must have been quiet for its next work to count as a new turn. Replies that are there at
// once follow each other without the page drawing in between.
const idle = 4 * time.Millisecond

// turns shares the thread with the page: work that has lasted for a slice goes on in a task of its own.
type turns struct {
	host    guard.Value
	waiting map[int]chan struct{}
	lastID  int
	since   time.Duration // when the turn began
	seen    time.Duration // when the core was last known to work
	told    time.Duration // when a socket last brought a message
	slices  int
	pauses  uint
}

// origin is what the clock below counts from. Asking for the time since then takes one call into JavaScript; time.Now
// takes two.
var origin = time.Now()

func now() time.Duration { return time.Since(origin) }

// enter notes that JavaScript calls.
func (t *turns) enter() {
	at := now()
	if at-t.seen > idle {
		t.since = at
	}
	t.seen = at
}

// message notes that a socket brings messages.
func (t *turns) message() { t.told = t.seen }

// pause returns at once while the turn's time lasts, else in the next turn. Looking at the clock is a call into
// JavaScript; between two pauses of warm code a tenth of a millisecond passes at most, so only every fourth looks.
func (t *turns) pause(ctx context.Context) error {
	if t.slices > warmAfter {
		if t.pauses++; t.pauses&3 != 0 {
			return ctx.Err()
		}
	}
	t.seen = now()
	budget := coldSlice
	switch {
	case t.slices <= warmAfter:
	case t.seen-t.told < messagesLast:
		budget = besideMessages
	default:
		budget = warmSlice
	}
	if t.seen-t.since < budget {
		return ctx.Err()
	}
	t.slices++
	return t.yield(ctx)
}

// rest is pause before work that runs little of what ran before it: while code is cold that is a turn of its own.
func (t *turns) rest(ctx context.Context) error {
	if t.slices > warmAfter {
		return t.pause(ctx)
	}
	t.slices++
	return t.yield(ctx)
}

// yield returns in a task of its own.
func (t *turns) yield(ctx context.Context) error {
	t.lastID++
	id, woken := t.lastID, make(chan struct{})
	t.waiting[id] = woken
	defer delete(t.waiting, id)
	if _, err := t.host.Call("pause", id); err != nil {
		return err
	}
	select {
	case <-woken:
		return ctx.Err()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (t *turns) woke(args []guard.Value) {
	t.since = t.seen // a task of its own
	id, err := args[0].Int()
	if err != nil {
		return
	}
	if woken := t.waiting[id]; woken != nil {
		delete(t.waiting, id)
		close(woken)
	}
}
