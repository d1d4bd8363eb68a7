package event

import (
	"context"
	"slices"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// outgoing is an event on its way to the server.
type outgoing struct {
	op   string
	id   int // of the acknowledgement; 0 while it waits
	json []byte
	done func(err error) // called once, with the hub's lock held; may be nil
}

func (o *outgoing) end(err error) {
	if o.done != nil {
		o.done(err)
	}
}

// prepare fills in what a published event has, its id and its source.
func (h *Hub) prepare(e *Event) {
	if e.ID == "" {
		e.ID = h.options.NewID()
	}
	source := map[string]any{}
	for _, m := range e.Source.Object() {
		source[m.Key] = wire.RawJSON(m.Value.Raw())
	}
	for name, value := range map[string]string{"id": h.id, "applicationId": h.options.ApplicationID, "host": h.options.Host} {
		if _, given := source[name]; !given && value != "" {
			source[name] = value
		}
	}
	if _, given := source["user"]; !given {
		source["user"] = map[string]any{"username": h.options.APIUser}
	}
	e.Source, _ = Node(source)
}

// Publish sends an event through the server to all its subscribers, this hub's included, and waits for the server's
// acknowledgement. While the hub is connecting or reconnecting the event waits, in order; a hub that is neither is a *ConnectionError. One that is lost
// before the acknowledgement comes is that too, and it is not known then whether the event arrived. The server's own refusal is a
// *HubError. The event gets an id and a source where it has none. When ctx ends, an event that has not left yet does not leave.
func (h *Hub) Publish(ctx context.Context, e *Event) error {
	if e.Topic == "" {
		return &HubError{"publish: the event has no topic"}
	}
	h.prepare(e)
	return h.publish(ctx, e.AppendJSON(nil))
}

func (h *Hub) publish(ctx context.Context, json []byte) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	done := make(chan error, 1)
	o := &outgoing{op: "publish", json: json, done: func(err error) { done <- err }}
	h.mu.Lock()
	err := h.enqueue(o)
	h.mu.Unlock()
	if err != nil {
		return err
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		h.mu.Lock()
		defer h.mu.Unlock()
		h.queue = slices.DeleteFunc(h.queue, func(other *outgoing) bool { return other == o })
		delete(h.sent, o.id)
		return context.Cause(ctx)
	}
}

// enqueue sends, or puts in line; with the lock held.
func (h *Hub) enqueue(o *outgoing) error {
	switch {
	case h.life.Err() != nil:
		return &ConnectionError{o.op, errClosed}
	case h.state == Disconnected:
		return &ConnectionError{o.op, errNotConnected}
	case h.state == Connected:
		h.transmit(o)
	case len(h.queue) >= h.options.QueueLimit:
		return &HubError{o.op + ": too many events wait for a connection"}
	default:
		h.queue = append(h.queue, o)
	}
	return nil
}

// PublishLocal calls the handlers of this hub that want an event, one after another in the order of their priority, and gives their
// results, nil ones included; a handler that fails has none, and is reported. No reply is sent. Subscribers that Options.Deliver has get the
// event in their turn, and their results are not here. It needs no connection.
func (h *Hub) PublishLocal(ctx context.Context, e *Event) ([]any, error) {
	if e.Topic == "" {
		return nil, &HubError{"publish: the event has no topic"}
	}
	h.prepare(e)
	e.local = true
	results := []any{}
	h.deliver(ctx, e, func(_ *subscriber, result any) { results = append(results, result) })
	return results, nil
}

// publishOwn delivers a local event after those that have arrived; with the lock held.
func (h *Hub) publishOwn(topic string) {
	e, _ := New(topic, nil)
	h.prepare(e)
	e.local = true
	h.receive(e)
}

// PublishReply answers an event, at the hub that published it.
func (h *Hub) PublishReply(ctx context.Context, source *Event, data any) error {
	reply, err := h.reply(source, data, wire.Node{})
	if err != nil {
		return err
	}
	return h.Publish(ctx, reply)
}

// replyTopic is that of replies.
const replyTopic = "ftrack.meta.reply"

func (h *Hub) reply(source *Event, data any, from wire.Node) (*Event, error) {
	reply, err := New(replyTopic, data)
	if err != nil {
		return nil, err
	}
	reply.Target, reply.InReplyToEvent, reply.Source = "id="+quoteValue(source.SourceID()), source.ID, from
	return reply, nil
}

// quoteValue writes a text as the value of an expression, bare where that can be.
func quoteValue(text string) string {
	bare := text != "" && text[len(text)-1] != '*'
	out := []byte{'"'}
	for _, c := range []byte(text) {
		bare = bare && isBareByte(c)
		if c == '"' || c == '\\' || c == '*' {
			out = append(out, '\\')
		}
		out = append(out, c)
	}
	if bare {
		return text
	}
	return string(append(out, '"'))
}

// DefaultReplyTimeout is how long a reply is waited for where nothing else is said.
const DefaultReplyTimeout = 30 * time.Second

// pendingReply is somebody who waits for the replies to an event.
type pendingReply struct {
	call    func(ctx context.Context, reply *Event)
	atOnce  bool // call does not wait: it need not stand in line behind the handlers, one of which may be who waits
	timer   *time.Timer
	expired func() // nil: nobody minds
}

// OnReply has f called with each reply to an event until timeout, 0 for DefaultReplyTimeout, has passed. The event must have its
// id; call it before publishing. What it gives ends it earlier.
func (h *Hub) OnReply(e *Event, timeout time.Duration, f func(ctx context.Context, reply *Event)) (stop func()) {
	return h.onReply(e, timeout, &pendingReply{call: f})
}

func (h *Hub) onReply(e *Event, timeout time.Duration, r *pendingReply) (stop func()) {
	if timeout <= 0 {
		timeout = DefaultReplyTimeout
	}
	if e.ID == "" {
		e.ID = h.options.NewID()
	}
	id := e.ID
	h.mu.Lock()
	defer h.mu.Unlock()
	if before := h.replies[id]; before != nil {
		before.timer.Stop()
	}
	h.replies[id] = r
	remove := func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		there := h.replies[id] == r
		if there {
			r.timer.Stop()
			delete(h.replies, id)
		}
		return there
	}
	r.timer = time.AfterFunc(timeout, func() {
		if remove() && r.expired != nil {
			r.expired()
		}
	})
	return func() { remove() }
}

// PublishAndWaitForReply publishes and gives the first reply. Nobody answering within timeout, 0 for DefaultReplyTimeout, is a
// *ReplyTimeoutError; the time counts from now, the wait for a connection included. Other errors are those of Publish. A handler may wait so
// for what others answer, not for a handler of its own hub: that one's turn comes when it has returned.
func (h *Hub) PublishAndWaitForReply(ctx context.Context, e *Event, timeout time.Duration) (*Event, error) {
	if timeout <= 0 {
		timeout = DefaultReplyTimeout
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	replied := make(chan *Event, 1)
	stop := h.onReply(e, timeout, &pendingReply{atOnce: true, call: func(_ context.Context, reply *Event) {
		select {
		case replied <- reply:
		default:
		}
	}, expired: func() { cancel(&ReplyTimeoutError{e.Topic, timeout}) }})
	defer stop()
	published := make(chan error, 1)
	if e.Topic == "" {
		return nil, &HubError{"publish: the event has no topic"}
	}
	h.prepare(e)
	json := e.AppendJSON(nil)
	go func() { published <- h.publish(ctx, json) }()
	for {
		select {
		case reply := <-replied:
			return reply, nil
		case err := <-published:
			if err != nil {
				return nil, err
			}
			published = nil
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-h.life.Done():
			return nil, &ConnectionError{"publish", errClosed}
		}
	}
}
