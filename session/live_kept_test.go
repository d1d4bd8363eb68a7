package session_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/production"
)

const keptList = "select name, bid from Task order by name"

// keptVisits are visits of which the first has left what a live query of the expression, or with asked a query, showed.
func keptVisits(t *testing.T, expression string, asked bool) *visits {
	v := newVisits(t)
	s := v.open(session.Options{Policy: session.NetworkFirst})
	if asked {
		rowsOf(t, s, expression)
	} else {
		require.NoError(t, v.live(s, expression).Wait(t.Context()))
	}
	require.NoError(t, s.Saved(t.Context()))
	require.NoError(t, s.Close())
	v.now = v.now.Add(time.Hour)
	return v
}

func (v *visits) live(s *session.Session, expression string) *session.Live {
	v.Helper()
	l, err := s.Live(expression)
	require.NoError(v, err)
	return l
}

func namesOf(l *session.Live) []string {
	names := []string{}
	for _, row := range l.Rows() {
		names = append(names, row.Text("name"))
	}
	return names
}

func TestALiveQueryShowsKeptRowsUntilTheNetworkIsThere(t *testing.T) {
	for name, asked := range map[string]bool{"of a live query": false, "of a query": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := keptVisits(t, keptList, asked)
				s := v.open(session.Options{Policy: session.NetworkFirst})
				var cut atomic.Bool
				cut.Store(true)
				v.server.fail = func([]byte) (*wire.Response, error) {
					if cut.Load() {
						return nil, errLost
					}
					return nil, nil
				}
				l := v.live(s, keptList)
				synctest.Wait() // no further attempt is waited for
				rows := l.Rows()
				assert.Equal(t, []string{"anim", "comp"}, namesOf(l))
				assert.Equal(t, session.Freshness{FromCache: true, FetchedAt: v.now.Add(-time.Hour), Stale: true}, l.Freshness())
				assert.False(t, l.State().Loaded)
				assert.Equal(t, "NETWORK_ERROR", session.Code(l.Wait(t.Context())))
				assert.Equal(t, rows, l.Rows())

				require.NoError(t, rows[0].Set("name", "zoom"))
				created, err := s.Create("Task", map[string]any{"name": "new"})
				require.NoError(t, err)
				require.Error(t, l.Wait(t.Context()))
				assert.Equal(t, []string{"comp", "new", "zoom"}, namesOf(l), "changes show in kept rows too")
				require.NoError(t, rows[0].Set("name", "anim"))
				require.NoError(t, s.Delete(created))

				cut.Store(false)
				time.Sleep(10 * time.Second)
				require.NoError(t, l.Wait(t.Context()))
				assert.Equal(t, rows, l.Rows())
				assert.Equal(t, session.Freshness{FetchedAt: v.now}, l.Freshness())
				assert.True(t, l.State().Loaded)
				require.NoError(t, s.Close())
			})
		})
	}
}

func TestALiveQueryShowsKeptRowsAsItsPolicySays(t *testing.T) {
	for policy, want := range map[session.Policy]struct {
		shown []string
		stale bool
		sent  int
	}{
		session.NetworkOnly:     {[]string{}, false, 1},
		session.NetworkFirst:    {[]string{}, false, 1},
		session.CacheFirst:      {[]string{"anim", "comp"}, true, 1},
		session.CacheAndNetwork: {[]string{"anim", "comp"}, true, 1},
		session.CacheOnly:       {[]string{"anim", "comp"}, false, 0},
	} {
		t.Run(string(policy), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := keptVisits(t, keptList, false)
				s := v.open(session.Options{Policy: policy})
				held := make(chan struct{})
				v.server.lose = func(_ []byte, response *wire.Response) (*wire.Response, error) {
					<-held
					return response, nil
				}
				l := v.live(s, keptList)
				synctest.Wait()
				assert.Equal(t, want.shown, namesOf(l))
				assert.Equal(t, want.stale, l.Freshness().Stale)
				close(held)
				require.NoError(t, l.Wait(t.Context()))
				assert.Equal(t, []string{"anim", "comp"}, namesOf(l))
				assert.Equal(t, policy == session.CacheOnly, l.Freshness().FromCache)
				assert.Len(t, v.server.sent, want.sent)
				other := v.live(s, "select name from Shot")
				err := other.Wait(t.Context())
				if policy == session.CacheOnly {
					require.ErrorIs(t, err, session.ErrNotKept)
				} else {
					require.NoError(t, err)
				}
				require.NoError(t, s.Close())
			})
		})
	}
}

func TestKeptRowsOfALiveQueryAreAllOrNone(t *testing.T) {
	for _, expression := range []string{"select name from Task", "select name from Task limit 700 offset 20", "select name from Task limit 30"} {
		t.Run(expression, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := newVisits(t)
				v.server = newServed(t, nil, nil)
				require.NoError(t, production.Build(v.server.handler.Store(), production.Plan{Name: "demo", Tasks: 1300, User: "demo"}))
				s := v.open(session.Options{Policy: session.NetworkFirst})
				l := v.live(s, expression)
				require.NoError(t, l.Wait(t.Context()))
				all := keys(l)
				require.NoError(t, s.Saved(t.Context()))
				require.NoError(t, s.Close())

				s = v.open(session.Options{Policy: session.NetworkFirst})
				v.cut(true)
				l = v.live(s, expression)
				synctest.Wait()
				assert.Equal(t, all, keys(l))
				require.NoError(t, s.Close())
				if len(all) <= session.DefaultPageSize {
					return
				}
				v.storage.saved = v.storage.saved[:1]
				s = v.open(session.Options{Policy: session.NetworkFirst})
				v.cut(true)
				l = v.live(s, expression)
				synctest.Wait()
				assert.Empty(t, keys(l))
				require.NoError(t, s.Close())
			})
		})
	}
}

func TestALiveQueryOfPlainRowsShowsKeptOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const expression = "select count(id) from Task"
		v := keptVisits(t, expression, false)
		s := v.open(session.Options{Policy: session.NetworkFirst})
		v.cut(true)
		l := v.live(s, expression)
		synctest.Wait()
		assert.JSONEq(t, `[{"count_id":2}]`, string(l.Plain()))
		assert.True(t, l.Freshness().Stale)
		require.NoError(t, s.Close())
	})
}
