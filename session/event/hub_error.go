package event

import (
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/event/socketio"
)

// PacketError is a message of the event server that cannot be understood.
type PacketError = socketio.PacketError

// HubError is a refusal of the event server, or a use of the hub that cannot be.
type HubError struct{ Text string }

// Error is the whole sentence.
func (e *HubError) Error() string { return e.Text }

// Code is the error's name on the JavaScript side.
func (e *HubError) Code() string { return "EVENT_HUB" }

// ConnectionError says that there is no connection to the event server, or that it ended.
type ConnectionError struct {
	Op  string // what was tried: connect, publish
	Err error
}

// Error says the operation first.
func (e *ConnectionError) Error() string { return e.Op + ": " + e.Err.Error() }

// Unwrap is the cause.
func (e *ConnectionError) Unwrap() error { return e.Err }

// Code is the error's name on the JavaScript side.
func (e *ConnectionError) Code() string { return "EVENT_HUB_CONNECTION" }

// ReplyTimeoutError says that nobody answered an event in time.
type ReplyTimeoutError struct {
	Topic string
	After time.Duration
}

// Error names the topic and the time.
func (e *ReplyTimeoutError) Error() string {
	return "publish: no reply to " + e.Topic + " within " + e.After.String()
}

// Code is the error's name on the JavaScript side.
func (e *ReplyTimeoutError) Code() string { return "EVENT_REPLY_TIMEOUT" }

// NotUniqueError says that something of that name is there already.
type NotUniqueError struct{ Text string }

// Error is the whole sentence.
func (e *NotUniqueError) Error() string { return e.Text }

// Code is the error's name on the JavaScript side.
func (e *NotUniqueError) Code() string { return "NOT_UNIQUE" }
