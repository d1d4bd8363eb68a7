package socketio

import (
	"errors"
	"strconv"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Phase is what a Machine is doing.
type Phase uint8

// The phases.
const (
	Idle        Phase = iota // not connected, and not trying
	Shaking                  // a handshake is under way
	Dialling                 // a socket is being opened
	Greeting                 // the socket is open, the server has not greeted yet
	Established              // connected
	Waiting                  // for the next attempt
)

// Do is what an Effect asks for.
type Do uint8

// The effects. Each of a connection bears the number of its attempt.
const (
	DoHandshake  Do = iota // request the handshake, with credentials as InQuery says; tell Shook
	DoDial                 // open the socket of Handshake; tell Dialled, then Received and Lost
	DoSend                 // send Message
	DoClose                // close the socket of the attempt, or give up what is under way of it
	DidConnect             // the server has greeted
	DidLose                // an established connection ended, for the reason Err
	DidFail                // an attempt ended before the server greeted, for the reason Err
	DidGiveUp              // no further attempt is made, for the reason Err; nil when Disconnect was asked for
	GotEvent               // Node is the argument of an ftrack event
	GotAck                 // the server acknowledged ID with Node
	GotBadPacket           // a message was left out, for the reason Err
)

// Effect is something that whoever runs a Machine is to do, or to know.
type Effect struct {
	Do        Do
	Attempt   int
	InQuery   bool
	Handshake Handshake
	Message   []byte
	ID        int
	Node      wire.Node
	Err       error
}

// Settings of a Machine; the zero value has the defaults.
type Settings struct {
	// Delay is before the second attempt, doubled for each further one; 0 means 1 s. MaxDelay is the longest; 0 means 30 s.
	// Up to half as much is added.
	Delay, MaxDelay time.Duration
	// Timeout is how long an attempt may take until the server greets; 0 means 30 s.
	Timeout time.Duration
	// InQuery puts the credentials into URLs from the start, without it into headers. A server that refuses them there with 401 or 403 is asked
	// once more in the other form: no other failure moves them.
	InQuery bool
	// HeadersOnly never moves them.
	HeadersOnly bool
	// Random gives the jitter, a number in [0, 1); nil means none.
	Random func() float64
}

// ErrHeartbeat is why a connection ends whose server has fallen silent.
var ErrHeartbeat = errors.New("the server sent no heartbeat in time")

// errTimeout is why an attempt ends that takes too long.
var errTimeout = errors.New("the server did not greet in time")

// RefusedError is a handshake that the server answered with something else than 2xx.
type RefusedError struct{ Status int }

// Error gives the status.
func (e *RefusedError) Error() string {
	return "the server refused the handshake with status " + strconv.Itoa(e.Status)
}

// OfCredentials reports whether the credentials are the reason.
func (e *RefusedError) OfCredentials() bool { return e.Status == 401 || e.Status == 403 }

// Machine decides what a connection does next. It is a plain value without goroutines or clock: one caller at a time tells it what
// happened and when, and does what Effects gives.
type Machine struct {
	settings  Settings
	phase     Phase
	attempt   int // number of the connection, or of the attempt at one
	failures  int // in a row
	persist   bool
	inQuery   bool
	switched  bool // to the other form, in this attempt
	deadline  time.Time
	heartbeat time.Duration
	greeted   time.Time
	heard     time.Time
	effects   []Effect
	shake     Handshake
}

// NewMachine makes an idle one.
func NewMachine(settings Settings) *Machine {
	if settings.Delay == 0 {
		settings.Delay = time.Second
	}
	if settings.MaxDelay == 0 {
		settings.MaxDelay = 30 * time.Second
	}
	if settings.Timeout == 0 {
		settings.Timeout = 30 * time.Second
	}
	if settings.Random == nil {
		settings.Random = func() float64 { return 0 }
	}
	return &Machine{settings: settings, inQuery: settings.InQuery && !settings.HeadersOnly}
}

// Phase is what the machine is doing.
func (m *Machine) Phase() Phase { return m.phase }

// InQuery says whether the credentials stand in URLs now.
func (m *Machine) InQuery() bool { return m.inQuery }

// Heard is when the server was heard last on an established connection.
func (m *Machine) Heard() time.Time { return m.heard }

// Deadline is when Tick has something to do; the zero Time when never.
func (m *Machine) Deadline() time.Time { return m.deadline }

// Effects takes what is to be done since the last call, in order.
func (m *Machine) Effects() []Effect {
	effects := m.effects
	m.effects = nil
	return effects
}

func (m *Machine) effect(e Effect) {
	e.Attempt = m.attempt
	m.effects = append(m.effects, e)
}

// Connect begins to connect, unless that is done or under way. With persist failures are waited out; without, the first attempt
// decides.
func (m *Machine) Connect(now time.Time, persist bool) {
	m.persist = m.persist || persist
	if m.phase == Idle {
		m.persist, m.failures = persist, 0
		m.begin(now)
	}
}

func (m *Machine) begin(now time.Time) {
	m.attempt++
	m.switched = false
	m.deadline = now.Add(m.settings.Timeout)
	m.phase = Shaking
	m.effect(Effect{Do: DoHandshake, InQuery: m.inQuery})
}

// Disconnect ends the connection, or the attempts at one, until Connect is called.
func (m *Machine) Disconnect() {
	if m.phase == Idle {
		return
	}
	if m.phase == Established {
		m.effect(Effect{Do: DoSend, Message: Frame{Kind: Disconnect}.Append(nil)})
	}
	m.giveUp(nil)
}

func (m *Machine) giveUp(err error) {
	if m.phase != Waiting {
		m.effect(Effect{Do: DoClose})
	}
	m.phase, m.deadline = Idle, time.Time{}
	m.effect(Effect{Do: DidGiveUp, Err: err})
}

// Wake says that the network may be back, or the process: no attempt waits any longer, and a connection whose server fell silent
// meanwhile is made anew.
func (m *Machine) Wake(now time.Time) {
	if m.phase == Established {
		m.Tick(now)
	}
	if m.phase == Waiting {
		m.failures = 0
		m.begin(now)
	}
}

// Tick does what is due.
func (m *Machine) Tick(now time.Time) {
	if m.deadline.IsZero() || now.Before(m.deadline) {
		return
	}
	switch m.phase {
	case Waiting:
		m.begin(now)
	case Established:
		m.fail(now, ErrHeartbeat)
	case Shaking, Dialling, Greeting:
		m.fail(now, errTimeout)
	}
}

// Shook is the answer to DoHandshake: a status with a body, or an error when there was no answer.
func (m *Machine) Shook(now time.Time, attempt, status int, body []byte, err error) {
	if attempt != m.attempt || m.phase != Shaking {
		return
	}
	if err == nil && (status < 200 || status > 299) {
		err = &RefusedError{status}
	}
	var refused *RefusedError
	if errors.As(err, &refused) && refused.OfCredentials() && !m.switched && !m.settings.HeadersOnly {
		m.switched, m.inQuery = true, !m.inQuery
		m.effect(Effect{Do: DoHandshake, InQuery: m.inQuery})
		return
	}
	if err == nil {
		m.shake, err = ParseHandshake(body)
	}
	if err != nil {
		if m.switched {
			m.inQuery = !m.inQuery // it was no better
		}
		m.fail(now, err)
		return
	}
	m.phase = Dialling
	m.effect(Effect{Do: DoDial, Handshake: m.shake, InQuery: m.inQuery})
}

// Dialled is the answer to DoDial.
func (m *Machine) Dialled(now time.Time, attempt int, err error) {
	if attempt != m.attempt || m.phase != Dialling {
		return
	}
	if err != nil {
		m.fail(now, err)
		return
	}
	m.phase = Greeting
}

// Lost says that the socket ended.
func (m *Machine) Lost(now time.Time, attempt int, err error) {
	if attempt == m.attempt && (m.phase == Greeting || m.phase == Established) {
		m.fail(now, err)
	}
}

// fail ends the attempt or the connection and waits for the next, if there is to be one.
func (m *Machine) fail(now time.Time, err error) {
	established := m.phase == Established
	if established {
		if now.Sub(m.greeted) > m.settings.MaxDelay {
			m.failures = 0
		}
		m.effect(Effect{Do: DidLose, Err: err})
	} else {
		m.effect(Effect{Do: DidFail, Err: err})
	}
	if !established && !m.persist {
		m.giveUp(err)
		return
	}
	m.persist = true
	m.effect(Effect{Do: DoClose})
	m.phase = Waiting
	delay := m.settings.MaxDelay
	if m.failures < 30 {
		delay = min(delay, m.settings.Delay<<m.failures)
	}
	m.failures++
	m.deadline = now.Add(delay + time.Duration(m.settings.Random()*float64(delay)/2))
}

// silence is how long nothing may come: the server's interval, and some.
func (m *Machine) silence() time.Duration {
	return m.heartbeat + max(m.heartbeat/4, 2*time.Second)
}

// Received takes a message of the socket.
func (m *Machine) Received(now time.Time, attempt int, message []byte) {
	if attempt != m.attempt || m.phase != Greeting && m.phase != Established {
		return
	}
	frame, err := ParseFrame(message)
	if err != nil {
		m.effect(Effect{Do: GotBadPacket, Err: err})
	}
	if m.phase == Established {
		m.hear(now)
	}
	if err != nil {
		return
	}
	switch frame.Kind {
	case Disconnect:
		m.fail(now, errors.New("the server ended the connection"))
	case Error:
		m.fail(now, errors.New("the server reported an error: "+wire.Excerpt(frame.Data)))
	case Connect:
		if m.phase == Greeting && frame.Endpoint == "" {
			m.phase, m.greeted, m.heartbeat = Established, now, m.shake.Heartbeat
			m.hear(now)
			m.effect(Effect{Do: DidConnect})
		}
	case Heartbeat:
		m.effect(Effect{Do: DoSend, Message: Frame{Kind: Heartbeat}.Append(nil)})
	case Message, JSON, Event:
		if frame.ID != "" {
			m.effect(Effect{Do: DoSend, Message: acknowledgement(frame)})
		}
		if frame.Kind != Event {
			return
		}
		node, err := frame.Event()
		if err != nil {
			m.effect(Effect{Do: GotBadPacket, Err: err})
		} else if node.Kind() != wire.Missing {
			m.effect(Effect{Do: GotEvent, Node: node})
		}
	case Ack:
		id, node, err := frame.Acknowledged()
		if err != nil {
			m.effect(Effect{Do: GotBadPacket, Err: err})
			return
		}
		m.effect(Effect{Do: GotAck, ID: id, Node: node})
	}
}

func (m *Machine) hear(now time.Time) {
	m.heard, m.deadline = now, time.Time{}
	if m.heartbeat > 0 {
		m.deadline = now.Add(m.silence())
	}
}
