package event

import (
	"context"
	"errors"
	"slices"

	"github.com/ftrack-wasm/ftrack-wasm/session/event/socketio"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Handler does something about an event. What it returns, unless it is nil, is sent back as a reply; a reply may be what
// wire.AppendValue takes, or a wire.Node. An error is reported and stops nobody. ctx ends with the hub.
type Handler func(ctx context.Context, e *Event) (reply any, err error)

// SubscribeOptions say more of a subscriber; the zero value is fine.
type SubscribeOptions struct {
	// Priority orders handlers, lower first; nil means 100. Those of one priority run in the order of their subscription.
	Priority *int
	// Subscriber is metadata that targets of events are matched against. Its id, "" or left out, is made; it must be unique.
	Subscriber map[string]any
}

// defaultPriority is that of a subscriber without one.
const defaultPriority = 100

// subscriber is a subscription; it does not change but for active.
type subscriber struct {
	id         string
	expression *Expression
	priority   int
	metadata   wire.Node
	handler    Handler // nil: Options.Deliver has it
	active     bool    // under the hub's lock
}

// Subscriber is what a hub knows of one.
type Subscriber struct {
	ID           string
	Subscription string // the expression as it was given
	Priority     int
	Metadata     wire.Node
}

// Subscribe has a handler called with the events that an expression matches, and gives the subscriber's id. It needs no connection
// and does not wait: what is there when the hub connects is announced then. Without a handler events go to Options.Deliver.
// Errors: *ParseError, *NotUniqueError, *wire.EncodeError for the metadata.
func (h *Hub) Subscribe(subscription string, handler Handler, options SubscribeOptions) (id string, err error) {
	expression, err := Parse(subscription)
	if err != nil {
		return "", err
	}
	s := &subscriber{expression: expression, priority: defaultPriority, handler: handler, active: true}
	if options.Priority != nil {
		s.priority = *options.Priority
	}
	metadata := map[string]any{"applicationId": h.options.ApplicationID}
	for name, value := range options.Subscriber {
		metadata[name] = value
	}
	if s.id, _ = metadata["id"].(string); s.id == "" {
		s.id = h.options.NewID()
		metadata["id"] = s.id
	}
	if s.metadata, err = Node(metadata); err != nil {
		return "", err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.life.Err() != nil:
		return "", &ConnectionError{"subscribe", errClosed}
	case h.byID[s.id] != nil || s.id == h.id:
		return "", &NotUniqueError{"subscribe: there is a subscriber with the id " + s.id}
	}
	h.byID[s.id] = s
	place, _ := slices.BinarySearchFunc(h.subscribers, s, func(other, s *subscriber) int {
		if other.priority > s.priority {
			return 1
		}
		return -1
	})
	h.subscribers = slices.Insert(h.subscribers, place, s)
	if h.state == Connected {
		h.announce(s.id, s.expression.Announcement(), s.metadata)
	}
	return s.id, nil
}

// Subscription is Subscribe for a scope: calling what it gives unsubscribes.
func (h *Hub) Subscription(subscription string, handler Handler, options SubscribeOptions) (unsubscribe func(), err error) {
	id, err := h.Subscribe(subscription, handler, options)
	return func() { h.Unsubscribe(id) }, err
}

// Unsubscribe ends a subscription and reports whether there was one. Its handler is not called any more, not even with an event
// that is here already.
func (h *Hub) Unsubscribe(id string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.byID[id]
	if s == nil {
		return false
	}
	s.active = false
	delete(h.byID, id)
	h.subscribers = slices.DeleteFunc(h.subscribers, func(other *subscriber) bool { return other == s })
	if h.state == Connected {
		h.sendMeta("ftrack.meta.unsubscribe", map[string]any{"subscriber": map[string]any{"id": id}}, nil)
	}
	return true
}

// GetSubscriberByIdentifier describes the subscriber of an id, nil when there is none.
func (h *Hub) GetSubscriberByIdentifier(id string) *Subscriber {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s := h.byID[id]; s != nil {
		return &Subscriber{ID: s.id, Subscription: s.expression.Source(), Priority: s.priority, Metadata: s.metadata}
	}
	return nil
}

// announceAgain is how often a refused announcement is tried anew on one connection. A server that has not noticed yet that the
// last connection is gone takes the id for a duplicate: it is told to forget it.
const announceAgain = 3

// announce tells the server of a subscriber; with the lock held.
func (h *Hub) announce(id, subscription string, metadata wire.Node) {
	h.announceAttempt(id, subscription, metadata, announceAgain)
}

func (h *Hub) announceAttempt(id, subscription string, metadata wire.Node, attempts int) {
	h.announcing++
	data := map[string]any{"subscriber": wire.RawJSON(metadata.Raw()), "subscription": subscription}
	h.sendMeta("ftrack.meta.subscribe", data, func(err error) {
		var connection *ConnectionError
		switch {
		case err == nil || errors.As(err, &connection): // announced, or to be announced again with the next connection
		case attempts > 0:
			h.sendMeta("ftrack.meta.unsubscribe", map[string]any{"subscriber": map[string]any{"id": id}}, nil)
			h.announceAttempt(id, subscription, metadata, attempts-1)
		default:
			go h.options.Report(&HubError{"subscribe: the event server refused the subscription " + wire.Excerpt([]byte(subscription)) + ": " + err.Error()})
		}
		if h.announcing--; h.announcing == 0 {
			h.ready()
		}
	})
}

// sendMeta sends an event of the protocol itself; with the lock held, as done is called.
func (h *Hub) sendMeta(topic string, data map[string]any, done func(err error)) {
	e, err := New(topic, data)
	if err != nil {
		return // cannot be: the data is the hub's own
	}
	h.prepare(e)
	h.transmit(&outgoing{op: "subscribe", json: e.AppendJSON(nil), done: done})
}

// transmit sends on the connection that there is; with the lock held.
func (h *Hub) transmit(o *outgoing) {
	h.lastID++
	o.id = h.lastID
	h.sent[o.id] = o
	h.line.socket.send(socketio.AppendEvent(nil, o.id, o.json))
}
