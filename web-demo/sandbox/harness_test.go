package sandbox_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/production"
)

const (
	user = "demo"
	key  = "planted-key-5f1c"
)

// server is a sandbox under test.
type server struct {
	t       testing.TB
	handler *sandbox.Server
	headers map[string]string
}

func newServer(t testing.TB, options sandbox.Options) *server {
	t.Helper()
	options.User, options.Key = user, key
	handler, err := sandbox.New(options)
	require.NoError(t, err)
	return &server{t, handler, map[string]string{}}
}

func assuming(t testing.TB, settings ...string) *server {
	t.Helper()
	assume := sandbox.Assumptions{}
	for _, setting := range settings {
		require.NoError(t, assume.Assume(setting))
	}
	return newServer(t, sandbox.Options{Assume: assume}).produce("demo", 120)
}

// produce fills the sandbox.
func (s *server) produce(name string, tasks int) *server {
	s.t.Helper()
	require.NoError(s.t, production.Build(s.handler.Store(), production.Plan{Name: name, Tasks: tasks, User: user}))
	return s
}

type object = map[string]any

// post sends a body and gives status and body of the answer.
func (s *server) post(body []byte, headers ...string) (int, []byte) {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/api", bytes.NewReader(body))
	r.Header.Set("ftrack-user", user)
	r.Header.Set("ftrack-api-key", key)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	answer, err := io.ReadAll(w.Result().Body)
	require.NoError(s.t, err)
	return w.Code, answer
}

// call sends operations that must be accepted.
func (s *server) call(operations ...object) []object {
	s.t.Helper()
	body, err := json.Marshal(operations)
	require.NoError(s.t, err)
	status, answer := s.post(body)
	require.Equal(s.t, http.StatusOK, status)
	var replies []object
	require.NoError(s.t, json.Unmarshal(answer, &replies), "%s\n%s", body, answer)
	require.Len(s.t, replies, len(operations))
	return replies
}

// refused sends operations that must be refused.
func (s *server) refused(operations ...object) object {
	s.t.Helper()
	body, err := json.Marshal(operations)
	require.NoError(s.t, err)
	_, answer := s.post(body)
	var reply object
	require.NoError(s.t, json.Unmarshal(answer, &reply), "%s\n%s", body, answer)
	require.Len(s.t, reply, 3)
	for _, name := range []string{"exception", "content", "error_code"} {
		require.Contains(s.t, reply, name)
	}
	return reply
}

func query(expression string) object { return object{"action": "query", "expression": expression} }

func create(typ string, data object) object {
	return object{"action": "create", "entity_type": typ, "entity_data": data}
}

func update(typ string, key any, data object) object {
	return object{"action": "update", "entity_type": typ, "entity_key": key, "entity_data": data}
}

func remove(typ string, key any) object {
	return object{"action": "delete", "entity_type": typ, "entity_key": key}
}

// rows are the rows of a query.
func (s *server) rows(expression string) []object {
	s.t.Helper()
	var rows []object
	for _, row := range s.call(query(expression))[0]["data"].([]any) {
		rows = append(rows, row.(object))
	}
	return rows
}

// one is the only row of a query.
func (s *server) one(expression string) object {
	s.t.Helper()
	rows := s.rows(expression)
	require.Len(s.t, rows, 1, expression)
	return rows[0]
}

// fixture reads one of the real replies, which lie beside the repository.
func fixture(t testing.TB, name string) []byte {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		require.NotEqual(t, dir, filepath.Dir(dir))
		dir = filepath.Dir(dir)
	}
	data, err := os.ReadFile(filepath.Join(dir, "..", "shared", "fixtures", name))
	if os.IsNotExist(err) {
		t.Skip("the fixtures are not beside the repository")
	}
	require.NoError(t, err)
	return data
}
