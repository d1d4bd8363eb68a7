package hub

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Options are how a hub behaves. The zero value works.
type Options struct {
	// Heartbeat is what the handshake announces, in whole seconds; heartbeats leave at two thirds of it. 0 is 15 seconds,
	// the longest that every public client stands.
	Heartbeat time.Duration
	// Timeout ends a connection that no frame came from for so long. 0 is five thirds of Heartbeat, in whole seconds.
	Timeout time.Duration
	// UniqueSubscribers refuses a subscriber id that any socket uses; else one that the same socket uses.
	UniqueSubscribers bool
	// NumberFrames gives each event an id, so that socket.io acknowledges its receipt.
	NumberFrames bool
}

// User is who a socket belongs to.
type User struct{ ID, Username string }

// ErrUnknownSocket says that no handshake gave the id out, or that it was used before or came too late.
var ErrUnknownSocket = errors.New("hub: unknown socket id")

// Hub holds the sockets and who subscribed to what.
type Hub struct {
	options Options
	faults  atomic.Pointer[Faults]
	mutex   sync.Mutex
	waiting map[string]admission
	sockets []*socket // in the order they came
	served  uint64
	closed  bool
}

// admission is a handshake whose socket has not come yet.
type admission struct {
	user User
	at   time.Time
}

// New makes a hub without sockets.
func New(options Options) *Hub {
	if options.Heartbeat <= 0 {
		options.Heartbeat = 15 * time.Second
	}
	if options.Timeout <= 0 {
		options.Timeout = (options.Heartbeat*5/3 + time.Second - 1).Truncate(time.Second)
	}
	h := &Hub{options: options, waiting: map[string]admission{}}
	h.faults.Store(&Faults{})
	return h
}

// Faults are those of SetFaults.
func (h *Hub) Faults() Faults { return *h.faults.Load() }

// SetFaults changes what goes wrong, for open sockets too.
func (h *Hub) SetFaults(f Faults) { h.faults.Store(&f) }

// Admit gives out the id of a socket: the answer to a handshake, `id:heartbeat:timeout:websocket`, times in seconds.
func (h *Hub) Admit(user User) string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	id, now := hex.EncodeToString(b[:]), time.Now()
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for other, a := range h.waiting {
		if now.Sub(a.at) > h.options.Timeout {
			delete(h.waiting, other)
		}
	}
	h.waiting[id] = admission{user, now}
	return fmt.Sprintf("%s:%g:%g:websocket", id, h.options.Heartbeat.Seconds(), h.options.Timeout.Seconds())
}

// Serve talks over a connection until it ends, and closes it. The id is one that Admit gave out, and is good for one
// connection; another one is told so, and is an ErrUnknownSocket. nil is an end that the client wanted, or the hub's own.
func (h *Hub) Serve(ctx context.Context, id string, conn Conn) error {
	defer conn.Close()
	s, err := h.open(ctx, id, conn)
	if err != nil {
		_ = conn.Send(ctx, "7:::1+0") // not handshaken: connect anew
		return err
	}
	defer h.leave(s)
	return s.serve()
}

func (h *Hub) open(ctx context.Context, id string, conn Conn) (*socket, error) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	a, ok := h.waiting[id]
	delete(h.waiting, id)
	if !ok || h.closed || time.Since(a.at) > h.options.Timeout {
		return nil, ErrUnknownSocket
	}
	h.served++
	s := newSocket(ctx, h, id, h.served, a.user, conn)
	h.sockets = append(h.sockets, s)
	return s, nil
}

func (h *Hub) leave(s *socket) {
	s.cancel()
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for i, other := range h.sockets {
		if other == s {
			h.sockets = append(h.sockets[:i:i], h.sockets[i+1:]...)
			break
		}
	}
}

// Publish sends an event, a JSON object, to everybody who subscribed to it. It does not wait for anybody. An error says that
// it is no event.
func (h *Hub) Publish(event []byte) error {
	root, err := wire.Parse(event)
	if err != nil {
		return fmt.Errorf("hub: publish: %w", err)
	}
	return h.publish(root)
}

func (h *Hub) publish(event wire.Node) error {
	if event.Get("topic").Kind() != wire.String {
		return errors.New("hub: publish: an event needs a topic")
	}
	target, err := parseTarget(event.Get("target").Text())
	if err != nil {
		return fmt.Errorf("hub: publish: target: %w", err)
	}
	fields := fieldsOf(event)
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for _, s := range h.sockets {
		if s.wants(fields, target) {
			s.offer(event.Raw())
		}
	}
	return nil
}

// Cut ends open connections without a word, as a network does; all of them for limit 0. It gives their number.
func (h *Hub) Cut(limit int) int {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	cut := 0
	for _, s := range h.sockets {
		if limit > 0 && cut == limit {
			break
		}
		s.cut()
		cut++
	}
	return cut
}

// Inject sends a frame as it is to every socket; binary where the connection can. It gives the number of sockets.
func (h *Hub) Inject(frame string, binary bool) int {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for _, s := range h.sockets {
		if binary {
			if sender, ok := s.conn.(BinarySender); ok {
				_ = sender.SendBinary(s.ctx, []byte(frame))
			}
			continue
		}
		s.enqueue(frame)
	}
	return len(h.sockets)
}

// State is what a hub has at the moment.
type State struct {
	Sockets     int    `json:"sockets"`
	Served      uint64 `json:"served"` // sockets since the start
	Subscribers int    `json:"subscribers"`
	Faults      Faults `json:"faults"`
}

// State counts sockets and subscribers.
func (h *Hub) State() State {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	state := State{Sockets: len(h.sockets), Served: h.served, Faults: h.Faults()}
	for _, s := range h.sockets {
		state.Subscribers += len(s.subscribers)
	}
	return state
}

// Close ends every connection and admits nobody any more.
func (h *Hub) Close() {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.closed = true
	clear(h.waiting)
	for _, s := range h.sockets {
		s.cut()
	}
}
