package session_test

import (
	"bytes"
	"context"
	"sync"

	"github.com/ftrack-wasm/ftrack-wasm/session"
)

// memory is a storage that keeps all it is given, in order.
type memory struct {
	mu    sync.Mutex
	saved []*session.Saved
	lent  givenBack
}

func (m *memory) Save(saved *session.Saved) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.saved = append(m.saved, saved)
}

func (m *memory) LoadReply(_ context.Context, key string) (session.Kept, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := len(m.saved) - 1; i >= 0; i-- {
		if own := m.saved[i]; own.Key == key && key != "" {
			return m.with(own, m.saved[i+1:]), true
		}
	}
	return session.Kept{}, false
}

// with adds what came later.
func (m *memory) with(own *session.Saved, later []*session.Saved) session.Kept {
	kept := session.Kept{Body: bytes.Clone(own.Body), Recycle: m.lent.overwrite, At: own.At, Gone: map[int]bool{}}
	var newer [][]byte
	for i := len(later) - 1; i >= 0; i-- {
		for _, place := range own.Places {
			for _, gone := range later[i].Gone {
				if gone.Hash == place.Hash {
					kept.Gone[int(place.Offset)] = true
				}
			}
			for _, other := range later[i].Places {
				if other.Hash == place.Hash && other.Content != place.Content {
					newer = append(newer, later[i].Body[other.Offset:other.Offset+other.Length])
				}
			}
		}
	}
	if newer != nil {
		kept.Newer = array(newer)
	}
	return kept
}

func (m *memory) LoadEntity(_ context.Context, identity session.Identity, within session.Span) ([]byte, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var objects [][]byte
	for i := len(m.saved) - 1; i >= 0; i-- {
		for _, gone := range m.saved[i].Gone {
			if gone.Hash == identity.Hash {
				return array(objects), objects != nil
			}
		}
		for _, place := range m.saved[i].Places {
			if place.Hash == identity.Hash && within.Holds(m.saved[i].At) {
				objects = append(objects, m.saved[i].Body[place.Offset:place.Offset+place.Length])
			}
		}
	}
	return array(objects), objects != nil
}

func array(objects [][]byte) []byte {
	return append(append([]byte("["), bytes.Join(objects, []byte(","))...), ']')
}

// replies are the bodies under the keys of queries.
func (m *memory) replies() map[string][]byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := map[string][]byte{}
	for _, saved := range m.saved {
		if saved.Key != "" {
			found[saved.Key] = saved.Body
		}
	}
	return found
}

var _ session.Storage = (*memory)(nil)
