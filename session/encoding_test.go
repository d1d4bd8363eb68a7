package session_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
)

func TestEncodeWritesWhatTheStrategyChooses(t *testing.T) {
	s, task, _, file := opened(t)
	require.NoError(t, task.Set("name", "changed"))
	encoded := func(strategy session.Strategy) map[string]any {
		text, err := s.Encode(t.Context(), map[string]any{"task": task, "at": time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}, strategy)
		require.NoError(t, err)
		var out struct {
			Task map[string]any `json:"task"`
			At   map[string]any `json:"at"`
		}
		require.NoError(t, json.Unmarshal(text, &out))
		assert.Equal(t, map[string]any{"__type__": "datetime", "value": "2026-03-04T05:06:07+00:00"}, out.At)
		return out.Task
	}
	assert.Equal(t, map[string]any{"__entity_type__": "Task", "id": file.IDs["t1"], "name": "changed"}, encoded(session.EncodeModifiedOnly))
	assert.Equal(t, "comp", encoded(session.EncodePersistedOnly)["name"])
	loaded := encoded("")
	assert.Equal(t, "changed", loaded["name"])
	assert.Equal(t, map[string]any{"__entity_type__": "Status", "id": file.IDs["st1"]}, loaded["status"])
	assert.NotContains(t, loaded, "time_logged")
	assert.Contains(t, encoded(session.EncodeAll), "time_logged")
	_, err := s.Encode(t.Context(), task, "some")
	assert.ErrorContains(t, err, `no strategy "some"`)
	assert.Equal(t, map[string]any{"__entity_type__": "Task", "id": file.IDs["t1"]}, s.EntityReference(task))
}

func TestDecodeMergesEntitiesAndReadsTags(t *testing.T) {
	s, task, _, file := opened(t)
	decoded, err := s.Decode([]byte(`{"tasks":[{"__entity_type__":"Task","id":"` + file.IDs["t1"] + `","name":"told"}],
		"at":{"__type__":"datetime","value":"2026-03-04T05:06:07"},"day":{"__type__":"date","value":"2026-03-04"},"n":1,"x":1.5,"none":null}`))
	require.NoError(t, err)
	object := decoded.(map[string]any)
	assert.Same(t, task, object["tasks"].([]any)[0])
	assert.Equal(t, "told", task.Text("name"))
	assert.Equal(t, time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC), object["at"])
	assert.Equal(t, session.Date("2026-03-04"), object["day"])
	assert.Equal(t, []any{int64(1), 1.5, nil}, []any{object["n"], object["x"], object["none"]})
	_, err = s.Decode([]byte(`{"tasks":`))
	var argument *session.ArgumentError
	assert.ErrorAs(t, err, &argument)
}

func TestMergeTakesEntitiesOfOtherSessionsWithWhatIsLoadedThere(t *testing.T) {
	s, task, server, file := opened(t)
	other := server.open(t)
	q, err := other.Query(`select name, parent.name, parent.children.name, bid from Task where id is "` + file.IDs["t1"] + `"`)
	require.NoError(t, err)
	seen, err := q.One(t.Context())
	require.NoError(t, err)
	require.NoError(t, seen.Set("bid", 5))
	merged, err := s.Merge(map[string]any{"tasks": []*session.Entity{seen, seen}, "n": 1, "own": task})
	require.NoError(t, err)
	object := merged.(map[string]any)
	assert.Same(t, task, object["tasks"].([]*session.Entity)[0])
	assert.Same(t, task, object["own"])
	assert.Equal(t, 1, object["n"])
	bid, _ := task.Value("bid")
	assert.Equal(t, int64(5), bid)
	assert.Equal(t, "sh010", task.Reference("parent").Text("name"))
	children, loaded := task.Reference("parent").Value("children")
	assert.True(t, loaded, "and what goes round in a circle")
	assert.Contains(t, children, task)
	assert.Same(t, other, seen.Session())
}
