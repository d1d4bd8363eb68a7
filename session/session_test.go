package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

const plantedKey = "planted-key-4711"

// script is a server that answers from a function and keeps what it was sent.
type script struct {
	mu       sync.Mutex
	requests []*wire.Request
	answer   func(ctx context.Context, n int, operations []map[string]any) (*wire.Response, error)
}

func (s *script) RoundTrip(ctx context.Context, r *wire.Request) (*wire.Response, error) {
	s.mu.Lock()
	s.requests = append(s.requests, r)
	n := len(s.requests)
	s.mu.Unlock()
	var operations []map[string]any
	if err := json.Unmarshal(r.Body, &operations); err != nil {
		return nil, err
	}
	if operations[0]["action"] == "query_server_information" {
		return ok(`[{"version":"4.13.8","schema_hash":"x","is_timezone_support_enabled":true},` + string(schemaText()) + `]`), nil
	}
	return s.answer(ctx, n-1, operations)
}

// sent is how many requests came after the opening one.
func (s *script) sent() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.requests) - 1
}

func (s *script) expressions(t testing.TB) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []string
	for _, r := range s.requests[1:] {
		var operations []map[string]any
		require.NoError(t, json.Unmarshal(r.Body, &operations))
		for _, o := range operations {
			expression, _ := o["expression"].(string)
			list = append(list, expression)
		}
	}
	return list
}

func ok(body string) *wire.Response {
	return &wire.Response{Status: 200, StatusText: "OK", Body: []byte(body), Recycle: overwrite,
		Header: []wire.Header{{Name: "Content-Type", Value: "application/json"}}}
}

// overwrite is what the next reply does to a body that was given back: whoever reads there still is found out.
func overwrite(body []byte) {
	for i := range body {
		body[i] = '!'
	}
}

var schemaText = sync.OnceValue(func() []byte {
	data, err := os.ReadFile(filepath.Join("schema", "testdata", "query_schemas.json"))
	if err != nil {
		panic(err)
	}
	return data
})

func open(t testing.TB, s *script, change ...func(*Options)) *Session {
	t.Helper()
	options := Options{ServerURL: "https://studio.test/", APIKey: plantedKey, APIUser: "ada", Transport: s}
	for _, c := range change {
		c(&options)
	}
	session, err := New(context.Background(), options)
	require.NoError(t, err)
	t.Cleanup(func() { session.Close() })
	return session
}

// pages answers queries with rows 0 to total, as the paging of the expression asks.
func pages(total int) func(context.Context, int, []map[string]any) (*wire.Response, error) {
	return func(_ context.Context, _ int, operations []map[string]any) (*wire.Response, error) {
		var offset, limit int
		expression := operations[0]["expression"].(string)
		if i := strings.LastIndex(expression, " offset "); i >= 0 {
			fmt.Sscanf(expression[i:], " offset %d limit %d", &offset, &limit)
		} else {
			fmt.Sscanf(expression[strings.LastIndex(expression, " limit "):], " limit %d", &limit)
		}
		var rows []string
		for i := offset; i < total && i < offset+limit; i++ {
			rows = append(rows, fmt.Sprintf(`{"name":"task %d","context_type":"task","id":"t%d","__entity_type__":"Task"}`, i, i))
		}
		next := "null"
		if len(rows) == limit {
			next = fmt.Sprint(offset + limit)
		}
		return ok(`[{"action":"query","data":[` + strings.Join(rows, ",") + `],"metadata":{"next":{"offset":` + next + `}}}]`), nil
	}
}

func TestOpeningIsOneRequestWithTheSessionsHeaders(t *testing.T) {
	server := &script{}
	s := open(t, server, func(o *Options) {
		o.Headers = map[string]string{"x-studio": "north", "Ftrack-User": "mallory"}
		o.StrictAPI = true
	})
	require.Len(t, server.requests, 1)
	r := server.requests[0]
	assert.Equal(t, "https://studio.test/api", r.URL)
	assert.JSONEq(t, `[{"action":"query_server_information"},{"action":"query_schemas"}]`, string(r.Body))
	header := map[string]string{}
	for _, h := range r.Header {
		header[strings.ToLower(h.Name)] = h.Value
	}
	assert.Equal(t, map[string]string{"accept": "application/json", "content-type": "application/json", "ftrack-user": "ada",
		"ftrack-api-key": plantedKey, "ftrack-strict-api": "true", "ftrack-clienttoken": s.ClientToken(), "x-studio": "north"}, header)
	assert.Equal(t, "4.13.8", s.ServerInformation().Version)
	assert.True(t, s.ServerInformation().IsTimezoneSupportEnabled)
	assert.Equal(t, "https://studio.test", s.ServerURL())
	assert.NotNil(t, s.Schemas().Type("Task"))
}

func TestOptionsComeFromTheEnvironmentInTheGuidesOrder(t *testing.T) {
	env := map[string]string{"FTRACK_SERVER": "https://env.test", "FTRACK_API_KEY": "new", "FTRACK_APIKEY": "old", "FTRACK_API_USER": "bo"}
	look := func(name string) string { return env[name] }
	o, err := Options{Env: look, Transport: &script{}}.resolve()
	require.NoError(t, err)
	assert.Equal(t, []string{"https://env.test", "new", "bo"}, []string{o.ServerURL, o.APIKey, o.APIUser})
	assert.Equal(t, 60*time.Second, o.Timeout)
	delete(env, "FTRACK_API_KEY")
	o, err = Options{Env: look, Transport: &script{}, APIUser: "given"}.resolve()
	require.NoError(t, err)
	assert.Equal(t, []string{"old", "given"}, []string{o.APIKey, o.APIUser})
}

func TestAWrongOptionNamesItself(t *testing.T) {
	good := func() Options {
		return Options{ServerURL: "https://a.test", APIKey: plantedKey, APIUser: "u", Transport: &script{}, Env: func(string) string { return "" }}
	}
	for option, change := range map[string]func(*Options){
		"ServerURL": func(o *Options) { o.ServerURL = "" }, "APIKey": func(o *Options) { o.APIKey = "" },
		"APIUser": func(o *Options) { o.APIUser = "" }, "Transport": func(o *Options) { o.Transport = nil },
		"Timeout": func(o *Options) { o.Timeout = -1 }, "Headers": func(o *Options) { o.Headers = map[string]string{"a b": ""} },
	} {
		o := good()
		change(&o)
		_, err := New(context.Background(), o)
		var wrong *OptionError
		require.ErrorAs(t, err, &wrong, option)
		assert.Equal(t, option, wrong.Option)
	}
	for _, url := range []string{"studio.test", "ftp://a", "https://", "https://:80", "https://a.test?apiKey=" + plantedKey, "https://u:" + plantedKey + "@a.test", "https://a b"} {
		o := good()
		o.ServerURL = url
		_, err := New(context.Background(), o)
		require.ErrorContains(t, err, "ServerURL", url)
		assert.NotContains(t, err.Error(), plantedKey)
	}
	o := good()
	o.APIKey = plantedKey + "\n"
	_, err := New(context.Background(), o)
	require.ErrorContains(t, err, "APIKey")
	assert.NotContains(t, err.Error(), plantedKey)
}

func TestTheCompatibilityRule(t *testing.T) {
	for version, fine := range map[string]bool{"dev": true, "3.4": true, "3.3.11": true, "3.3.10": false, "4.0.0": true, "3.2.99": false,
		"": false, "2.9.9.1": false, "10.0.0": true, "3.3.11-rc1": true, "3.3.9b": false} {
		assert.Equal(t, fine, checkCompatibility(version) == nil, "%q", version)
	}
}

func TestReadsAreRetriedAndWritesAreNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failures := 0
		server := &script{answer: func(_ context.Context, n int, _ []map[string]any) (*wire.Response, error) {
			if failures++; failures < 3 {
				return &wire.Response{Status: 503, StatusText: "Service Unavailable"}, nil
			}
			return pages(2)(nil, n, []map[string]any{{"expression": "x offset 0 limit 500"}})
		}}
		s := open(t, server)
		q, _ := s.Query("Task")
		rows, err := q.All(t.Context())
		require.NoError(t, err)
		assert.Len(t, rows, 2)
		assert.Equal(t, 3, server.sent())
		failures = 0
		_, err = s.CallJSON(t.Context(), []byte(`[{"action":"create"}]`))
		var refused *wire.ServerError
		require.ErrorAs(t, err, &refused)
		assert.Equal(t, 503, refused.Status)
		assert.Equal(t, 4, server.sent())
	})
}

func TestAServerThatNeverAnswersEndsWithTheTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, &script{answer: func(ctx context.Context, _ int, _ []map[string]any) (*wire.Response, error) {
			<-ctx.Done()
			return nil, context.Cause(ctx)
		}}, func(o *Options) { o.Timeout = 3 * time.Second })
		start := time.Now()
		q, _ := s.Query("Task")
		_, err := q.All(t.Context())
		var timeout *TimeoutError
		require.ErrorAs(t, err, &timeout)
		assert.Equal(t, 3*time.Second, time.Since(start))
		assert.NotContains(t, err.Error(), plantedKey)
	})
}

func TestAbortEndsTheRequestAndTheQueryCanBeAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stuck := true
		gone := make(chan struct{})
		server := &script{}
		server.answer = func(ctx context.Context, n int, operations []map[string]any) (*wire.Response, error) {
			if stuck {
				<-ctx.Done()
				close(gone)
				return nil, ctx.Err()
			}
			return pages(2)(ctx, n, operations)
		}
		s := open(t, server)
		q, _ := s.Query("Task")
		ctx, cancel := context.WithCancelCause(t.Context())
		reason := errors.New("the user left")
		time.AfterFunc(time.Second, func() { cancel(reason) })
		_, err := q.All(ctx)
		require.ErrorIs(t, err, reason)
		assert.Equal(t, "ABORTED", Code(err))
		<-gone
		stuck = false
		rows, err := q.All(t.Context())
		require.NoError(t, err)
		assert.Len(t, rows, 2)
	})
}

func TestAfterCloseMethodsSayConnectionClosedAndReadsStillWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &script{answer: pages(1)}
		s := open(t, server)
		q, _ := s.Query("Task")
		rows, err := q.All(t.Context())
		require.NoError(t, err)
		server.answer = func(ctx context.Context, _ int, _ []map[string]any) (*wire.Response, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		waiting, _ := s.Query("Shot")
		time.AfterFunc(time.Second, func() { s.Close() })
		_, err = waiting.All(t.Context())
		assert.ErrorIs(t, err, ErrConnectionClosed)
		assert.True(t, s.Closed())
		require.NoError(t, s.Close())
		_, err = s.Query("Task")
		assert.ErrorIs(t, err, ErrConnectionClosed)
		_, err = s.Get(t.Context(), "Task", "t0")
		assert.ErrorIs(t, err, ErrConnectionClosed)
		assert.ErrorIs(t, s.Populate(t.Context(), rows, "status"), ErrConnectionClosed)
		_, err = s.CallJSON(t.Context(), []byte(`[]`))
		assert.ErrorIs(t, err, ErrConnectionClosed)
		assert.Equal(t, "task 0", rows[0].Text("name"))
	})
}

func TestAMergeInSlicesPausesAndSeesAnAbort(t *testing.T) {
	server := &script{answer: pages(500)}
	pauses := 0
	ctx, cancel := context.WithCancel(context.Background())
	s := open(t, server, func(o *Options) {
		o.Pause = func(ctx context.Context) error {
			pauses++
			return ctx.Err()
		}
	})
	q, _ := s.Query("Task")
	cancel()
	_, err := q.Next(ctx)
	require.Error(t, err)
	page, err := q.Next(context.Background())
	require.NoError(t, err)
	assert.Len(t, page.Records, 500)
}

func TestConcurrentQueriesShareTheirEntities(t *testing.T) {
	server := &script{answer: pages(1500)}
	s := open(t, server)
	var wg sync.WaitGroup
	results := make([][]*Entity, 4)
	for i := range results {
		wg.Go(func() {
			q, err := s.Query("Task")
			if assert.NoError(t, err) {
				results[i], err = q.All(context.Background())
				assert.NoError(t, err)
			}
		})
	}
	wg.Wait()
	for _, rows := range results[1:] {
		require.Len(t, rows, 1500)
		for i := range rows {
			require.Same(t, results[0][i], rows[i])
		}
	}
}

func TestSecretsStayOutOfErrorsAndPrints(t *testing.T) {
	server := &script{answer: func(context.Context, int, []map[string]any) (*wire.Response, error) {
		return nil, errors.New("connection refused")
	}}
	s := open(t, server, func(o *Options) { o.Timeout = 300 * time.Millisecond })
	q, _ := s.Query("Task")
	_, err := q.All(context.Background())
	require.Error(t, err)
	auth := s.Authentication()
	for _, text := range []string{err.Error(), fmt.Sprint(auth), fmt.Sprintf("%+v", auth), fmt.Sprintf("%#v", auth), fmt.Sprintf("%s", auth)} {
		assert.NotContains(t, text, plantedKey)
	}
	found := false
	for _, h := range auth.Apply(nil) {
		found = found || h.Value == plantedKey
	}
	assert.True(t, found, "the search would find the key where it stands")
}
