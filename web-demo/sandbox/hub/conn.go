package hub

import (
	"context"
	"errors"
	"io"
	"sync"
)

// ErrBinary says that a frame was not text, which no frame of the protocol is.
var ErrBinary = errors.New("hub: a binary frame")

// Conn is one connection of a client. Receive and Send are called by one goroutine each, Close by any.
type Conn interface {
	// Receive waits for the next frame. io.EOF when the other side has ended the connection.
	Receive(ctx context.Context) (string, error)
	// Send gives a frame to the other side.
	Send(ctx context.Context, frame string) error
	// Close ends the connection; what waits on it returns.
	Close() error
}

// BinarySender is a connection that sends binary frames too, for tests of what clients do with them.
type BinarySender interface {
	SendBinary(ctx context.Context, frame []byte) error
}

// Pipe is a connection within one process: what is sent into one end is received from the other, in order.
func Pipe() (client, server Conn) {
	a, b := newFlow(), newFlow()
	return &end{in: a, out: b}, &end{in: b, out: a}
}

type end struct{ in, out *flow }

func (e *end) Receive(ctx context.Context) (string, error) { return e.in.take(ctx) }

func (e *end) Send(_ context.Context, frame string) error { return e.out.put(frame) }

func (e *end) Close() error {
	e.in.close()
	e.out.close()
	return nil
}

// flow is a queue without bounds from one goroutine to another.
type flow struct {
	mutex  sync.Mutex
	frames []string
	closed bool
	wake   chan struct{}
}

func newFlow() *flow { return &flow{wake: make(chan struct{}, 1)} }

func (f *flow) put(frame string) error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.closed {
		return io.ErrClosedPipe
	}
	f.frames = append(f.frames, frame)
	f.notify()
	return nil
}

func (f *flow) close() {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.closed = true
	f.notify()
}

func (f *flow) notify() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// next is the first frame; ok is false when there is none, err io.EOF when there will be none.
func (f *flow) next() (frame string, ok bool, err error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if len(f.frames) > 0 {
		frame, f.frames = f.frames[0], f.frames[1:]
		return frame, true, nil
	}
	if f.closed {
		f.notify()
		return "", false, io.EOF
	}
	return "", false, nil
}

func (f *flow) take(ctx context.Context) (string, error) {
	for {
		if frame, ok, err := f.next(); ok || err != nil {
			return frame, err
		}
		select {
		case <-f.wake:
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

func (f *flow) len() int {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return len(f.frames)
}
