package session_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox"
)

// scripts are those of testdata/scripts.json: what ftrack-python was seen to send, and where ours sends fewer or smaller
// requests, those with the reason. Node and Chromium run the same file.
type scripts struct {
	IDs    map[string]string         `json:"ids"`
	Server map[string]map[string]any `json:"server"`
	Cases  []script                  `json:"cases"`
}

type script struct {
	Name  string       `json:"name"`
	Steps []scriptStep `json:"steps"`
}

type scriptStep struct {
	Step     []any             `json:"step"`
	Error    string            `json:"error"`
	Requests []json.RawMessage `json:"requests"` // of ftrack-python
	Ours     []json.RawMessage `json:"ours"`     // where they differ
	Why      string            `json:"why"`
}

// entities are those of the file, in the form of replies.
func (f *scripts) entities() []map[string]any {
	stub := func(alias string) map[string]any {
		return map[string]any{"__entity_type__": f.Server[alias]["__entity_type__"], "id": f.IDs[alias]}
	}
	var all []map[string]any
	for alias, values := range f.Server {
		entity := map[string]any{"id": f.IDs[alias]}
		for name, value := range values {
			switch value := value.(type) {
			case map[string]any:
				entity[name] = stub(value["ref"].(string))
			case []any:
				list := []map[string]any{}
				for _, item := range value {
					list = append(list, stub(item.(string)))
				}
				entity[name] = list
			default:
				entity[name] = value
			}
		}
		all = append(all, entity)
	}
	return all
}

// served is a transport that a sandbox answers in the same process; it notes the bodies.
type served struct {
	handler *sandbox.Server
	mu      sync.Mutex
	sent    []string
	fail    func(body []byte) (*wire.Response, error)                          // instead of the server, unless it gives nothing
	lose    func(body []byte, response *wire.Response) (*wire.Response, error) // after the server
	bodies  givenBack
}

// givenBack counts bodies that were given back. They are overwritten at once, as the next reply would do it later.
type givenBack struct{ count atomic.Int32 }

func (g *givenBack) overwrite(body []byte) {
	g.count.Add(1)
	for i := range body {
		body[i] = '!'
	}
}

func (s *served) RoundTrip(_ context.Context, request *wire.Request) (*wire.Response, error) {
	if s.fail != nil {
		if response, err := s.fail(request.Body); response != nil || err != nil {
			return response, err
		}
	}
	r := httptest.NewRequest(http.MethodPost, "/api", bytes.NewReader(request.Body))
	for _, h := range request.Header {
		r.Header.Set(h.Name, h.Value)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	s.mu.Lock()
	s.sent = append(s.sent, string(request.Body))
	s.mu.Unlock()
	response := &wire.Response{Status: w.Code, Body: w.Body.Bytes(), Recycle: s.bodies.overwrite}
	if s.lose != nil {
		return s.lose(request.Body, response)
	}
	return response, nil
}

func newServed(t testing.TB, entities any, assume sandbox.Assumptions) *served {
	t.Helper()
	handler, err := sandbox.New(sandbox.Options{User: "demo", Key: "demo-key", Assume: assume})
	require.NoError(t, err)
	if entities != nil {
		data, err := json.Marshal(entities)
		require.NoError(t, err)
		require.NoError(t, handler.Seed(data))
	}
	return &served{handler: handler}
}

func (s *served) open(t testing.TB) *session.Session {
	t.Helper()
	next := 0
	opened, err := session.New(t.Context(), session.Options{
		ServerURL: "http://sandbox", APIUser: "demo", APIKey: "demo-key", Transport: s, Timeout: 10 * time.Second,
		NewID: func() string { next++; return fmt.Sprintf("00000000-0000-4000-8000-%012d", next) },
	})
	require.NoError(t, err)
	t.Cleanup(func() { opened.Close() })
	s.sent = nil
	return opened
}

// run is a script under way.
type run struct {
	*testing.T
	file     *scripts
	session  *session.Session
	entities map[string]*session.Entity
}

func (r *run) entity(alias any) *session.Entity {
	e := r.entities[alias.(string)]
	require.NotNil(r, e, "no entity %v", alias)
	return e
}

func (r *run) value(v any) any {
	object, ok := v.(map[string]any)
	if !ok {
		return v
	}
	if ref, ok := object["ref"]; ok {
		return r.entity(ref)
	}
	if text, ok := object["datetime"].(string); ok {
		moment, err := time.Parse(time.RFC3339, text)
		require.NoError(r, err)
		return moment
	}
	if alias, ok := object["id"].(string); ok {
		return r.file.IDs[alias]
	}
	return object
}

func (r *run) data(v any) map[string]any {
	data := map[string]any{}
	for name, value := range v.(map[string]any) {
		data[name] = r.value(value)
	}
	return data
}

func (r *run) texts(v any) []string {
	list, _ := v.([]any)
	out := make([]string, len(list))
	for i, item := range list {
		out[i] = item.(string)
	}
	return out
}

func (r *run) step(step []any) error {
	ctx := r.Context()
	text := func(i int) string { return step[i].(string) }
	switch step[0] {
	case "load":
		typ := r.file.Server[text(1)]["__entity_type__"].(string)
		q, err := r.session.Query(fmt.Sprintf("select %s from %s where id is %q", text(2), typ, r.file.IDs[text(1)]), session.QueryOptions{})
		if err != nil {
			return err
		}
		r.entities[text(1)], err = q.One(ctx)
		return err
	case "create":
		e, err := r.session.Create(text(2), r.data(step[3]))
		r.entities[text(1)] = e
		return err
	case "set":
		return r.entity(step[1]).Set(text(2), r.value(step[3]))
	case "unset":
		return r.entity(step[1]).Unset(text(2))
	case "revert":
		return r.entity(step[1]).Revert(r.texts(step[2])...)
	case "delete":
		return r.session.Delete(r.entity(step[1]))
	case "add", "remove":
		c, err := r.entity(step[1]).Collection(text(2))
		require.NoError(r, err)
		if step[0] == "add" {
			return c.Add(r.entity(step[3]))
		}
		return c.Remove(r.entity(step[3]))
	case "metadata":
		m, err := r.entity(step[1]).Mapping("metadata")
		require.NoError(r, err)
		return m.Set(text(2), step[3])
	case "metadata delete":
		m, err := r.entity(step[1]).Mapping("metadata")
		require.NoError(r, err)
		return m.Delete(text(2))
	case "custom":
		m, err := r.entity(step[1]).Mapping("custom_attributes")
		require.NoError(r, err)
		return m.Set(text(2), step[3])
	case "custom delete":
		m, err := r.entity(step[1]).Mapping("custom_attributes")
		require.NoError(r, err)
		return m.Delete(text(2))
	case "read":
		return r.session.Populate(ctx, []*session.Entity{r.entity(step[1])}, text(2))
	case "populate":
		var list []*session.Entity
		for _, alias := range r.texts(step[1]) {
			list = append(list, r.entity(alias))
		}
		return r.session.Populate(ctx, list, strings.Split(text(2), ", ")...)
	case "query":
		q, err := r.session.Query(text(1), session.QueryOptions{})
		if err != nil {
			return err
		}
		switch step[2] {
		case "first":
			_, err = q.First(ctx)
		case "one":
			_, err = q.One(ctx)
		default:
			_, err = q.All(ctx)
		}
		return err
	case "get":
		var key []string
		if parts, ok := step[2].([]any); ok {
			key = r.texts(parts)
		} else {
			alias := step[2].(map[string]any)["id"].(string)
			id, ok := r.file.IDs[alias]
			if !ok {
				id = "d20bf22a-9d57-530b-a281-8672cf1fc23a"
			}
			key = []string{id}
		}
		_, err := r.session.Get(ctx, text(1), key...)
		return err
	case "ensure":
		var keys []string
		if len(step) > 4 {
			keys = r.texts(step[4])
		}
		e, err := r.session.Ensure(ctx, text(2), r.data(step[3]), keys...)
		r.entities[text(1)] = e
		return err
	case "commit":
		_, err := r.session.Commit(ctx, session.CommitOptions{})
		return err
	case "rollback":
		r.session.Rollback()
		return nil
	}
	r.Fatalf("no step %v", step[0])
	return nil
}

func readScripts(t testing.TB) *scripts {
	t.Helper()
	data, err := os.ReadFile("testdata/scripts.json")
	require.NoError(t, err)
	file := &scripts{}
	require.NoError(t, json.Unmarshal(data, file))
	require.NotEmpty(t, file.Cases)
	return file
}

func TestScriptsSendTheRequestsThatTheyName(t *testing.T) {
	file := readScripts(t)
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			server := newServed(t, file.entities(), nil)
			r := &run{t, file, server.open(t), map[string]*session.Entity{}}
			for _, step := range c.Steps {
				server.sent = nil
				err := r.step(step.Step)
				if step.Error != "" {
					require.Error(t, err)
					assert.Equal(t, step.Error, pythonName(err))
				} else {
					require.NoError(t, err, "%v", step.Step)
				}
				expected := step.Requests
				if step.Why != "" {
					expected = step.Ours
				}
				texts := make([]string, len(expected))
				for i, request := range expected {
					texts[i] = compact(t, request)
				}
				sent := append([]string{}, server.sent...)
				assert.Equal(t, texts, sent, "%v", step.Step)
			}
		})
	}
}

func compact(t testing.TB, text []byte) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, json.Compact(&b, text))
	return b.String()
}

// pythonName is the class that ftrack-python raises for an error.
func pythonName(err error) string {
	switch {
	case errors.Is(err, session.ErrNoResultFound):
		return "NoResultFoundError"
	case errors.Is(err, session.ErrMultipleResultsFound):
		return "MultipleResultsFoundError"
	}
	return strings.TrimPrefix(fmt.Sprintf("%T", err), "*session.")
}
