package session_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

func bothTasks(t *testing.T) (*session.Session, []*session.Entity, *served, *scripts) {
	t.Helper()
	file := readScripts(t)
	server := newServed(t, append(file.entities(), customised(t, file)...), nil)
	s := server.open(t)
	q, err := s.Query("select name from Task order by name")
	require.NoError(t, err)
	rows, err := q.All(t.Context())
	require.NoError(t, err)
	require.Len(t, rows, 2)
	server.sent = nil
	return s, rows, server, file
}

func TestALoopOfLoadsOverTheRowsOfAQueryIsOneRequest(t *testing.T) {
	_, rows, server, _ := bothTasks(t)
	var names []any
	for _, row := range rows {
		name, err := row.Load(t.Context(), "status.name")
		require.NoError(t, err)
		names = append(names, name)
	}
	assert.Equal(t, []any{"Done", "In progress"}, names)
	assert.Len(t, server.sent, 1)
	_, err := rows[0].Load(t.Context(), "bid", session.LoadOptions{Alone: true})
	require.NoError(t, err)
	_, loaded := rows[1].Value("bid")
	assert.False(t, loaded, "alone means alone")
}

func TestLoadAllIsOneRequestForAllEntitiesAndPaths(t *testing.T) {
	s, rows, server, file := bothTasks(t)
	values, err := s.LoadAll(t.Context(), rows, []string{"bid", "status.name", "scopes.name", "name", "custom_attributes.res"})
	require.NoError(t, err)
	assert.LessOrEqual(t, len(server.sent), 2, "the second asks for what is inherited")
	assert.Equal(t, []any{int64(0), "Done", []any{}, "anim", "2k"}, values[0])
	assert.Equal(t, []any{int64(3600), "In progress", []any{"one", "two"}, "comp", "2k"}, values[1])
	parent, err := rows[0].Load(t.Context(), "parent.description") // an attribute that only the concrete type has
	require.NoError(t, err)
	assert.Equal(t, "opening", parent)
	shot, err := rows[0].Load(t.Context(), "parent")
	require.NoError(t, err)
	assert.Equal(t, []string{file.IDs["sh1"]}, shot.(*session.Entity).PrimaryKey())
}

func TestLoadGivesWhatIsThereWithAutoPopulateOff(t *testing.T) {
	s, rows, server, _ := bothTasks(t)
	s.AutoPopulating(false, func() {
		bid, err := rows[0].Load(t.Context(), "bid")
		require.NoError(t, err)
		assert.Nil(t, bid)
	})
	name, err := rows[0].Load(t.Context(), "name", session.LoadOptions{NoFetch: true})
	require.NoError(t, err)
	assert.Equal(t, "anim", name)
	assert.Empty(t, server.sent)
	assert.True(t, s.AutoPopulate())
}

func TestWhatTheServerDidNotGiveIsNotAskedForAgain(t *testing.T) {
	s, rows, server, file := bothTasks(t)
	server.lose = func(_ []byte, response *wire.Response) (*wire.Response, error) { // a user who may not see bids
		var replies []struct {
			Action   string           `json:"action"`
			Data     []map[string]any `json:"data"`
			Metadata any              `json:"metadata"`
		}
		require.NoError(t, json.Unmarshal(response.Body, &replies))
		for _, reply := range replies {
			for _, row := range reply.Data {
				delete(row, "bid")
			}
		}
		body, err := json.Marshal(replies)
		require.NoError(t, err)
		return &wire.Response{Status: 200, Body: body}, nil
	}
	for range 3 {
		bid, err := rows[0].Load(t.Context(), "bid")
		require.NoError(t, err)
		assert.Nil(t, bid)
	}
	assert.Len(t, server.sent, 1)
	_, err := rows[0].Load(t.Context(), "description") // another attribute is asked for, and the change of the row forgets what is remembered
	require.NoError(t, err)
	assert.Len(t, server.sent, 2)

	// A task that another session deleted: its absence is remembered too.
	server.lose = nil
	other := server.open(t)
	gone, err := other.Get(t.Context(), "Task", file.IDs["t1"])
	require.NoError(t, err)
	require.NoError(t, other.Delete(gone))
	_, err = other.Commit(t.Context(), session.CommitOptions{})
	require.NoError(t, err)
	server.sent = nil
	for range 3 {
		require.NoError(t, s.Populate(t.Context(), rows[1:], "sort", "type.name"))
	}
	assert.Len(t, server.sent, 1)
	require.NoError(t, s.Reset(t.Context()))
	require.NoError(t, s.Populate(t.Context(), rows[1:], "sort"))
	assert.Len(t, server.sent, 2, "reset forgets")
}

func TestGetsAtTheSameTimeShareARequestAndAbsenceIsAskedForAgainLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := readScripts(t)
		server := newServed(t, file.entities(), nil)
		s := server.open(t)
		keys := []string{file.IDs["t1"], file.IDs["t2"], "nobody", "nobody"}
		found := make([]*session.Entity, len(keys))
		var wg sync.WaitGroup
		for i, key := range keys {
			wg.Go(func() {
				var err error
				found[i], err = s.Get(t.Context(), "Task", key)
				assert.NoError(t, err)
			})
		}
		wg.Wait()
		require.Len(t, server.sent, 1)
		assert.Equal(t, 3, strings.Count(server.sent[0], "limit 1"), "the same question once")
		assert.Equal(t, []string{"comp", "anim"}, []string{found[0].Text("name"), found[1].Text("name")})
		assert.Nil(t, found[2])
		assert.Nil(t, found[3])
		none, err := s.Get(t.Context(), "Task", "nobody")
		require.NoError(t, err)
		assert.Nil(t, none)
		assert.Len(t, server.sent, 2)
	})
}

func TestAGetOfACreatedEntityNeedsNoServer(t *testing.T) {
	s, task, server, _ := opened(t)
	parent, err := task.Load(t.Context(), "parent")
	require.NoError(t, err)
	made, err := s.Create("Task", map[string]any{"name": "new", "parent": parent})
	require.NoError(t, err)
	server.sent = nil
	found, err := s.Get(t.Context(), "Task", made.PrimaryKey()...)
	require.NoError(t, err)
	assert.Same(t, made, found)
	assert.Empty(t, server.sent)
}

func TestAChainOfReferencesNeedsOneCheckAtItsEnd(t *testing.T) {
	_, task, _, _ := opened(t)
	require.NoError(t, task.Set("status", nil))
	none := task.Reference("status").Reference("state")
	assert.Nil(t, none)
	assert.Empty(t, none.Text("name"))
	assert.Zero(t, none.Time("created_at"))
	_, loaded := none.Value("name")
	assert.False(t, loaded)
}
