package wire

import "context"

// Header is one HTTP header.
type Header struct{ Name, Value string }

// Request is what a Transport posts.
type Request struct {
	URL    string
	Header []Header
	Body   []byte // must not be changed
}

// Response is a whole answer, whatever its status.
type Response struct {
	Status     int
	StatusText string
	Header     []Header
	Body       []byte // belongs to the caller
	// Recycle, when set, takes the body back once nothing refers to it any more. A caller that keeps it does not call.
	Recycle func(body []byte)
}

// Done gives the body back to the transport, for the next response.
func (r *Response) Done() {
	if r != nil && r.Recycle != nil {
		r.Recycle(r.Body)
		r.Body, r.Recycle = nil, nil
	}
}

// HeaderValue is the first header of a name, letter case aside; "" when there is none.
func (r *Response) HeaderValue(name string) string {
	for _, h := range r.Header {
		if equalFold(h.Name, name) {
			return h.Value
		}
	}
	return ""
}

// Transport posts a request and reads the answer to its end. An error means that no complete answer came; when ctx
// ended it is the context's cause.
type Transport interface {
	RoundTrip(ctx context.Context, request *Request) (*Response, error)
}

func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		x, y := a[i], b[i]
		if x-'A' <= 'Z'-'A' {
			x |= 0x20
		}
		if y-'A' <= 'Z'-'A' {
			y |= 0x20
		}
		if x != y {
			return false
		}
	}
	return true
}
