package event

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/event/socketio"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Options configure a hub. What has no default must be given.
type Options struct {
	// ServerURL is the address of the ftrack server, without a trailing slash.
	ServerURL string
	// Header is sent with the handshake, and with the socket where that can have headers.
	Header []wire.Header
	// APIUser is the user's name.
	APIUser string
	// Credentials are the headers of the handshake that authenticate; they are asked for when they are needed.
	Credentials func() []wire.Header
	// APIKey is for servers that take credentials in the URL only; nil never puts any there.
	APIKey func() string
	// InQuery puts the credentials into the URL of the handshake, where logs may keep them: for servers that take no headers from a
	// page. Otherwise they stand in headers, and in the URL only of a server that has refused those with 401 or 403.
	InQuery bool
	// ApplicationID is named in the source of events and in the metadata of subscribers; "" is ftrack.api.wasm.
	ApplicationID string
	// Host is the name of the machine, for the source of events; "" is left out.
	Host string
	// Dialer reaches the server. Without one the hub has local events only.
	Dialer Dialer
	// Report hears of what goes wrong where nobody waits: handlers that fail, announcements that are refused, packets that are none.
	// It has a goroutine of its own where it would hold others up.
	Report func(err error)
	// Deliver takes an event to subscribers without a handler of their own, some in a row, in the order of their priority. Where more follow
	// it waits until these have run, and reports whether one of them stopped the event.
	Deliver func(ctx context.Context, e *Event, subscribers []string, more bool) (stopped bool)
	// Resumed is called after each reconnect, when every subscription is announced again: after a loss, after Disconnect too, and after a
	// first connection that took several attempts or came late. It has a goroutine of its own, and ctx ends with the hub.
	Resumed func(ctx context.Context, gap Gap)
	// Settings are those of the connection; the zero value has the defaults.
	Settings socketio.Settings
	// NewID makes the ids of events and subscribers; by default random.
	NewID func() string
	// QueueLimit is how many events may wait for a connection; 0 means 10,000.
	QueueLimit int
}

// Gap is the time in which events may have been missed.
type Gap struct {
	// Since is when the server was heard last before the connection was lost or ended, or where there was none yet, when the
	// hub was made or an attempt to connect failed. Until is when subscriptions were announced again.
	Since, Until time.Time
}

// State is that of a hub's connection.
type State string

// The states. In all but Disconnected events can be published: they wait for the connection.
const (
	Disconnected State = "disconnected"
	Connecting   State = "connecting"
	Connected    State = "connected"
	Reconnecting State = "reconnecting"
)

// Hub publishes and receives events. It may be used by several goroutines at once.
//
// Handlers run one after another, in the order in which events arrive, on a goroutine of the hub's.
type Hub struct {
	options Options
	id      string
	life    context.Context // ends with Close
	end     context.CancelFunc

	mu          sync.Mutex
	state       State
	subscribers []*subscriber // by priority, then by age
	byID        map[string]*subscriber
	replies     map[string]*pendingReply // by the id of the event that they answer
	queue       []*outgoing              // waits for a connection
	sent        map[int]*outgoing        // waits for its acknowledgement, by id
	lastID      int                      // of acknowledgements
	line        *line                    // while connecting or connected
	waiting     []chan error             // calls of Connect
	changed     chan struct{}            // closed and made anew when state changes
	inbox       []*Event                 // waits for handlers
	delivering  bool
	announcing  int // announcements that are not acknowledged
	gap         *Gap
	made        time.Time
	met         bool // it has been connected
	seen        recent
}

// NewHub makes a hub that is not connected.
func NewHub(options Options) *Hub {
	if options.ApplicationID == "" {
		options.ApplicationID = "ftrack.api.wasm"
	}
	if options.Report == nil {
		options.Report = func(error) {}
	}
	if options.NewID == nil {
		options.NewID = newID
	}
	if options.QueueLimit == 0 {
		options.QueueLimit = 10_000
	}
	if options.Credentials == nil {
		options.Credentials = func() []wire.Header { return nil }
	}
	if options.Settings.Random == nil {
		options.Settings.Random = rand.Float64
	}
	h := &Hub{options: options, id: options.NewID(), state: Disconnected, byID: map[string]*subscriber{}, replies: map[string]*pendingReply{},
		sent: map[int]*outgoing{}, changed: make(chan struct{}), made: time.Now()}
	h.life, h.end = context.WithCancel(context.Background())
	return h
}

// newID is 128 random bits as text.
func newID() string {
	const digits = "0123456789abcdef"
	high, low := rand.Uint64(), rand.Uint64()
	b := make([]byte, 32)
	for i := range 16 {
		b[i], b[16+i] = digits[high>>(4*i)&15], digits[low>>(4*i)&15]
	}
	return string(b)
}

// ID names the hub: events that it publishes have it in their source, and replies to them are targeted at it.
func (h *Hub) ID() string { return h.id }

// String names the server and the user; it never shows the key.
func (h *Hub) String() string {
	return "Hub{server: " + h.options.ServerURL + ", user: " + h.options.APIUser + "}"
}

// GoString is what %#v prints.
func (h *Hub) GoString() string { return h.String() }

// State is that of the connection.
func (h *Hub) State() State {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.state
}

// Connected reports whether events flow.
func (h *Hub) Connected() bool { return h.State() == Connected }

// errDisconnected is why calls end when Disconnect is called.
var errDisconnected = errors.New("the event hub was disconnected")

// errNotConnected is why nothing is published before Connect.
var errNotConnected = errors.New("the event hub is not connected: call connect first")

// errNoDialer is why a hub stays local.
var errNoDialer = errors.New("the event hub has no way to a server: give it a dialer")

// Connect connects to the event server and waits until every subscription is announced. The first attempt decides: when it
// fails the hub is disconnected, and the error a *ConnectionError. Once it has succeeded the hub reconnects by itself, after ever longer waits, until
// Disconnect. When ctx ends first, the hub is disconnected too, unless it goes on in the background for ConnectSoon.
func (h *Hub) Connect(ctx context.Context) error {
	done, err := h.start(false)
	if err != nil {
		return err
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		h.mu.Lock()
		if l := h.line; l != nil && !l.persist && h.state == Connecting {
			l.tell(step{do: func(m *socketio.Machine, _ time.Time) { m.Disconnect() }})
		}
		h.mu.Unlock()
		return context.Cause(ctx)
	}
}

// ConnectSoon begins to connect and goes on trying until Disconnect. It does not wait.
func (h *Hub) ConnectSoon() error {
	_, err := h.start(true)
	return err
}

// start begins to connect, or joins what is under way. The channel hears how it ends.
func (h *Hub) start(persist bool) (<-chan error, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.life.Err() != nil:
		return nil, &ConnectionError{"connect", errClosed}
	case h.options.Dialer == nil:
		return nil, &ConnectionError{"connect", errNoDialer}
	}
	done := make(chan error, 1)
	if h.state == Connected && h.announcing == 0 && !h.line.leaving {
		done <- nil
		return done, nil
	}
	if h.line == nil {
		h.line = newLine(h)
		h.setState(Connecting)
	}
	h.line.persist = h.line.persist || persist
	h.line.tell(step{ask: &request{done, persist}})
	return done, nil
}

// Disconnect ends the connection, and the attempts at one; the hub stays disconnected until Connect is called. Subscriptions are
// kept for then. What waits to be sent or acknowledged fails with a *ConnectionError.
func (h *Hub) Disconnect() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.line != nil {
		h.line.leaving = true
		h.line.tell(step{do: func(m *socketio.Machine, _ time.Time) { m.Disconnect() }})
	}
}

// Wake has a hub that waits to reconnect do it at once: the network is back, or the computer awake.
func (h *Hub) Wake() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.line != nil {
		h.line.tell(step{do: func(m *socketio.Machine, now time.Time) { m.Wake(now) }})
	}
}

// errClosed is why nothing works after Close.
var errClosed = errors.New("the event hub is closed")

// Close disconnects for good. Handlers get no more events, and what waits fails.
func (h *Hub) Close() {
	h.Disconnect()
	h.end()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.inbox = nil
	for id, r := range h.replies {
		r.timer.Stop()
		delete(h.replies, id)
	}
}

// Wait keeps a program alive while handlers do their work: it returns nil after duration, or, with 0, when the hub is disconnected, and
// the context's cause when that ends first.
func (h *Hub) Wait(ctx context.Context, duration time.Duration) error {
	var after <-chan time.Time
	if duration > 0 {
		timer := time.NewTimer(duration)
		defer timer.Stop()
		after = timer.C
	}
	for {
		h.mu.Lock()
		changed, state := h.changed, h.state
		h.mu.Unlock()
		if state == Disconnected && duration == 0 {
			return nil
		}
		select {
		case <-changed:
		case <-after:
			return nil
		case <-h.life.Done():
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// setState is called with the lock held.
func (h *Hub) setState(s State) {
	if s == h.state {
		return
	}
	h.state = s
	close(h.changed)
	h.changed = make(chan struct{})
}

// recent remembers the last ids that it was given.
type recent struct {
	ring [512]string
	next int
	ids  map[string]bool
}

// add reports whether an id is new.
func (r *recent) add(id string) bool {
	if id == "" {
		return true
	}
	if r.ids[id] {
		return false
	}
	if r.ids == nil {
		r.ids = make(map[string]bool, len(r.ring))
	}
	delete(r.ids, r.ring[r.next])
	r.ring[r.next] = id
	r.next = (r.next + 1) % len(r.ring)
	r.ids[id] = true
	return true
}
