package session_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
)

func TestGetAnswersFromWhatIsKeptWhileItIsYoung(t *testing.T) {
	for name, c := range map[string]struct {
		options session.Options
		age     time.Duration
		asks    bool
	}{
		"cache-first takes any age":                  {session.Options{Policy: session.CacheFirst}, 1000 * time.Hour, false},
		"network-first takes five minutes":           {session.Options{Policy: session.NetworkFirst}, 4 * time.Minute, false},
		"but no more":                                {session.Options{Policy: session.NetworkFirst}, 6 * time.Minute, true},
		"an age that is given counts":                {session.Options{Policy: session.CacheFirst, MaxAge: time.Minute}, 2 * time.Minute, true},
		"so it does with network-first":              {session.Options{Policy: session.NetworkFirst, MaxAge: time.Hour}, 30 * time.Minute, false},
		"a clock that was set back tells no age":     {session.Options{Policy: session.NetworkFirst}, -time.Hour, true},
		"network-only takes nothing":                 {session.Options{Policy: session.NetworkOnly}, time.Second, true},
		"cache-only takes any age and asks for none": {session.Options{Policy: session.CacheOnly}, 1000 * time.Hour, false},
	} {
		v := newVisits(t)
		_, _, err := v.names(v.open(session.Options{}), session.NetworkFirst)
		require.NoError(t, err)
		v.now = v.now.Add(c.age)
		s := v.open(c.options)
		task, err := s.Get(t.Context(), "TypedContext", v.file.IDs["t1"])
		require.NoError(t, err, name)
		assert.Equal(t, "comp", task.Text("name"), name)
		assert.Equal(t, c.asks, len(v.server.sent) > 0, name)
		require.NoError(t, s.Close())
	}
}

func TestReadsWithoutANetworkTakeWhatIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVisits(t)
		_, _, err := v.names(v.open(session.Options{}), session.NetworkFirst)
		require.NoError(t, err)
		v.now = v.now.Add(time.Hour)
		s := v.open(session.Options{Policy: session.NetworkFirst, Timeout: time.Second})
		v.cut(true)
		task, err := s.Get(t.Context(), "Task", v.file.IDs["t1"])
		require.NoError(t, err)
		require.NoError(t, s.Populate(t.Context(), []*session.Entity{task}, "bid"))
		_, loaded := task.Value("bid")
		assert.True(t, loaded)
		assert.Equal(t, "NETWORK_ERROR", session.Code(s.Populate(t.Context(), []*session.Entity{task}, "description")))
		_, err = s.Get(t.Context(), "Task", "00000000-0000-4000-8000-000000000000")
		assert.Equal(t, "NETWORK_ERROR", session.Code(err))
		require.NoError(t, s.Close())
	})
}

func TestACommitShowsInAllKeptResults(t *testing.T) {
	v := newVisits(t)
	s, task := v.renamed()
	require.NoError(t, task.Set("bid", 77)) // is not committed, and so is nobody's business
	require.NoError(t, s.Saved(t.Context()))
	names, freshness, err := v.names(v.open(session.Options{}), session.CacheOnly)
	require.NoError(t, err)
	assert.Equal(t, "anim of sh010, renamed of sh010", names)
	assert.True(t, freshness.FromCache)
	for _, saved := range v.storage.saved {
		assert.NotContains(t, string(saved.Body), "77")
	}
	other := v.open(session.Options{Policy: session.CacheOnly})
	kept, err := other.Get(t.Context(), "Task", v.file.IDs["t1"])
	require.NoError(t, err)
	assert.Equal(t, "renamed", kept.Text("name"))
}

func TestANewerReplyShowsInOlderResults(t *testing.T) {
	v := newVisits(t)
	_, _, err := v.names(v.open(session.Options{}), session.NetworkFirst)
	require.NoError(t, err)
	writer := v.open(session.Options{})
	task := taskOf(t, writer, v.file)
	require.NoError(t, task.Set("name", "renamed"))
	_, err = writer.Commit(t.Context(), session.CommitOptions{})
	require.NoError(t, err)
	reader := v.open(session.Options{Policy: session.NetworkFirst})
	q, err := reader.Query("select name from Shot where name is sh010")
	require.NoError(t, err)
	_, err = q.All(t.Context())
	require.NoError(t, err)
	taskOf(t, reader, v.file) // another query, which brings the new name
	require.NoError(t, reader.Saved(t.Context()))
	names, _, err := v.names(v.open(session.Options{}), session.CacheOnly)
	require.NoError(t, err)
	assert.Equal(t, "anim of sh010, renamed of sh010", names)
}

func TestADeletedEntityIsInNoKeptResult(t *testing.T) {
	v := newVisits(t)
	s, task := v.kept()
	require.NoError(t, s.Delete(task))
	v.commit(s)
	require.NoError(t, s.Saved(t.Context()))
	names, _, err := v.names(v.open(session.Options{}), session.CacheOnly)
	require.NoError(t, err)
	assert.Equal(t, "anim of sh010", names)
	_, err = v.open(session.Options{Policy: session.CacheOnly}).Get(t.Context(), "Task", v.file.IDs["t1"])
	assert.ErrorIs(t, err, session.ErrNotKept)
}
