package file

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/cache"
)

// Options configure a Cache.
type Options struct {
	// Limit is how many bytes are kept at most, about; beyond it the values that were written first go. 0 is no limit.
	Limit int64
	// Report, when set, is told of what was dropped because it was damaged. It must not use the cache.
	Report func(error)
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Cache is a cache.Cache of bytes in a folder. Several goroutines, and several processes, may use the folder at once. Nothing is held
// open between calls. A value that was set survives the end of the program, a sudden one too; one that was set just before
// the machine lost its power may be lost. What is damaged counts as not there, and is reported. Callers own the bytes that they get.
type Cache struct {
	folder  string
	options Options

	mu      sync.Mutex // held while the folder is looked at or written to
	packs   map[string]*pack
	entries map[string]*entry // the newest of each key, removals too
	stamp   uint64            // the newest one
	seen    time.Time         // when the folder was last modified, as of the last look
	sure    bool              // whether it has changed when that time has
}

var _ cache.Cache[[]byte] = (*Cache)(nil)
var _ cache.Batcher[[]byte] = (*Cache)(nil)

// New makes a cache over a folder, which is made when it is not there. Errors are those of the file system.
func New(folder string, options Options) (*Cache, error) {
	if options.Now == nil {
		options.Now = time.Now
	}
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, fmt.Errorf("cache: %w", err)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("cache: %w", err)
	}
	c := &Cache{folder: folder, options: options, packs: map[string]*pack{}, entries: map[string]*entry{}}
	c.removeLeftovers()
	return c, c.refresh()
}

// Folder is where the values are.
func (c *Cache) Folder() string { return c.folder }

// Get reads a value.
func (c *Cache) Get(ctx context.Context, key string) (value []byte, ok bool, err error) {
	found, err := c.GetMany(ctx, []string{key})
	value, ok = found[key]
	return value, ok, err
}

// GetMany reads the values of those keys that have one.
func (c *Cache) GetMany(ctx context.Context, keys []string) (map[string][]byte, error) {
	found := make(map[string][]byte, len(keys))
	for len(keys) > 0 {
		entries, err := c.find(ctx, keys)
		if err != nil {
			return found, err
		}
		keys = nil
		for _, e := range entries {
			if err := context.Cause(ctx); err != nil {
				return found, err
			}
			value, err := readValue(c.path(e.pack.name), e)
			switch {
			case err == nil:
				found[e.key] = value
			case errors.Is(err, errDamaged):
				c.drop(e)
			case isGone(err): // put into another pack meanwhile
				keys = append(keys, e.key)
			default:
				return found, fmt.Errorf("cache: %w", err)
			}
		}
		if len(keys) > 0 {
			c.mu.Lock()
			c.sure = false
			c.mu.Unlock()
		}
	}
	return found, nil
}

// lookIn locks the cache once it knows what the folder holds, unless it is too late for that.
func (c *Cache) lookIn(ctx context.Context) (unlock func(), err error) {
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	c.mu.Lock()
	if err := c.refresh(); err != nil {
		c.mu.Unlock()
		return nil, err
	}
	return c.mu.Unlock, nil
}

// find looks for the entries of keys, each once.
func (c *Cache) find(ctx context.Context, keys []string) (map[string]*entry, error) {
	unlock, err := c.lookIn(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	entries := make(map[string]*entry, len(keys))
	for _, key := range keys {
		if e := c.entries[key]; e != nil && !e.isRemoval() {
			entries[key] = e
		}
	}
	return entries, nil
}

// drop forgets a value that is damaged. An older one does not come back in its place.
func (c *Cache) drop(e *entry) {
	c.report(fmt.Errorf("cache: a value in %s: %w; it is dropped", c.path(e.pack.name), errDamaged))
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries[e.key] == e {
		if err := c.write([]change{{key: e.key, remove: true}}); err != nil {
			c.report(err)
		}
	}
}

// Set writes a value.
func (c *Cache) Set(ctx context.Context, key string, value []byte) error {
	return c.apply(ctx, []change{{key: key, value: value}})
}

// SetMany writes values, all of them or, when it fails, none.
func (c *Cache) SetMany(ctx context.Context, values map[string][]byte) error {
	changes := make([]change, 0, len(values))
	for key, value := range values {
		changes = append(changes, change{key: key, value: value})
	}
	return c.apply(ctx, changes)
}

// Remove forgets a key.
func (c *Cache) Remove(ctx context.Context, key string) error {
	return c.RemoveMany(ctx, []string{key})
}

// RemoveMany forgets keys, all of them or, when it fails, none.
func (c *Cache) RemoveMany(ctx context.Context, keys []string) error {
	return c.removeThose(ctx, func(yield func(string)) {
		for _, key := range keys {
			yield(key)
		}
	})
}

// Clear forgets the keys that match a pattern, all of them when it is nil.
func (c *Cache) Clear(ctx context.Context, pattern cache.Pattern) error {
	return c.removeThose(ctx, func(yield func(string)) {
		for key := range c.entries {
			if pattern == nil || pattern.MatchString(key) {
				yield(key)
			}
		}
	})
}

// removeThose forgets those of some keys that are there.
func (c *Cache) removeThose(ctx context.Context, each func(yield func(key string))) error {
	unlock, err := c.lookIn(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	var changes []change
	seen := map[string]bool{}
	each(func(key string) {
		if e := c.entries[key]; e != nil && !e.isRemoval() && !seen[key] {
			seen[key] = true
			changes = append(changes, change{key: key, remove: true})
		}
	})
	return c.write(changes)
}

// Keys are all keys, in no promised order.
func (c *Cache) Keys(ctx context.Context) ([]string, error) {
	unlock, err := c.lookIn(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	keys := make([]string, 0, len(c.entries))
	for key, e := range c.entries {
		if !e.isRemoval() {
			keys = append(keys, key)
		}
	}
	return keys, nil
}

// Values reads all values.
func (c *Cache) Values(ctx context.Context) ([][]byte, error) {
	keys, err := c.Keys(ctx)
	if err != nil {
		return nil, err
	}
	found, err := c.GetMany(ctx, keys)
	values := make([][]byte, 0, len(found))
	for _, value := range found {
		values = append(values, value)
	}
	return values, err
}

func (c *Cache) apply(ctx context.Context, changes []change) error {
	unlock, err := c.lookIn(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	return c.write(changes)
}

func (c *Cache) path(name string) string { return filepath.Join(c.folder, name) }

func (c *Cache) report(err error) {
	if c.options.Report != nil {
		c.options.Report(err)
	}
}
