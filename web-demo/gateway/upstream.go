package gateway

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// answerTimeout is how long the ftrack server may take until its answer begins.
const answerTimeout = 2 * time.Minute

// newTransport makes the native way to the server: it follows no redirect and asks no proxy for the answer twice.
func newTransport() http.RoundTripper {
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: 10 * time.Second}).DialContext, ForceAttemptHTTP2: true,
		ResponseHeaderTimeout: answerTimeout, TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: 90 * time.Second,
		MaxIdleConnsPerHost: 64,
	}
}

// passing are the headers of clients that reach the server. Credentials and what belongs to one connection are not among them.
var passing = []string{"Accept", "Ftrack-Api-Options", "Ftrack-Clienttoken", "Ftrack-Pushtoken", "Ftrack-Strict-Api",
	"If-Modified-Since", "If-None-Match", "If-Range", "Range"}

// held are headers that never pass, by their beginning: credentials, what belongs to one connection, and what proxies say of clients.
var held = []string{"authorization", "proxy-", "cookie", "ftrack-", "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade",
	"http2-settings", "host", "content-length", "expect", "origin", "referer", "sec-", "x-forwarded-", "forwarded", "via", "cf-", "x-real-ip", "access-control-",
	"accept-encoding", "user-agent"}

// passesOnUpload reports whether a header of an upload reaches the server that signed the address.
func passesOnUpload(name string) bool {
	name = strings.ToLower(name)
	for _, prefix := range held {
		if name == prefix || strings.HasSuffix(prefix, "-") && strings.HasPrefix(name, prefix) {
			return false
		}
	}
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}

// returning are the headers of the server that reach clients. Cookies are not among them: they would be the user's session at the server.
var returning = []string{"Accept-Ranges", "Content-Disposition", "Content-Length", "Content-Range", "Content-Type", "Etag", "Expires", "Last-Modified", "Retry-After"}

// request makes one to the server in the name of a user.
func (g *Gateway) request(ctx context.Context, method, path string, query url.Values, user User) *http.Request {
	u := *g.target
	u.RawPath = u.EscapedPath() + path
	u.Path, _ = url.PathUnescape(u.RawPath)
	u.RawQuery = query.Encode()
	r := (&http.Request{Method: method, URL: &u, Host: u.Host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}}).WithContext(ctx)
	r.Header.Set("User-Agent", "ftrack-wasm-gateway")
	r.Header.Set("Ftrack-User", user.Name)
	r.Header.Set("Ftrack-Api-Key", g.options.APIKey)
	return r
}

// pass copies the headers that may pass.
func pass(to, from http.Header) {
	for _, name := range passing {
		if values := from.Values(name); len(values) > 0 {
			to.Set(name, strings.Join(values, ",")) // a list may have been split where it came in
		}
	}
}

// send asks the server. The answer's body is readable text or media, never compressed: what cannot be searched for the key does not pass.
func (g *Gateway) send(r *http.Request) (*http.Response, error) {
	response, err := g.options.Upstream.RoundTrip(r)
	if err != nil {
		return nil, g.unanswered(r, err)
	}
	if response.StatusCode < 200 || response.StatusCode > 599 {
		response.Body.Close()
		return nil, badAnswer("The ftrack server answers with the status " + strconv.Itoa(response.StatusCode) + ", which means nothing here.")
	}
	if encoding := response.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		response.Body.Close()
		return nil, badAnswer("The ftrack server's answer is encoded in a way that was not asked for.")
	}
	return response, nil
}

func (g *Gateway) unanswered(r *http.Request, err error) error {
	var timeout interface{ Timeout() bool }
	var tooMuch *http.MaxBytesError
	switch {
	case errors.As(err, &tooMuch):
		return tooLarge(tooMuch.Limit)
	case r.Context().Err() == nil && errors.As(err, &timeout) && timeout.Timeout():
		return because(&Refusal{http.StatusGatewayTimeout, "GatewayError", "The ftrack server did not answer in time.", "server_timeout"}, err)
	}
	return because(&Refusal{http.StatusBadGateway, "GatewayError", "The ftrack server could not be reached, or it hung up.", "server_unreachable"}, err)
}

func badAnswer(content string) error {
	return &Refusal{http.StatusBadGateway, "GatewayError", content, "server_answer_unusable"}
}

// copyHeader sets the headers of the server's that may pass.
func (g *Gateway) copyHeader(to http.Header, from *http.Response) {
	for _, name := range returning {
		if value := from.Header.Get(name); value != "" {
			to.Set(name, g.hider.text(value))
		}
	}
	to.Set("X-Content-Type-Options", "nosniff")
}

// copyBody streams a body through what writes it on, and tells when it broke off.
func copyBody(w *statusWriter, through io.WriteCloser, body io.Reader) error {
	buffer := make([]byte, 64<<10)
	flush := http.NewResponseController(w)
	for {
		n, err := body.Read(buffer)
		if n > 0 {
			if _, failed := through.Write(buffer[:n]); failed != nil {
				return errBroken
			}
			if n < len(buffer) && err == nil {
				_ = flush.Flush() // the next bytes may take their time
			}
		}
		switch {
		case err == io.EOF:
			if through.Close() != nil {
				return errBroken
			}
			return nil
		case err != nil:
			return errBroken
		}
	}
}

// readBody reads a request that has to be known before it is sent.
func (g *Gateway) readBody(r *http.Request) ([]byte, error) {
	limit := g.options.MaxBody
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" {
		return nil, &Refusal{http.StatusUnsupportedMediaType, "MalformedRequestError", "The request must not be encoded.", "request_malformed"}
	}
	if r.ContentLength > limit {
		return nil, tooLarge(limit)
	}
	var body bytes.Buffer
	if _, err := io.Copy(&body, io.LimitReader(r.Body, limit+1)); err != nil {
		if waitedFor(r.Body) {
			return nil, tooSlow()
		}
		return nil, malformed("The request could not be read to its end.")
	}
	if int64(body.Len()) > limit {
		return nil, tooLarge(limit)
	}
	return body.Bytes(), nil
}

// answer writes a JSON text that the gateway has whole.
func (g *Gateway) answer(w *statusWriter, body []byte) error {
	ownAnswer(w.Header())
	w.Header().Set("Content-Type", "application/json")
	if _, err := w.Write(body); err != nil {
		return errBroken
	}
	return nil
}

// base is the address of the gateway as the client of a request sees it.
func (g *Gateway) base(r *http.Request) string {
	switch {
	case g.options.Public != "":
		return g.options.Public
	case r.URL.Host != "":
		return r.URL.Scheme + "://" + r.URL.Host
	case r.TLS != nil:
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
