package jsbridge

import (
	"context"
	"runtime"
	"unsafe"

	"github.com/ftrack-wasm/ftrack-wasm/jsbridge/guard"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// What a live query tells of itself.
const (
	liveRows  = 0 // records, those below 0 changed
	livePlain = 1 // the rows of an aggregate, JSON
	liveError = 2 // as calls end with one
	liveStand = 3 // where the rows come from that are told next, JSON
)

// liveOperations are those of live queries.
var liveOperations = []operation{
	{"liveOpen", (*bridge).liveOpen}, {"liveWait", (*bridge).liveWait}, {"liveClose", (*bridge).liveClose}, {"update", (*bridge).update},
	{"resync", (*bridge).resync},
}

// follow has a session that JavaScript knows tell what it takes in by itself.
func (b *bridge) follow(bound *boundSession) {
	bound.lives = map[int]*session.Live{}
	bound.session.OnUpkeep(b.tellChanges)
	bound.session.SetHolding(func(records []store.Record) []bool {
		words := make([]int32, len(records))
		for i, r := range records {
			words[i] = int32(r)
		}
		// JavaScript leaves those that it has objects of.
		if _, err := b.host.Call("holding", bound.id, address(words), len(words)); err != nil {
			return nil
		}
		held := make([]bool, len(words))
		for i, word := range words {
			held[i] = word != 0
		}
		return held
	})
}

func (b *bridge) liveOpen(_ context.Context, c *call) (answer, error) {
	l, err := c.bound.session.Live(c.payload.Get("expression").Text())
	if err != nil {
		return answer{}, err
	}
	c.bound.liveID++
	id := c.bound.liveID
	c.bound.lives[id] = l
	bound := c.bound
	l.Subscribe(func() { b.tellLive(bound, id, l) })
	json, err := wire.AppendValue(nil, map[string]any{"live": id, "projections": l.Projections()})
	return answer{json: json}, err
}

// tellLive hands the rows of a live query to JavaScript.
func (b *bridge) tellLive(bound *boundSession, id int, l *session.Live) {
	state := l.State()
	from := state.Freshness
	if state.Loaded || from.FromCache {
		stand, _ := wire.AppendValue(nil, map[string]any{"fromCache": from.FromCache, "stale": from.Stale,
			"fetchedAt": from.FetchedAt.UnixMilli(), "failed": state.Err != nil})
		b.passLive(bound.id, id, liveStand, stand)
		b.tellRows(bound, id, state)
	}
	if state.Err != nil {
		b.passLive(bound.id, id, liveError, encodeError(state.Err))
	}
}

func (b *bridge) tellRows(bound *boundSession, id int, state session.LiveState) {
	if state.Plain != nil {
		b.passLive(bound.id, id, livePlain, state.Plain)
		return
	}
	words := make([]int32, len(state.Records)+1)
	for i, r := range state.Records {
		if words[i] = int32(r); state.Changed[i] {
			words[i] = -words[i]
		}
	}
	b.passLive(bound.id, id, liveRows, unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), 4*len(state.Records)))
	runtime.KeepAlive(words)
}

func (b *bridge) passLive(session, id, status int, bytes []byte) {
	b.host.Call("live", session, id, status, address(bytes), len(bytes))
	runtime.KeepAlive(bytes)
}

func (b *bridge) liveWait(ctx context.Context, c *call) (answer, error) {
	id, _ := c.payload.Get("live").Int()
	l := c.bound.lives[int(id)]
	if l == nil {
		return answer{}, &session.ArgumentError{Text: "live: it was closed"}
	}
	err := l.Wait(ctx)
	return answer{json: []byte("null")}, err
}

func (b *bridge) liveClose(_ context.Context, c *call) (answer, error) {
	id, _ := c.payload.Get("live").Int()
	if l := c.bound.lives[int(id)]; l != nil {
		delete(c.bound.lives, int(id))
		l.Close()
	}
	return answer{}, nil
}

// update takes ftrack.update events that came another way than by the hub.
func (b *bridge) update(_ context.Context, c *call) (answer, error) {
	for _, event := range c.payload.Get("events").List() {
		if err := c.bound.session.ApplyUpdate(event.Raw()); err != nil {
			return answer{}, err
		}
	}
	return answer{json: []byte("null")}, nil
}

func (b *bridge) resync(ctx context.Context, c *call) (answer, error) {
	result, err := c.bound.session.Resync(ctx)
	if err != nil {
		return answer{}, err
	}
	json, err := wire.AppendValue(nil, map[string]any{"entities": result.Entities, "removed": result.Removed, "dropped": result.Dropped,
		"live": result.Live, "requests": result.Requests})
	return answer{json: json}, err
}

// wake does nothing: goroutines that a synchronous change woke run when JavaScript calls.
func (b *bridge) wake([]guard.Value) {}
