//go:build !js

package websocket

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/coder/websocket"

	"github.com/ftrack-wasm/ftrack-wasm/session/event"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Limits of what a server may send: a handshake, and one message.
const (
	longestHandshake = 64 << 10
	longestMessage   = 64 << 20
)

// patience is how long a message may take to leave.
const patience = 30 * time.Second

// New makes a dialer over an HTTP client; nil means one of its own. Redirects are not followed, so that credentials never reach
// another host.
func New(client *http.Client) event.Dialer {
	if client == nil {
		client = &http.Client{}
	}
	own := *client
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &dialer{&own}
}

type dialer struct{ client *http.Client }

// Handshake makes a GET request.
func (d *dialer) Handshake(ctx context.Context, address string, header []wire.Header) (*wire.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, plain(ctx, err)
	}
	r.Header = headers(header)
	response, err := d.client.Do(r)
	if err != nil {
		return nil, plain(ctx, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, longestHandshake))
	if err != nil {
		return nil, plain(ctx, err)
	}
	return &wire.Response{Status: response.StatusCode, Body: body}, nil
}

// Dial opens a socket.
func (d *dialer) Dial(ctx context.Context, address string, header []wire.Header) (event.Conn, error) {
	c, response, err := websocket.Dial(ctx, address, &websocket.DialOptions{HTTPClient: d.client, HTTPHeader: headers(header)})
	if err != nil {
		if response != nil && response.StatusCode != http.StatusSwitchingProtocols {
			return nil, errors.New("the server refused the socket with status " + response.Status)
		}
		return nil, plain(ctx, err)
	}
	c.SetReadLimit(longestMessage)
	return &conn{c}, nil
}

func headers(list []wire.Header) http.Header {
	h := http.Header{}
	for _, each := range list {
		h.Add(each.Name, each.Value)
	}
	return h
}

// plain is an error without the address, which may hold the key.
func plain(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var address *url.Error
	if errors.As(err, &address) {
		err = address.Err
	}
	if strings.Contains(err.Error(), "api_key") {
		return errors.New("the server cannot be reached")
	}
	return err
}

type conn struct{ c *websocket.Conn }

// Send writes a text message.
func (c *conn) Send(message []byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return c.c.Write(ctx, websocket.MessageText, message)
}

// Receive reads the next message.
func (c *conn) Receive() ([]byte, error) {
	kind, message, err := c.c.Read(context.Background())
	if err == nil && kind != websocket.MessageText {
		return nil, &event.PacketError{Reason: "a binary message"}
	}
	return message, err
}

// Close ends the socket at once; the other side hears of it.
func (c *conn) Close() { c.c.CloseNow() }
