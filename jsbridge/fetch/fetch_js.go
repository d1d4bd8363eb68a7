package fetch

import (
	"context"
	"errors"

	"github.com/ftrack-wasm/ftrack-wasm/jsbridge/guard"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// Requests are those of the whole module that are under way.
type Requests struct {
	host    guard.Value
	bytes   guard.Value // the constructor Uint8Array
	pending map[int]chan reply
	lastID  int
	bodies  [][]byte // buffers of replies that are merged, for the next ones
}

// spareBodies is how many buffers are kept: one is read while the next reply comes. A large one is not kept.
const (
	spareBodies  = 2
	largestSpare = 4 << 20
	usualBody    = 1 << 20 // a page of 500 rows, and some
)

// Body is a buffer of a size, a used one where that fits. What it held is to be overwritten.
func (r *Requests) Body(size int) []byte {
	for i, b := range r.bodies {
		if cap(b) >= size {
			r.bodies = append(r.bodies[:i], r.bodies[i+1:]...)
			return b[:size]
		}
	}
	return make([]byte, size, size+size/8)
}

// Reserve makes room for the replies to come, so that the first ones need no larger memory.
func (r *Requests) Reserve() {
	for len(r.bodies) < spareBodies {
		r.bodies = append(r.bodies, make([]byte, usualBody))
	}
}

// Recycle takes a buffer back that nothing refers to any more.
func (r *Requests) Recycle(b []byte) {
	if cap(b) > largestSpare {
		return
	}
	if len(r.bodies) >= spareBodies {
		r.bodies = r.bodies[1:]
	}
	r.bodies = append(r.bodies, b)
}

type reply struct {
	response *wire.Response
	err      error
}

// NewRequests makes the register for a host object.
func NewRequests(host guard.Value) *Requests {
	constructor, _ := guard.Global().Get("Uint8Array")
	return &Requests{host: host, bytes: constructor, pending: map[int]chan reply{}}
}

// Transport posts requests in the name of a session, whose id the host is told.
func (r *Requests) Transport(session func() int) wire.Transport { return &transport{r, session} }

type transport struct {
	requests *Requests
	session  func() int
}

// RoundTrip posts one request. When the context ends, the page's fetch is aborted and the context's cause returned.
func (t *transport) RoundTrip(ctx context.Context, request *wire.Request) (*wire.Response, error) {
	r := t.requests
	if err := ctx.Err(); err != nil {
		return nil, context.Cause(ctx)
	}
	body, err := r.bytes.New(len(request.Body))
	if err != nil {
		return nil, err
	}
	if _, err := guard.CopyBytesToJS(body, request.Body); err != nil {
		return nil, err
	}
	pairs := make([]any, len(request.Header))
	for i, h := range request.Header {
		pairs[i] = []any{h.Name, h.Value}
	}
	header, err := wire.AppendValue(nil, pairs)
	if err != nil {
		return nil, err
	}
	r.lastID++
	id, arrived := r.lastID, make(chan reply, 1)
	r.pending[id] = arrived
	defer delete(r.pending, id)
	if _, err := r.host.Call("fetch", id, request.URL, string(header), body, t.session()); err != nil {
		return nil, err
	}
	select {
	case reply := <-arrived:
		return reply.response, reply.err
	case <-ctx.Done():
		r.host.Call("abortFetch", id)
		return nil, context.Cause(ctx)
	}
}

// Fetched takes a reply: id, status, headers as JSON pairs, body, and the text of a failure or "".
func (r *Requests) Fetched(args []guard.Value) {
	id, err := args[0].Int()
	if err != nil {
		return
	}
	arrived := r.pending[id]
	if arrived == nil {
		return
	}
	arrived <- r.read(args)
}

// read takes a reply apart.
func (r *Requests) read(args []guard.Value) reply {
	text, err := args[4].String()
	if err != nil {
		return reply{err: err}
	}
	if text != "" {
		err := errors.New(text)
		if status, _ := args[1].Int(); status < 0 {
			err = &wire.UnsentError{Err: err}
		}
		return reply{err: err}
	}
	response := &wire.Response{}
	if response.Status, err = args[1].Int(); err != nil {
		return reply{err: err}
	}
	header, err := args[2].String()
	if err != nil {
		return reply{err: err}
	}
	if pairs, err := wire.Parse([]byte(header)); err == nil {
		for _, pair := range pairs.List() {
			if both := pair.List(); len(both) == 2 {
				response.Header = append(response.Header, wire.Header{Name: both[0].Text(), Value: both[1].Text()})
			}
		}
	}
	size, err := args[3].Length()
	if err != nil {
		return reply{err: err}
	}
	response.Body, response.Recycle = r.Body(size), r.Recycle
	if _, err := guard.CopyBytesToGo(response.Body, args[3]); err != nil {
		return reply{err: err}
	}
	return reply{response: response}
}
