package session

import (
	"context"
	"errors"
	"sync"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// TokenSource gives the token that a gateway takes in the place of an API key. It is asked when the first request is sent, and again
// when a token was refused, by one request at a time. It may wait; ctx is that of the request. An error of the network (a net.Error, what
// http.Client gives) is one to the request too; any other one says that there is no token, which is as good as a refusal.
type TokenSource func(ctx context.Context) (string, error)

// StaticToken is the source of one token.
func StaticToken(token string) TokenSource {
	return func(context.Context) (string, error) { return token, nil }
}

// tokenTransport sends requests with a token. One that is refused as unauthorized is sent once more with a fresh token, if there is one:
// whoever refuses a token has not acted on the request.
type tokenTransport struct {
	inner  wire.Transport
	source TokenSource

	mu     sync.Mutex
	token  string
	asking *tokenQuestion // nil while nobody asks
}

// tokenQuestion is one to the source, which others wait for.
type tokenQuestion struct {
	answered chan struct{} // closed when token and err stand
	token    string
	err      error
}

// RoundTrip posts a request.
func (t *tokenTransport) RoundTrip(ctx context.Context, request *wire.Request) (*wire.Response, error) {
	token, err := t.current(ctx, "")
	if err != nil {
		return refusedToken(ctx, err)
	}
	response, err := t.send(ctx, request, token)
	if err != nil || response.Status != 401 {
		return response, err
	}
	fresh, err := t.current(ctx, token)
	if err != nil {
		return refusedToken(ctx, err)
	}
	if fresh == token {
		return response, nil
	}
	response.Done()
	return t.send(ctx, request, fresh)
}

func (t *tokenTransport) send(ctx context.Context, request *wire.Request, token string) (*wire.Response, error) {
	if token == "" || !headerValue(token) {
		return refusedToken(ctx, &ArgumentError{"the token is empty, or no HTTP header can carry it"})
	}
	own := *request
	own.Header = append(append([]wire.Header(nil), request.Header...), wire.Header{Name: "authorization", Value: "Bearer " + token})
	return t.inner.RoundTrip(ctx, &own)
}

// current gives the token, another than the one that was refused where the source has one.
func (t *tokenTransport) current(ctx context.Context, refused string) (string, error) {
	for {
		t.mu.Lock()
		if t.token != "" && t.token != refused {
			defer t.mu.Unlock()
			return t.token, nil
		}
		asking := t.asking
		if asking == nil {
			asking = &tokenQuestion{answered: make(chan struct{})}
			t.asking = asking
			t.mu.Unlock()
			return t.ask(ctx, asking)
		}
		t.mu.Unlock()
		select {
		case <-asking.answered:
			if asking.err == nil {
				return asking.token, nil
			}
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			return "", context.Cause(ctx)
		}
	}
}

func (t *tokenTransport) ask(ctx context.Context, q *tokenQuestion) (string, error) {
	q.token, q.err = t.source(ctx)
	t.mu.Lock()
	defer t.mu.Unlock()
	if q.err == nil {
		t.token = q.token
	}
	t.asking = nil
	close(q.answered)
	return q.token, q.err
}

// known is the token that was given last, "" before.
func (t *tokenTransport) known() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.token
}

// refusedToken is the answer to a request for which there is no token: as if the server had refused it, unless nobody could be reached.
func refusedToken(ctx context.Context, err error) (*wire.Response, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	var network interface{ Timeout() bool } // as net.Error, which the module has not
	if errors.As(err, &network) {
		return nil, err
	}
	body := wire.AppendText([]byte(`{"exception":"InvalidCredentialsError","error_code":"token_missing","content":`), "There is no token: "+err.Error())
	return &wire.Response{Status: 401, Body: append(body, '}')}, nil
}
