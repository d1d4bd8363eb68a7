package session_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/cache"
	"github.com/ftrack-wasm/ftrack-wasm/cache/file"
	"github.com/ftrack-wasm/ftrack-wasm/session"
)

var (
	caches   = map[string]session.CacheSource{} // of the tests that run over a cache, by their names
	cachesMu sync.Mutex
)

// cacheOf is the cache that a test runs over, nil for none.
func cacheOf(t *testing.T) session.CacheSource {
	cachesMu.Lock()
	defer cachesMu.Unlock()
	return caches[t.Name()]
}

// plainCache is one of a program's own.
type plainCache struct{ cache.Proxy[[]byte] }

func TestPoliciesOverACache(t *testing.T) {
	for name, make := range map[string]func(*testing.T) cache.Cache[[]byte]{
		"memory": func(*testing.T) cache.Cache[[]byte] { return &cache.Memory[[]byte]{} },
		"one's own": func(*testing.T) cache.Cache[[]byte] {
			return plainCache{cache.Proxy[[]byte]{Proxied: &cache.Memory[[]byte]{}}}
		},
		"a folder": func(t *testing.T) cache.Cache[[]byte] {
			c, err := file.New(t.TempDir(), file.Options{Report: func(err error) { t.Error(err) }})
			require.NoError(t, err)
			return c
		},
	} {
		for policy, test := range map[string]func(*testing.T){
			"network-first":              TestNetworkFirstShowsKeptRowsWhenTheNetworkFails,
			"cache-first":                TestCacheFirstAsksOnlyForWhatIsTooOld,
			"cache-only":                 TestCacheOnlySendsNothing,
			"cache-and-network":          TestCacheAndNetworkGivesKeptRowsAtOnceAndThenTheServers,
			"cache-and-network, nothing": TestCacheAndNetworkWithNothingKeptIsTheNetwork,
			"newer values":               TestKeptRowsDoNotOverwriteWhatIsNewer,
			"entities":                   TestEntitiesAreKeptInACache,
		} {
			t.Run(name+" "+policy, func(t *testing.T) {
				c := make(t)
				cachesMu.Lock()
				caches[t.Name()] = session.UseCacheOf(func(s *session.Session) cache.Cache[[]byte] {
					assert.Equal(t, "http://sandbox", s.ServerURL())
					assert.NotEmpty(t, s.Schemas().Types())
					return c
				})
				cachesMu.Unlock()
				test(t)
			})
		}
	}
}

// taskIn finds a task, and says how many requests it took.
func (v *visits) taskIn(s *session.Session, id string) (*session.Entity, int) {
	v.Helper()
	sent := len(v.server.sent)
	task, err := s.Get(v.Context(), "Task", v.file.IDs[id])
	require.NoError(v, err)
	return task, len(v.server.sent) - sent
}

func TestEntitiesAreKeptInACache(t *testing.T) {
	v := newVisits(t)
	if v.cache == nil {
		v.cache = session.UseCache(&cache.Memory[[]byte]{})
	}
	options := session.Options{Policy: session.CacheFirst, MaxAge: time.Minute}
	s := v.open(options)
	_, _, err := v.names(s, "")
	require.NoError(t, err)
	s = v.open(options)
	task, requests := v.taskIn(s, "t1")
	require.NotNil(t, task)
	assert.Zero(t, requests, "from the cache")
	same, err := s.Get(t.Context(), "TypedContext", v.file.IDs["t1"])
	require.NoError(t, err)
	assert.Same(t, task, same)
	assert.Empty(t, v.server.sent, "by a type above it, too")

	require.NoError(t, task.Set("name", "renamed"))
	_, err = s.Commit(t.Context(), session.CommitOptions{})
	require.NoError(t, err)
	require.NoError(t, s.Saved(t.Context()))
	names, freshness, err := v.names(v.open(options), session.CacheOnly)
	require.NoError(t, err)
	assert.True(t, freshness.FromCache)
	assert.Contains(t, names, "renamed of sh010", "what was committed shows in the rows that were kept before")

	v.now = v.now.Add(2 * time.Minute)
	s = v.open(options)
	_, requests = v.taskIn(s, "t1")
	assert.Equal(t, 1, requests, "what is kept is too old")
	require.NoError(t, s.Saved(t.Context()))

	s = v.open(options)
	key, err := s.CacheKeyMaker().Key([]any{"Task", []string{v.file.IDs["t1"]}})
	require.NoError(t, err)
	keys, err := s.Cache().Keys(t.Context())
	require.NoError(t, err)
	assert.Contains(t, keys, key)
	require.NoError(t, s.Cache().Remove(t.Context(), key))
	_, requests = v.taskIn(s, "t1")
	assert.Equal(t, 1, requests, "what was removed is asked for")

	s.Delete(task2(t, v, s))
	_, err = s.Commit(t.Context(), session.CommitOptions{})
	require.NoError(t, err)
	require.NoError(t, s.Saved(t.Context()))
	s = v.open(options)
	names, _, err = v.names(s, session.CacheOnly)
	require.NoError(t, err)
	assert.NotContains(t, names, "anim")
	deleted, requests := v.taskIn(s, "t2")
	assert.Nil(t, deleted)
	assert.Equal(t, 1, requests)
	require.NoError(t, s.Cache().Clear(t.Context(), nil))
	_, _, err = v.names(v.open(options), session.CacheOnly)
	assert.ErrorIs(t, err, session.ErrNotKept)
}

func task2(t *testing.T, v *visits, s *session.Session) *session.Entity {
	t.Helper()
	task, _ := v.taskIn(s, "t2")
	require.NotNil(t, task)
	return task
}

func TestSessionsThatShareACacheDoNotMix(t *testing.T) {
	v := newVisits(t)
	shared := &cache.Memory[[]byte]{}
	require.NoError(t, shared.Set(t.Context(), "of the program", []byte("value")))
	v.cache = session.UseCache(shared)
	s := v.open(session.Options{})
	_, _, err := v.names(s, "")
	require.NoError(t, err, "a cache that is given is used")
	own, err := s.Cache().Keys(t.Context())
	require.NoError(t, err)
	assert.NotEmpty(t, own)
	assert.NotContains(t, own, "of the program")
	keys, _ := shared.Keys(t.Context())
	for _, key := range keys {
		if key != "of the program" {
			assert.True(t, strings.HasPrefix(key, "http://sandbox\ndemo\n"), key)
		}
	}
	other, err := session.New(t.Context(), session.Options{ServerURL: "http://other", APIUser: "demo", APIKey: "demo-key", Transport: v.server, Cache: v.cache})
	require.NoError(t, err)
	defer other.Close()
	_, _, err = v.names(other, session.CacheOnly)
	assert.ErrorIs(t, err, session.ErrNotKept)
	require.NoError(t, other.Cache().Clear(t.Context(), nil))
	left, _ := shared.Keys(t.Context())
	assert.ElementsMatch(t, keys, left, "another session's values, and the program's")
	require.NoError(t, s.Cache().Clear(t.Context(), nil))
	left, _ = shared.Keys(t.Context())
	assert.Equal(t, []string{"of the program"}, left)
}

func TestWithoutACacheThereIsTheMemoryLayer(t *testing.T) {
	v := newVisits(t)
	s := v.open(session.Options{})
	assert.Nil(t, s.Cache())
	v.cache = session.UseCache(nil)
	s = v.open(session.Options{})
	_, _, err := v.names(s, "")
	require.NoError(t, err)
	names, freshness, err := v.names(s, session.CacheOnly)
	require.NoError(t, err)
	assert.Equal(t, both, names)
	assert.True(t, freshness.FromCache)
	_, _, err = v.names(v.open(session.Options{}), session.CacheOnly)
	assert.ErrorIs(t, err, session.ErrNotKept)
	_, err = session.New(t.Context(), session.Options{ServerURL: "http://sandbox", APIUser: "demo", APIKey: "k", Transport: v.server, Cache: v.cache, Storage: v.storage})
	assert.ErrorContains(t, err, "Cache")
}

func TestNoSecretIsInACache(t *testing.T) {
	v := newVisits(t)
	shared := &cache.Memory[[]byte]{}
	v.cache = session.UseCache(shared)
	all := func() string {
		keys, _ := shared.Keys(t.Context())
		values, _ := shared.Values(t.Context())
		return strings.Join(keys, "\n") + string(bytes.Join(values, []byte("\n")))
	}
	require.NoError(t, shared.Set(t.Context(), "planted", []byte("demo-key")))
	require.Contains(t, all(), "demo-key", "the search finds a planted one")
	require.NoError(t, shared.Remove(t.Context(), "planted"))
	s := v.open(session.Options{})
	_, _, err := v.names(s, "")
	require.NoError(t, err)
	task, _ := v.taskIn(s, "t1")
	require.NoError(t, task.Set("name", "the key is demo-key"))
	_, err = s.Commit(t.Context(), session.CommitOptions{})
	require.NoError(t, err)
	_, _, err = v.names(s, "")
	require.NoError(t, err)
	require.NoError(t, s.Close())
	assert.Contains(t, all(), "sh010")
	assert.NotContains(t, all(), "demo-key")
}

func TestWhatIsDamagedInACacheIsAsIfItWereNotThere(t *testing.T) {
	v := newVisits(t)
	shared := &cache.Memory[[]byte]{}
	v.cache = session.UseCache(shared)
	_, _, err := v.names(v.open(session.Options{}), "")
	require.NoError(t, err)
	keys, _ := shared.Keys(t.Context())
	whole, _ := shared.GetMany(t.Context(), keys)
	for name, damage := range map[string]func(key string, value []byte) []byte{
		"a flipped bit": func(_ string, b []byte) []byte { b[len(b)/2] ^= 1; return b },
		"cut":           func(_ string, b []byte) []byte { return b[:len(b)-3] },
		"longer":        func(_ string, b []byte) []byte { return append(b, ' ') },
		"empty":         func(string, []byte) []byte { return nil },
		"only its mark": func(string, []byte) []byte { return []byte("ftrack-wasm 1 ") },
		"another value": func(key string, _ []byte) []byte {
			for _, other := range keys {
				if other != key {
					return whole[other]
				}
			}
			return nil
		},
	} {
		for key, value := range whole {
			require.NoError(t, shared.Set(t.Context(), key, damage(key, bytes.Clone(value))))
		}
		s := v.open(session.Options{})
		_, _, err = v.names(s, session.CacheOnly)
		require.ErrorIs(t, err, session.ErrNotKept, name)
		task, requests := v.taskIn(s, "t1")
		require.NotNil(t, task)
		require.Equal(t, 1, requests, name)
		require.NoError(t, s.Saved(t.Context()))
	}
}

// faulty is a cache that does what a test wants before it answers.
type faulty struct {
	cache.Memory[[]byte]
	before func(ctx context.Context, op string) error
}

func (f *faulty) GetMany(ctx context.Context, keys []string) (map[string][]byte, error) {
	if err := f.before(ctx, "read"); err != nil {
		return nil, err
	}
	return f.Memory.GetMany(ctx, keys)
}

func (f *faulty) SetMany(ctx context.Context, values map[string][]byte) error {
	if err := f.before(ctx, "write"); err != nil {
		return err
	}
	return f.Memory.SetMany(ctx, values)
}

func TestACacheThatFailsOrPanicsIsReportedOnceAndPassedOver(t *testing.T) {
	why := errors.New("the disk is gone")
	for name, before := range map[string]func(context.Context, string) error{
		"fails":          func(context.Context, string) error { return why },
		"fails to write": func(_ context.Context, op string) error { return map[string]error{"write": why}[op] },
		"fails to read":  func(_ context.Context, op string) error { return map[string]error{"read": why}[op] },
		"panics":         func(context.Context, string) error { panic("boom") },
	} {
		v := newVisits(t)
		var reported []error
		var mu sync.Mutex
		v.cache = session.UseCache(&faulty{before: before})
		options := session.Options{Report: func(err error) { mu.Lock(); defer mu.Unlock(); reported = append(reported, err) }}
		s := v.open(options)
		for range 3 {
			names, freshness, err := v.names(s, "")
			require.NoError(t, err, name)
			assert.Equal(t, both, names)
			assert.False(t, freshness.FromCache)
		}
		names, _, err := v.names(s, session.CacheOnly)
		require.NoError(t, err, "the memory layer works")
		assert.Equal(t, both, names)
		require.NoError(t, s.Close())
		require.Len(t, reported, 1, name)
		assert.ErrorContains(t, reported[0], "session: the cache could not ")
		if name != "panics" {
			assert.ErrorIs(t, reported[0], why)
		}
	}
	v := newVisits(t)
	reports := 0
	v.cache = session.UseCacheOf(func(*session.Session) cache.Cache[[]byte] { panic("boom") })
	s := v.open(session.Options{Report: func(error) { reports++ }})
	names, _, err := v.names(s, "")
	require.NoError(t, err)
	assert.Equal(t, both, names)
	assert.Equal(t, 1, reports)
}

// generous gives more than it is asked for.
type generous struct{ cache.Memory[[]byte] }

func (g *generous) GetMany(ctx context.Context, keys []string) (map[string][]byte, error) {
	found, err := g.Memory.GetMany(ctx, keys)
	found["x"], found[""] = []byte("of somebody else"), nil
	return found, err
}

func TestWhatACacheGivesUnaskedIsPassedOver(t *testing.T) {
	v := newVisits(t)
	v.cache = session.UseCache(&generous{})
	for _, fromCache := range []bool{false, true} {
		s := v.open(session.Options{Policy: session.CacheFirst})
		names, freshness, err := v.names(s, "")
		require.NoError(t, err)
		assert.Equal(t, both, names)
		assert.Equal(t, fromCache, freshness.FromCache)
		require.NoError(t, s.Close())
	}
}

// noKeys makes no keys.
type noKeys struct{ panics bool }

func (n noKeys) Key(...any) (string, error) {
	if n.panics {
		panic("boom")
	}
	return "", errors.New("no keys today")
}

func TestAKeyMakerThatFailsFailsNoSession(t *testing.T) {
	for _, maker := range []cache.KeyMaker{noKeys{}, noKeys{panics: true}} {
		v := newVisits(t)
		reports := 0
		v.cache = session.UseCache(&cache.Memory[[]byte]{})
		s := v.open(session.Options{CacheKeyMaker: maker, Report: func(error) { reports++ }})
		names, _, err := v.names(s, "")
		require.NoError(t, err)
		assert.Equal(t, both, names)
		require.NoError(t, s.Close())
		assert.Equal(t, 1, reports)
	}
}

func TestACacheThatHangsDelaysNobodyForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, hang := range map[string]func(ctx context.Context, release chan struct{}){
			"for ever":               func(_ context.Context, release chan struct{}) { <-release },
			"until its context ends": func(ctx context.Context, _ chan struct{}) { <-ctx.Done() },
		} {
			v := newVisits(t)
			release := make(chan struct{})
			var reported []error
			v.cache = session.UseCache(&faulty{before: func(ctx context.Context, op string) error {
				if op == "read" {
					hang(ctx, release)
				}
				return ctx.Err()
			}})
			s := v.open(session.Options{Policy: session.CacheFirst, Report: func(err error) { reported = append(reported, err) }})
			start := time.Now()
			names, _, err := v.names(s, "")
			require.NoError(t, err)
			assert.Equal(t, both, names)
			for range 10 {
				task, err := s.Get(t.Context(), "Task", v.file.IDs["t1"])
				require.NoError(t, err)
				require.NotNil(t, task)
			}
			limit := 4 * time.Second
			if name != "for ever" {
				limit = 40 * time.Second // each call is answered, if late
			}
			assert.Less(t, time.Since(start), limit, name)
			require.NoError(t, s.Close())
			assert.Len(t, reported, 1, name)
			close(release)
			synctest.Wait()
		}
	})
}

func TestACacheThatHangsWhileItWritesDelaysNoRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVisits(t)
		release := make(chan struct{})
		v.cache = session.UseCache(&faulty{before: func(_ context.Context, op string) error {
			if op == "write" {
				<-release
			}
			return nil
		}})
		s := v.open(session.Options{})
		start := time.Now()
		q, err := s.Query("select name from Task order by name")
		require.NoError(t, err)
		_, err = q.All(t.Context())
		require.NoError(t, err)
		for range 20 {
			_, err := s.Get(t.Context(), "Task", "nobody")
			require.NoError(t, err)
		}
		assert.Less(t, time.Since(start), 3*time.Second)
		start = time.Now()
		require.NoError(t, s.Close())
		assert.LessOrEqual(t, time.Since(start), 2*time.Second)
		close(release)
		synctest.Wait()
		time.Sleep(time.Minute) // of the test's own clock: what waited has given up
	})
}
