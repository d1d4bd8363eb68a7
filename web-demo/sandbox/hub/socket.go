package hub

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// maxWaiting is how many frames wait for a client that does not read, before its connection ends.
const maxWaiting = 200_000

// socket is one connection while it is served.
type socket struct {
	hub         *Hub
	id          string
	user        User
	conn        Conn
	ctx         context.Context
	cancel      context.CancelFunc
	out         *flow
	random      *rand.Rand // of the writer
	drawn       *rand.Rand // of the reader
	number      uint64     // of the last event, where events are numbered; guarded by the hub
	subscribers []subscriber
}

// subscriber is one subscription of a socket; guarded by the hub.
type subscriber struct {
	id       string
	wanted   expression
	metadata wire.Node
}

func newSocket(ctx context.Context, h *Hub, id string, number uint64, user User, conn Conn) *socket {
	s := &socket{hub: h, id: id, user: user, conn: conn, out: newFlow()}
	seed := h.Faults().Seed
	s.random, s.drawn = rand.New(rand.NewPCG(seed, number*2)), rand.New(rand.NewPCG(seed, number*2+1))
	s.ctx, s.cancel = context.WithCancel(ctx)
	return s
}

// cut ends the connection.
func (s *socket) cut() {
	s.cancel()
	_ = s.conn.Close()
}

func (s *socket) enqueue(frame string) {
	if s.out.len() >= maxWaiting {
		s.cut()
		return
	}
	_ = s.out.put(frame)
}

// serve reads until the end; a goroutine writes meanwhile.
func (s *socket) serve() error {
	s.enqueue("1::")
	written := make(chan struct{})
	go func() {
		defer close(written)
		s.write()
	}()
	err := s.read()
	s.cut()
	<-written
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, context.Canceled), errors.Is(err, errCut), errors.Is(err, io.ErrClosedPipe):
		return nil
	}
	return err
}

// read takes in frames. Whoever sends none for too long is gone.
func (s *socket) read() error {
	timeout := s.hub.options.Timeout
	gone := time.AfterFunc(timeout, s.cut)
	defer gone.Stop()
	for {
		text, err := s.conn.Receive(s.ctx)
		if err != nil {
			return err
		}
		gone.Reset(timeout)
		faults := s.hub.Faults()
		if faults.Mute {
			continue
		}
		cut := chance(s.drawn, faults.Cut)
		if before := cut && s.drawn.IntN(2) == 0; before {
			return errCut
		}
		f, ok := parseFrame(text)
		if ok && f.kind == disconnectFrame {
			return nil
		}
		if ok {
			s.handle(f)
		}
		if cut {
			return errCut
		}
	}
}

// handle does what a frame asks for. Frames that ask for nothing, or nothing that is known, are passed over.
func (s *socket) handle(f frame) {
	if f.kind != eventFrame {
		return
	}
	event, ok := f.event()
	result := `{"success":true}`
	if ok {
		if err := s.take(event); err != nil {
			result = string(append(wire.AppendText([]byte(`{"success":false,"message":`), err.Error()), '}'))
		}
	}
	if f.id != "" {
		s.enqueue(f.acknowledgement(result))
	}
}

// take carries out an event.
func (s *socket) take(event wire.Node) error {
	switch event.Get("topic").Text() {
	case "ftrack.meta.subscribe":
		return s.subscribe(event.Get("data"))
	case "ftrack.meta.unsubscribe":
		s.unsubscribe(event.Get("data").Get("subscriber").Get("id").Text())
		return nil
	}
	return s.hub.publish(event)
}

func (s *socket) subscribe(data wire.Node) error {
	metadata := data.Get("subscriber")
	id := metadata.Get("id").Text()
	if id == "" {
		return errors.New("a subscriber needs an id")
	}
	wanted, err := parseExpression(data.Get("subscription").Text())
	if err != nil {
		return err
	}
	s.hub.mutex.Lock()
	defer s.hub.mutex.Unlock()
	among := []*socket{s}
	if s.hub.options.UniqueSubscribers {
		among = s.hub.sockets
	}
	for _, socket := range among {
		for _, other := range socket.subscribers {
			if other.id == id {
				return errors.New("a subscriber with the id exists: " + id)
			}
		}
	}
	s.subscribers = append(s.subscribers, subscriber{id, wanted, metadata})
	return nil
}

func (s *socket) unsubscribe(id string) {
	s.hub.mutex.Lock()
	defer s.hub.mutex.Unlock()
	for i, other := range s.subscribers {
		if other.id == id {
			s.subscribers = append(s.subscribers[:i:i], s.subscribers[i+1:]...)
			break
		}
	}
}

// wants tells whether a subscriber of the socket is one for the event. The hub is locked.
func (s *socket) wants(event func(string) wire.Node, target expression) bool {
	for _, sub := range s.subscribers {
		if sub.wanted.fits(event) && target.fits(s.described(sub)) {
			return true
		}
	}
	return false
}

// described are the fields of a subscriber that targets name: what it says of itself, and who it is.
func (s *socket) described(sub subscriber) func(string) wire.Node {
	own := fieldsOf(sub.metadata)
	return func(path string) wire.Node {
		found := own(path)
		if found.Kind() != wire.Missing {
			return found
		}
		switch path {
		case "user.id":
			return text(s.user.ID)
		case "user.username":
			return text(s.user.Username)
		}
		return found
	}
}

// text is a text as a node.
func text(s string) wire.Node {
	node, _ := wire.Parse(wire.AppendText(nil, s))
	return node
}

// offer queues an event. The hub is locked.
func (s *socket) offer(event []byte) {
	if s.hub.options.NumberFrames {
		s.number++
	}
	s.enqueue(carry(event, s.number))
}

// write sends what is queued, and heartbeats, until the connection ends.
func (s *socket) write() {
	pulse := time.NewTicker(s.hub.options.Heartbeat * 2 / 3)
	defer pulse.Stop()
	w := &outlet{socket: s}
	for {
		frame, ok, err := s.out.next()
		switch {
		case err != nil:
			return
		case ok:
			if err := w.send(frame); err != nil {
				s.cut()
				return
			}
			continue
		}
		select {
		case <-s.out.wake:
		case <-pulse.C:
			s.enqueue("2::")
		case <-w.late():
			if err := w.release(); err != nil {
				s.cut()
				return
			}
		case <-s.ctx.Done():
			return
		}
	}
}

// outlet sends frames with what goes wrong on the way.
type outlet struct {
	*socket
	held  string // an event that waits for another one to leave first
	timer *time.Timer
}

func (w *outlet) send(frame string) error {
	faults := w.hub.Faults()
	if faults.Mute {
		return nil
	}
	if wait := faults.wait(w.random); wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-w.ctx.Done():
			return w.ctx.Err()
		}
	}
	cut := chance(w.random, faults.Cut)
	if cut && w.random.IntN(2) == 0 {
		return errCut
	}
	if strings.HasPrefix(frame, "5:") {
		if chance(w.random, faults.Lose) {
			return nil
		}
		if w.held == "" && chance(w.random, faults.Reorder) {
			w.held, w.timer = frame, time.NewTimer(holdAtMost)
			return nil
		}
		if chance(w.random, faults.Duplicate) {
			if err := w.conn.Send(w.ctx, frame); err != nil {
				return err
			}
		}
	}
	if err := w.conn.Send(w.ctx, frame); err != nil {
		return err
	}
	if cut {
		return errCut
	}
	return w.release()
}

// release sends the event that waits.
func (w *outlet) release() error {
	if w.held == "" {
		return nil
	}
	frame := w.held
	w.held = ""
	w.timer.Stop()
	return w.conn.Send(w.ctx, frame)
}

// late fires when an event has waited long enough; nil when none waits.
func (w *outlet) late() <-chan time.Time {
	if w.held == "" {
		return nil
	}
	return w.timer.C
}
