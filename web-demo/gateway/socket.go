package gateway

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// socketPath is where event sockets are opened; a ticket follows.
const socketPath = "/socket.io/1/websocket/"

// socketResource is what a socket's ticket is bound to.
const socketResource = "SOCKET"

// Socket is an event socket that a user may open.
type Socket struct {
	User   User
	URL    string // at the ftrack server
	Header http.Header
}

// sockets are those that are open, and what ends them all.
type sockets struct {
	mu      sync.Mutex
	closed  bool
	closing chan struct{}
	open    sync.WaitGroup
}

// enter counts one in, unless all of them have been ended.
func (s *sockets) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.open.Add(1)
	}
	return !s.closed
}

// socketTicket gives the user of a socket's address, with the server's session id.
func (g *Gateway) socketTicket(r *http.Request) (User, error) {
	return g.tickets.open(socketResource, strings.TrimPrefix(r.URL.EscapedPath(), socketPath))
}

// Socket checks a request that opens an event socket, for platforms that open sockets by themselves. It answers the request when it
// refuses it, and gives nil then.
func (g *Gateway) Socket(w http.ResponseWriter, r *http.Request) *Socket {
	seen := &statusWriter{ResponseWriter: w}
	_, err := g.cors(seen, r)
	if route := g.route(r); err == nil && (route == nil || route.methods != "GET" || !strings.HasPrefix(r.URL.EscapedPath(), socketPath) || !route.allows(r.Method)) {
		err = &Refusal{Status: http.StatusNotFound, Exception: "NotFoundError", Content: "There is no socket at this address."}
	}
	var user User
	if err == nil {
		user, err = g.socketTicket(r)
	}
	if err == nil {
		err = g.limit(seen, r, user)
	}
	if err != nil {
		g.refuse(seen, r, err)
		return nil
	}
	return g.socket(r, user)
}

func (g *Gateway) socket(r *http.Request, user User) *Socket {
	up := g.request(r.Context(), http.MethodGet, socketPath+url.PathEscape(user.sid), nil, user)
	up.URL.Scheme = strings.Replace(up.URL.Scheme, "http", "ws", 1)
	return &Socket{User: user, URL: up.URL.String(), Header: up.Header}
}

// FrameSent says what becomes of a frame that a client sends: it passes, or it is dropped and answered, if the answer is not empty.
func FrameSent(scope Scope, frame []byte) (pass bool, answer string) {
	if scope == Write || len(frame) == 0 {
		return true, ""
	}
	code, rest, _ := strings.Cut(string(frame), ":")
	id, data, _ := strings.Cut(rest, ":")
	switch code {
	case "0", "1", "2", "6":
		return true, ""
	case "5":
		_, event, _ := strings.Cut(data, ":")
		if listens(event) {
			return true, ""
		}
	}
	if number, acknowledged := strings.CutSuffix(id, "+"); acknowledged && number != "" && strings.Trim(number, "0123456789") == "" {
		return false, "6:::" + number + `+[{"success":false,"message":"The token's scope is read: it allows no events to be published."}]`
	}
	return false, ""
}

// listens reports whether an event only says what its sender wants to hear.
func listens(text string) bool {
	root, err := wire.Parse([]byte(text))
	if err != nil {
		return false
	}
	if name, ok := onlyText(root, "name"); !ok || name != "ftrack.event" {
		return false
	}
	named := 0
	for _, member := range root.Object() {
		if strings.EqualFold(member.Key, "args") {
			named++
		}
	}
	args := root.Get("args").List()
	for _, event := range args {
		topic, ok := onlyText(event, "topic")
		if !ok || topic != "ftrack.meta.subscribe" && topic != "ftrack.meta.unsubscribe" {
			return false
		}
	}
	return named == 1 && len(args) > 0
}

func websocketAsked(r *http.Request) bool {
	for _, value := range r.Header.Values("Upgrade") {
		if strings.EqualFold(strings.TrimSpace(value), "websocket") {
			return true
		}
	}
	return false
}

// LongestSent is how many bytes a frame may have that a client sends, for the same platforms.
func (g *Gateway) LongestSent() int64 { return g.options.MaxBody }

// SocketLife is after how long a platform that opens sockets by itself closes one.
func (g *Gateway) SocketLife() time.Duration { return g.options.SocketLife }

// Hide takes the API key out of a text, for platforms that pass frames by themselves.
func (g *Gateway) Hide(text string) string { return g.hider.text(text) }
