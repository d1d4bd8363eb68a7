package session

import (
	"context"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/cache"
)

// scopedCache is what of a cache belongs to one server, user and credentials: keys begin with a prefix there.
type scopedCache struct {
	guarded *guardedCache
	prefix  string
}

func (c *scopedCache) Get(ctx context.Context, key string) ([]byte, bool, error) {
	value, ok := c.guarded.getMany(ctx, []string{c.prefix + key})[c.prefix+key]
	return value, ok, nil
}

// GetMany takes what was asked for; a cache may give more.
func (c *scopedCache) GetMany(ctx context.Context, keys []string) (map[string][]byte, error) {
	given := c.guarded.getMany(ctx, c.prefixed(keys))
	found := make(map[string][]byte, len(keys))
	for _, key := range keys {
		if value, ok := given[c.prefix+key]; ok {
			found[key] = value
		}
	}
	return found, nil
}

func (c *scopedCache) Set(ctx context.Context, key string, value []byte) error {
	c.guarded.setMany(ctx, map[string][]byte{c.prefix + key: value})
	return nil
}

func (c *scopedCache) SetMany(ctx context.Context, values map[string][]byte) error {
	prefixed := make(map[string][]byte, len(values))
	for key, value := range values {
		prefixed[c.prefix+key] = value
	}
	c.guarded.setMany(ctx, prefixed)
	return nil
}

func (c *scopedCache) Remove(ctx context.Context, key string) error {
	return c.RemoveMany(ctx, []string{key})
}

func (c *scopedCache) RemoveMany(ctx context.Context, keys []string) error {
	c.guarded.removeMany(ctx, c.prefixed(keys))
	return nil
}

func (c *scopedCache) Keys(ctx context.Context) ([]string, error) {
	keys := []string{}
	for _, key := range c.guarded.keys(ctx) {
		if own, ok := strings.CutPrefix(key, c.prefix); ok {
			keys = append(keys, own)
		}
	}
	return keys, nil
}

func (c *scopedCache) Values(ctx context.Context) ([][]byte, error) {
	keys, _ := c.Keys(ctx)
	values := make([][]byte, 0, len(keys))
	for _, value := range c.guarded.getMany(ctx, c.prefixed(keys)) {
		values = append(values, value)
	}
	return values, nil
}

func (c *scopedCache) Clear(ctx context.Context, pattern cache.Pattern) error {
	keys, _ := c.Keys(ctx)
	var those []string
	for _, key := range keys {
		if pattern == nil || pattern.MatchString(key) {
			those = append(those, key)
		}
	}
	return c.RemoveMany(ctx, those)
}

func (c *scopedCache) prefixed(keys []string) []string {
	prefixed := make([]string, len(keys))
	for i, key := range keys {
		prefixed[i] = c.prefix + key
	}
	return prefixed
}
