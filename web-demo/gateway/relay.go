//go:build !js

package gateway

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/coder/websocket"
)

// longestFrame is how many bytes a frame of the event server may have: as many as the session takes.
const longestFrame = 64 << 20

// serveSocket passes the frames of an event socket both ways until one side ends, or the socket's life does.
func (g *Gateway) serveSocket(w *statusWriter, r *http.Request, user User) error {
	if !websocketAsked(r) {
		return &Refusal{http.StatusUpgradeRequired, "MalformedRequestError", "This address is for web sockets.", "request_malformed"}
	}
	if !g.sockets.enter() {
		return &Refusal{http.StatusServiceUnavailable, "GatewayError", "The gateway is about to stop.", "gateway_stops"}
	}
	defer g.sockets.open.Done()
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	to := g.socket(r, user)
	server, response, err := websocket.Dial(ctx, to.URL, &websocket.DialOptions{
		HTTPClient: &http.Client{Transport: g.options.Upstream, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		HTTPHeader: to.Header, CompressionMode: websocket.CompressionDisabled,
	})
	if err != nil {
		if response != nil && response.Body != nil {
			response.Body.Close()
		}
		return because(badAnswer("The event server opens no socket."), err)
	}
	defer server.CloseNow()
	server.SetReadLimit(longestFrame)
	client, err := websocket.Accept(w.ResponseWriter, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true, // the origin is checked already, against the gateway's own list
		CompressionMode:    websocket.CompressionDisabled,
	})
	if err != nil {
		w.begun = true // it has answered
		return nil
	}
	w.status, w.begun = http.StatusSwitchingProtocols, true
	defer client.CloseNow()
	client.SetReadLimit(g.options.MaxBody)

	ended := make(chan websocket.StatusCode, 2)
	go func() { ended <- g.relay(ctx, server, client, user.Scope) }()
	go func() { ended <- g.relayBack(ctx, client, server) }()
	life := time.NewTimer(g.options.SocketLife)
	defer life.Stop()
	code, running := websocket.StatusServiceRestart, 2
	select {
	case code = <-ended:
		running--
	case <-life.C:
	case <-g.sockets.closing:
		code = websocket.StatusGoingAway
	}
	_ = client.Close(code, "")
	_ = server.Close(code, "")
	cancel()
	for range running {
		<-ended
	}
	return nil
}

// Close ends the event sockets and waits until their clients know, which may take ten seconds. It opens no more.
func (g *Gateway) Close() {
	g.sockets.mu.Lock()
	if !g.sockets.closed {
		g.sockets.closed = true
		close(g.sockets.closing)
	}
	g.sockets.mu.Unlock()
	g.sockets.open.Wait()
}

// relay passes the client's frames, as far as the scope allows.
func (g *Gateway) relay(ctx context.Context, to, from *websocket.Conn, scope Scope) websocket.StatusCode {
	for {
		kind, frame, err := from.Read(ctx)
		if err != nil {
			return ending(err)
		}
		if kind != websocket.MessageText {
			return websocket.StatusUnsupportedData
		}
		pass, answer := FrameSent(scope, frame)
		switch {
		case pass:
			err = to.Write(ctx, kind, frame)
		case answer != "":
			err = from.Write(ctx, kind, []byte(answer))
		}
		if err != nil {
			return ending(err)
		}
	}
}

// relayBack passes the server's frames, without the key. Binary ones are none of the protocol, and nobody can tell what they hold.
func (g *Gateway) relayBack(ctx context.Context, to, from *websocket.Conn) websocket.StatusCode {
	for {
		kind, frame, err := from.Read(ctx)
		if err != nil {
			return ending(err)
		}
		if kind != websocket.MessageText {
			continue
		}
		if err := to.Write(ctx, kind, []byte(g.hider.text(string(frame)))); err != nil {
			return ending(err)
		}
	}
}

// ending is the code that the other side is told when one ends.
func ending(err error) websocket.StatusCode {
	var closed websocket.CloseError
	if errors.As(err, &closed) && closed.Code != websocket.StatusNoStatusRcvd && closed.Code != websocket.StatusAbnormalClosure {
		return closed.Code
	}
	if errors.Is(err, websocket.ErrMessageTooBig) {
		return websocket.StatusMessageTooBig
	}
	return websocket.StatusGoingAway
}
