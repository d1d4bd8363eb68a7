package gateway

import (
	"net/http"
	"slices"
	"strings"
)

// requestHeaders are those that pages may send; a browser with credentials takes no * for them.
var requestHeaders = []string{"accept", "authorization", "content-type", "ftrack-api-options", "ftrack-clienttoken", "ftrack-pushtoken",
	"ftrack-strict-api", "if-modified-since", "if-none-match", "range"}

const exposedHeaders = "accept-ranges, content-disposition, content-length, content-range, etag, retry-after"

// preflightAge is how many seconds a browser may remember what a preflight said; Chromium keeps it for two hours at most.
const preflightAge = "7200"

// cors refuses pages of other origins than the allowed ones, sets the headers that browsers ask for, and answers preflights: then it is
// true. A request without an origin is none of a page's scripts, or one to the gateway's own origin.
func (g *Gateway) cors(w http.ResponseWriter, r *http.Request) (bool, error) {
	h := w.Header()
	h.Add("Vary", "Origin")
	h.Set("Referrer-Policy", "no-referrer")
	origins := r.Header.Values("Origin")
	if len(origins) == 0 {
		return false, nil
	}
	if len(origins) != 1 || !g.origins[origins[0]] {
		return false, forbidden("origin_refused", "Pages of this origin may not use the gateway.")
	}
	h.Set("Access-Control-Allow-Origin", origins[0])
	h.Set("Access-Control-Allow-Credentials", "true")
	h.Set("Access-Control-Expose-Headers", exposedHeaders)
	wanted := r.Header.Get("Access-Control-Request-Method")
	if r.Method != http.MethodOptions || wanted == "" {
		return false, nil
	}
	h.Add("Vary", "Access-Control-Request-Method")
	h.Add("Vary", "Access-Control-Request-Headers")
	h.Set("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT")
	h.Set("Access-Control-Allow-Headers", strings.Join(g.preflightHeaders(r, wanted), ", "))
	h.Set("Access-Control-Max-Age", preflightAge)
	w.WriteHeader(http.StatusNoContent)
	return true, nil
}

// preflightHeaders are the headers that a page may send: those of an upload are the server's choice, so any that may pass.
func (g *Gateway) preflightHeaders(r *http.Request, wanted string) []string {
	if wanted != http.MethodPut {
		return requestHeaders
	}
	allowed := slices.Clone(requestHeaders)
	for _, line := range r.Header.Values("Access-Control-Request-Headers") {
		for name := range strings.SplitSeq(line, ",") {
			name = strings.ToLower(strings.TrimSpace(name))
			if passesOnUpload(name) && !slices.Contains(allowed, name) {
				allowed = append(allowed, name)
			}
		}
	}
	return allowed
}
