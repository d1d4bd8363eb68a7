package server

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session/location"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// API is what the accessor needs of a session.
type API interface {
	// Call posts raw operations and gives the replies as JSON.
	Call(ctx context.Context, operations ...any) ([]byte, error)
	// ServerURL is the server's address without a slash at the end.
	ServerURL() string
	// Credentials are the headers that name the user.
	Credentials() []wire.Header
}

// Accessor reaches the server's storage. The credentials stand in headers, never in an address, and go to the server only: where it
// sends elsewhere, they stay behind.
type Accessor struct {
	api    API
	client *http.Client
	retry  wire.RetryPolicy
}

// New gives the accessor of a session's server; a nil client is one without a timeout.
func New(api API, client *http.Client) *Accessor {
	if client == nil {
		client = &http.Client{}
	}
	own := *client
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Accessor{api: api, client: &own, retry: wire.RetryPolicy{Attempts: 16, Delay: retryDelay, MaxDelay: maxRetryDelay}}
}

func fault(kind error, op, identifier string, err error) error {
	return &location.AccessorError{Kind: kind, Op: op, Identifier: identifier, Err: err}
}

// checkID refuses what is no id: it must not be able to make the address another one.
func checkID(op, identifier string) error {
	if _, err := location.Split(op, identifier); err != nil {
		return err
	}
	if identifier == "" {
		return fault(location.ErrUnsupportedOperation, op, identifier, nil)
	}
	for _, c := range []byte(identifier) {
		if c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return fault(location.ErrIdentifier, op, identifier, errors.New("it is no id of a component"))
		}
	}
	return nil
}

// ask gives the answer about a component's data; the caller closes its body.
func (a *Accessor) ask(ctx context.Context, op, path, identifier string) (*http.Response, error) {
	if err := checkID(op, identifier); err != nil {
		return nil, err
	}
	response, err := a.get(ctx, a.api.ServerURL()+path+"?id="+identifier, a.api.Credentials())
	if err == nil && response.StatusCode >= 300 && response.StatusCode < 400 {
		target, bad := response.Location()
		response.Body.Close()
		if bad != nil {
			return nil, fault(location.ErrOperationFailed, op, identifier, errors.New("the server sends elsewhere without saying where"))
		}
		response, err = a.get(ctx, target.String(), nil)
	}
	if err != nil {
		return nil, fault(location.ErrOperationFailed, op, identifier, &wire.NetworkError{Op: op, URL: a.api.ServerURL() + path, Err: cause(ctx, err)})
	}
	if response.StatusCode >= 200 && response.StatusCode < 300 {
		return response, nil
	}
	response.Body.Close()
	kind := error(location.ErrOperationFailed)
	switch response.StatusCode {
	case 401, 403:
		kind = location.ErrPermissionDenied
	case 404:
		kind = location.ErrResourceNotFound
	}
	return nil, fault(kind, op, identifier, errors.New("HTTP status "+strconv.Itoa(response.StatusCode)))
}

func (a *Accessor) get(ctx context.Context, url string, header []wire.Header) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, errors.New("the address cannot be used")
	}
	for _, h := range header {
		request.Header.Set(h.Name, h.Value)
	}
	return a.client.Do(request)
}

// cause is why a request failed, without its address, which may be a signed one.
func cause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	for inner := errors.Unwrap(err); inner != nil && strings.Contains(err.Error(), "://"); inner = errors.Unwrap(err) {
		err = inner
	}
	return err
}

// Stat says what is there.
func (a *Accessor) Stat(ctx context.Context, identifier string) (location.Info, error) {
	response, err := a.ask(ctx, "stat", "/component/get", identifier)
	switch {
	case errors.Is(err, location.ErrResourceNotFound):
		return location.Info{}, nil
	case err != nil:
		return location.Info{}, err
	}
	defer response.Body.Close()
	return location.Info{Kind: location.FileResource, Size: max(response.ContentLength, 0)}, nil
}

// Open reads a component's data as it comes.
func (a *Accessor) Open(ctx context.Context, identifier string) (io.ReadCloser, error) {
	response, err := a.ask(ctx, "read", "/component/get", identifier)
	if err != nil {
		return nil, err
	}
	return response.Body, nil
}

// Remove takes a component's data away.
func (a *Accessor) Remove(ctx context.Context, identifier string) error {
	info, err := a.Stat(ctx, identifier)
	if err != nil {
		return err
	}
	if info.Kind == location.Nothing {
		return fault(location.ErrResourceNotFound, "remove", identifier, nil)
	}
	response, err := a.ask(ctx, "remove", "/component/remove", identifier)
	if err != nil {
		return err
	}
	return response.Body.Close()
}

// URL is the address of a component's data. It holds no credentials, and answers only with them as headers.
func (a *Accessor) URL(_ context.Context, identifier string) (string, error) {
	if err := checkID("url", identifier); err != nil {
		return "", err
	}
	return a.api.ServerURL() + "/component/get?id=" + identifier, nil
}
