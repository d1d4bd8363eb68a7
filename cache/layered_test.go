package cache_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/cache"
)

func valueIn(t *testing.T, c cache.Cache[string], key string) string {
	t.Helper()
	value, ok, err := c.Get(t.Context(), key)
	require.NoError(t, err)
	if !ok {
		return "nothing"
	}
	return value
}

// broken fails.
type broken struct{ err error }

func (b broken) Get(context.Context, string) (string, bool, error) { return "", false, b.err }
func (b broken) Set(context.Context, string, string) error         { return b.err }
func (b broken) Remove(context.Context, string) error              { return b.err }
func (b broken) Keys(context.Context) ([]string, error)            { return nil, b.err }
func (b broken) Values(context.Context) ([]string, error)          { return nil, b.err }
func (b broken) Clear(context.Context, cache.Pattern) error        { return b.err }

func TestAHitFillsTheLayersAboveAndAWriteReachesAll(t *testing.T) {
	ctx := t.Context()
	top, middle, bottom := &cache.Memory[string]{}, &cache.Memory[string]{}, &cache.Memory[string]{}
	layered := cache.NewLayered[string](top, middle, bottom)
	require.NoError(t, middle.Set(ctx, "a", "1"))
	require.NoError(t, bottom.SetMany(ctx, map[string]string{"b": "2", "c": "3"}))
	assert.Equal(t, "1", valueIn(t, layered, "a"))
	assert.Equal(t, "1", valueIn(t, top, "a"))
	assert.Equal(t, "nothing", valueIn(t, bottom, "a"))
	values, err := layered.GetMany(ctx, []string{"a", "b", "c", "d"})
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"a": "1", "b": "2", "c": "3"}, values)
	assert.Equal(t, "2", valueIn(t, top, "b"))
	assert.Equal(t, "3", valueIn(t, middle, "c"))
	require.NoError(t, layered.Set(ctx, "a", "4"))
	for _, layer := range layered.Layers() {
		assert.Equal(t, "4", valueIn(t, layer, "a"))
	}
	require.NoError(t, layered.Remove(ctx, "a"))
	for _, layer := range layered.Layers() {
		assert.Equal(t, "nothing", valueIn(t, layer, "a"))
	}
}

func TestALayerThatFailsDoesNotHoldTheOthersUp(t *testing.T) {
	ctx := t.Context()
	why := errors.New("the layer is broken")
	memory := &cache.Memory[string]{}
	for name, layers := range map[string][]cache.Cache[string]{"above": {broken{why}, memory}, "below": {memory, broken{why}}} {
		require.NoError(t, memory.Clear(ctx, nil))
		var reported []error
		layered := cache.NewLayered(layers...)
		layered.Report = func(err error) { reported = append(reported, err) }
		assert.ErrorIs(t, layered.Set(ctx, "a", "1"), why, name)
		value, ok, err := layered.Get(ctx, "a")
		require.NoError(t, err, name)
		assert.True(t, ok)
		assert.Equal(t, "1", value)
		if name == "above" {
			require.Len(t, reported, 2, "the read, and the filling")
			assert.ErrorIs(t, reported[0], why)
		}
		_, ok, err = layered.Get(ctx, "nothing")
		assert.ErrorIs(t, err, why, name)
		assert.False(t, ok)
		keys, err := layered.Keys(ctx)
		assert.ErrorIs(t, err, why)
		assert.Equal(t, []string{"a"}, keys)
		assert.ErrorIs(t, layered.Clear(ctx, nil), why)
		assert.Equal(t, "nothing", valueIn(t, memory, "a"), name)
	}
}

// slow lets a test stand between what it reads and the return.
type slow struct {
	cache.Proxy[string]
	read func()
}

func (s slow) Get(ctx context.Context, key string) (string, bool, error) {
	value, ok, err := s.Proxy.Get(ctx, key)
	s.read()
	return value, ok, err
}

func TestWhatIsReadWhileItIsReplacedDoesNotComeBack(t *testing.T) {
	ctx := t.Context()
	for name, change := range map[string]func(cache.Cache[string]) error{
		"new":     func(c cache.Cache[string]) error { return c.Set(ctx, "a", "new") },
		"nothing": func(c cache.Cache[string]) error { return c.Clear(ctx, nil) },
	} {
		top, bottom := &cache.Memory[string]{}, &cache.Memory[string]{}
		require.NoError(t, bottom.Set(ctx, "a", "old"))
		var layered *cache.Layered[string]
		layered = cache.NewLayered[string](top, slow{cache.Proxy[string]{Proxied: bottom}, func() { require.NoError(t, change(layered)) }})
		assert.Equal(t, "old", valueIn(t, layered, "a"), "it was, when it was read")
		assert.Equal(t, name, valueIn(t, top, "a"))
		assert.Equal(t, name, valueIn(t, bottom, "a"))
	}
}

func TestLayersAgreeAfterWritesAtOnce(t *testing.T) {
	top, bottom := &cache.Memory[string]{}, &cache.Memory[string]{}
	layered := cache.NewLayered[string](top, bottom)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 200 {
				layered.Set(t.Context(), "a", fmt.Sprint(g, i))
				layered.Get(t.Context(), "a")
				top.Remove(t.Context(), "a") // so that reads fill it
				layered.Get(t.Context(), "a")
			}
		})
	}
	wg.Wait()
	want := valueIn(t, bottom, "a")
	assert.Equal(t, want, valueIn(t, layered, "a"))
	assert.Equal(t, want, valueIn(t, top, "a"))
}

// blocked answers nobody until the context ends.
type blocked struct{ cache.Proxy[string] }

func (blocked) Set(ctx context.Context, _, _ string) error { <-ctx.Done(); return context.Cause(ctx) }

func TestAWriteBehindOneThatHangsEndsWithItsContext(t *testing.T) {
	why := errors.New("the caller has gone")
	layered := cache.NewLayered[string](&cache.Memory[string]{}, blocked{})
	first, end := context.WithCancelCause(t.Context())
	ended := make(chan error)
	go func() { ended <- layered.Set(first, "a", "1") }()
	second, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	assert.ErrorIs(t, layered.Set(second, "a", "2"), why)
	end(why)
	assert.ErrorIs(t, <-ended, why)
}

func ExampleLayered() {
	ctx := context.Background()
	memory, lasting := &cache.Memory[string]{}, &cache.Memory[string]{}
	layered := cache.NewLayered[string](memory, lasting)
	lasting.Set(ctx, "greeting", "hello") // by an earlier program, perhaps
	value, ok, _ := layered.Get(ctx, "greeting")
	fmt.Println(value, ok)
	keys, _ := memory.Keys(ctx) // the hit filled the layer above
	fmt.Println(keys)
	// Output:
	// hello true
	// [greeting]
}
