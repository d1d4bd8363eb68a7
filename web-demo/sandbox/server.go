package sandbox

import (
	"bytes"
	"crypto/subtle"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/blob"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/hub"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/schemas"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/store"
)

// maxBody is how much of a request is read.
const maxBody = 64 << 20

// Options are what a server is made with.
type Options struct {
	User, Key string
	Latency   time.Duration // of /api
	Record    io.Writer     // gets a line for each request to /api; nil for none
	Static    string        // folder served at /, "" for none
	Assume    Assumptions
	// OnUpdate hears of each ftrack.update event, in the order of the writes and before they are answered; nil for nobody. It
	// runs without the store's lock, and must not write to the server.
	OnUpdate func(event []byte)
	// Storage keeps the bytes of components; nil is memory.
	Storage blob.Store
	// Draw makes the bytes of a component that nobody uploaded, nil for none: those of a production. It is called with the
	// store locked for reading.
	Draw func(s *store.Store, component string) []byte
	// URL is the address that clients reach the server by, without a slash at the end; "" is the one that they asked at.
	URL string
	// EncodeTime is how long a job of encode_media runs.
	EncodeTime time.Duration
	// Heartbeat is what the event server announces; 0 is 15 seconds.
	Heartbeat time.Duration
}

// Server answers requests over a Store.
type Server struct {
	options  Options
	assumed  Assumptions
	set      *schemas.Set
	store    *store.Store
	system   [][]*schema.Attribute
	integers map[string]int64 // the last integer key that was given out, by type; guarded by the store's lock
	shuffles shuffles
	recorder recorder
	events   *hub.Hub
	news     news
	depot    *depot
	apiKey   atomic.Pointer[string]

	thumbnails thumbnails
	mux        *http.ServeMux
}

// New makes a server with an empty store.
func New(options Options) (*Server, error) {
	set, err := schemas.Load()
	if err != nil {
		return nil, err
	}
	if options.Assume == nil {
		options.Assume = Assumptions{}
	}
	s := &Server{
		options: options, assumed: options.Assume, set: set, store: store.New(set.Schemas, options.Assume.store()),
		system: systemColumns(set.Schemas), integers: map[string]int64{}, recorder: recorder{out: options.Record}, mux: http.NewServeMux(), depot: newDepot(options.Storage),
	}
	s.events = hub.New(hub.Options{Heartbeat: options.Heartbeat, UniqueSubscribers: s.assumed.is("subscriber-ids", "server"), NumberFrames: s.assumed.is("event-frames-sent", "numbered")})
	s.mux.HandleFunc("/api", s.serveAPI)
	s.apiKey.Store(&options.Key)
	s.mux.HandleFunc("/sandbox/", s.serveControl)
	s.mux.HandleFunc("/upload/", s.serveUpload)
	s.mux.HandleFunc("/component/", s.serveComponent)
	s.mux.HandleFunc("/component/data/", s.serveData)
	s.mux.HandleFunc("/widget/", s.serveWidget)
	s.mux.HandleFunc("/socket.io/1/", s.serveHandshake)
	if options.Static != "" {
		s.mux.Handle("/", static(options.Static))
	}
	return s, nil
}

// Store is what the server answers from. Lock it to change it while the server runs.
func (s *Server) Store() *store.Store { return s.store }

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.cors(w, r) {
		return
	}
	s.mux.ServeHTTP(w, r)
}

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", "POST, OPTIONS")
		http.Error(w, "the API is asked by POST", http.StatusMethodNotAllowed)
		return
	}
	if s.options.Latency > 0 {
		timer := time.NewTimer(s.options.Latency)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
			return
		}
	}
	out, err := s.answer(w, r)
	status := http.StatusOK
	if err != nil {
		refused := refusal(err)
		if strings.EqualFold(r.Header.Get("ftrack-strict-api"), "true") || option(r.Header.Get("ftrack-api-options"), "strict") {
			status = refused.Status
		}
		out = s.blotted(refused.append(nil))
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", fmt.Sprint(len(out)))
	w.WriteHeader(status)
	_, _ = w.Write(out)
}

func (s *Server) answer(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return nil, malformed("The request could not be read: " + err.Error())
	}
	operations, err := wire.Parse(body)
	if err != nil {
		return nil, malformed("The request is no JSON: " + err.Error())
	}
	s.recorder.record(body, s.blotted)
	if !s.known(r) {
		return nil, wrongCredentials()
	}
	if operations.Kind() != wire.Array {
		return nil, malformed("The request must be an array of operations.")
	}
	return s.run(r.Context(), operations, r.Header, s.address(r))
}

// blotted takes the key out of a JSON text that a client may have put it into.
func (s *Server) blotted(text []byte) []byte {
	if s.key() == "" {
		return text
	}
	quoted := wire.AppendText(nil, s.key())
	return bytes.ReplaceAll(text, quoted[1:len(quoted)-1], []byte("***"))
}

// known tells whether the request carries the credentials.
func (s *Server) known(r *http.Request) bool {
	return s.same(r.Header.Get("ftrack-user"), r.Header.Get("ftrack-api-key"))
}

// same tells whether the credentials are the server's, in the same time whatever they are.
func (s *Server) same(user, key string) bool {
	return subtle.ConstantTimeCompare([]byte(user), []byte(s.options.User))&subtle.ConstantTimeCompare([]byte(key), []byte(s.key())) == 1
}

// key is the API key: that of the options, until reset_remote makes another one.
func (s *Server) key() string { return *s.apiKey.Load() }

// address is the one that a request reached the server by.
func (s *Server) address(r *http.Request) string {
	if s.options.URL != "" {
		return s.options.URL
	}
	scheme := "http"
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}
