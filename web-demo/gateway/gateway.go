package gateway

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Options are what a gateway is made with. Target, APIKey and Keys are required.
type Options struct {
	Target   string   // address of the ftrack server
	APIKey   string   // a key that may act for every user whom tokens name
	Keys     *Keys    // verify tokens
	Audience string   // what a token's aud must hold; "" is DefaultAudience
	Origins  []string // origins of pages that may ask, as browsers write them
	Public   string   // address of the gateway as pages see it; "" takes the one that a request was sent to

	Upstream http.RoundTripper // sends to the ftrack server and follows no redirect; nil is a transport of its own
	Limiter  Limiter           // nil limits nothing
	Cache    Cache             // nil keeps nothing

	MaxBody   int64 // bytes of a request to /api, and of a frame that a client sends; 0 is 16 MiB
	MaxUpload int64 // bytes of an upload; 0 is 16 GiB

	SocketLife time.Duration // after which an event socket is closed, to come back with a fresh token; 0 is an hour

	Now func() time.Time // nil is time.Now
	Log *slog.Logger     // gets a line for each request; nil for none
}

// DefaultAudience is what tokens name as their audience unless Options say otherwise.
const DefaultAudience = "ftrack-gateway"

// Gateway passes requests of users on to an ftrack server. It is an http.Handler.
type Gateway struct {
	options Options
	target  *url.URL
	origins map[string]bool
	tokens  *verifier
	tickets *sealer
	hider   *hider
}

// New makes a gateway.
func New(options Options) (*Gateway, error) {
	target, err := url.Parse(strings.TrimSuffix(options.Target, "/"))
	switch {
	case err != nil || target.Host == "" || target.Scheme != "http" && target.Scheme != "https":
		return nil, errors.New("gateway: the target must be an address such as https://STUDIO.ftrackapp.com")
	case target.RawQuery != "" || target.Fragment != "" || target.User != nil:
		return nil, errors.New("gateway: the target must be scheme, host, port and path only")
	case len(options.APIKey) < 8 || !visible(options.APIKey):
		return nil, errors.New("gateway: the API key is missing, or too short to be one")
	case options.Keys == nil || len(options.Keys.keys) == 0:
		return nil, errors.New("gateway: there is no key to verify tokens with")
	}
	if options.Audience == "" {
		options.Audience = DefaultAudience
	}
	if options.MaxBody == 0 {
		options.MaxBody = 16 << 20
	}
	if options.MaxUpload == 0 {
		options.MaxUpload = 16 << 30
	}
	if options.SocketLife == 0 {
		options.SocketLife = time.Hour
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Upstream == nil {
		options.Upstream = newTransport()
	}
	options.Public = strings.TrimSuffix(options.Public, "/")
	g := &Gateway{options: options, target: target, origins: map[string]bool{}}
	for _, origin := range options.Origins {
		if parsed, err := url.Parse(origin); err != nil || parsed.Host == "" || parsed.Scheme+"://"+parsed.Host != origin {
			return nil, fmt.Errorf("gateway: %q is no origin: write https://HOST, as browsers do", origin)
		}
		g.origins[origin] = true
	}
	g.tokens = newVerifier(options.Keys, options.Audience, options.Now)
	if g.tickets, err = newSealer(options.APIKey, options.Keys, options.Now); err != nil {
		return nil, err
	}
	g.hider = newHider(options.APIKey, target)
	return g, nil
}

// ServeHTTP answers a request.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := g.options.Now()
	seen := &statusWriter{ResponseWriter: w, status: http.StatusOK}
	var user User
	err := g.serve(seen, r, &user)
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
