package event

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/event/socketio"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// line runs a connection's Machine from Connect to Disconnect: one goroutine for it, and for each socket one that reads and one that
// writes.
type line struct {
	hub      *Hub
	machine  *socketio.Machine
	persist  bool          // under the hub's lock
	leaving  bool          // Disconnect was called; under the hub's lock
	told     []step        // under the hub's lock
	bell     chan struct{} // something was told
	life     context.Context
	end      context.CancelFunc
	socket   *socket // changed by the loop's goroutine only, under the hub's lock
	reported bool    // that it cannot connect
}

// step is something for the loop to do: a request to connect, or else do.
type step struct {
	ask *request
	do  func(m *socketio.Machine, now time.Time)
}

// request is a call of Connect, which hears of its end.
type request struct {
	done    chan error
	persist bool
}

// socket is what belongs to one attempt.
type socket struct {
	attempt int
	life    context.Context
	end     context.CancelFunc

	mu      sync.Mutex
	conn    Conn
	pending [][]byte
	bell    chan struct{}
}

// newLine is called with the hub's lock held.
func newLine(h *Hub) *line {
	settings := h.options.Settings
	settings.InQuery = h.options.InQuery || remembered.inQuery(h.options.ServerURL)
	settings.HeadersOnly = settings.HeadersOnly || h.options.APIKey == nil
	l := &line{hub: h, machine: socketio.NewMachine(settings), bell: make(chan struct{}, 1)}
	l.life, l.end = context.WithCancel(h.life)
	go l.run()
	return l
}

// tell has the loop do a step; it is called with the hub's lock held and does not wait.
func (l *line) tell(s step) {
	l.told = append(l.told, s)
	ring(l.bell)
}

func ring(bell chan struct{}) {
	select {
	case bell <- struct{}{}:
	default:
	}
}

// say is tell for the line's own goroutines.
func (l *line) say(do func(m *socketio.Machine, now time.Time)) {
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	l.tell(step{do: do})
}

// next takes the first step that was told.
func (l *line) next() (s step, ok bool) {
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	if len(l.told) == 0 {
		l.told = nil
		return step{}, false
	}
	s, l.told = l.told[0], l.told[1:]
	if s.ask != nil {
		l.hub.waiting = append(l.hub.waiting, s.ask.done)
		if l.hub.state == Connected && l.hub.announcing == 0 {
			l.hub.tellWaiting(nil)
		}
	}
	return s, true
}

func (l *line) use(s *socket) {
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	l.socket = s
}

func (l *line) run() {
	defer l.end()
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	ended := l.hub.life.Done()
	for {
		for s, ok := l.next(); ok; s, ok = l.next() {
			if s.ask != nil {
				l.machine.Connect(time.Now(), s.ask.persist)
			} else {
				s.do(l.machine, time.Now())
			}
			if l.act() {
				return
			}
		}
		wait := time.Hour
		if at := l.machine.Deadline(); !at.IsZero() {
			wait = max(0, time.Until(at))
		}
		timer.Reset(wait)
		select {
		case <-l.bell:
		case <-timer.C:
			l.machine.Tick(time.Now())
		case <-ended:
			ended = nil
			l.machine.Disconnect()
		}
		if l.act() {
			return
		}
	}
}

// act does what the machine asks for, and reports whether the line has come to its end.
func (l *line) act() (over bool) {
	for _, e := range l.machine.Effects() {
		switch e.Do {
		case socketio.DoHandshake:
			l.shake(e)
		case socketio.DoDial:
			l.dial(e)
		case socketio.DoSend:
			l.socket.send(e.Message)
		case socketio.DoClose:
			l.socket.close()
			l.use(nil)
		case socketio.DidConnect:
			remembered.keep(l.hub.options.ServerURL, l.machine.InQuery())
			l.hub.connected(l)
		case socketio.DidLose:
			l.hub.lost(l, e.Err)
		case socketio.DidFail:
			l.hub.failed(l, e.Err)
		case socketio.DidGiveUp:
			l.hub.gaveUp(l, e.Err)
			over = true
		case socketio.GotEvent:
			l.hub.received(e.Node)
		case socketio.GotAck:
			l.hub.acknowledged(e.ID, e.Node)
		case socketio.GotBadPacket:
			l.hub.options.Report(e.Err)
		}
	}
	return over
}

func (l *line) shake(e socketio.Effect) {
	if l.socket == nil || l.socket.attempt != e.Attempt {
		s := &socket{attempt: e.Attempt, bell: make(chan struct{}, 1)}
		s.life, s.end = context.WithCancel(l.life)
		l.use(s)
	}
	s, url, header := l.socket, l.hub.options.ServerURL+"/socket.io/1/", l.hub.options.Header
	if e.InQuery {
		url += "?" + l.hub.query()
	} else {
		header = append(header[:len(header):len(header)], l.hub.options.Credentials()...)
	}
	go func() {
		answer, err := l.hub.options.Dialer.Handshake(s.life, url, header)
		if answer == nil {
			answer = &wire.Response{}
		}
		l.say(func(m *socketio.Machine, now time.Time) { m.Shook(now, e.Attempt, answer.Status, answer.Body, err) })
	}()
}

func (l *line) dial(e socketio.Effect) {
	s, url := l.socket, "ws"+strings.TrimPrefix(l.hub.options.ServerURL, "http")+"/socket.io/1/websocket/"+e.Handshake.ID
	if e.InQuery {
		url += "?" + l.hub.query()
	}
	go func() {
		conn, err := l.hub.options.Dialer.Dial(s.life, url, l.hub.options.Header)
		if err == nil && !s.open(conn) {
			conn.Close()
			return
		}
		l.say(func(m *socketio.Machine, now time.Time) { m.Dialled(now, e.Attempt, err) })
		if err != nil {
			return
		}
		go s.write(l)
		s.read(l)
	}()
}

// query are the credentials as @ftrack/api puts them into URLs.
func (h *Hub) query() string {
	return "api_user=" + queryEscape(h.options.APIUser) + "&api_key=" + queryEscape(h.options.APIKey())
}

func queryEscape(text string) string {
	const digits = "0123456789ABCDEF"
	out := make([]byte, 0, len(text))
	for _, c := range []byte(text) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-_.~", c) >= 0 {
			out = append(out, c)
		} else {
			out = append(out, '%', digits[c>>4], digits[c&15])
		}
	}
	return string(out)
}

// open reports whether the socket is still wanted.
func (s *socket) open(conn Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.life.Err() != nil {
		return false
	}
	s.conn = conn
	return true
}

// send puts a message in line; it does not wait.
func (s *socket) send(message []byte) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending = append(s.pending, message)
	ring(s.bell)
}

// close ends the socket when what stands in line has been handed over.
func (s *socket) close() {
	if s == nil {
		return
	}
	s.end()
	s.mu.Lock()
	defer s.mu.Unlock()
	ring(s.bell)
}

func (s *socket) write(l *line) {
	for {
		s.mu.Lock()
		messages := s.pending
		s.pending = nil
		s.mu.Unlock()
		for _, message := range messages {
			if err := s.conn.Send(message); err != nil {
				l.say(func(m *socketio.Machine, now time.Time) { m.Lost(now, s.attempt, err) })
				s.conn.Close()
				return
			}
		}
		if len(messages) > 0 {
			continue
		}
		select {
		case <-s.bell:
		case <-s.life.Done():
			s.mu.Lock()
			rest := s.pending
			s.pending = nil
			s.mu.Unlock()
			for _, message := range rest {
				s.conn.Send(message)
			}
			s.conn.Close()
			return
		}
	}
}

func (s *socket) read(l *line) {
	for {
		message, err := s.conn.Receive()
		var packet *PacketError
		switch {
		case err == nil:
			l.say(func(m *socketio.Machine, now time.Time) { m.Received(now, s.attempt, message) })
		case errors.As(err, &packet):
			l.hub.options.Report(err)
		default:
			l.say(func(m *socketio.Machine, now time.Time) { m.Lost(now, s.attempt, err) })
			return
		}
	}
}

// forms remembers how servers take credentials.
type forms struct {
	mu    sync.Mutex
	query map[string]bool
}

var remembered = forms{query: map[string]bool{}}

func (f *forms) inQuery(server string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.query[server]
}

func (f *forms) keep(server string, inQuery bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if inQuery {
		f.query[server] = true
	} else {
		delete(f.query, server)
	}
}
