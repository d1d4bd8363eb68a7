package cache

import "context"

// Proxy passes everything on to another cache. It is there to be embedded by caches that do some of it differently. It has no
// batched forms of its own, so that GetMany and the others go through the single ones, which may be those of the embedder.
type Proxy[V any] struct {
	Proxied Cache[V]
}

// Get gives what the other cache has.
func (p Proxy[V]) Get(ctx context.Context, key string) (V, bool, error) {
	return p.Proxied.Get(ctx, key)
}

// Set has the other cache keep a value.
func (p Proxy[V]) Set(ctx context.Context, key string, value V) error {
	return p.Proxied.Set(ctx, key, value)
}

// Remove has the other cache forget a key.
func (p Proxy[V]) Remove(ctx context.Context, key string) error { return p.Proxied.Remove(ctx, key) }

// Keys are those of the other cache.
func (p Proxy[V]) Keys(ctx context.Context) ([]string, error) { return p.Proxied.Keys(ctx) }

// Values are those of the other cache.
func (p Proxy[V]) Values(ctx context.Context) ([]V, error) { return p.Proxied.Values(ctx) }

// Clear has the other cache forget keys.
func (p Proxy[V]) Clear(ctx context.Context, pattern Pattern) error {
	return p.Proxied.Clear(ctx, pattern)
}
