package sandbox

import (
	"net/http"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/hub"
)

// serveHandshake answers the event server's handshake, and sockets. Credentials come as headers, or from @ftrack/api in the
// URL; which of the two is taken is an assumption. A socket needs the id that a handshake gave out, and nothing else.
func (s *Server) serveHandshake(w http.ResponseWriter, r *http.Request) {
	path := strings.Trim(strings.TrimPrefix(r.URL.Path, "/socket.io/1"), "/")
	if id, ok := strings.CutPrefix(path, "websocket/"); ok {
		s.serveSocket(w, r, id)
		return
	}
	if path != "" {
		http.NotFound(w, r)
		return
	}
	if status := s.events.Faults().Refuse; status != 0 {
		http.Error(w, "handshake refused on purpose", status)
		return
	}
	if !s.mayConnect(r) {
		http.Error(w, "handshake unauthorized", http.StatusUnauthorized)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte(s.events.Admit(s.user())))
}

// mayConnect tells whether a handshake carries the credentials in a form that is taken.
func (s *Server) mayConnect(r *http.Request) bool {
	inHeaders := s.known(r)
	inQuery := s.same(r.URL.Query().Get("api_user"), r.URL.Query().Get("api_key"))
	switch {
	case s.assumed.is("handshake", "open"):
		return true
	case s.assumed.is("handshake", "header-only"):
		return inHeaders
	case s.assumed.is("handshake", "query-only"):
		return inQuery
	case s.assumed.is("handshake", "refused"):
		return false
	}
	return inHeaders || inQuery
}

func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request, id string) {
	conn, err := hub.Upgrade(w, r)
	if err == nil {
		_ = s.events.Serve(r.Context(), id, conn) // how a client's connection ends is no fault of the server
	}
}

// user is who requests come from, as sockets and events name them.
func (s *Server) user() hub.User {
	s.store.RLock()
	defer s.store.RUnlock()
	r := &request{Server: s}
	return hub.User{ID: r.store.ID(r.caller()), Username: s.options.User}
}

// Events is the event server: whoever has connections of another kind than WebSockets serves them there, and tests make it
// misbehave.
func (s *Server) Events() *hub.Hub { return s.events }
