package cache

import (
	"context"
	"sync"
)

// Memoiser remembers what functions gave. Functions are told apart by a name, for a cache may outlive the program. Set the
// fields before the first use.
type Memoiser[V any] struct {
	Cache Cache[V]
	// Keys makes keys of the arguments; nil is an ObjectKeyMaker.
	Keys KeyMaker
	// Copy, when set, makes the copies that callers get, so that none can change what others get.
	Copy func(V) V
	// Report, when set, is told of errors of the cache. They fail no call: the function is called then.
	Report func(error)

	mu      sync.Mutex
	flights map[string]*flight[V]
}

// flight is a call under way, for all who want its result.
type flight[V any] struct {
	done     chan struct{}
	callers  int
	cancel   context.CancelFunc
	value    V
	err      error
	panicked any
}

// Call gives what the function of a name gave for arguments before, or calls it. Calls with equal arguments at the same time share one
// call, whose context ends when those of all its callers have. Errors are given to those who wait, and not remembered.
// Arguments that no key can be made of are a *KeyError.
func (m *Memoiser[V]) Call(ctx context.Context, name string, function func(context.Context) (V, error), arguments ...any) (value V, err error) {
	keys := m.Keys
	if keys == nil {
		keys = ObjectKeyMaker{}
	}
	key, err := keys.Key(append([]any{name}, arguments...)...)
	if err != nil {
		return value, err
	}
	m.mu.Lock()
	f := m.flights[key]
	if f == nil {
		own, cancel := context.WithCancel(context.WithoutCancel(ctx))
		f = &flight[V]{done: make(chan struct{}), cancel: cancel}
		if m.flights == nil {
			m.flights = map[string]*flight[V]{}
		}
		m.flights[key] = f
		go m.fly(own, f, key, function)
	}
	f.callers++
	m.mu.Unlock()
	select {
	case <-f.done:
	case <-ctx.Done():
		m.leave(f, key)
		return value, context.Cause(ctx)
	}
	switch {
	case f.panicked != nil:
		panic(f.panicked)
	case f.err != nil:
		return value, f.err
	case m.Copy != nil:
		return m.Copy(f.value), nil
	}
	return f.value, nil
}

// leave ends a call that nobody waits for any more. Who comes later begins a new one.
func (m *Memoiser[V]) leave(f *flight[V], key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if f.callers--; f.callers == 0 {
		f.cancel()
		if m.flights[key] == f {
			delete(m.flights, key)
		}
	}
}

func (m *Memoiser[V]) fly(ctx context.Context, f *flight[V], key string, function func(context.Context) (V, error)) {
	defer f.cancel()
	defer func() {
		f.panicked = recover()
		m.mu.Lock()
		if m.flights[key] == f {
			delete(m.flights, key)
		}
		m.mu.Unlock()
		close(f.done)
	}()
	value, ok, err := m.Cache.Get(ctx, key)
	if err != nil {
		m.report(err)
	}
	if ok && err == nil {
		f.value = value
		return
	}
	if f.value, f.err = function(ctx); f.err != nil {
		return
	}
	if err := m.Cache.Set(ctx, key, f.value); err != nil {
		m.report(err)
	}
}

func (m *Memoiser[V]) report(err error) {
	if m.Report != nil {
		m.Report(err)
	}
}
