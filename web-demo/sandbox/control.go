package sandbox

import (
	"crypto/md5" //nolint:gosec // the protocol's choice; nothing secret is hashed
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/hub"
)

// serveControl steers the sandbox while it runs, for tests in other processes and for pages. The credentials are those of
// the API, in headers.
//
//	GET  /sandbox/events          sockets, subscribers and faults
//	PUT  /sandbox/events          faults, as hub.ParseFaults reads them; what is left out is without fault
//	POST /sandbox/events/cut      {"limit": 1}: ends so many connections, all without limit; answers {"cut": 1}
//	POST /sandbox/events/send     {"frame": "7:::1+0", "binary": false}: a frame to every socket
//	POST /sandbox/events/publish  an event, as if a client had published it
//	GET  /sandbox/uploads         what is kept of components, and what uploads brought
//	GET  /sandbox/components/ID   size and MD5 (hex) of a component's bytes
//	PUT  /sandbox/uploads         faults, as ParseUploadFaults reads them; counts of attempts begin anew
func (s *Server) serveControl(w http.ResponseWriter, r *http.Request) {
	if !s.known(r) {
		http.Error(w, "the sandbox is steered with the credentials of the API", http.StatusUnauthorized)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	what := r.Method + " " + r.URL.Path
	if id, ok := strings.CutPrefix(what, "GET /sandbox/components/"); ok {
		s.describeComponent(w, r, id)
		return
	}
	answer, err := s.steer(what, body)
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusBadRequest)
	case answer == nil:
		http.NotFound(w, r)
	default:
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(answer)
	}
}

func (s *Server) steer(what string, body []byte) (answer any, err error) {
	switch what {
	case "GET /sandbox/events":
		return s.events.State(), nil
	case "PUT /sandbox/events":
		faults, err := hub.ParseFaults(body)
		if err != nil {
			return nil, err
		}
		s.events.SetFaults(faults)
		return s.events.State(), nil
	case "POST /sandbox/events/cut":
		var wanted struct{ Limit int }
		if err := optional(body, &wanted); err != nil {
			return nil, err
		}
		return map[string]int{"cut": s.events.Cut(wanted.Limit)}, nil
	case "POST /sandbox/events/send":
		var wanted struct {
			Frame  string
			Binary bool
		}
		if err := optional(body, &wanted); err != nil {
			return nil, err
		}
		return map[string]int{"sockets": s.events.Inject(wanted.Frame, wanted.Binary)}, nil
	case "GET /sandbox/uploads":
		return s.depot.state(), nil
	case "PUT /sandbox/uploads":
		faults, err := ParseUploadFaults(body)
		if err != nil {
			return nil, err
		}
		s.depot.setFaults(faults)
		return s.depot.state(), nil
	case "POST /sandbox/events/publish":
		return map[string]bool{"published": true}, s.events.Publish(body)
	}
	return nil, nil
}

// describeComponent tells size and checksum of a component's bytes, which it reads for that.
func (s *Server) describeComponent(w http.ResponseWriter, r *http.Request, id string) {
	data, err := s.openComponent(id)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer data.Close()
	sum := md5.New() //nolint:gosec // compared with the protocol's own checksums
	size, err := io.Copy(sum, data)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"size": size, "md5": hex.EncodeToString(sum.Sum(nil))})
}

// optional reads JSON; an empty body leaves everything as it is.
func optional(body []byte, to any) error {
	if len(body) == 0 {
		return nil
	}
	return hub.ReadOptions(body, to)
}
