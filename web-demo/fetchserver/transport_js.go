package fetchserver

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"syscall/js"
	"time"
)

// Transport sends requests by the host's fetch. It follows no redirect.
type Transport struct {
	Timeout time.Duration // until the answer begins; 0 for none
}

// errTimeout says that no answer began in time.
type errTimeout struct{}

func (errTimeout) Error() string { return "no answer began in time" }
func (errTimeout) Timeout() bool { return true }

// RoundTrip sends a request. The answer's body reads the host's stream.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	var pairs [][2]string
	for name, values := range r.Header {
		for _, value := range values {
			pairs = append(pairs, [2]string{name, value})
		}
	}
	header, err := json.Marshal(pairs)
	if err != nil {
		return nil, err
	}
	body, feed, err := t.body(r)
	if err != nil {
		return nil, err
	}
	sent := host.Call("request", r.Method, r.URL.String(), string(header), body, r.ContentLength, t.Timeout.Milliseconds())
	if feed != nil {
		go feed(sent.Get("sink"))
	}
	answer, err := Await(ctx, sent.Get("answer"))
	if err != nil {
		sent.Call("abort")
		if err.Error() == "timeout" {
			return nil, errTimeout{}
		}
		return nil, err
	}
	return response(ctx, r, sent, answer)
}

func response(ctx context.Context, r *http.Request, sent, answer js.Value) (*http.Response, error) {
	var pairs [][2]string
	if err := json.Unmarshal([]byte(answer.Get("headers").String()), &pairs); err != nil {
		return nil, err
	}
	header := http.Header{}
	for _, pair := range pairs {
		header.Add(pair[0], pair[1])
	}
	length := int64(-1)
	if told, err := strconv.ParseInt(header.Get("Content-Length"), 10, 64); err == nil {
		length = told
	}
	status := answer.Get("status").Int()
	return &http.Response{
		StatusCode: status, Status: strconv.Itoa(status) + " " + http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, ContentLength: length, Request: r,
		Body: &answerBody{Stream: Stream{ctx: ctx, stream: answer.Get("body")}, sent: sent},
	}, nil
}

// answerBody ends the request when it is closed before its end.
type answerBody struct {
	Stream
	sent js.Value
}

// Close ends the request.
func (b *answerBody) Close() error {
	if b.ended == nil || !errors.Is(b.ended, io.EOF) {
		b.sent.Call("abort")
		b.ended = io.ErrClosedPipe
	}
	return nil
}

// body is what the host sends: bytes, a stream of the host's that passes untouched, or one that feed fills.
func (t *Transport) body(r *http.Request) (body js.Value, feed func(sink js.Value), err error) {
	switch b := r.Body.(type) {
	case nil:
		return js.Null(), nil, nil
	case *Stream:
		return b.Raw(), nil, nil
	}
	if r.Body == http.NoBody || r.ContentLength == 0 {
		return js.Null(), nil, nil
	}
	if r.ContentLength > 0 && r.ContentLength <= 32<<20 {
		whole, err := io.ReadAll(r.Body)
		if err != nil {
			return js.Null(), nil, err
		}
		bytes := host.Call("bytes", len(whole))
		js.CopyBytesToJS(bytes, whole)
		return bytes, nil, nil
	}
	ctx := r.Context()
	return js.Undefined(), func(sink js.Value) {
		buffer := make([]byte, 64<<10)
		for {
			n, err := r.Body.Read(buffer)
			if n > 0 {
				bytes := host.Call("bytes", n)
				js.CopyBytesToJS(bytes, buffer[:n])
				if _, failed := Await(ctx, host.Call("write", sink, bytes)); failed != nil {
					return
				}
			}
			if err == io.EOF {
				host.Call("close", sink)
				return
			}
			if err != nil {
				host.Call("abort", sink)
				return
			}
		}
	}, nil
}
