//go:build !js

package hub

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/coder/websocket"
)

// maxFrame is how long a frame of a client may be.
const maxFrame = 64 << 20

// Upgrade makes a connection of a request for a WebSocket, and answers the request otherwise. Pages of any origin may ask:
// what admits a client is its handshake.
func Upgrade(w http.ResponseWriter, r *http.Request) (Conn, error) {
	socket, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true, CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		return nil, err
	}
	socket.SetReadLimit(maxFrame)
	return webSocket{socket}, nil
}

type webSocket struct{ conn *websocket.Conn }

func (s webSocket) Receive(ctx context.Context) (string, error) {
	kind, text, err := s.conn.Read(ctx)
	var closed websocket.CloseError
	switch {
	case errors.As(err, &closed):
		return "", io.EOF
	case err != nil:
		return "", err
	case kind != websocket.MessageText:
		return "", ErrBinary
	}
	return string(text), nil
}

func (s webSocket) Send(ctx context.Context, frame string) error {
	return s.conn.Write(ctx, websocket.MessageText, []byte(frame))
}

func (s webSocket) SendBinary(ctx context.Context, frame []byte) error {
	return s.conn.Write(ctx, websocket.MessageBinary, frame)
}

// Close ends the connection at once: a client sees that it broke.
func (s webSocket) Close() error { return s.conn.CloseNow() }
