package nethttp

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// New makes a transport over an HTTP client; nil means one of its own, without a timeout: the session bounds each
// request by its context. Redirects are handed to the caller as they are, so that credentials never reach another host.
func New(client *http.Client) wire.Transport {
	if client == nil {
		client = &http.Client{}
	}
	own := *client
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &transport{&own}
}

type transport struct{ client *http.Client }

// RoundTrip posts a request and reads the answer to its end; an answer that ends early is an error.
func (t *transport) RoundTrip(ctx context.Context, request *wire.Request) (*wire.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, request.URL, bytes.NewReader(request.Body))
	if err != nil {
		return nil, err
	}
	for _, h := range request.Header {
		r.Header.Add(h.Name, h.Value)
	}
	response, err := t.client.Do(r)
	if err != nil {
		return nil, cause(ctx, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, cause(ctx, err)
	}
	out := &wire.Response{Status: response.StatusCode, Body: body,
		StatusText: strings.TrimSpace(strings.TrimLeft(response.Status, "0123456789"))}
	for name, values := range response.Header {
		for _, value := range values {
			out.Header = append(out.Header, wire.Header{Name: name, Value: value})
		}
	}
	return out, nil
}

// cause prefers the reason why the context ended to what the client made of it, and says where no connection came about.
func cause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var network *net.OpError
	if errors.As(err, &network) && network.Op == "dial" {
		return &wire.UnsentError{Err: err}
	}
	return err
}
