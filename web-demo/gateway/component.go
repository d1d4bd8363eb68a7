package gateway

import (
	"io"
	"net/http"
	"net/url"
	"strings"
)

// serveComponent streams a component or a thumbnail. The server takes the credentials for it in the address only.
func (g *Gateway) serveComponent(w *statusWriter, r *http.Request, user User) error {
	query := cleanQuery(r.URL)
	query.Set("username", user.Name)
	query.Set("apiKey", g.options.APIKey)
	up := g.request(r.Context(), r.Method, r.URL.EscapedPath(), query, user)
	pass(up.Header, r.Header)
	response, err := g.send(up)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	g.copyHeader(w.Header(), response)
	w.Header().Set("Cache-Control", private(response.Header.Get("Cache-Control")))
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	if response.StatusCode >= 300 && response.StatusCode < 400 && response.StatusCode != http.StatusNotModified {
		location, err := g.redirect(r, up.URL, response.Header.Get("Location"), user)
		if err != nil {
			return err
		}
		w.Header().Set("Location", location)
		w.Header().Del("Content-Length")
		w.WriteHeader(response.StatusCode)
		return nil
	}
	w.WriteHeader(response.StatusCode)
	if r.Method == http.MethodHead {
		return nil
	}
	return copyBody(w, g.hider.mask(w), response.Body)
}

// redirect is where a client may be sent: to storage elsewhere, as signed addresses do, or to another component here. The key is in
// neither.
func (g *Gateway) redirect(r *http.Request, from *url.URL, location string, user User) (string, error) {
	to, err := from.Parse(location)
	if err != nil || location == "" || to.Scheme != "http" && to.Scheme != "https" {
		return "", badAnswer("The ftrack server sends this request to no address.")
	}
	if address, ok := g.addresses(r, user)(to.String()); ok {
		return address, nil
	}
	if u, _ := g.atTarget(to.String()); u != nil || g.hider.found(to.String()) {
		return "", badAnswer("The ftrack server sends this request to an address that the gateway does not pass.")
	}
	return to.String(), nil
}

// private keeps a reply out of shared caches: it is for one user.
func private(control string) string {
	if control == "" {
		return "private, no-cache"
	}
	kept := []string{"private"}
	for directive := range strings.SplitSeq(control, ",") {
		directive = strings.ToLower(strings.TrimSpace(directive))
		if directive != "" && directive != "public" && directive != "private" && !strings.HasPrefix(directive, "s-maxage") {
			kept = append(kept, directive)
		}
	}
	return strings.Join(kept, ", ")
}

// serveUpload streams an upload to the address that the server gave for it.
func (g *Gateway) serveUpload(w *statusWriter, r *http.Request, user User) error {
	if r.ContentLength > g.options.MaxUpload {
		return tooLarge(g.options.MaxUpload)
	}
	up := g.request(r.Context(), http.MethodPut, r.URL.EscapedPath(), cleanQuery(r.URL), user)
	up.Header.Del("Ftrack-User") // the address is signed
	up.Header.Del("Ftrack-Api-Key")
	for name, values := range r.Header {
		if passesOnUpload(name) {
			up.Header[name] = values
		}
	}
	up.ContentLength = r.ContentLength
	switch {
	case r.ContentLength < 0:
		up.Body = http.MaxBytesReader(nil, r.Body, g.options.MaxUpload)
	case r.ContentLength > 0:
		up.Body = r.Body
	}
	response, err := g.send(up)
	if err != nil {
		if waitedFor(r.Body) {
			return tooSlow()
		}
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= 300 && response.StatusCode < 400 {
		return badAnswer("The ftrack server sends this upload to another address.")
	}
	g.copyHeader(w.Header(), response)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(response.StatusCode)
	return copyBody(w, g.hider.mask(w), io.LimitReader(response.Body, 1<<20))
}
