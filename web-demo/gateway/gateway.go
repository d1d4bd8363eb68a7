package gateway

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Gateway passes requests of users on to an ftrack server. It is an http.Handler.
type Gateway struct {
	options Options
	target  *url.URL
	origins map[string]bool
	tokens  *verifier
	tickets *sealer
	hider   *hider
	sockets sockets
}

// New makes a gateway.
func New(options Options) (*Gateway, error) {
	target, err := options.check()
	if err != nil {
		return nil, fmt.Errorf("gateway: %w", err)
	}
	g := &Gateway{options: options, target: target, origins: map[string]bool{}}
	for _, origin := range options.Origins {
		g.origins[origin] = true
	}
	g.tokens = newVerifier(options.Keys, options.Audience, options.Now)
	if g.tickets, err = newSealer(options.APIKey, options.Keys, options.Now); err != nil {
		return nil, err
	}
	g.sockets.closing = make(chan struct{})
	g.hider = newHider(options.APIKey, target)
	return g, nil
}

// ServeHTTP answers a request.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := g.options.Now()
	seen := &statusWriter{ResponseWriter: w, status: http.StatusOK}
	r, body := g.patient(w, r)
	var user User
	err := g.serve(seen, r, &user)
	body.leave()
	if err != nil {
		g.refuse(seen, r, err)
	}
	if log := g.options.Log; log != nil {
		log.Info("request", "method", method(r), "path", g.hider.text(logged(r.URL.Path)), "status", seen.status,
			"user", user.Name, "took", g.options.Now().Sub(start).Round(time.Microsecond).String(), "error", g.hider.text(reason(err)))
	}
	if errors.Is(err, errBroken) {
		panic(http.ErrAbortHandler) // part of the answer is out: the connection must end, or the rest would look complete
	}
}

// serve answers unless it gives an error. It says who asked as soon as that is known.
func (g *Gateway) serve(w *statusWriter, r *http.Request, user *User) error {
	done, err := g.cors(w, r)
	if done || err != nil {
		return err
	}
	route := g.route(r)
	if route == nil {
		return &Refusal{Status: http.StatusNotFound, Exception: "NotFoundError", Content: "The gateway has nothing at this address."}
	}
	if !route.allows(r.Method) {
		w.Header().Set("Allow", route.methods)
		return &Refusal{Status: http.StatusMethodNotAllowed, Exception: "MethodNotAllowedError", Content: "This address is asked by " + route.methods + "."}
	}
	if *user, err = route.who(r); err != nil {
		return err
	}
	if err := g.limit(w, r, *user); err != nil {
		return err
	}
	return route.serve(w, r, *user)
}

// route is what one address does.
type route struct {
	methods string
	who     func(*http.Request) (User, error)
	serve   func(*statusWriter, *http.Request, User) error
}

func (r *route) allows(method string) bool {
	for allowed := range strings.SplitSeq(r.methods, ", ") {
		if allowed == method {
			return true
		}
	}
	return false
}

// route finds what an address does, nil for nothing. Addresses are compared as they came: none is cleaned first.
func (g *Gateway) route(r *http.Request) *route {
	path := r.URL.EscapedPath()
	switch path {
	case "/api":
		return &route{"POST", g.bearer, g.serveAPI}
	case "/ticket":
		return &route{"POST", g.bearer, g.serveTickets}
	case "/socket.io/1", "/socket.io/1/":
		return &route{"GET", g.bearer, g.serveHandshake}
	case "/component/get", "/component/thumbnail":
		return &route{"GET, HEAD", g.bearerOrTicket, g.serveComponent}
	case "/component/remove":
		return &route{"GET", g.writer, g.serveComponent} // a GET that changes the server: for no ticket, and not for who may read
	}
	if strings.HasPrefix(path, socketPath) {
		return &route{"GET", g.socketTicket, g.serveSocket}
	}
	if r.Method == http.MethodPut && r.URL.Query().Has("ticket") {
		return &route{"PUT", g.uploadTicket, g.serveUpload}
	}
	return nil
}

// statusWriter remembers what was answered.
type statusWriter struct {
	http.ResponseWriter
	status int
	begun  bool
}

// WriteHeader notes the status.
func (w *statusWriter) WriteHeader(status int) {
	if !w.begun {
		w.status, w.begun = status, true
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write begins the answer.
func (w *statusWriter) Write(p []byte) (int, error) {
	w.begun = true
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController through.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
