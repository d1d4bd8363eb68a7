package event

import (
	"context"
	"slices"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// received takes an event of the server.
func (h *Hub) received(node wire.Node) {
	e, err := FromNode(node)
	if err != nil {
		h.options.Report(err)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.seen.add(e.ID) {
		h.receive(e)
	}
}

// receive puts an event in line for its handlers; with the lock held.
func (h *Hub) receive(e *Event) {
	if h.life.Err() != nil {
		return
	}
	if e.Topic == replyTopic {
		if r := h.replies[e.InReplyToEvent]; r != nil && r.atOnce {
			r.call(h.life, e)
		}
	}
	h.inbox = append(h.inbox, e)
	if !h.delivering {
		h.delivering = true
		go h.drain()
	}
}

// drain calls handlers while there are events.
func (h *Hub) drain() {
	for {
		h.mu.Lock()
		if len(h.inbox) == 0 {
			h.delivering, h.inbox = false, nil
			h.mu.Unlock()
			return
		}
		e := h.inbox[0]
		h.inbox[0] = nil
		h.inbox = h.inbox[1:]
		h.mu.Unlock()
		h.handle(e)
	}
}

func (h *Hub) handle(e *Event) {
	if e.Topic == replyTopic {
		h.mu.Lock()
		r := h.replies[e.InReplyToEvent]
		h.mu.Unlock()
		if r != nil {
			h.guard("a reply to "+e.InReplyToEvent, func() error {
				r.call(h.life, e)
				return nil
			})
		}
	}
	h.deliver(h.life, e, func(s *subscriber, result any) {
		if e.local || result == nil || e.Topic == replyTopic {
			return
		}
		if err := h.answer(e, s, result); err != nil {
			h.options.Report(&HubError{"reply to " + e.Topic + ": " + err.Error()})
		}
	})
}

// Answer sends back what the handler of a subscriber gave, as is done for handlers here. It does not wait for the server; its refusal is
// reported. A subscriber that is gone answers in the hub's own name.
func (h *Hub) Answer(e *Event, subscriberID string, result any) error {
	h.mu.Lock()
	s := h.byID[subscriberID]
	h.mu.Unlock()
	if s == nil {
		s = &subscriber{}
	}
	return h.answer(e, s, result)
}

// answer sends a handler's result back. It does not wait for the server; its refusal is reported.
func (h *Hub) answer(e *Event, s *subscriber, result any) error {
	reply, err := h.reply(e, result, s.metadata)
	if err != nil {
		return err
	}
	h.prepare(reply)
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.enqueue(&outgoing{op: "reply", json: reply.AppendJSON(nil), done: func(err error) {
		if err != nil {
			go h.options.Report(&HubError{"reply to " + e.Topic + ": " + err.Error()})
		}
	}})
}

// matching are the subscribers that want an event, in order.
func (h *Hub) matching(e *Event) []*subscriber {
	h.mu.Lock()
	all := slices.Clone(h.subscribers)
	h.mu.Unlock()
	var target *Expression
	if e.Target != "" {
		var err error
		if target, err = Parse(e.Target); err != nil {
			h.options.Report(&PacketError{Reason: "an event of the topic " + wire.Excerpt([]byte(e.Topic)) + " whose target is no expression: " + err.Error()})
			return nil
		}
	}
	return slices.DeleteFunc(all, func(s *subscriber) bool {
		return target != nil && !target.MatchNode(s.metadata) || !s.expression.Match(e)
	})
}

// Matching are the ids of the subscribers that want an event, in the order of their priority, and whether one of them has a handler here.
// For an embedding that calls the others itself. It does not wait.
func (h *Hub) Matching(e *Event) (ids []string, handled bool) {
	ids = []string{}
	for _, s := range h.matching(e) {
		if s.handler != nil {
			handled = true
		} else {
			ids = append(ids, s.id)
		}
	}
	return ids, handled
}

// deliver calls the handlers that want an event until one stops it.
func (h *Hub) deliver(ctx context.Context, e *Event, took func(s *subscriber, result any)) {
	list := h.matching(e)
	for i := 0; i < len(list) && !e.Stopped(); i++ {
		s := list[i]
		if s.handler == nil {
			run := []string{}
			for ; i < len(list) && list[i].handler == nil; i++ {
				run = append(run, list[i].id)
			}
			i--
			if h.options.Deliver != nil && h.options.Deliver(ctx, e, run, i+1 < len(list)) {
				return
			}
			continue
		}
		h.mu.Lock()
		active := s.active
		h.mu.Unlock()
		if !active {
			continue
		}
		h.guard("a handler of "+s.expression.Source(), func() error {
			result, err := s.handler(ctx, e)
			if err == nil {
				took(s, result)
			}
			return err
		})
	}
}

// guard runs a handler and reports how it failed.
func (h *Hub) guard(who string, f func() error) {
	defer func() {
		if p := recover(); p != nil {
			text := "panic"
			switch p := p.(type) {
			case error:
				text = p.Error()
			case string:
				text = p
			}
			h.options.Report(&HubError{who + " panicked: " + text})
		}
	}()
	if err := f(); err != nil {
		h.options.Report(&handlerError{who, err})
	}
}

// handlerError is a handler's failure.
type handlerError struct {
	who string
	err error
}

// Error says whose it is.
func (e *handlerError) Error() string { return "event hub: " + e.who + " failed: " + e.err.Error() }

// Unwrap is the handler's error.
func (e *handlerError) Unwrap() error { return e.err }

// late is how long after its making a hub may connect before events count as missed that came until then: what a session reads while its first
// connection comes about is not read twice.
const late = 10 * time.Second

// connected announces what there is and sends what waits, in that order.
func (h *Hub) connected(l *line) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.line != l {
		return
	}
	if !h.met && time.Since(h.made) > late {
		h.miss(h.made)
	}
	h.met = true
	l.persist = true
	h.setState(Connected)
	h.publishOwn("ftrack.meta.connected")
	metadata, _ := Node(map[string]any{"id": h.id, "applicationId": h.options.ApplicationID})
	h.announce(h.id, "topic="+replyTopic, metadata)
	for _, s := range h.subscribers {
		h.announce(s.id, s.expression.Announcement(), s.metadata)
	}
	queue := h.queue
	h.queue = nil
	for _, o := range queue {
		h.transmit(o)
	}
}

// ready is reached when every announcement is acknowledged; with the lock held.
func (h *Hub) ready() {
	if h.state != Connected {
		return
	}
	h.tellWaiting(nil)
	if h.gap != nil {
		gap := *h.gap
		gap.Until = time.Now()
		h.gap = nil
		if h.options.Resumed != nil {
			go h.options.Resumed(h.life, gap)
		}
	}
}

func (h *Hub) tellWaiting(err error) {
	for _, done := range h.waiting {
		done <- err
	}
	h.waiting = nil
}

// miss notes that events may be missed from some time on, with the lock held.
func (h *Hub) miss(since time.Time) {
	if h.gap == nil {
		h.gap = &Gap{Since: since}
	}
}

// lost notes that the connection ended. What was sent and not acknowledged may have arrived or not: it fails.
func (h *Hub) lost(l *line, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.miss(l.machine.Heard())
	h.setState(Reconnecting)
	h.failSent(&lostError{err})
	h.publishOwn("ftrack.meta.disconnected")
}

// lostError is why an event that was sent has no answer.
type lostError struct{ err error }

// Error says what is not known.
func (e *lostError) Error() string {
	return "the connection was lost before the server acknowledged, so it may have the event or not: " + e.err.Error()
}

// Unwrap is why it was lost.
func (e *lostError) Unwrap() error { return e.err }

func (h *Hub) failSent(err error) {
	ids := make([]int, 0, len(h.sent))
	for id := range h.sent {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		o := h.sent[id]
		delete(h.sent, id)
		o.end(&ConnectionError{o.op, err})
	}
}

// failed notes that an attempt to connect failed.
func (h *Hub) failed(l *line, err error) {
	h.mu.Lock()
	first := h.state == Connecting && l.persist && !l.reported
	l.reported = l.reported || first
	h.miss(time.Now())
	h.mu.Unlock()
	if first {
		h.options.Report(&ConnectionError{"connect", err})
	}
}

// gaveUp ends the line.
func (h *Hub) gaveUp(l *line, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	was := h.state
	if was == Connected {
		h.miss(l.machine.Heard())
	}
	h.line = nil
	h.setState(Disconnected)
	if err == nil {
		err = errDisconnected
	}
	h.failSent(err)
	queue := h.queue
	h.queue = nil
	for _, o := range queue {
		o.end(&ConnectionError{o.op, err})
	}
	h.tellWaiting(&ConnectionError{"connect", err})
	if was == Connected {
		h.publishOwn("ftrack.meta.disconnected")
	}
	for _, left := range l.told {
		if left.ask == nil {
			continue // of the connection that ended
		}
		if h.life.Err() != nil {
			left.ask.done <- &ConnectionError{"connect", errClosed}
			continue
		}
		if h.line == nil { // asked for again meanwhile
			h.line = newLine(h)
			h.setState(Connecting)
		}
		h.line.persist = h.line.persist || left.ask.persist
		h.line.tell(left)
	}
}

// acknowledged ends what waited for an acknowledgement; others are nobody's.
func (h *Hub) acknowledged(id int, result wire.Node) {
	h.mu.Lock()
	defer h.mu.Unlock()
	o := h.sent[id]
	if o == nil {
		return
	}
	delete(h.sent, id)
	var err error
	if result.Get("success").Kind() == wire.False {
		text := result.Get("message").Text()
		if text == "" {
			text = "the event server refused it"
		}
		err = &HubError{o.op + ": " + text}
	}
	o.end(err)
}
