package sandbox

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/blob"
)

// serveComponent answers /component/get, /component/thumbnail and /component/remove. Credentials come as headers, or in the
// query as all public clients send them.
func (s *Server) serveComponent(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if !s.known(r) && !s.same(query.Get("username"), query.Get("apiKey")) {
		http.Error(w, "the credentials are not valid", http.StatusUnauthorized)
		return
	}
	id := query.Get("id")
	switch r.URL.Path {
	case "/component/get":
		if s.assumed.is("component-get", "redirect") {
			http.Redirect(w, r, s.depot.sign("/component/data/"+url.PathEscape(id), url.Values{}, s.depot.expiry()), http.StatusFound)
			return
		}
		s.sendComponent(w, r, id)
	case "/component/thumbnail":
		s.sendThumbnail(w, r, id, query.Get("size"))
	case "/component/remove":
		if !s.depot.forget(id) {
			http.NotFound(w, r)
			return
		}
		w.WriteHeader(http.StatusOK)
	default:
		http.NotFound(w, r)
	}
}

// serveData answers the signed address that /component/get leads to.
func (s *Server) serveData(w http.ResponseWriter, r *http.Request) {
	if err := s.depot.signed(r.URL); err != nil {
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	s.sendComponent(w, r, strings.TrimPrefix(r.URL.Path, "/component/data/"))
}

// sendComponent sends the bytes of a component, or ranges of them.
func (s *Server) sendComponent(w http.ResponseWriter, r *http.Request, id string) {
	data, err := s.openComponent(id)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer data.Close()
	h := w.Header()
	h.Set("Content-Type", contentType(data.name))
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": data.name}))
	h.Set("ETag", data.tag)
	h.Set("Cache-Control", "private, no-cache")
	http.ServeContent(w, r, "", data.at, data)
}

// data are the bytes of a component as they are read.
type data struct {
	blob.Reader
	name string // of the file
	tag  string
	at   time.Time
}

// openComponent reads what was uploaded of a component, or what the production draws for it.
func (s *Server) openComponent(id string) (*data, error) {
	name := s.fileName(id)
	held, reader, err := s.depot.open(id)
	if err == nil {
		return &data{reader, name, held.tag, held.at}, nil
	}
	if !errors.Is(err, blob.ErrNotFound) || s.options.Draw == nil {
		return nil, err
	}
	s.store.RLock()
	drawn := s.options.Draw(s.store, id)
	s.store.RUnlock()
	if drawn == nil {
		return nil, err
	}
	return &data{closing{bytes.NewReader(drawn)}, name, `"` + id + `"`, time.Time{}}, nil
}

type closing struct{ io.ReadSeeker }

func (closing) Close() error { return nil }

// fileName is the name of a component's file: its own, and its type.
func (s *Server) fileName(id string) string {
	s.store.RLock()
	defer s.store.RUnlock()
	e := s.store.Find(s.store.Schemas().Type("Component"), id)
	if e == 0 {
		return id
	}
	return s.store.Named(e, "name").Text() + s.store.Named(e, "file_type").Text()
}

// componentURL is the address of a component's bytes, with the credentials in it.
func (r *request) componentURL(id string) string {
	return r.keyed("/component/get?id=" + url.QueryEscape(id))
}

// keyed makes a path of components an address that carries the credentials, as those in replies do.
func (r *request) keyed(path string) string {
	return r.base + path + "&username=" + url.QueryEscape(r.options.User) + "&apiKey=" + url.QueryEscape(r.key())
}

// removedComponents are the ids of components that a batch removes.
func (r *request) removedComponents() []string {
	var ids []string
	for _, c := range r.store.Changes() {
		if c.Type.IsA("Component") && r.store.TypeOf(c.Entity) == nil {
			if id := r.store.Was(c, c.Type.Attribute("id")); id.Kind() == eval.KindText {
				ids = append(ids, id.Text())
			}
		}
	}
	return ids
}
