package jsbridge

import (
	"context"

	"github.com/ftrack-wasm/ftrack-wasm/jsbridge/guard"

	"github.com/ftrack-wasm/ftrack-wasm/jsbridge/fetch"
	"github.com/ftrack-wasm/ftrack-wasm/jsbridge/socket"
	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
)

// bridge is the one of the module. All of it is used from one thread, and goroutines change places only where they
// wait, so it needs no lock.
type bridge struct {
	host       guard.Value
	requests   *fetch.Requests
	replies    *replies
	sockets    *socket.Sockets
	deliveries deliveries
	turns      turns
	calls      map[int]context.CancelCauseFunc
	sessions   []*boundSession // by id; ids are not given out twice
	open       int
	warm       bool // warmUp has run
}

// boundSession is a session that JavaScript knows by its id.
type boundSession struct {
	id      int
	session *session.Session
	store   *store.Store
	queries map[int]*boundQuery
	queryID int
	lives   map[int]*session.Live
	liveID  int
	changed []store.Record // watched records that merges changed, not told yet
}

type boundQuery struct {
	query *session.Query
	next  bool // a queryNext is under way
}

var module *bridge

// Run takes the host, announces the module's version and waits for calls, for ever.
func Run(version string) error {
	host, err := guard.Global().Get("ftrackHost")
	if err != nil {
		return err
	}
	b := &bridge{host: host, turns: turns{host: host, waiting: map[int]chan struct{}{}}, calls: map[int]context.CancelCauseFunc{}, sessions: make([]*boundSession, 1)}
	b.requests = fetch.NewRequests(host)
	b.replies = newReplies(host, b.requests)
	b.sockets = socket.NewSockets(host)
	deliver, _ := host.Get("deliver")
	b.deliveries = deliveries{deliverTo: deliver, waiting: map[int]chan bool{}}
	module = b
	api, err := guard.ValueOf(map[string]any{"version": version, "readMark": readMark})
	if err != nil {
		return err
	}
	for name, fn := range map[string]func(args []guard.Value){
		"dispatch": b.dispatch, "fetched": b.requests.Fetched, "loaded": b.replies.loaded, "woke": b.turns.woke, "wake": b.wake,
		"shaken": b.sockets.Shaken, "heard": b.heard, "delivered": b.deliveries.delivered,
	} {
		f := guard.FuncOf(func(args []guard.Value) any {
			defer b.recover(0)
			b.turns.enter()
			fn(args)
			return nil
		})
		if err := api.Set(name, f); err != nil {
			return err
		}
	}
	if _, err := host.Call("ready", api); err != nil {
		return err
	}
	select {}
}

// heard takes what happened to a socket.
func (b *bridge) heard(args []guard.Value) {
	b.turns.message()
	b.sockets.Heard(args)
}

// bound is a session by id, nil when it is closed or was never open.
func (b *bridge) bound(id int32) *boundSession {
	if id <= 0 || int(id) >= len(b.sessions) {
		return nil
	}
	return b.sessions[id]
}

// add gives a session its id.
func (b *bridge) add(s *session.Session) *boundSession {
	bound := &boundSession{id: len(b.sessions), session: s, store: s.Store(), queries: map[int]*boundQuery{}}
	b.sessions = append(b.sessions, bound)
	b.open++
	b.follow(bound)
	s.OnChanges(func(changes *store.Changes) {
		bound.changed = append(bound.changed, changes.Watched...)
	})
	return bound
}

// drop forgets a session with all that it held.
func (b *bridge) drop(bound *boundSession) {
	b.sessions[bound.id] = nil
	b.open--
	for _, q := range bound.queries {
		q.query.Close()
	}
}

// tellChanges hands the watched records that changed to JavaScript.
func (b *bridge) tellChanges() {
	for _, bound := range b.sessions {
		if bound == nil || len(bound.changed) == 0 {
			continue
		}
		records := bound.changed
		bound.changed = nil
		b.host.Call("changed", bound.id, address(records), len(records))
	}
}
