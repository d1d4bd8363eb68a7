package session

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/cache"
)

// How long anybody waits for a cache that was given.
const (
	cachePatience      = time.Second
	cacheWritePatience = 30 * time.Second // behind everybody's back
)

// guardedCache is a cache that never fails and never hangs over one that may: it has nothing then. While a call hangs, no other is
// made.
type guardedCache struct {
	given  cache.Cache[[]byte]
	report func(error)
	stuck  atomic.Int32 // calls that were given up and have not returned
}

var errNoAnswer = errors.New("it did not answer in time")

// guard makes a call and waits for it as long as patience lasts.
func guard[T any](g *guardedCache, ctx context.Context, patience time.Duration, what string, call func(context.Context) (T, error)) (T, bool) {
	var none T
	if g.stuck.Load() > 0 || ctx.Err() != nil {
		return none, false
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type outcome struct {
		value T
		err   error
	}
	returned := make(chan outcome, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				returned <- outcome{err: errors.New("it panicked")}
			}
		}()
		value, err := call(ctx)
		returned <- outcome{value, err}
	}()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	err := errNoAnswer
	select {
	case o := <-returned:
		if o.err == nil {
			return o.value, true
		}
		err = o.err
	case <-timer.C:
		g.giveUp(func() { <-returned })
	case <-ctx.Done():
		g.giveUp(func() { <-returned })
		return none, false
	}
	if ctx.Err() == nil { // else it says that the caller has gone
		g.report(&cacheError{what, err})
	}
	return none, false
}

// giveUp passes the cache over until a call has returned.
func (g *guardedCache) giveUp(wait func()) {
	g.stuck.Add(1)
	go func() {
		wait()
		g.stuck.Add(-1)
	}()
}

// cacheError is reported of a cache.
type cacheError struct {
	what string
	err  error
}

// Error says what the cache could not do.
func (e *cacheError) Error() string {
	return "session: the cache could not " + e.what + ", and is passed over: " + e.err.Error()
}

// Unwrap is what the cache said.
func (e *cacheError) Unwrap() error { return e.err }

type nothing = struct{}

func (g *guardedCache) write(ctx context.Context, what string, call func(context.Context) error) {
	guard(g, ctx, cacheWritePatience, what, func(ctx context.Context) (nothing, error) { return nothing{}, call(ctx) })
}

func (g *guardedCache) getMany(ctx context.Context, keys []string) map[string][]byte {
	found, _ := guard(g, ctx, cachePatience, "be read", func(ctx context.Context) (map[string][]byte, error) {
		return cache.GetMany(ctx, g.given, keys)
	})
	return found
}

func (g *guardedCache) setMany(ctx context.Context, values map[string][]byte) {
	g.write(ctx, "be written to", func(ctx context.Context) error { return cache.SetMany(ctx, g.given, values) })
}

func (g *guardedCache) removeMany(ctx context.Context, keys []string) {
	g.write(ctx, "be written to", func(ctx context.Context) error { return cache.RemoveMany(ctx, g.given, keys) })
}

func (g *guardedCache) keys(ctx context.Context) []string {
	keys, _ := guard(g, ctx, cachePatience, "be read", g.given.Keys)
	return keys
}
