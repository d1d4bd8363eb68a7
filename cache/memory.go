package cache

import (
	"context"
	"sync"
)

// Memory is a cache in memory. The zero value is empty and has no limit. Values are given out as they were given: who changes
// what a value points to changes it for everybody (Serialised makes copies). It never blocks and never fails.
type Memory[V any] struct {
	// Limit is the most that is kept, as Measure measures it; beyond it the least recently used values go. 0 is no limit.
	// Limit and Measure are set before the first use.
	Limit int
	// Measure is what a value counts for; nil counts each as 1.
	Measure func(key string, value V) int

	mu             sync.Mutex
	entries        map[string]*memoryEntry[V]
	newest, oldest *memoryEntry[V] // by use
	size           int
	hits, misses   int
}

type memoryEntry[V any] struct {
	key          string
	value        V
	size         int
	newer, older *memoryEntry[V]
}

// Get gives the value of a key, which counts as a use of it.
func (m *Memory[V]) Get(_ context.Context, key string) (value V, ok bool, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, ok = m.get(key)
	return value, ok, nil
}

// GetMany gives the values of those keys that have one.
func (m *Memory[V]) GetMany(_ context.Context, keys []string) (map[string]V, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	values := make(map[string]V, len(keys))
	for _, key := range keys {
		if value, ok := m.get(key); ok {
			values[key] = value
		}
	}
	return values, nil
}

// Set keeps a value. One that is beyond the limit by itself is not kept, nor is what it replaces.
func (m *Memory[V]) Set(_ context.Context, key string, value V) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.set(key, value)
	return nil
}

// SetMany keeps values.
func (m *Memory[V]) SetMany(_ context.Context, values map[string]V) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, value := range values {
		m.set(key, value)
	}
	return nil
}

// Remove forgets a key.
func (m *Memory[V]) Remove(_ context.Context, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.remove(key)
	return nil
}

// RemoveMany forgets keys.
func (m *Memory[V]) RemoveMany(_ context.Context, keys []string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, key := range keys {
		m.remove(key)
	}
	return nil
}

// Keys are all keys, the most recently used first.
func (m *Memory[V]) Keys(context.Context) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	keys := make([]string, 0, len(m.entries))
	for e := m.newest; e != nil; e = e.older {
		keys = append(keys, e.key)
	}
	return keys, nil
}

// Values are all values, the most recently used first.
func (m *Memory[V]) Values(context.Context) ([]V, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	values := make([]V, 0, len(m.entries))
	for e := m.newest; e != nil; e = e.older {
		values = append(values, e.value)
	}
	return values, nil
}

// Clear forgets the keys that match a pattern, all of them when it is nil. The pattern must not use the cache.
func (m *Memory[V]) Clear(_ context.Context, pattern Pattern) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key := range m.entries {
		if matches(pattern, key) {
			m.remove(key)
		}
	}
	return nil
}

// Statistics say how much is kept, and how often it was of use.
type Statistics struct {
	Entries, Size, Hits, Misses int
}

// Statistics are those since the cache was made. Size is as Measure measures.
func (m *Memory[V]) Statistics() Statistics {
	m.mu.Lock()
	defer m.mu.Unlock()
	return Statistics{Entries: len(m.entries), Size: m.size, Hits: m.hits, Misses: m.misses}
}

func (m *Memory[V]) get(key string) (value V, ok bool) {
	e := m.entries[key]
	if e == nil {
		m.misses++
		return value, false
	}
	m.hits++
	m.unlink(e)
	m.link(e)
	return e.value, true
}

func (m *Memory[V]) set(key string, value V) {
	m.remove(key)
	e := &memoryEntry[V]{key: key, value: value, size: 1}
	if m.Measure != nil {
		e.size = m.Measure(key, value)
	}
	if m.Limit > 0 && e.size > m.Limit {
		return
	}
	if m.entries == nil {
		m.entries = map[string]*memoryEntry[V]{}
	}
	m.entries[key] = e
	m.link(e)
	m.size += e.size
	for m.Limit > 0 && m.size > m.Limit {
		m.remove(m.oldest.key)
	}
}

func (m *Memory[V]) remove(key string) {
	if e := m.entries[key]; e != nil {
		delete(m.entries, key)
		m.unlink(e)
		m.size -= e.size
	}
}

// link makes an entry the newest one.
func (m *Memory[V]) link(e *memoryEntry[V]) {
	e.newer, e.older = nil, m.newest
	if m.newest != nil {
		m.newest.newer = e
	} else {
		m.oldest = e
	}
	m.newest = e
}

func (m *Memory[V]) unlink(e *memoryEntry[V]) {
	if e.newer != nil {
		e.newer.older = e.older
	} else {
		m.newest = e.older
	}
	if e.older != nil {
		e.older.newer = e.newer
	} else {
		m.oldest = e.newer
	}
	e.newer, e.older = nil, nil
}
