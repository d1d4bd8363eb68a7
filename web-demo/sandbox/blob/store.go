package blob

import (
	"context"
	"errors"
	"io"
	"sync"
)

// ErrNotFound says that nothing is kept under a name.
var ErrNotFound = errors.New("blob: not found")

// Reader reads what is kept.
type Reader interface {
	io.ReadSeeker
	io.Closer
}

// Store keeps bytes by name. Names are made of letters, digits and dashes. It is safe for several goroutines.
type Store interface {
	// Put keeps what a reader gives, under a name that is not in use, and says how much it was. Of a reader that fails
	// nothing stays.
	Put(ctx context.Context, name string, from io.Reader) (int64, error)
	// Open reads what is kept. ErrNotFound when there is nothing.
	Open(name string) (Reader, error)
	// Remove forgets a name; of one that is not kept it is no error.
	Remove(name string) error
}

// chunk is how much memory is taken at a time.
const chunk = 1 << 20

// Memory is a store in memory. The zero value is empty.
type Memory struct {
	mutex sync.Mutex
	blobs map[string]pages
}

var _ Store = (*Memory)(nil)

// pages are bytes in chunks, all full but the last one.
type pages struct {
	chunks [][]byte
	size   int64
}

// Put keeps a copy.
func (m *Memory) Put(ctx context.Context, name string, from io.Reader) (int64, error) {
	var p pages
	for {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		next := make([]byte, chunk)
		n, err := io.ReadFull(from, next)
		if n > 0 {
			p.chunks = append(p.chunks, next[:n:n])
			p.size += int64(n)
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) && n < chunk {
			break
		}
		if err != nil {
			return 0, err
		}
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.blobs == nil {
		m.blobs = map[string]pages{}
	}
	m.blobs[name] = p
	return p.size, nil
}

// Open reads what is kept; it stays readable when the name is removed.
func (m *Memory) Open(name string) (Reader, error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	p, ok := m.blobs[name]
	if !ok {
		return nil, ErrNotFound
	}
	return &memoryReader{pages: p}, nil
}

// Remove forgets a name.
func (m *Memory) Remove(name string) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	delete(m.blobs, name)
	return nil
}

type memoryReader struct {
	pages
	at int64
}

func (r *memoryReader) Read(into []byte) (int, error) {
	if r.at >= r.size {
		return 0, io.EOF
	}
	n := copy(into, r.chunks[r.at/chunk][r.at%chunk:])
	r.at += int64(n)
	return n, nil
}

func (r *memoryReader) Seek(offset int64, whence int) (int64, error) {
	at, err := seek(r.at, r.size, offset, whence)
	r.at = at
	return at, err
}

func (r *memoryReader) Close() error { return nil }

// seek is where a reader stands after a Seek.
func seek(at, size, offset int64, whence int) (int64, error) {
	to := offset
	switch whence {
	case io.SeekCurrent:
		to += at
	case io.SeekEnd:
		to += size
	}
	if to < 0 {
		return at, errors.New("blob: a place before the beginning")
	}
	return to, nil
}
