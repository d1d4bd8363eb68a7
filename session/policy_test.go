package session_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// visits are sessions over one storage and one server, whose network can be cut.
type visits struct {
	*testing.T
	server  *served
	storage *memory
	now     time.Time
	file    *scripts
	cache   session.CacheSource // in the place of storage
}

func newVisits(t *testing.T) *visits {
	file := readScripts(t)
	return &visits{t, newServed(t, file.entities(), nil), &memory{}, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), file, cacheOf(t)}
}

func (v *visits) open(options session.Options) *session.Session {
	v.Helper()
	options.ServerURL, options.APIUser, options.APIKey, options.Transport = "http://sandbox", "demo", "demo-key", v.server
	options.Storage, options.Now = v.storage, func() time.Time { return v.now }
	if v.cache != nil {
		options.Storage, options.Cache = nil, v.cache
	}
	v.cut(false)
	s, err := session.New(v.Context(), options)
	require.NoError(v, err)
	v.Cleanup(func() { s.Close() })
	v.server.sent = nil
	return s
}

func (v *visits) cut(off bool) {
	v.server.fail = nil
	if off {
		v.server.fail = func([]byte) (*wire.Response, error) { return nil, errors.New("the wire is cut") }
	}
}

func (v *visits) names(s *session.Session, policy session.Policy) (string, session.Freshness, error) {
	v.Helper()
	q, err := s.Query("select name, bid, parent.name, thumbnail_url from Task order by name", session.QueryOptions{PageSize: 1, Policy: policy})
	require.NoError(v, err)
	rows, err := q.All(v.Context())
	require.NoError(v, s.Saved(v.Context()))
	var names []string
	for _, row := range rows {
		names = append(names, row.Text("name")+" of "+row.Reference("parent").Text("name"))
	}
	return strings.Join(names, ", "), q.Freshness(), err
}

// kept is a session that has queried, and its task t1.
func (v *visits) kept() (*session.Session, *session.Entity) {
	v.Helper()
	s := v.open(session.Options{Policy: session.NetworkFirst})
	_, _, err := v.names(s, "")
	require.NoError(v, err)
	return s, taskOf(v.T, s, v.file)
}

// renamed is kept, after the task got a new name.
func (v *visits) renamed() (*session.Session, *session.Entity) {
	v.Helper()
	s, task := v.kept()
	require.NoError(v, task.Set("name", "renamed"))
	v.commit(s)
	return s, task
}

func (v *visits) commit(s *session.Session) {
	v.Helper()
	_, err := s.Commit(v.Context(), session.CommitOptions{})
	require.NoError(v, err)
}

const both = "anim of sh010, comp of sh010"

func TestNetworkFirstShowsKeptRowsWhenTheNetworkFails(t *testing.T) {
	v := newVisits(t)
	names, freshness, err := v.names(v.open(session.Options{Policy: session.NetworkFirst}), "")
	require.NoError(t, err)
	assert.Equal(t, both, names)
	assert.Equal(t, session.Freshness{FetchedAt: v.now}, freshness)
	first := v.now
	v.now = v.now.Add(time.Hour)
	s := v.open(session.Options{Policy: session.NetworkFirst})
	v.cut(true)
	names, freshness, err = v.names(s, "")
	require.NoError(t, err)
	assert.Equal(t, both, names)
	assert.Equal(t, session.Freshness{FromCache: true, FetchedAt: first, Stale: true}, freshness)
	v.cut(false)
	names, freshness, err = v.names(s, "")
	require.NoError(t, err)
	assert.Equal(t, both, names)
	assert.False(t, freshness.Stale)
}

func TestNetworkOnlyKeepsNothingAndIsTheDefault(t *testing.T) {
	v := newVisits(t)
	_, _, err := v.names(v.open(session.Options{}), "")
	require.NoError(t, err)
	assert.Empty(t, v.storage.replies())
	s := v.open(session.Options{})
	_, _, err = v.names(s, session.NetworkFirst)
	require.NoError(t, err)
	assert.NotEmpty(t, v.storage.replies())
}

func TestCacheFirstAsksOnlyForWhatIsTooOld(t *testing.T) {
	v := newVisits(t)
	options := session.Options{Policy: session.CacheFirst, MaxAge: time.Minute}
	_, freshness, err := v.names(v.open(options), "")
	require.NoError(t, err)
	assert.False(t, freshness.FromCache)
	s := v.open(options)
	names, freshness, err := v.names(s, "")
	require.NoError(t, err)
	assert.Equal(t, both, names)
	assert.Equal(t, session.Freshness{FromCache: true, FetchedAt: v.now}, freshness)
	assert.Empty(t, v.server.sent)
	for name, later := range map[string]time.Duration{"too old": 61 * time.Second, "a clock that was set back": -time.Hour} {
		now := v.now
		v.now = v.now.Add(later)
		_, freshness, err = v.names(v.open(options), "")
		require.NoError(t, err)
		assert.False(t, freshness.FromCache, name)
		v.now = now
	}
}

func TestCacheOnlySendsNothing(t *testing.T) {
	v := newVisits(t)
	s := v.open(session.Options{})
	_, _, err := v.names(s, session.CacheOnly)
	require.ErrorIs(t, err, session.ErrNotKept)
	assert.Equal(t, "NETWORK_ERROR", session.Code(err))
	assert.Empty(t, v.server.sent)
	_, _, err = v.names(s, session.NetworkFirst)
	require.NoError(t, err)
	v.server.sent = nil
	names, freshness, err := v.names(v.open(session.Options{}), session.CacheOnly)
	require.NoError(t, err)
	assert.Equal(t, both, names)
	assert.True(t, freshness.FromCache)
	assert.Empty(t, v.server.sent)
}

func TestCacheAndNetworkGivesKeptRowsAtOnceAndThenTheServers(t *testing.T) {
	v := newVisits(t)
	_, _, err := v.names(v.open(session.Options{}), session.NetworkFirst)
	require.NoError(t, err)
	other := v.open(session.Options{})
	task := taskOf(t, other, v.file)
	require.NoError(t, task.Set("name", "renamed"))
	_, err = other.Commit(t.Context(), session.CommitOptions{})
	require.NoError(t, err)

	s := v.open(session.Options{})
	q, err := s.Query("select name, bid, parent.name, thumbnail_url from Task order by name", session.QueryOptions{PageSize: 1, Policy: session.CacheAndNetwork})
	require.NoError(t, err)
	rows, err := q.All(t.Context())
	require.NoError(t, err)
	require.Len(t, rows, 2)
	assert.True(t, q.Freshness().Stale)
	fresh, err := q.Fresh(t.Context())
	require.NoError(t, err)
	require.Len(t, fresh, 2)
	assert.Equal(t, "renamed", fresh[1].Text("name"))
	assert.Same(t, fresh[1], rows[1], "the kept row is the same entity, and has the server's values now")
	require.NoError(t, s.Saved(t.Context()))
	names, _, err := v.names(v.open(session.Options{}), session.CacheOnly)
	require.NoError(t, err)
	assert.Equal(t, "anim of sh010, renamed of sh010", names, "and the fresh rows are kept")
}

func TestCacheAndNetworkWithNothingKeptIsTheNetwork(t *testing.T) {
	v := newVisits(t)
	s := v.open(session.Options{})
	names, freshness, err := v.names(s, session.CacheAndNetwork)
	require.NoError(t, err)
	assert.Equal(t, both, names)
	assert.False(t, freshness.FromCache)
	assert.Len(t, v.server.sent, 3, "two pages, and the one that tells that there are no more")
}

func TestKeptRowsDoNotOverwriteWhatIsNewer(t *testing.T) {
	v := newVisits(t)
	s, task := v.renamed()
	require.NoError(t, task.Set("bid", 1))
	v.cut(true)
	names, freshness, err := v.names(s, "")
	require.NoError(t, err)
	assert.Equal(t, "anim of sh010, renamed of sh010", names)
	assert.True(t, freshness.Stale)
	bid, _ := task.Value("bid")
	assert.EqualValues(t, 1, bid)
}

func TestWhatTheServerComputesIsNotKept(t *testing.T) {
	v := newVisits(t)
	s := v.open(session.Options{Policy: session.NetworkFirst})
	v.server.lose = func(_ []byte, response *wire.Response) (*wire.Response, error) {
		text := strings.ReplaceAll(string(response.Body), `"thumbnail_url":null`, `"thumbnail_url":{"value":"https://x/?apiKey=planted-key","n":[1,"}"]}`)
		text = strings.ReplaceAll(text, `"name":"sh010"`, `"name":"sh010","thumbnail_url":"https://x/?apiKey=planted-key"`)
		return &wire.Response{Status: 200, Body: []byte(text)}, nil
	}
	_, _, err := v.names(s, "")
	require.NoError(t, err)
	require.NotEmpty(t, v.storage.replies())
	all := ""
	for _, reply := range v.storage.replies() {
		all += string(reply)
	}
	assert.Contains(t, all, "sh010")
	assert.NotContains(t, all, "planted-key")
	assert.NotContains(t, strings.Join(sortedKeysOf(v.storage.replies()), ""), "demo-key")
	v.server.lose = nil
	other := v.open(session.Options{})
	names, _, err := v.names(other, session.CacheOnly)
	require.NoError(t, err)
	assert.Equal(t, both, names)
	task, err := other.Get(t.Context(), "Task", v.file.IDs["t1"])
	require.NoError(t, err)
	_, loaded := task.Value("thumbnail_url")
	assert.False(t, loaded)
}

// keptSchemas are schemas in memory.
type keptSchemas struct {
	hash string
	text []byte
}

func (k *keptSchemas) LoadSchemas(context.Context, string) (string, []byte, bool) {
	return k.hash, k.text, k.hash != ""
}

func (k *keptSchemas) SaveSchemas(_ context.Context, _, hash string, text []byte) {
	k.hash, k.text = hash, text
}

func TestASessionOpensWithoutANetworkFromWhatIsKept(t *testing.T) {
	v := newVisits(t)
	schemas := &keptSchemas{}
	options := session.Options{
		ServerURL: "http://sandbox", APIUser: "demo", APIKey: "demo-key", Transport: v.server, Storage: v.storage, Now: func() time.Time { return v.now },
		SchemaCache: schemas, Policy: session.NetworkFirst, OpenOffline: true,
	}
	v.cut(true)
	_, err := session.New(t.Context(), session.Options{ServerURL: "http://sandbox", APIUser: "demo", APIKey: "k", Transport: v.server, SchemaCache: schemas, OpenOffline: true, Timeout: time.Second})
	assert.Equal(t, "NETWORK_ERROR", session.Code(err), "nothing is kept yet")
	v.cut(false)
	s, err := session.New(t.Context(), options)
	require.NoError(t, err)
	_, _, err = v.names(s, "")
	require.NoError(t, err)
	require.NoError(t, s.Close())

	v.cut(true)
	s, err = session.New(t.Context(), options)
	require.NoError(t, err)
	defer s.Close()
	names, freshness, err := v.names(s, "")
	require.NoError(t, err)
	assert.Equal(t, both, names)
	assert.True(t, freshness.Stale)
	assert.Equal(t, schemas.hash, s.ServerInformation().SchemaHash)
	v.cut(false)
	_, freshness, err = v.names(s, "")
	require.NoError(t, err)
	assert.False(t, freshness.FromCache, "and uses the network again once it is there")

	options.APIKey = "wrong"
	_, err = session.New(t.Context(), options)
	assert.ErrorIs(t, err, wire.ErrAuthentication)
	options.APIKey, options.OpenOffline = "demo-key", false
	options.Timeout = time.Second
	v.cut(true)
	_, err = session.New(t.Context(), options)
	assert.Equal(t, "NETWORK_ERROR", session.Code(err))
	schemas.text = []byte("[")
	options.OpenOffline = true
	_, err = session.New(t.Context(), options)
	assert.Equal(t, "NETWORK_ERROR", session.Code(err), "schemas that are damaged open nothing")
}

func TestAReplyThatIsNoneIsAsIfNoneWereKept(t *testing.T) {
	v := newVisits(t)
	_, _, err := v.names(v.open(session.Options{}), session.NetworkFirst)
	require.NoError(t, err)
	for name, damage := range map[string]func([]byte) []byte{
		"cut":          func(b []byte) []byte { return b[:len(b)-3] },
		"longer":       func(b []byte) []byte { return append(bytes.Clone(b), 'x') },
		"nearly empty": func([]byte) []byte { return []byte("{}") },
		"empty":        func([]byte) []byte { return nil },
	} {
		damaged := &memory{}
		for _, saved := range v.storage.saved {
			other := *saved
			other.Body, other.Places = damage(saved.Body), nil
			damaged.Save(&other)
		}
		whole := v.storage
		v.storage = damaged
		_, _, err = v.names(v.open(session.Options{}), session.CacheOnly)
		require.ErrorIs(t, err, session.ErrNotKept, name)
		names, freshness, err := v.names(v.open(session.Options{}), session.CacheFirst)
		require.NoError(t, err)
		assert.Equal(t, both, names)
		assert.False(t, freshness.FromCache, "the server is asked instead")
		v.storage = whole
	}
}

func TestUsersServersAndSchemasDoNotShareRows(t *testing.T) {
	v := newVisits(t)
	_, _, err := v.names(v.open(session.Options{}), session.NetworkFirst)
	require.NoError(t, err)
	for key := range v.storage.replies() {
		parts := strings.Split(key, "\n")
		require.Len(t, parts, 6)
		assert.Equal(t, []string{"reply", "http://sandbox", "demo"}, parts[:3])
		assert.Regexp(t, "^[0-9a-f]{1,8}$", parts[3], "of the credentials")
		assert.NotEmpty(t, parts[4], "the hash of the schemas")
	}
}

func TestAnUnknownPolicyIsRefused(t *testing.T) {
	v := newVisits(t)
	_, err := v.open(session.Options{}).Query("Task", session.QueryOptions{Policy: "cache"})
	assert.ErrorContains(t, err, `no policy "cache"`)
	_, err = session.New(t.Context(), session.Options{ServerURL: "http://sandbox", APIUser: "demo", APIKey: "k", Transport: v.server, Policy: "cache"})
	assert.ErrorContains(t, err, "Policy")
}

func sortedKeysOf(m map[string][]byte) []string {
	var keys []string
	for key := range maps.Keys(m) {
		keys = append(keys, key)
	}
	return keys
}
