package socket

import (
	"context"
	"errors"

	"github.com/ftrack-wasm/ftrack-wasm/jsbridge/guard"

	"github.com/ftrack-wasm/ftrack-wasm/session/event"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Sockets are those of the whole module.
type Sockets struct {
	host    guard.Value
	bytes   guard.Value // the constructor Uint8Array
	shaking map[int]chan shaken
	open    map[int]*conn
	lastID  int
}

type shaken struct {
	response *wire.Response
	err      error
}

// NewSockets makes the register for a host object.
func NewSockets(host guard.Value) *Sockets {
	constructor, _ := guard.Global().Get("Uint8Array")
	return &Sockets{host: host, bytes: constructor, shaking: map[int]chan shaken{}, open: map[int]*conn{}}
}

// Dialer reaches event servers in the name of a session, whose id the host is told.
func (s *Sockets) Dialer(session func() int) event.Dialer { return &dialer{s, session} }

type dialer struct {
	sockets *Sockets
	session func() int
}

// Handshake asks the host for a GET request.
func (d *dialer) Handshake(ctx context.Context, url string, header []wire.Header) (*wire.Response, error) {
	s := d.sockets
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	pairs := make([]any, len(header))
	for i, h := range header {
		pairs[i] = []any{h.Name, h.Value}
	}
	text, err := wire.AppendValue(nil, pairs)
	if err != nil {
		return nil, err
	}
	s.lastID++
	id, answered := s.lastID, make(chan shaken, 1)
	s.shaking[id] = answered
	defer delete(s.shaking, id)
	if _, err := s.host.Call("shake", id, d.session(), url, string(text)); err != nil {
		return nil, err
	}
	select {
	case answer := <-answered:
		return answer.response, answer.err
	case <-ctx.Done():
		s.host.Call("closeSocket", id)
		return nil, context.Cause(ctx)
	}
}

// Shaken takes the answer to a handshake: id, status, body, and the text of a failure or "".
func (s *Sockets) Shaken(args []guard.Value) {
	id, err := args[0].Int()
	if err != nil || s.shaking[id] == nil {
		return
	}
	answer := shaken{response: &wire.Response{}}
	answer.response.Status, answer.err = args[1].Int()
	if answer.err == nil {
		answer.response.Body, answer.err = copied(args[2])
	}
	if text, err := args[3].String(); text != "" || err != nil {
		answer = shaken{err: errors.New(text)}
	}
	s.shaking[id] <- answer
}

// lengthOf is that of the first message; it stands before it.
func lengthOf(b []byte) int {
	return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 | int(b[3])<<24
}

func copied(from guard.Value) ([]byte, error) {
	size, err := from.Length()
	if err != nil {
		return nil, err
	}
	to := make([]byte, size)
	_, err = guard.CopyBytesToGo(to, from)
	return to, err
}

// Dial has the host open a socket.
func (d *dialer) Dial(ctx context.Context, url string, _ []wire.Header) (event.Conn, error) {
	s := d.sockets
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	s.lastID++
	c := &conn{sockets: s, id: s.lastID, bell: make(chan struct{}, 1)}
	s.open[c.id] = c
	if _, err := s.host.Call("openSocket", c.id, d.session(), url); err != nil {
		delete(s.open, c.id)
		return nil, err
	}
	for {
		switch {
		case c.opened:
			return c, nil
		case c.err != nil:
			return nil, c.err
		}
		select {
		case <-c.bell:
		case <-ctx.Done():
			c.Close()
			return nil, context.Cause(ctx)
		}
	}
}

// What Heard is told of a socket.
const (
	opened   = 0
	messages = 1
	binary   = 2
	closed   = 3
)

// Heard takes what happened to a socket: id, what, messages one behind the other, the reason of an end.
func (s *Sockets) Heard(args []guard.Value) {
	id, err := args[0].Int()
	if err != nil {
		return
	}
	c := s.open[id]
	if c == nil {
		return
	}
	what, err := args[1].Int()
	if err != nil {
		return
	}
	switch what {
	case opened:
		c.opened = true
	case messages:
		bytes, err := copied(args[2])
		if err != nil {
			return
		}
		for len(bytes) >= 4 {
			end := 4 + lengthOf(bytes)
			c.inbox = append(c.inbox, received{bytes: bytes[4:end:end]})
			bytes = bytes[end:]
		}
	case binary:
		c.inbox = append(c.inbox, received{err: &event.PacketError{Reason: "a binary message"}})
	case closed:
		text, _ := args[3].String()
		delete(s.open, id)
		c.err = errors.New(text)
	}
	c.ring()
}

// conn is one socket. All of it is used from one thread.
type conn struct {
	sockets *Sockets
	id      int
	opened  bool
	inbox   []received
	err     error // why it ended
	bell    chan struct{}
}

type received struct {
	bytes []byte
	err   error
}

func (c *conn) ring() {
	select {
	case c.bell <- struct{}{}:
	default:
	}
}

// Send hands a message to the host, which sends it or tells of the socket's end.
func (c *conn) Send(message []byte) error {
	if c.err != nil {
		return c.err
	}
	bytes, err := c.sockets.bytes.New(len(message))
	if err != nil {
		return err
	}
	if _, err := guard.CopyBytesToJS(bytes, message); err != nil {
		return err
	}
	_, err = c.sockets.host.Call("sendSocket", c.id, bytes)
	return err
}

// Receive waits for the next message; those that came before the end are given first.
func (c *conn) Receive() ([]byte, error) {
	for {
		if len(c.inbox) > 0 {
			first := c.inbox[0]
			c.inbox[0] = received{}
			c.inbox = c.inbox[1:]
			return first.bytes, first.err
		}
		if c.err != nil {
			return nil, c.err
		}
		<-c.bell
	}
}

// Close ends the socket.
func (c *conn) Close() {
	if c.err != nil {
		return
	}
	c.err = errors.New("the socket was closed")
	delete(c.sockets.open, c.id)
	c.sockets.host.Call("closeSocket", c.id)
	c.ring()
}
