package server

import (
	"io"
	"sync"
)

// sent counts what has left of each part, and tells the sum. A nil one counts nothing.
type sent struct {
	mutex      sync.Mutex
	parts      map[int]*int64 // of each part's last attempt
	loaded     int64
	onProgress func(int64) // nil once the write has ended
}

func newSent(onProgress func(int64)) *sent {
	if onProgress == nil {
		return nil
	}
	return &sent{parts: map[int]*int64{}, onProgress: onProgress}
}

// end makes it say nothing more: a connection may still read when its answer has come.
func (s *sent) end() {
	if s == nil {
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.onProgress = nil
}

// body is one attempt to send a part: it counts from the part's beginning.
func (s *sent) body(part int, data io.Reader) io.Reader {
	if s == nil {
		return data
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	at := new(int64)
	if before := s.parts[part]; before != nil {
		s.loaded -= *before
	}
	s.parts[part] = at
	return readerFunc(func(p []byte) (int, error) {
		n, err := data.Read(p)
		s.add(part, at, n)
		return n, err
	})
}

// add counts what an attempt has read. An earlier attempt that still reads counts no more.
func (s *sent) add(part int, at *int64, n int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if n <= 0 || s.onProgress == nil || s.parts[part] != at {
		return
	}
	*at += int64(n)
	s.loaded += int64(n)
	s.onProgress(s.loaded)
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
