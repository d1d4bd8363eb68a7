package socketio

import (
	"bytes"
	"strconv"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Kind is that of a frame.
type Kind byte

// The kinds of frames.
const (
	Disconnect Kind = iota
	Connect
	Heartbeat
	Message
	JSON
	Event
	Ack
	Error
	Noop
)

// Frame is one message on the socket: kind:[id[+]]:[endpoint][:data].
type Frame struct {
	Kind Kind
	// ID asks for an acknowledgement, "" for none; it consists of digits.
	ID string
	// WantsData says that the acknowledgement is to carry data: a + behind the id.
	WantsData bool
	Endpoint  string
	// Data is whatever follows, colons included. It is part of the message that was parsed.
	Data []byte
}

// PacketError is a message of the event server that cannot be understood.
type PacketError struct{ Reason string }

// Error is the reason; it never shows what the message held.
func (e *PacketError) Error() string { return "event hub: received " + e.Reason }

// Code is the error's name on the JavaScript side.
func (e *PacketError) Code() string { return "EVENT_HUB_PACKET" }

// ParseFrame takes a message apart: 1, 3 or 4 fields. A failure is a *PacketError.
func ParseFrame(message []byte) (Frame, error) {
	kind, rest, more := bytes.Cut(message, []byte{':'})
	if len(kind) != 1 || kind[0] < '0' || kind[0] > '0'+byte(Noop) {
		return Frame{}, &PacketError{"a frame of an unknown kind"}
	}
	f := Frame{Kind: Kind(kind[0] - '0')}
	if !more {
		return f, nil
	}
	id, rest, more := bytes.Cut(rest, []byte{':'})
	if !more {
		return Frame{}, &PacketError{"a frame that breaks off"}
	}
	if id, f.WantsData = bytes.CutSuffix(id, []byte{'+'}); !digits(id) || f.WantsData && len(id) == 0 {
		return Frame{}, &PacketError{"a frame whose id is no number"}
	}
	f.ID = string(id)
	endpoint, data, _ := bytes.Cut(rest, []byte{':'})
	f.Endpoint, f.Data = string(endpoint), data
	return f, nil
}

func digits(b []byte) bool {
	for _, c := range b {
		if c-'0' > 9 {
			return false
		}
	}
	return true
}

// Append appends the frame as it goes over the socket.
func (f Frame) Append(out []byte) []byte {
	out = append(out, '0'+byte(f.Kind), ':')
	out = append(out, f.ID...)
	if f.WantsData {
		out = append(out, '+')
	}
	out = append(append(out, ':'), f.Endpoint...)
	if len(f.Data) > 0 {
		out = append(append(out, ':'), f.Data...)
	}
	return out
}

// eventHead and eventTail stand around the argument of an event.
const (
	eventHead = `{"name":"ftrack.event","args":[`
	eventTail = `]}`
)

// AppendEvent appends the frame of an ftrack event. id asks for an acknowledgement, 0 for none.
func AppendEvent(out []byte, id int, event []byte) []byte {
	out = append(out, '0'+byte(Event), ':')
	if id != 0 {
		out = append(strconv.AppendInt(out, int64(id), 10), '+')
	}
	out = append(append(out, "::"...), eventHead...)
	return append(append(out, event...), eventTail...)
}

// Event gives the argument of a frame that carries an ftrack event. Missing and no error: it carries another event. Other
// failures are a *PacketError.
func (f Frame) Event() (wire.Node, error) {
	root, err := wire.Parse(f.Data)
	if err != nil {
		return wire.Node{}, &PacketError{"an event that is no JSON"}
	}
	if !root.Get("name").Is("ftrack.event") {
		if root.Get("name").Kind() != wire.String {
			return wire.Node{}, &PacketError{"an event without a name"}
		}
		return wire.Node{}, nil
	}
	args := root.Get("args").List()
	if len(args) == 0 {
		return wire.Node{}, &PacketError{"an event without arguments"}
	}
	return args[0], nil
}

// Acknowledged gives the id that an Ack frame acknowledges, and the first of what came with it: Missing when nothing did.
// A failure is a *PacketError.
func (f Frame) Acknowledged() (id int, result wire.Node, err error) {
	digit, data, _ := bytes.Cut(f.Data, []byte{'+'})
	id, err = strconv.Atoi(string(digit))
	if err != nil || !digits(digit) {
		return 0, wire.Node{}, &PacketError{"an acknowledgement without an id"}
	}
	if len(data) == 0 {
		return id, wire.Node{}, nil
	}
	root, err := wire.Parse(data)
	if err != nil {
		return 0, wire.Node{}, &PacketError{"an acknowledgement that is no JSON"}
	}
	if list := root.List(); len(list) > 0 {
		result = list[0]
	}
	return id, result, nil
}

// acknowledgement is the answer to a frame that asks for one.
func acknowledgement(f Frame) []byte {
	data := f.ID
	if f.WantsData {
		data += "+[]"
	}
	return Frame{Kind: Ack, Endpoint: f.Endpoint, Data: []byte(data)}.Append(nil)
}
