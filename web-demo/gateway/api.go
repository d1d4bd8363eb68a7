package gateway

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// serveAPI passes a batch on once each of its operations is allowed. Parameters of the address do not pass.
func (g *Gateway) serveAPI(w *statusWriter, r *http.Request, user User) error {
	body, err := g.readBody(r)
	if err != nil {
		return err
	}
	batch, err := checkBatch(body, user.Scope)
	if err != nil {
		return err
	}
	kept := g.keepable(r, batch, user)
	if kept != nil {
		if answer, ok := kept.answer(r.Context()); ok {
			return g.answer(w, answer)
		}
		body = kept.question()
	}
	response, err := g.ask(r, user, body)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if kept != nil || batch.has("get_upload_metadata") {
		return g.answerWhole(w, r, response, kept, batch, user)
	}
	g.apiHeader(w, response)
	return copyBody(w, g.hider.stream(w, g.addresses(r, user)), response.Body)
}

func (g *Gateway) ask(r *http.Request, user User, body []byte) (*http.Response, error) {
	up := g.request(r.Context(), http.MethodPost, "/api", nil, user)
	pass(up.Header, r.Header)
	up.Header.Set("Accept", "application/json")
	up.Header.Set("Content-Type", "application/json")
	up.Body, up.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	response, err := g.send(up)
	if err != nil {
		return nil, err
	}
	if response.StatusCode >= 300 && response.StatusCode < 400 {
		response.Body.Close()
		return nil, badAnswer("The ftrack server sends requests to another address: the gateway's target may be wrong.")
	}
	return response, nil
}

// apiHeader begins an answer of /api. Its length is not told: what is hidden changes it.
func (g *Gateway) apiHeader(w *statusWriter, response *http.Response) {
	g.copyHeader(w.Header(), response)
	w.Header().Del("Content-Length")
	ownAnswer(w.Header())
	w.WriteHeader(response.StatusCode)
}

// longestWhole is how much of an answer is held where it has to be known as a whole: schemas, and addresses for uploads.
const longestWhole = 16 << 20

// answerWhole answers with what has to be read as a whole. An answer that is longer is none of those.
func (g *Gateway) answerWhole(w *statusWriter, r *http.Request, response *http.Response, kept *keepable, batch *operations, user User) error {
	text, err := io.ReadAll(io.LimitReader(response.Body, longestWhole+1))
	if err != nil || len(text) > longestWhole {
		return badAnswer("The ftrack server's answer broke off, or it is too long.")
	}
	if response.StatusCode == http.StatusOK {
		text = g.uploadAddresses(r, text, batch, user)
	}
	var hidden bytes.Buffer
	hiding := g.hider.stream(&hidden, g.addresses(r, user))
	_, _ = hiding.Write(text)
	_ = hiding.Close()
	text = hidden.Bytes()
	if kept != nil && response.StatusCode == http.StatusOK {
		text = kept.keep(r.Context(), text)
	}
	g.apiHeader(w, response)
	if _, err := w.Write(text); err != nil {
		return errBroken
	}
	return nil
}

// addresses gives for a text of a reply what a client gets instead: an address of a component at the server becomes one here with a
// ticket in the place of the key.
func (g *Gateway) addresses(r *http.Request, user User) func(text string) (string, bool) {
	base := g.base(r)
	return func(text string) (string, bool) {
		u, path := g.atTarget(text)
		if u == nil || path != "/component/get" && path != "/component/thumbnail" {
			return "", false
		}
		u.Path, u.RawPath = path, ""
		return g.ticketed(base, http.MethodGet, u, user), true
	}
}

// atTarget reads an address at the ftrack server: it, and its path below the server's own. nil for any other text.
func (g *Gateway) atTarget(text string) (*url.URL, string) {
	u, err := url.Parse(text)
	if err != nil || u.Host != g.target.Host || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Fragment != "" {
		return nil, ""
	}
	path, own := u.EscapedPath(), g.target.EscapedPath()
	if len(path) < len(own) || path[:len(own)] != own {
		return nil, ""
	}
	return u, path[len(own):]
}

// uploadAddresses rewrites where uploads go when that is the ftrack server itself: to an address here, with a ticket that is good for it
// alone. Storage elsewhere is the page's own business: its addresses are signed and hold no key.
func (g *Gateway) uploadAddresses(r *http.Request, text []byte, batch *operations, user User) []byte {
	root, err := wire.Parse(text)
	if err != nil || root.Len() != len(batch.actions) {
		return text
	}
	var out []byte
	from := 0
	rewrite := func(node wire.Node) {
		u, path := g.atTarget(node.Text())
		if u == nil {
			return
		}
		u.Path, _ = url.PathUnescape(path)
		u.RawPath = path
		at, length := node.Span()
		out = wire.AppendText(append(out, text[from:at-1]...), g.ticketed(g.base(r), http.MethodPut, u, user))
		from = at + length + 1
	}
	for i, reply := range root.List() {
		if batch.actions[i] != "get_upload_metadata" {
			continue
		}
		for _, member := range reply.Object() { // in their order: the text is copied as it goes
			switch member.Key {
			case "url":
				rewrite(member.Value)
			case "urls":
				for _, part := range member.Value.List() {
					rewrite(part.Get("signed_url"))
				}
			}
		}
	}
	return append(out, text[from:]...)
}

// serveHandshake passes the event server's handshake. The session id of the answer becomes a ticket for the socket: it is sealed, for
// with the id itself a page could open the socket at the server and go round the policy.
func (g *Gateway) serveHandshake(w *statusWriter, r *http.Request, user User) error {
	up := g.request(r.Context(), http.MethodGet, "/socket.io/1/", nil, user)
	pass(up.Header, r.Header)
	response, err := g.send(up)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, 4<<10))
	if err != nil {
		return badAnswer("The event server's answer broke off.")
	}
	sid, rest, ok := bytes.Cut(text, []byte(":"))
	switch {
	case response.StatusCode == http.StatusUnauthorized || response.StatusCode == http.StatusForbidden:
		return &Refusal{response.StatusCode, "InvalidCredentialsError", "The event server refuses the user.", "server_refused"}
	case response.StatusCode != http.StatusOK || !ok || !visible(string(sid)):
		return badAnswer("The event server does not answer with a handshake; its status is " + strconv.Itoa(response.StatusCode) + ".")
	}
	user.sid = string(sid)
	ownAnswer(w.Header())
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if _, err := io.WriteString(w, g.tickets.seal(socketResource, user)+":"+g.hider.text(string(rest))); err != nil {
		return errBroken
	}
	return nil
}
