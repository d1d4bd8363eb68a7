package cache_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/cache"
)

func TestMemoryLetsTheLeastRecentlyUsedGo(t *testing.T) {
	ctx := t.Context()
	m := &cache.Memory[string]{Limit: 3}
	for _, key := range []string{"a", "b", "c"} {
		require.NoError(t, m.Set(ctx, key, key))
	}
	m.Get(ctx, "a")
	m.Set(ctx, "d", "d")
	keys, _ := m.Keys(ctx)
	assert.Equal(t, []string{"d", "a", "c"}, keys)
	m.Set(ctx, "c", "again")
	m.Set(ctx, "e", "e")
	values, _ := m.Values(ctx)
	assert.Equal(t, []string{"e", "again", "d"}, values)
	assert.Equal(t, cache.Statistics{Entries: 3, Size: 3, Hits: 1}, m.Statistics())
}

func TestMemoryMeasures(t *testing.T) {
	ctx := t.Context()
	m := &cache.Memory[string]{Limit: 10, Measure: func(_, value string) int { return len(value) }}
	m.Set(ctx, "a", "12345")
	m.Set(ctx, "b", "12345")
	assert.Equal(t, 10, m.Statistics().Size)
	m.Set(ctx, "c", "1")
	keys, _ := m.Keys(ctx)
	assert.Equal(t, []string{"c", "b"}, keys)
	m.Set(ctx, "b", strings.Repeat("x", 11))
	keys, _ = m.Keys(ctx)
	assert.Equal(t, []string{"c"}, keys, "too large by itself, and what it replaces is not its value any more")
	m.Get(ctx, "nothing")
	m.Remove(ctx, "c")
	assert.Equal(t, cache.Statistics{Misses: 1}, m.Statistics())
}

func TestWhatCannotBeDecodedIsAnErrorBesideTheRest(t *testing.T) {
	ctx := t.Context()
	below := &cache.Memory[[]byte]{}
	c := cache.NewSerialised[int](below, func(n int) ([]byte, error) {
		if n < 0 {
			return nil, errors.New("it is negative")
		}
		return json.Marshal(n)
	}, func(b []byte) (n int, err error) { return n, json.Unmarshal(b, &n) })
	require.NoError(t, c.Set(ctx, "one", 1))
	require.NoError(t, below.Set(ctx, "damaged", []byte("{")))
	var coding *cache.CodingError
	_, ok, err := c.Get(ctx, "damaged")
	require.ErrorAs(t, err, &coding)
	assert.Equal(t, "damaged", coding.Key)
	assert.Equal(t, "decode", coding.Op)
	assert.False(t, ok)
	found, err := c.GetMany(ctx, []string{"one", "damaged"})
	assert.ErrorAs(t, err, &coding)
	assert.Equal(t, map[string]int{"one": 1}, found)
	values, err := c.Values(ctx)
	assert.ErrorAs(t, err, &coding)
	assert.Equal(t, []int{1}, values)
	assert.EqualError(t, c.Set(ctx, "one", -1), "cache: encode: it is negative")
	assert.ErrorAs(t, c.SetMany(ctx, map[string]int{"one": -1, "two": 2}), &coding)
	keys, _ := c.Keys(ctx)
	assert.ElementsMatch(t, []string{"one", "damaged"}, keys)
}

func TestAFailureEndsTheBatchedForms(t *testing.T) {
	why := errors.New("the cache is broken")
	c := broken{why}
	_, err := cache.GetMany[string](t.Context(), c, []string{"a"})
	assert.ErrorIs(t, err, why)
	assert.ErrorIs(t, cache.SetMany[string](t.Context(), c, map[string]string{"a": ""}), why)
	assert.ErrorIs(t, cache.RemoveMany[string](t.Context(), c, []string{"a"}), why)
}

func ExampleMemory() {
	ctx := context.Background()
	c := &cache.Memory[string]{Limit: 1000} // values at most; the least recently used ones go
	c.Set(ctx, "task 1", "comp")
	c.Set(ctx, "shot 1", "sh010")
	value, ok, _ := c.Get(ctx, "task 1")
	fmt.Println(value, ok)
	c.Clear(ctx, regexp.MustCompile("^task"))
	keys, _ := c.Keys(ctx)
	fmt.Println(keys)
	// Output:
	// comp true
	// [shot 1]
}

func ExampleSerialised() {
	ctx := context.Background()
	lasting := &cache.Memory[[]byte]{} // or one of cache/file
	tags := cache.NewSerialised(lasting, func(tags []string) ([]byte, error) { return json.Marshal(tags) },
		func(b []byte) (tags []string, err error) { return tags, json.Unmarshal(b, &tags) })
	tags.Set(ctx, "sh010", []string{"hero", "night"})
	bytes, _, _ := lasting.Get(ctx, "sh010")
	fmt.Printf("%s\n", bytes)
	value, _, _ := tags.Get(ctx, "sh010")
	fmt.Println(value)
	// Output:
	// ["hero","night"]
	// [hero night]
}

// upper is a cache that does not tell capital letters from small ones.
type upper struct{ cache.Proxy[string] }

func (u upper) Get(ctx context.Context, key string) (string, bool, error) {
	return u.Proxy.Get(ctx, strings.ToUpper(key))
}

func (u upper) Set(ctx context.Context, key, value string) error {
	return u.Proxy.Set(ctx, strings.ToUpper(key), value)
}

func ExampleProxy() {
	// type upper struct{ cache.Proxy[string] }, with a Get and a Set of its own
	ctx := context.Background()
	c := upper{cache.Proxy[string]{Proxied: &cache.Memory[string]{}}}
	cache.SetMany(ctx, c, map[string]string{"sh010": "hero"}) // uses the Set of upper
	value, ok, _ := c.Get(ctx, "SH010")
	fmt.Println(value, ok)
	// Output: hero true
}

func ExamplePrefix() {
	ctx := context.Background()
	c := &cache.Memory[int]{}
	cache.SetMany(ctx, c, map[string]int{"task 1": 1, "task 2": 2, "shot 1": 3})
	c.Clear(ctx, cache.Prefix("task "))
	keys, _ := c.Keys(ctx)
	fmt.Println(keys)
	// Output: [shot 1]
}
