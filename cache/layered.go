package cache

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

// Layered is a stack of caches, the fastest on top. A hit in a lower layer fills those above it; a write reaches all. A layer that
// fails does not keep the others from doing their work. Use NewLayered.
type Layered[V any] struct {
	// Report, when set, is told of errors that the caller does not see, because another layer had the value.
	Report func(error)

	layers []Cache[V]
	turn   chan struct{} // holds one token while something is written
	writes atomic.Int64  // begun and ended: what was read before one is not put above after it
	mu     sync.Mutex    // guards Report
}

// NewLayered makes a stack of caches, the first on top.
func NewLayered[V any](layers ...Cache[V]) *Layered[V] {
	return &Layered[V]{layers: layers, turn: make(chan struct{}, 1)}
}

// Layers are the caches, the topmost first. They are not to be changed.
func (l *Layered[V]) Layers() []Cache[V] { return l.layers[:len(l.layers):len(l.layers)] }

// Get gives the value of the topmost layer that has one. When none has, it gives the errors of those that failed.
func (l *Layered[V]) Get(ctx context.Context, key string) (value V, ok bool, err error) {
	found, err := l.GetMany(ctx, []string{key})
	value, ok = found[key]
	return value, ok, err
}

// GetMany asks each layer for what those above it do not have.
func (l *Layered[V]) GetMany(ctx context.Context, keys []string) (map[string]V, error) {
	writes := l.writes.Load()
	values := make(map[string]V, len(keys))
	var failed []error
	missing := keys
	for i, layer := range l.layers {
		found, err := GetMany(ctx, layer, missing)
		if err != nil {
			failed = append(failed, err)
		}
		if len(found) == 0 {
			continue
		}
		if i > 0 {
			l.fill(ctx, l.layers[:i], found, writes)
		}
		var rest []string
		for _, key := range missing {
			if value, ok := found[key]; ok {
				values[key] = value
			} else {
				rest = append(rest, key)
			}
		}
		if missing = rest; len(missing) == 0 {
			break
		}
	}
	err := errors.Join(failed...)
	if len(missing) == 0 && err != nil {
		l.report(err)
		err = nil
	}
	return values, err
}

// fill puts what was found below into the layers above, unless something was written since it was read, or is right now: it might
// be the newer value.
func (l *Layered[V]) fill(ctx context.Context, above []Cache[V], found map[string]V, writes int64) {
	select {
	case l.turn <- struct{}{}:
	default:
		return
	}
	defer func() { <-l.turn }()
	if l.writes.Load() != writes {
		return
	}
	for _, layer := range above {
		if err := SetMany(ctx, layer, found); err != nil {
			l.report(err)
		}
	}
}

// Set keeps a value in all layers. The error is that of the layers that failed.
func (l *Layered[V]) Set(ctx context.Context, key string, value V) error {
	return l.write(ctx, func(layer Cache[V]) error { return layer.Set(ctx, key, value) })
}

// SetMany keeps values in all layers.
func (l *Layered[V]) SetMany(ctx context.Context, values map[string]V) error {
	return l.write(ctx, func(layer Cache[V]) error { return SetMany(ctx, layer, values) })
}

// Remove forgets a key in all layers.
func (l *Layered[V]) Remove(ctx context.Context, key string) error {
	return l.write(ctx, func(layer Cache[V]) error { return layer.Remove(ctx, key) })
}

// RemoveMany forgets keys in all layers.
func (l *Layered[V]) RemoveMany(ctx context.Context, keys []string) error {
	return l.write(ctx, func(layer Cache[V]) error { return RemoveMany(ctx, layer, keys) })
}

// Clear forgets in all layers the keys that match a pattern.
func (l *Layered[V]) Clear(ctx context.Context, pattern Pattern) error {
	return l.write(ctx, func(layer Cache[V]) error { return layer.Clear(ctx, pattern) })
}

// write does something to all layers, the lowest first: who reads meanwhile has the old value or the new one.
func (l *Layered[V]) write(ctx context.Context, do func(Cache[V]) error) error {
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { <-l.turn }()
	l.writes.Add(1)
	defer l.writes.Add(1)
	var failed []error
	for i := len(l.layers) - 1; i >= 0; i-- {
		if err := do(l.layers[i]); err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// Keys are those of all layers, each once.
func (l *Layered[V]) Keys(ctx context.Context) ([]string, error) {
	seen := map[string]bool{}
	keys := []string{}
	var failed []error
	for _, layer := range l.layers {
		own, err := layer.Keys(ctx)
		if err != nil {
			failed = append(failed, err)
		}
		for _, key := range own {
			if !seen[key] {
				seen[key] = true
				keys = append(keys, key)
			}
		}
	}
	return keys, errors.Join(failed...)
}

// Values are those of all keys, each from the topmost layer that has it.
func (l *Layered[V]) Values(ctx context.Context) ([]V, error) {
	keys, err := l.Keys(ctx)
	if err != nil {
		return nil, err
	}
	found, err := l.GetMany(ctx, keys)
	values := make([]V, 0, len(found))
	for _, key := range keys {
		if value, ok := found[key]; ok {
			values = append(values, value)
		}
	}
	return values, err
}

func (l *Layered[V]) report(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.Report != nil {
		l.Report(err)
	}
}
