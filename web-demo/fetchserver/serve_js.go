package fetchserver

import (
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"syscall/js"

	"github.com/syumai/workers"
)

// idHeader is where the host puts the number of a request. Clients cannot: the host overwrites it.
const idHeader = "X-Fetchserver-Id"

// errGone is why a request's context ends when its client has gone.
var errGone = errors.New("the client has gone")

var running = map[string]context.CancelCauseFunc{}

// Serve answers the host's requests with a handler. It does not return.
func Serve(handler http.Handler) {
	keep("gone", func(args []js.Value) any {
		if cancel := running[args[0].String()]; cancel != nil {
			cancel(errGone)
		}
		return nil
	})
	keep("statistics", func([]js.Value) any { return statistics() })
	workers.ServeNonBlock(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { serve(handler, w, r) }))
	workers.Ready()
	select {}
}

// serve answers one request through a stream of the host's.
func serve(handler http.Handler, w http.ResponseWriter, r *http.Request) {
	id := r.Header.Get(idHeader)
	r.Header.Del(idHeader)
	ctx, cancel := context.WithCancelCause(r.Context())
	running[id] = cancel
	defer func() {
		delete(running, id)
		cancel(nil)
	}()
	r = r.WithContext(ctx)
	r.Body = bodyOf(ctx, r)
	r.RemoteAddr, r.Proto, r.ProtoMajor, r.ProtoMinor = "fetch", "HTTP/1.1", 1, 1
	r.RequestURI = r.URL.RequestURI()
	if r.Host == "" {
		r.Host = r.URL.Host
	}
	r.ContentLength = lengthOf(r)
	out := &writer{inner: w.(inner), ctx: ctx, head: r.Method == http.MethodHead}
	defer func() {
		switch failure := recover(); {
		case failure == nil:
			out.finish()
		case !out.begun:
			for name := range out.Header() {
				out.Header().Del(name)
			}
			http.Error(out, "the server failed", http.StatusInternalServerError)
			out.finish()
		default:
			out.abort()
		}
	}()
	handler.ServeHTTP(out, r)
}

// lengthOf is the length of a request's body, -1 where it is not told.
func lengthOf(r *http.Request) int64 {
	if r.Body == http.NoBody {
		return 0
	}
	if length, err := strconv.ParseInt(r.Header.Get("Content-Length"), 10, 64); err == nil {
		return length
	}
	return -1
}

// bodyOf is a request's body, read from the host's own stream.
func bodyOf(ctx context.Context, r *http.Request) io.ReadCloser {
	raw, ok := r.Body.(interface{ GetRawJSBody() js.Value })
	if !ok {
		return http.NoBody
	}
	return &Stream{ctx: ctx, stream: raw.GetRawJSBody()}
}

// inner is the library's response writer.
type inner interface {
	http.ResponseWriter
	WriteRawJSBody(body js.Value)
	Ready()
}

// writer streams an answer. Write returns when the host has room for more.
type writer struct {
	inner
	ctx   context.Context
	head  bool
	begun bool
	sink  js.Value // the writer of the host's stream; undefined for answers without a body
	bytes int64
}

// WriteHeader begins the answer.
func (w *writer) WriteHeader(status int) {
	if w.begun || status < 200 {
		return
	}
	w.begun = true
	length := -1
	if told, err := strconv.Atoi(w.Header().Get("Content-Length")); err == nil {
		length = told
	}
	if w.Header().Get("Content-Type") == "" && status != http.StatusNoContent && status != http.StatusNotModified {
		w.Header().Set("Content-Type", "application/octet-stream")
	}
	w.inner.WriteHeader(status)
	pair := host.Call("stream", length, w.head)
	w.WriteRawJSBody(pair.Get("readable"))
	if status != http.StatusNoContent && status != http.StatusNotModified && !w.head {
		w.sink = pair.Get("writer")
	}
	w.Ready()
}

// Write sends bytes on.
func (w *writer) Write(p []byte) (int, error) {
	if !w.begun {
		if w.Header().Get("Content-Type") == "" {
			w.Header().Set("Content-Type", http.DetectContentType(p))
		}
		w.WriteHeader(http.StatusOK)
	}
	if w.sink.IsUndefined() || len(p) == 0 {
		return len(p), nil
	}
	chunk := host.Call("bytes", len(p))
	js.CopyBytesToJS(chunk, p)
	if _, err := Await(w.ctx, host.Call("write", w.sink, chunk)); err != nil {
		return 0, err
	}
	w.bytes += int64(len(p))
	return len(p), nil
}

// Flush does nothing: what was written is on its way.
func (w *writer) Flush() {}

func (w *writer) finish() {
	if !w.begun {
		w.WriteHeader(http.StatusOK)
	}
	if !w.sink.IsUndefined() {
		host.Call("close", w.sink)
	}
}

func (w *writer) abort() {
	if !w.sink.IsUndefined() {
		host.Call("abort", w.sink)
	}
}

// statistics are numbers that requests must leave as they were.
func statistics() any {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return map[string]any{"goroutines": runtime.NumGoroutine(), "heap": int(m.HeapAlloc), "waits": len(waiting), "requests": len(running)}
}

// joined is a header as it came: the library cuts it at its commas.
func joined(h http.Header, name string) string { return strings.Join(h.Values(name), ",") }
