package session

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// echo answers writes with what was sent, queries with nothing, and other actions with their name.
func echo(_ context.Context, _ int, operations []map[string]any) (*wire.Response, error) {
	var replies []any
	for _, o := range operations {
		reply := map[string]any{"action": o["action"]}
		switch o["action"] {
		case "create", "update":
			reply["data"] = o["entity_data"]
		case "query":
			reply["data"], reply["metadata"] = []any{}, map[string]any{"next": map[string]any{"offset": nil}}
		case "delete":
			reply["data"] = true
		}
		replies = append(replies, reply)
	}
	body, err := json.Marshal(replies)
	return ok(string(body)), err
}

func lastOperations(t *testing.T, server *script) (operations []map[string]any) {
	require.NoError(t, json.Unmarshal(server.requests[len(server.requests)-1].Body, &operations))
	return operations
}

func TestSendLeavesTheLogAlone(t *testing.T) {
	server := &script{answer: echo}
	s := open(t, server)
	edited, err := s.Create("Task", map[string]any{"name": "mine"})
	require.NoError(t, err)
	sent, err := s.Send(t.Context(), Own{Create: "FileComponent", Values: map[string]any{"name": "main", "size": 3, "file_type": ".exr"}},
		Own{Action: wire.Operation{"action": "get_upload_metadata", "file_name": "main.exr"}})
	require.NoError(t, err)
	operations := lastOperations(t, server)
	require.Len(t, operations, 2)
	assert.Equal(t, "FileComponent", operations[0]["entity_type"])
	assert.Equal(t, "get_upload_metadata", operations[1]["action"])
	assert.Equal(t, "main", sent[0].Entity.Text("name"))
	assert.Equal(t, "get_upload_metadata", sent[1].Reply.Get("action").Text())
	assert.Nil(t, sent[1].Entity)
	assert.Equal(t, Created, edited.State())
	assert.Equal(t, 1, s.RecordedOperations().Len())
	assert.Equal(t, Unchanged, sent[0].Entity.State())

	require.NoError(t, sent[0].Entity.Set("name", "local"))
	_, err = s.Send(t.Context(), Own{Update: sent[0].Entity, Values: map[string]any{"size": 4}})
	require.NoError(t, err)
	size, _ := sent[0].Entity.Value("size")
	assert.EqualValues(t, 4, size)
	assert.Equal(t, "local", sent[0].Entity.Text("name"), "a local value stays over the server's")
	assert.Equal(t, map[string]any{"__entity_type__": "FileComponent", "size": 4.0}, lastOperations(t, server)[0]["entity_data"])

	_, err = s.Send(t.Context(), Own{Delete: sent[0].Entity})
	require.NoError(t, err)
	assert.Equal(t, "delete", lastOperations(t, server)[0]["action"])
	assert.Equal(t, Deleted, sent[0].Entity.State())
}

func TestSendRefusesWhatTheServerDoesNotHaveYet(t *testing.T) {
	server := &script{answer: echo}
	s := open(t, server)
	task, err := s.Create("Task", nil)
	require.NoError(t, err)
	for _, o := range []Own{{Update: task, Values: map[string]any{"name": "x"}}, {Delete: task}, {Create: "Timer", Values: map[string]any{"context": task}}} {
		_, err = s.Send(t.Context(), o)
		var wrong *OperationError
		require.ErrorAs(t, err, &wrong)
	}
	_, err = s.Send(t.Context(), Own{Create: "Nope"})
	require.Error(t, err)
	_, err = s.Send(t.Context(), Own{Create: "FileComponent", Values: map[string]any{"nope": 1}})
	require.Error(t, err)
	var argument *ArgumentError
	_, err = s.Send(t.Context(), Own{})
	require.ErrorAs(t, err, &argument)
	_, err = s.Send(t.Context(), Own{Action: wire.Operation{"action": "x", "value": struct{}{}}})
	require.ErrorAs(t, err, &argument)
	require.ErrorContains(t, err, "send: encode value: ")
	assert.Equal(t, 0, server.sent())
}

func TestSendJSONGivesRecordsAndReplies(t *testing.T) {
	server := &script{answer: echo}
	s := open(t, server)
	node, err := wire.Parse([]byte(`[{"action":"create","type":"FileComponent","values":{"name":"main"}},{"raw":{"action":"x","list":[1,{"a":null}]}}]`))
	require.NoError(t, err)
	answer, err := s.SendJSON(t.Context(), "upload", node)
	require.NoError(t, err)
	assert.Equal(t, map[string]any{"action": "x", "list": []any{1.0, map[string]any{"a": nil}}}, lastOperations(t, server)[1])
	var given struct {
		Records []int
		Replies []map[string]any
	}
	require.NoError(t, json.Unmarshal(answer, &given))
	require.Len(t, given.Records, 2)
	assert.NotZero(t, given.Records[0])
	assert.Zero(t, given.Records[1])
	assert.Equal(t, "x", given.Replies[1]["action"])
}

func TestErrorsOfWhatIsSentNameWhatWasCalled(t *testing.T) {
	calls := map[string]func(context.Context, *Session, *Entity) error{
		"send": func(ctx context.Context, s *Session, user *Entity) error {
			_, err := s.Send(ctx, Own{Update: user, Values: map[string]any{"email": "a"}})
			return err
		},
		"start timer": func(ctx context.Context, s *Session, user *Entity) error {
			_, err := s.StartTimer(ctx, user, TimerOptions{})
			return err
		},
		"ensure": func(ctx context.Context, s *Session, _ *Entity) error {
			_, err := s.Ensure(ctx, "Task", map[string]any{"name": "new"})
			return err
		},
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			answer := func() (*wire.Response, error) { return ok(`{"exception":"PermissionError","content":"denied"}`), nil }
			server := &script{answer: func(ctx context.Context, n int, operations []map[string]any) (*wire.Response, error) {
				if operations[0]["action"] == "query" {
					return echo(ctx, n, operations)
				}
				return answer()
			}}
			s := open(t, server)
			decoded, err := s.Decode([]byte(`{"__entity_type__":"User","id":"u"}`))
			require.NoError(t, err)
			user := decoded.(*Entity)
			require.EqualError(t, call(t.Context(), s, user), name+": PermissionError: denied")

			answer = func() (*wire.Response, error) { return nil, errors.New("gone") }
			var unknown *CommitOutcomeUnknownError
			err = call(t.Context(), s, user)
			require.ErrorAs(t, err, &unknown)
			require.Equal(t, name+": sent, but its outcome is unknown ("+unknown.Err.Error()+")", err.Error())

			ended, end := context.WithCancel(t.Context())
			end()
			var aborted *AbortError
			require.ErrorAs(t, call(ended, s, user), &aborted)
			if name != "ensure" { // which asks first
				require.Equal(t, name, aborted.Op)
			}
		})
	}
}
