package event

import (
	"context"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Dialer reaches an event server. Errors of both methods mean that there was no answer; they name no URL, which may hold a secret.
type Dialer interface {
	// Handshake makes a GET request and reads the answer, whatever its status.
	Handshake(ctx context.Context, url string, header []wire.Header) (*wire.Response, error)
	// Dial opens a WebSocket. Browsers send no headers with it.
	Dial(ctx context.Context, url string, header []wire.Header) (Conn, error)
}

// Conn is an open WebSocket. Each method is used by one goroutine at a time.
type Conn interface {
	// Send sends a text message. It does not keep the bytes.
	Send(message []byte) error
	// Receive waits for the next message. What is no text is a *PacketError, after which Receive goes on; another error is the end.
	// The bytes belong to the caller.
	Receive() ([]byte, error)
	// Close ends the socket and what waits in Receive. It may be called from any goroutine, and again.
	Close()
}
