package session

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// header is what every request carries. strict mode is only named when it is asked for: a header more is one more
// that a server must allow across origins.
func (s *Session) header() []wire.Header {
	header := make([]wire.Header, 0, 6+len(s.options.Headers))
	for name, value := range s.options.Headers {
		if !ownHeader(name) && !(s.tokens != nil && equalFold(name, "authorization")) {
			header = append(header, wire.Header{Name: name, Value: value})
		}
	}
	header = append(header, wire.Header{Name: "accept", Value: "application/json"},
		wire.Header{Name: "content-type", Value: "application/json"})
	if s.tokens == nil { // they add their own
		header = s.Authentication().Apply(header)
	}
	header = append(header, wire.Header{Name: "ftrack-clienttoken", Value: s.options.ClientToken})
	if s.options.StrictAPI {
		header = append(header, wire.Header{Name: "ftrack-strict-api", Value: "true"})
	}
	return header
}

func ownHeader(name string) bool {
	for _, own := range []string{"accept", "content-type", "ftrack-user", "ftrack-api-key", "ftrack-clienttoken", "ftrack-strict-api"} {
		if equalFold(name, own) {
			return true
		}
	}
	return false
}

// equalFold compares with a text in lower-case ASCII.
func equalFold(text, lower string) bool {
	if len(text) != len(lower) {
		return false
	}
	for i := range len(text) {
		c := text[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

// bounded gives a context that ends with the session, with ctx, and after the session's timeout. The timer is a plain
// one: a context with a deadline can print it, which brings all of time's formatting into the module.
func (s *Session) bounded(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(s.life, func() { cancel(ErrConnectionClosed) })
	timer := time.AfterFunc(s.options.Timeout, func() { cancel(&TimeoutError{s.options.Timeout}) })
	return ctx, func() { stop(); timer.Stop(); cancel(nil) }
}

// TimeoutError says that a request took longer than the session's timeout, its retries included.
type TimeoutError struct{ After time.Duration }

// Error names the time and the option.
func (e *TimeoutError) Error() string {
	return "no complete answer within " + e.After.String() + " (option timeout)"
}

// Code is the error's name on the JavaScript side.
func (e *TimeoutError) Code() string { return "TIMEOUT" }

// Timeout marks the error as one of time, as net.Error does.
func (e *TimeoutError) Timeout() bool { return true }

// AbortError says that the caller's context ended.
type AbortError struct {
	Op  string
	Err error
}

// Error names the operation.
func (e *AbortError) Error() string { return e.Op + ": aborted" }

// Unwrap is the context's cause.
func (e *AbortError) Unwrap() error { return e.Err }

// Code is the error's name on the JavaScript side.
func (e *AbortError) Code() string { return "ABORTED" }

// exchange posts a body once.
func (s *Session) exchange(ctx context.Context, op string, body []byte) (*wire.Response, error) {
	if s.Closed() {
		return nil, ErrConnectionClosed
	}
	url := s.options.ServerURL + "/api"
	response, err := s.options.Transport.RoundTrip(ctx, &wire.Request{URL: url, Header: s.header(), Body: body})
	if err != nil {
		if ended := s.ended(ctx, op); ended != nil {
			return nil, ended
		}
		return nil, &wire.NetworkError{Op: op, URL: url, Err: err}
	}
	return response, nil
}

// ended gives the error for a context that ended: the session's, the timeout's, or the caller's; nil if it did not.
func (s *Session) ended(ctx context.Context, op string) error {
	if ctx.Err() == nil {
		return nil
	}
	cause := context.Cause(ctx)
	var timeout *TimeoutError
	switch {
	case s.Closed():
		return ErrConnectionClosed
	case errors.As(cause, &timeout):
		return &wire.NetworkError{Op: op, URL: s.options.ServerURL + "/api", Err: timeout}
	}
	return &AbortError{Op: op, Err: cause}
}

// read posts operations that change nothing, again where that may help, and hands the replies to use. The nodes are
// good until use returns.
func (s *Session) read(ctx context.Context, op string, body []byte, operations int,
	use func(read *reading, replies []wire.Node) error) error {
	return s.readWithin(ctx, op, body, operations, 0, nil, use)
}

// readWithin is read with a number of attempts, and with what serves instead, as fetch has them.
func (s *Session) readWithin(ctx context.Context, op string, body []byte, operations, attempts int, instead func() bool,
	use func(read *reading, replies []wire.Node) error) error {
	ctx, release := s.bounded(ctx)
	defer release()
	read := s.beginRead()
	defer read.end()
	response, err := s.fetch(ctx, op, body, attempts, read, instead)
	if err != nil {
		return err
	}
	tape := s.takeTape()
	defer response.Done()
	defer s.giveTape(tape)
	replies, err := s.scan(ctx, op, response, tape, operations)
	if err != nil {
		return err
	}
	return use(read, replies)
}

// errInstead says that something else serves instead of the server's answer.
var errInstead = errors.New("something else serves")

// fetch posts a body until there is an answer that is worth reading, within the context's time and a number of attempts; 0 is the usual one.
// What is worth more than a second attempt is asked of instead, if it is not nil: when the network fails and it gives true, the error is
// errInstead.
func (s *Session) fetch(ctx context.Context, op string, body []byte, attempts int, read *reading, instead func() bool) (*wire.Response, error) {
	var response *wire.Response
	policy := wire.RetryPolicy{Deadline: time.Now().Add(s.options.Timeout), Attempts: attempts}
	err := wire.Retry(ctx, policy, func(ctx context.Context) error {
		var err error
		read.leaves()
		if response, err = s.exchange(ctx, op, body); err != nil {
			var network *wire.NetworkError
			if instead != nil && errors.As(err, &network) && instead() {
				return errInstead
			}
			return err
		}
		if err = wire.CheckStatus(op, response); err != nil {
			err = wire.CheckStatus(op, s.redacted(response))
		}
		return err
	})
	if err != nil {
		if ended := s.ended(ctx, op); ended != nil && err != errInstead {
			return nil, ended
		}
		return nil, err
	}
	return response, nil
}

// scan reads a reply onto a tape, in slices where the session pauses.
func (s *Session) scan(ctx context.Context, op string, response *wire.Response, tape *wire.Tape, operations int) ([]wire.Node, error) {
	tape.Start(response.Body)
	for {
		done, err := tape.Step(scanStep)
		if done || err != nil {
			break
		}
		if err := s.breathe(ctx); err != nil {
			return nil, s.endedOr(ctx, op, err)
		}
	}
	replies, err := wire.RepliesFrom(op, response, tape, operations)
	if err != nil {
		_, err = wire.Replies(op, s.redacted(response), operations)
	}
	return replies, err
}

// redacted is a response whose error may be shown: a proxy's page can echo the request with its key.
func (s *Session) redacted(response *wire.Response) *wire.Response {
	shown := *response
	for _, secret := range s.secrets() {
		shown.Body = bytes.ReplaceAll(shown.Body, []byte(secret), []byte("[redacted]"))
	}
	return &shown
}

// secrets are what no error may show.
func (s *Session) secrets() []string {
	var list []string
	if key := s.key(); key != "" {
		list = append(list, key)
	}
	if s.tokens != nil && s.tokens.known() != "" {
		list = append(list, s.tokens.known())
	}
	return list
}

func (s *Session) endedOr(ctx context.Context, op string, err error) error {
	if ended := s.ended(ctx, op); ended != nil {
		return ended
	}
	return err
}

// scanStep is how many bytes are scanned between two breaths: about a millisecond of code that runs for the first time.
const scanStep = 8 << 10

func (s *Session) takeTape() *wire.Tape {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.tapes); n > 0 {
		tape := s.tapes[n-1]
		s.tapes = s.tapes[:n-1]
		return tape
	}
	return new(wire.Tape)
}

// giveTape keeps two tapes for the next replies: one being read, one being fetched.
func (s *Session) giveTape(tape *wire.Tape) {
	tape.Release()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.tapes) < 2 {
		s.tapes = append(s.tapes, tape)
	}
}

// breathe is called between small pieces of work. The session must not be locked.
func (s *Session) breathe(ctx context.Context) error {
	if s.options.Pause == nil {
		return ctx.Err()
	}
	return s.options.Pause(ctx)
}

// breatheBetween is breathe, before work of another kind.
func (s *Session) breatheBetween(ctx context.Context) error {
	if s.options.PauseBetween == nil {
		return s.breathe(ctx)
	}
	return s.options.PauseBetween(ctx)
}

// Call posts raw operations (any values that wire encodes) once and returns the reply array as JSON, for actions that
// have no method. It is never repeated by itself: the operations may write.
func (s *Session) Call(ctx context.Context, operations ...any) ([]byte, error) {
	body, err := wire.AppendValue(nil, operations)
	if err != nil {
		return nil, &ArgumentError{"call: " + err.Error()}
	}
	return s.CallJSON(ctx, body)
}

// CallJSON is Call for operations that are JSON already: an array.
func (s *Session) CallJSON(ctx context.Context, operations []byte) ([]byte, error) {
	root, err := wire.Parse(operations)
	if err != nil || root.Kind() != wire.Array {
		return nil, &ArgumentError{"call: the operations must be a JSON array"}
	}
	ctx, release := s.bounded(ctx)
	defer release()
	response, err := s.exchange(ctx, "call", operations)
	if err != nil {
		return nil, err
	}
	tape := s.takeTape()
	defer s.giveTape(tape)
	if _, err := s.scan(ctx, "call", response, tape, root.Len()); err != nil {
		return nil, err
	}
	return response.Body, nil
}
