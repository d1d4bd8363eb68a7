package sandbox

import (
	"fmt"
	"net/http"
	"strings"
)

// serveHandshake answers the event server's handshake: an id, the seconds of heartbeat and close, and the transports. The
// sandbox has no event server behind it, so the list of transports is empty and clients stay without events.
// Credentials come as headers, or from @ftrack/api in the URL.
func (s *Server) serveHandshake(w http.ResponseWriter, r *http.Request) {
	if strings.Trim(strings.TrimPrefix(r.URL.Path, "/socket.io/1"), "/") != "" {
		http.NotFound(w, r)
		return
	}
	if s.assumed.is("handshake", "headers") && !s.known(r) && !s.same(r.URL.Query().Get("api_user"), r.URL.Query().Get("api_key")) {
		http.Error(w, "handshake unauthorized", http.StatusUnauthorized)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = fmt.Fprintf(w, "%s:15:25:", newID())
}
