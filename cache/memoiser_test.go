package cache_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/cache"
)

func TestAMemoiserCallsOnceForTheSameArguments(t *testing.T) {
	m := &cache.Memoiser[string]{Cache: &cache.Memory[string]{}}
	calls := 0
	call := func(name string, arguments ...any) string {
		value, err := m.Call(t.Context(), name, func(context.Context) (string, error) { calls++; return fmt.Sprint(name, arguments), nil }, arguments...)
		require.NoError(t, err)
		return value
	}
	for range 3 {
		assert.Equal(t, "size[a 1]", call("size", "a", 1))
	}
	assert.Equal(t, 1, calls)
	call("size", "a", "1")
	call("size", "a,1")
	call("width", "a", 1)
	call("size")
	assert.Equal(t, 5, calls)
}

func TestAMemoiserRemembersNoErrors(t *testing.T) {
	m := &cache.Memoiser[int]{Cache: &cache.Memory[int]{}}
	why := errors.New("not yet")
	_, err := m.Call(t.Context(), "f", func(context.Context) (int, error) { return 0, why })
	assert.ErrorIs(t, err, why)
	value, err := m.Call(t.Context(), "f", func(context.Context) (int, error) { return 1, nil })
	require.NoError(t, err)
	assert.Equal(t, 1, value)
	_, err = m.Call(t.Context(), "f", nil, func() {})
	var keyError *cache.KeyError
	assert.ErrorAs(t, err, &keyError)
}

func TestAMemoiserDoesWithoutACacheThatFails(t *testing.T) {
	why := errors.New("the cache is broken")
	var reported []error
	m := &cache.Memoiser[string]{Cache: broken{why}, Report: func(err error) { reported = append(reported, err) }}
	value, err := m.Call(t.Context(), "f", func(context.Context) (string, error) { return "value", nil })
	require.NoError(t, err)
	assert.Equal(t, "value", value)
	assert.Equal(t, []error{why, why}, reported)
}

func TestCallersShareACallUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &cache.Memoiser[int]{Cache: &cache.Memory[int]{}}
		calls, ended := 0, 0
		release := make(chan struct{})
		f := func(ctx context.Context) (int, error) {
			calls++
			select {
			case <-release:
				return calls, nil
			case <-ctx.Done():
				ended++
				return 0, context.Cause(ctx)
			}
		}
		leaving, leave := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				value, err := m.Call(t.Context(), "f", f)
				assert.NoError(t, err)
				assert.Equal(t, 1, value)
			})
		}
		wg.Go(func() {
			_, err := m.Call(leaving, "f", f)
			assert.ErrorIs(t, err, context.Canceled)
		})
		synctest.Wait()
		assert.Equal(t, 1, calls)
		leave()
		synctest.Wait()
		assert.Zero(t, ended, "others wait")
		close(release)
		wg.Wait()

		release = make(chan struct{})
		alone, end := context.WithCancel(t.Context())
		wg.Go(func() {
			_, err := m.Call(alone, "f", f, "other")
			assert.ErrorIs(t, err, context.Canceled)
		})
		synctest.Wait()
		end()
		wg.Wait()
		synctest.Wait()
		assert.Equal(t, 1, ended, "nobody waits any more")
	})
}

func TestAPanicReachesTheCallers(t *testing.T) {
	m := &cache.Memoiser[int]{Cache: &cache.Memory[int]{}}
	assert.PanicsWithValue(t, "boom", func() { m.Call(t.Context(), "f", func(context.Context) (int, error) { panic("boom") }) })
	value, err := m.Call(t.Context(), "f", func(context.Context) (int, error) { return 1, nil })
	require.NoError(t, err)
	assert.Equal(t, 1, value)
}

func TestCallersGetCopies(t *testing.T) {
	m := &cache.Memoiser[[]int]{Cache: &cache.Memory[[]int]{}, Copy: slices.Clone[[]int]}
	f := func(context.Context) ([]int, error) { return []int{1}, nil }
	first, err := m.Call(t.Context(), "f", f)
	require.NoError(t, err)
	first[0] = 2
	second, err := m.Call(t.Context(), "f", f)
	require.NoError(t, err)
	assert.Equal(t, []int{1}, second)
}

func ExampleMemoiser() {
	m := &cache.Memoiser[int]{Cache: &cache.Memory[int]{}}
	frames := func(shot string) (int, error) {
		return m.Call(context.Background(), "frames", func(context.Context) (int, error) {
			fmt.Println("counting the frames of", shot)
			return 120, nil
		}, shot)
	}
	for range 2 {
		n, err := frames("sh010")
		fmt.Println(n, err)
	}
	// Output:
	// counting the frames of sh010
	// 120 <nil>
	// 120 <nil>
}
