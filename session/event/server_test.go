package event_test

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/ftrack-wasm/ftrack-wasm/session/event"
	"github.com/ftrack-wasm/ftrack-wasm/session/event/socketio"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// server is a small event server in memory: as much of one as the hub's tests need, and what they make it do wrong. It is a dialer, too.
type server struct {
	mu         sync.Mutex
	urls       []string // of handshakes and sockets
	headers    []string
	status     func(url string) int // of handshakes
	down       bool
	silent     bool                      // no acknowledgements
	refuse     func(topic string) string // why an event is refused
	sockets    []*end
	published  []*event.Event
	subscribed []string
}

// end is the server's side of a socket, and the hub's.
type end struct {
	server      *server
	in          chan []byte // to the hub
	gone        chan struct{}
	once        sync.Once
	subscribers map[string]subscription
}

type subscription struct {
	text     *event.Expression
	metadata wire.Node
}

func (s *server) Handshake(ctx context.Context, url string, header []wire.Header) (*wire.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.urls = append(s.urls, url)
	for _, h := range header {
		s.headers = append(s.headers, h.Name+"="+h.Value)
	}
	if s.down {
		return nil, errors.New("unreachable")
	}
	if s.status != nil {
		return &wire.Response{Status: s.status(url), Body: []byte("sid:15:25:websocket")}, ctx.Err()
	}
	return &wire.Response{Status: 200, Body: []byte("sid:15:25:websocket")}, ctx.Err()
}

func (s *server) Dial(_ context.Context, url string, _ []wire.Header) (event.Conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.urls = append(s.urls, url)
	if s.down {
		return nil, errors.New("unreachable")
	}
	c := &end{server: s, in: make(chan []byte, 10_000), gone: make(chan struct{}), subscribers: map[string]subscription{}}
	s.sockets = append(s.sockets, c)
	c.in <- []byte("1::")
	return c, nil
}

// Receive is the hub's.
func (c *end) Receive() ([]byte, error) {
	select {
	case message := <-c.in:
		if message == nil {
			return nil, &event.PacketError{Reason: "a binary message"}
		}
		return message, nil
	case <-c.gone:
		return nil, errors.New("connection lost")
	}
}

// Close is the hub's.
func (c *end) Close() { c.once.Do(func() { close(c.gone) }) }

// Send takes a frame of the hub and answers it.
func (c *end) Send(message []byte) error {
	select {
	case <-c.gone:
		return errors.New("connection lost")
	default:
	}
	frame, err := socketio.ParseFrame(message)
	if err != nil || frame.Kind != socketio.Event {
		return err
	}
	node, err := frame.Event()
	if err != nil {
		return err
	}
	e, err := event.FromNode(node)
	if err != nil {
		return err
	}
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	answer := `{"success":true}`
	id := e.Data.Get("subscriber").Get("id").Text()
	switch {
	case s.refuse != nil && s.refuse(e.Topic) != "":
		answer = `{"success":false,"message":"` + s.refuse(e.Topic) + `"}`
	case e.Topic == "ftrack.meta.subscribe":
		x, err := event.Parse(e.Data.Get("subscription").Text())
		if err != nil {
			return err
		}
		s.subscribed = append(s.subscribed, x.Source())
		c.subscribers[id] = subscription{x, e.Data.Get("subscriber")}
	case e.Topic == "ftrack.meta.unsubscribe":
		delete(c.subscribers, id)
	default:
		s.published = append(s.published, e)
		s.spread(e)
	}
	if !s.silent && frame.ID != "" {
		c.in <- []byte("6:::" + frame.ID + "+[" + answer + "]")
	}
	return nil
}

// spread sends an event to the sockets that want it, once each; with the lock held.
func (s *server) spread(e *event.Event) {
	for _, c := range s.sockets {
		for _, sub := range c.subscribers {
			target, err := event.Parse(e.Target)
			if sub.text.Match(e) && (e.Target == "" || err == nil && target.MatchNode(sub.metadata)) {
				c.in <- socketio.AppendEvent(nil, 0, e.AppendJSON(nil))
				break
			}
		}
	}
}

// say sends a message on the newest socket; nil is one that is no text.
func (s *server) say(message []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sockets[len(s.sockets)-1].in <- message
}

// drop ends all sockets.
func (s *server) drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.sockets {
		c.Close()
	}
	s.sockets = nil
}

func (s *server) set(f func(*server)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(s)
}

func (s *server) topics() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var topics []string
	for _, e := range s.published {
		topics = append(topics, e.Topic)
	}
	return strings.Join(topics, " ")
}
