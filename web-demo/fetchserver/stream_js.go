package fetchserver

import (
	"context"
	"io"
	"syscall/js"
)

// Stream reads a ReadableStream of the host.
type Stream struct {
	ctx    context.Context
	stream js.Value // null for none
	reader js.Value
	rest   js.Value // what the host gave and was not taken yet
	at     int
	length int
	ended  error
}

// Raw is the stream itself, for the host to go on with; nothing may have been read of it.
func (s *Stream) Raw() js.Value { return s.stream }

// Read gives what the host gives next.
func (s *Stream) Read(p []byte) (int, error) {
	if s.ended != nil {
		return 0, s.ended
	}
	if s.stream.IsNull() || s.stream.IsUndefined() {
		s.ended = io.EOF
		return 0, s.ended
	}
	if len(p) == 0 {
		return 0, nil
	}
	if s.reader.IsUndefined() {
		s.reader = host.Call("reader", s.stream)
	}
	for s.at == s.length {
		next, err := Await(s.ctx, host.Call("read", s.reader))
		if err != nil {
			s.ended = err
			return 0, err
		}
		if next.IsNull() {
			s.ended = io.EOF
			return 0, s.ended
		}
		s.rest, s.at, s.length = next, 0, next.Length()
	}
	piece := s.rest
	if s.at > 0 {
		piece = s.rest.Call("subarray", s.at)
	}
	n := js.CopyBytesToGo(p, piece)
	s.at += n
	return n, nil
}

// Close leaves the rest unread.
func (s *Stream) Close() error {
	if s.ended == nil && !s.stream.IsNull() && !s.stream.IsUndefined() {
		s.ended = io.ErrClosedPipe
		if s.reader.IsUndefined() {
			host.Call("cancel", s.stream)
		} else {
			host.Call("cancel", s.reader)
		}
	}
	return nil
}
