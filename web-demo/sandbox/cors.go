package sandbox

import (
	"net/http"
	"path"
	"slices"
	"strings"
)

// corsHeaders are the headers that @ftrack/api sends; the last two only when asked.
var corsHeaders = []string{"content-type", "accept", "ftrack-api-key", "ftrack-user", "ftrack-clienttoken", "ftrack-pushtoken",
	"ftrack-strict-api", "ftrack-api-options"}

// dataHeaders are those that the bytes of components are asked for and sent with.
var dataHeaders = []string{"range", "content-md5"}

// cors sets the headers that browsers ask for, and answers preflights: then it is true. With credentials a browser
// takes neither * for the origin nor for the headers.
func (s *Server) cors(w http.ResponseWriter, r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || s.assumed.is("handshake-cors", "off") && strings.HasPrefix(r.URL.Path, "/socket.io/") && r.URL.RawQuery == "" {
		return false
	}
	h := w.Header()
	h.Add("Vary", "Origin")
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Allow-Credentials", "true")
	if s.assumed.is("etag-cors", "exposed") {
		h.Set("Access-Control-Expose-Headers", "ETag, Content-Range, Content-Disposition")
	}
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		return false
	}
	allowed := slices.Concat(corsHeaders, dataHeaders)
	if s.assumed.is("strict-cors", "on") {
		allowed = slices.Concat(corsHeaders[:6], dataHeaders)
	}
	h.Set("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE, OPTIONS")
	h.Set("Access-Control-Allow-Headers", strings.Join(allowed, ", "))
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
	return true
}

// static serves a folder, modules with the type that browsers compile them by.
func static(dir string) http.Handler {
	files := http.FileServer(http.Dir(dir))
	types := map[string]string{".wasm": "application/wasm", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8"}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if mime := types[path.Ext(r.URL.Path)]; mime != "" {
			w.Header().Set("Content-Type", mime)
		}
		w.Header().Set("Cache-Control", "no-cache")
		files.ServeHTTP(w, r)
	})
}
