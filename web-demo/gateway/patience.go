package gateway

import (
	"errors"
	"io"
	"net/http"
	"os"
	"sync/atomic"
	"time"
)

// patient is the body of a request whose sender may be slow, but not silent: a connection that sends nothing of what it has announced
// would be held for ever, by who has no token too.
type patient struct {
	io.ReadCloser
	connection *http.ResponseController
	patience   time.Duration
	ended      atomic.Bool // all of it was read
	silent     atomic.Bool // it did not come on
}

// patient gives the request with one in the place of its body; nil where there is none, or where the platform knows no deadlines: those have
// their own, and pass on a body as it is without reading it. The request itself keeps what it has: by that the server knows whether another
// one may follow over the connection.
func (g *Gateway) patient(w http.ResponseWriter, r *http.Request) (*http.Request, *patient) {
	if r.Body == nil || r.Body == http.NoBody {
		return r, nil
	}
	p := &patient{ReadCloser: r.Body, connection: http.NewResponseController(w), patience: g.options.Patience}
	if err := p.connection.SetReadDeadline(time.Now().Add(p.patience)); errors.Is(err, http.ErrNotSupported) {
		return r, nil
	}
	r = r.WithContext(r.Context())
	r.Body = p
	return r, p
}

// Read waits for the next bytes.
func (p *patient) Read(into []byte) (int, error) {
	_ = p.connection.SetReadDeadline(time.Now().Add(p.patience))
	n, err := p.ReadCloser.Read(into)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		p.silent.Store(true)
		return n, tooSlow()
	case err != nil:
		p.ended.Store(err == io.EOF)
		_ = p.connection.SetReadDeadline(time.Time{}) // the connection is listened to for its end meanwhile
	}
	return n, err
}

// waitedFor reports whether a body did not come on.
func waitedFor(body io.Reader) bool {
	p, ok := body.(*patient)
	return ok && p.silent.Load()
}

func tooSlow() error {
	return &Refusal{http.StatusRequestTimeout, "RequestTimeoutError", "The request did not come on.", "request_timeout"}
}

// leave is called when nobody reads on. The server passes over what is left of a body before it answers, so that may not take for ever
// either.
func (p *patient) leave() {
	if p != nil && !p.ended.Load() {
		_ = p.connection.SetReadDeadline(time.Now().Add(p.patience))
	}
}
