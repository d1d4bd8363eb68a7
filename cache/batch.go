package cache

import "context"

// Batcher is what a Cache has beside its methods when it does many keys at once faster than one after the other. Callers use
// GetMany, SetMany and RemoveMany, which work with any cache.
type Batcher[V any] interface {
	// GetMany gives the values of those keys that have one. After an error it gives what it had by then.
	GetMany(ctx context.Context, keys []string) (map[string]V, error)
	// SetMany keeps values in the place of what was there. After an error some of them may be kept.
	SetMany(ctx context.Context, values map[string]V) error
	// RemoveMany forgets keys.
	RemoveMany(ctx context.Context, keys []string) error
}

// GetMany gives the values of those keys that have one. After an error it gives what it had by then.
func GetMany[V any](ctx context.Context, c Cache[V], keys []string) (map[string]V, error) {
	if b, ok := c.(Batcher[V]); ok {
		return b.GetMany(ctx, keys)
	}
	values := make(map[string]V, len(keys))
	for _, key := range keys {
		value, ok, err := c.Get(ctx, key)
		if err != nil {
			return values, err
		}
		if ok {
			values[key] = value
		}
	}
	return values, nil
}

// SetMany keeps values in the place of what was there. After an error some of them may be kept.
func SetMany[V any](ctx context.Context, c Cache[V], values map[string]V) error {
	if b, ok := c.(Batcher[V]); ok {
		return b.SetMany(ctx, values)
	}
	for key, value := range values {
		if err := c.Set(ctx, key, value); err != nil {
			return err
		}
	}
	return nil
}

// RemoveMany forgets keys. After an error some of them may be gone.
func RemoveMany[V any](ctx context.Context, c Cache[V], keys []string) error {
	if b, ok := c.(Batcher[V]); ok {
		return b.RemoveMany(ctx, keys)
	}
	for _, key := range keys {
		if err := c.Remove(ctx, key); err != nil {
			return err
		}
	}
	return nil
}
