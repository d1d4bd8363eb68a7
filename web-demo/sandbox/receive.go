package sandbox

import (
	"crypto/md5" //nolint:gosec // the protocol's choice; nothing secret is hashed
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/blob"
)

// serveUpload takes what is PUT to a signed address: the whole of a file, or a part of it. The answer carries an ETag.
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPut {
		w.Header().Set("Allow", "PUT, OPTIONS")
		http.Error(w, "uploads are PUT", http.StatusMethodNotAllowed)
		return
	}
	if err := s.depot.signed(r.URL); err != nil {
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	number, err := strconv.Atoi(r.URL.Query().Get("part"))
	s.depot.mutex.Lock()
	u := s.depot.uploads[strings.TrimPrefix(r.URL.Path, "/upload/")]
	s.depot.mutex.Unlock()
	if u == nil || err != nil {
		http.Error(w, "there is no such upload", http.StatusNotFound)
		return
	}
	fate := s.depot.fate(u, number)
	status, tag := s.receive(r, u, number, fate)
	s.depot.count(status)
	switch {
	case status == 0:
		panic(http.ErrAbortHandler) // the connection ends, without an answer
	case status == http.StatusOK:
		w.Header().Set("ETag", tag)
		w.WriteHeader(status)
	default:
		http.Error(w, http.StatusText(status), status)
	}
}

// receive keeps the body of a PUT: the HTTP status and the ETag. Status 0 is a connection that is to end.
func (s *Server) receive(r *http.Request, u *upload, number int, fate fate) (status int, tag string) {
	if fate.status != 0 {
		_, _ = io.Copy(io.Discard, r.Body)
		return fate.status, ""
	}
	sum := md5.New() //nolint:gosec // see above
	var body io.Reader = io.TeeReader(io.LimitReader(r.Body, u.size+1), sum)
	if fate.rate > 0 {
		body = &throttled{from: body, rate: fate.rate}
	}
	if fate.cut {
		body = io.MultiReader(io.LimitReader(body, max(r.ContentLength, 2)/2), broken{})
	}
	name := s.depot.piece()
	size, err := s.depot.blobs.Put(r.Context(), name, body)
	switch {
	case errors.Is(err, errCut):
		return 0, ""
	case err != nil:
		return http.StatusBadRequest, ""
	}
	digest := sum.Sum(nil)
	if wanted := r.Header.Get("Content-MD5"); size > u.size || u.parts == 0 && size != u.size || !matches(digest, wanted) || u.parts == 0 && !matches(digest, u.checksum) {
		_ = s.depot.blobs.Remove(name)
		return http.StatusBadRequest, ""
	}
	tag = `"` + hex.EncodeToString(digest) + `"`
	piece := blob.Piece{Name: name, Size: size}
	if u.parts == 0 {
		s.depot.single(u, piece, tag)
	} else if !s.depot.part(u, number, piece, tag) {
		return http.StatusNotFound, ""
	}
	return http.StatusOK, tag
}

// matches tells whether a digest is the one that was announced in base64, if any.
func matches(digest []byte, announced string) bool {
	return announced == "" || base64.StdEncoding.EncodeToString(digest) == announced
}

var errCut = fmt.Errorf("the connection is cut on purpose")

// broken is the end of a body that breaks off.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errCut }
