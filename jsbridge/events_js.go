package jsbridge

import (
	"context"
	"runtime"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/jsbridge/guard"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/event"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// deliveries are the events that JavaScript's handlers are at while others of the module wait for their turn.
type deliveries struct {
	deliverTo guard.Value // the host's function
	waiting   map[int]chan bool
	lastID    int
	text      []byte // the room for the event that is handed over
}

// mostText is how much of that room is kept for the next event.
const mostText = 1 << 20

// events are the options of a session that concern its hub. id is the session's, or that of the call that opens it; nothing is connected
// before JavaScript knows the session.
func (b *bridge) events(p wire.Node, id func() int) session.Events {
	return session.Events{
		Dialer: b.sockets.Dialer(id), ApplicationID: p.Get("applicationId").Text(),
		EventKeyInURL: p.Get("eventKeyInUrl").Bool(),
		Deliver: func(ctx context.Context, e *event.Event, subscribers []string, more bool) bool {
			return b.deliveries.deliver(ctx, id(), e, subscribers, more)
		},
	}
}

// report tells JavaScript what went wrong where nobody waits.
func (b *bridge) report(id func() int) func(error) {
	return func(err error) { b.host.Call("report", id(), err.Error()) }
}

// deliver hands an event to handlers of JavaScript, by the ids of their subscribers.
func (d *deliveries) deliver(ctx context.Context, session int, e *event.Event, subscribers []string, wait bool) (stopped bool) {
	text := append(d.text[:0], `{"subscribers":`...)
	text, _ = wire.AppendValue(text, subscribers)
	text, _ = wire.AppendValue(append(text, `,"local":`...), e.Local())
	text = append(e.AppendJSON(append(text, `,"event":`...)), '}')
	if d.text = text; cap(text) > mostText {
		d.text = nil
	}
	id := 0
	var done chan bool
	if wait {
		d.lastID++
		id, done = d.lastID, make(chan bool, 1)
		d.waiting[id] = done
		defer delete(d.waiting, id)
	}
	_, err := d.deliverTo.Invoke(session, id, address(text), len(text))
	runtime.KeepAlive(text)
	if err != nil || !wait {
		return false
	}
	select {
	case stopped := <-done:
		return stopped
	case <-ctx.Done():
		return true
	}
}

// delivered takes the end of a delivery: id, and whether a handler stopped the event.
func (d *deliveries) delivered(args []guard.Value) {
	id, err := args[0].Int()
	if err != nil {
		return
	}
	stopped, err := args[1].Int()
	if err != nil {
		return
	}
	if done := d.waiting[id]; done != nil {
		delete(d.waiting, id)
		done <- stopped != 0
	}
}

// hubOperations are those of event hubs.
var hubOperations = []operation{
	{"hubConnect", func(_ *bridge, ctx context.Context, c *call) (answer, error) {
		return answer{}, c.bound.session.EventHub().Connect(ctx)
	}},
	{"hubConnectSoon", func(_ *bridge, _ context.Context, c *call) (answer, error) {
		return answer{}, c.bound.session.EventHub().ConnectSoon()
	}},
	{"hubDisconnect", func(_ *bridge, _ context.Context, c *call) (answer, error) {
		c.bound.session.EventHub().Disconnect()
		return answer{}, nil
	}},
	{"hubWait", func(_ *bridge, ctx context.Context, c *call) (answer, error) {
		return answer{}, c.bound.session.EventHub().Wait(ctx, timeoutOf(c))
	}},
	{"hubWake", func(_ *bridge, _ context.Context, c *call) (answer, error) {
		c.bound.session.EventHub().Wake()
		return answer{}, nil
	}},
	// What a synchronous command put in line leaves when goroutines run, which they do now.
	{"hubNudge", func(*bridge, context.Context, *call) (answer, error) { return answer{}, nil }},
	{"hubPublish", (*bridge).hubPublish}, {"hubAsk", (*bridge).hubAsk}, {"hubReply", (*bridge).hubReply}, {"hubAnswer", (*bridge).hubAnswer},
}

func timeoutOf(c *call) time.Duration {
	seconds, _ := c.payload.Get("timeout").Float()
	return time.Duration(seconds * float64(time.Second))
}

// hubPublish sends an event. Its replies, for the time of timeout, go to a handler of JavaScript.
func (b *bridge) hubPublish(ctx context.Context, c *call) (answer, error) {
	hub := c.bound.session.EventHub()
	e, err := event.FromNode(c.payload.Get("event"))
	if err != nil {
		return answer{}, err
	}
	if handler := c.payload.Get("onReply").Text(); handler != "" {
		stop := hub.OnReply(e, timeoutOf(c), func(ctx context.Context, reply *event.Event) {
			b.deliveries.deliver(ctx, c.bound.id, reply, []string{handler}, false)
		})
		if err := hub.Publish(ctx, e); err != nil {
			stop()
			return answer{}, err
		}
		return answer{json: wire.AppendText(nil, e.ID)}, nil
	}
	err = hub.Publish(ctx, e)
	return answer{json: wire.AppendText(nil, e.ID)}, err
}

func (b *bridge) hubAsk(ctx context.Context, c *call) (answer, error) {
	e, err := event.FromNode(c.payload.Get("event"))
	if err != nil {
		return answer{}, err
	}
	reply, err := c.bound.session.EventHub().PublishAndWaitForReply(ctx, e, timeoutOf(c))
	if err != nil {
		return answer{}, err
	}
	return answer{json: reply.AppendJSON(nil)}, nil
}

// hubReply publishes a reply and waits for the server.
func (b *bridge) hubReply(ctx context.Context, c *call) (answer, error) {
	e, err := event.FromNode(c.payload.Get("event"))
	if err != nil {
		return answer{}, err
	}
	return answer{}, c.bound.session.EventHub().PublishReply(ctx, e, c.payload.Get("data"))
}

// hubAnswer sends what a handler of JavaScript gave.
func (b *bridge) hubAnswer(_ context.Context, c *call) (answer, error) {
	e, err := event.FromNode(c.payload.Get("event"))
	if err != nil {
		return answer{}, err
	}
	return answer{}, c.bound.session.EventHub().Answer(e, c.payload.Get("subscriber").Text(), c.payload.Get("data"))
}
