package jsbridge

import (
	"context"
	"runtime"
)

// warmUp has a session of its own query an invented server while the first session waits for a real one. A browser compiles a function of
// the module when it is called first: without this, the first page of rows pays for all of them, the collector's and
// the growth of the memory included, some 50 ms in one piece.
func (b *bridge) warmUp() {
	defer b.recover(0)
	ctx := context.Background()
	if b.turns.yield(ctx) != nil {
		return
	}
	b.requests.Reserve()
	for range reservedArenas {
		_ = make([]byte, arena) // freed below
		if b.turns.yield(ctx) != nil {
			return
		}
	}
	if runtime.GC(); b.turns.yield(ctx) != nil {
		return
	}
	s, q, err := warmQuery(ctx, b.turns.pause, b.turns.rest)
	if err != nil {
		return
	}
	defer s.Close()
	for {
		page, err := q.Next(ctx)
		if err != nil {
			return
		}
		b.settlePage(0, page, s.Store()) // nobody waits for it
		if page.Done {
			return
		}
	}
}

// Growing the memory takes the browser some milliseconds, whatever the size: it is grown ahead for the first pages.
const (
	reservedArenas = 5
	arena          = 4 << 20 // by which Go asks for memory
)
