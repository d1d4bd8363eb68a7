package session

import (
	"context"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/cache"
)

// CacheSource is where a session's cache comes from: UseCache or UseCacheOf.
type CacheSource interface {
	open(s *Session) sessionCache
}

// sessionCache is a cache that a session has opened. The module has none, and does not link what makes one.
type sessionCache interface {
	Storage
	layers() cache.Cache[[]byte]
	written() <-chan struct{} // closed once all that was saved is
	close()
}

// UseCache has a session keep what the server sends in a cache, nil for none but the memory layer that always stands on top. Several
// sessions may share a cache, of other users and servers too: each finds what was kept with its own server, user, credentials and
// schemas only. Values are the session's own format.
//
// A cache that fails, panics or does not answer within a second (writes, which nobody waits for: 30 seconds) fails and delays no
// session further: Options.Report is told once, and nothing is in the cache then.
func UseCache(c cache.Cache[[]byte]) CacheSource {
	return cacheOf(func(*Session) cache.Cache[[]byte] { return c })
}

// UseCacheOf is UseCache for a cache that a function makes when the session has opened, nil for none.
func UseCacheOf(f func(*Session) cache.Cache[[]byte]) CacheSource { return cacheOf(f) }

type cacheOf func(*Session) cache.Cache[[]byte]

// memoryLimit is how many bytes the memory layer holds.
const memoryLimit = 32 << 20

func (f cacheOf) open(s *Session) sessionCache {
	guarded := &guardedCache{report: s.reportOnce()}
	given, _ := guard(guarded, context.Background(), cacheWritePatience, "be made", func(context.Context) (cache.Cache[[]byte], error) {
		return f(s), nil
	})
	layers := []cache.Cache[[]byte]{&cache.Memory[[]byte]{Limit: memoryLimit, Measure: func(key string, value []byte) int { return len(key) + len(value) }}}
	if given != nil {
		guarded.given = given
		prefix := strings.Join([]string{s.options.ServerURL, s.options.APIUser, s.scope()}, "\n") + "\n"
		layers = append(layers, &scopedCache{guarded, prefix})
	}
	return &cacheStorage{session: s, cache: cache.NewLayered(layers...), keys: s.CacheKeyMaker(), report: guarded.report}
}

func (s *Session) reportOnce() func(error) {
	told := make(chan struct{}, 1)
	return func(err error) {
		select {
		case told <- struct{}{}:
			if s.options.Report != nil {
				s.options.Report(err)
			}
		default:
		}
	}
}

// useCache opens what Options.Cache names. The session is open.
func (s *Session) useCache() {
	if s.options.Cache != nil {
		s.cached = s.options.Cache.open(s)
		s.options.Storage = s.cached
	}
}

// Cache is where the session keeps what the server sends: a memory layer above the cache of Options.Cache, of which it shows what is
// this session's; nil without that option. Entities are under the keys that CacheKeyMaker makes of type and primary key
// ([]any{"Task", []string{id}}); Remove has Get ask the server again. It never fails.
func (s *Session) Cache() cache.Cache[[]byte] {
	if s.cached == nil {
		return nil
	}
	return s.cached.layers()
}

// CacheKeyMaker makes the keys of entities in the cache.
func (s *Session) CacheKeyMaker() cache.KeyMaker {
	if s.options.CacheKeyMaker == nil {
		return cache.StringKeyMaker{}
	}
	return s.options.CacheKeyMaker
}

// Identity is the type and the primary key of the entity, as cache key makers read it.
func (e *Entity) Identity() (entityType string, key []string) {
	return e.Type().Name, e.PrimaryKey()
}
