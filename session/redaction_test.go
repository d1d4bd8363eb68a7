package session

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// shows is every way in which fmt shows a value.
func shows(v any) map[string]string {
	all := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		all[verb] = fmt.Sprintf(verb, v)
	}
	return all
}

// leaks are the verbs that show the planted key, as it is or as %x writes it.
func leaks(v any) []string {
	var verbs []string
	for verb, text := range shows(v) {
		if strings.Contains(text, plantedKey) || strings.Contains(text, fmt.Sprintf("%x", plantedKey)) {
			verbs = append(verbs, verb)
		}
	}
	return verbs
}

func TestTheSearchFindsAPlantedKey(t *testing.T) {
	type bare struct{ APIKey string }
	type unexported struct{ inner struct{ options bare } }
	hidden := unexported{}
	hidden.inner.options.APIKey = plantedKey
	for name, v := range map[string]any{
		"text": plantedKey, "struct": bare{plantedKey}, "pointer": &bare{plantedKey}, "unexported": &hidden,
		"error": fmt.Errorf("open: %w", errors.New("key "+plantedKey)), "list": []any{bare{plantedKey}},
	} {
		assert.Subset(t, leaks(v), []string{"%v", "%+v", "%#v", "%x"}, name)
	}
}

func TestNothingThatHoldsTheKeyPrintsIt(t *testing.T) {
	s := open(t, &script{answer: pages(1)})
	q, err := s.Query("select name from Task")
	require.NoError(t, err)
	rows, err := q.All(context.Background())
	require.NoError(t, err)
	options := Options{ServerURL: "https://u:" + plantedKey + "@studio.test", APIKey: plantedKey, APIUser: "ada",
		Headers: map[string]string{"authorization": "Bearer " + plantedKey}, ClientToken: plantedKey}
	type program struct {
		Session *Session
		Options Options
		pointer *Session
	}
	for name, v := range map[string]any{
		"session": s, "query": q, "entity": rows[0], "rows": rows, "options": options, "resolved options": s.options, "pointer": &options,
		"authentication": s.Authentication(), "store": s.Store(), "program": program{s, options, s}, "list": []any{s, options, s.Authentication()},
		"information": s.ServerInformation(),
	} {
		assert.Empty(t, leaks(v), name)
	}
	for _, text := range shows(s) {
		assert.NotContains(t, text, "nil", "a session prints as one, not as nothing")
	}
	assert.Equal(t, `Session{server: "https://studio.test", user: "ada", key: redacted}`, fmt.Sprint(s))
	assert.Equal(t, fmt.Sprint(s), fmt.Sprintf("%#v", s))
	assert.Equal(t, `Options{server: "https://studio.test", user: "ada", key: redacted}`, fmt.Sprint(s.options))
	assert.Equal(t, `Options{server: invalid, user: "ada", key: redacted}`, fmt.Sprint(options), "a wrong address may hold a secret")
	assert.Equal(t, `Options{server: "", user: "", key: redacted}`, fmt.Sprint(Options{}))
}

func TestNoErrorNamesTheKey(t *testing.T) {
	ctx := context.Background()
	good := Options{ServerURL: "https://studio.test", APIKey: plantedKey, APIUser: "ada", Transport: &script{}, Env: func(string) string { return "" }}
	for name, change := range map[string]func(*Options){
		"no server": func(o *Options) { o.ServerURL = "" }, "no user": func(o *Options) { o.APIUser = "" },
		"no transport": func(o *Options) { o.Transport = nil }, "a line break in the key": func(o *Options) { o.APIKey += "\r\n" },
		"a line break in the user": func(o *Options) { o.APIUser = plantedKey + "\n" }, "key as server": func(o *Options) { o.ServerURL = plantedKey },
		"key in the address": func(o *Options) { o.ServerURL += "/?apiKey=" + plantedKey },
		"key as header":      func(o *Options) { o.Headers = map[string]string{"authorization": plantedKey + "\n"} },
	} {
		options := good
		change(&options)
		_, err := New(ctx, options)
		require.Error(t, err, name)
		assert.Empty(t, leaks(err), name)
	}
	answers := map[string]func() (*wire.Response, error){
		"network":   func() (*wire.Response, error) { return nil, errors.New("connection refused") },
		"refused":   func() (*wire.Response, error) { return &wire.Response{Status: 401, Body: []byte("who are you?")}, nil },
		"exception": func() (*wire.Response, error) { return ok(`{"exception":"APIError","content":"no"}`), nil },
		"page":      func() (*wire.Response, error) { return ok("<html>"), nil },
		"cut":       func() (*wire.Response, error) { return ok(`[{"data":[`), nil },
		"malformed": func() (*wire.Response, error) { return ok(`[{"data":7}]`), nil },
		"offset":    func() (*wire.Response, error) { return ok(reply(`{"__entity_type__":"Task","id":"t"}`, "0")), nil },
	}
	synctest.Test(t, func(t *testing.T) { // so that nothing waits for the retries
		for name, answer := range answers {
			s := open(t, &script{answer: func(context.Context, int, []map[string]any) (*wire.Response, error) { return answer() }})
			for _, err := range failures(t, s) {
				assert.Empty(t, leaks(err), name)
				for ; err != nil; err = errors.Unwrap(err) {
					assert.Empty(t, leaks(err), name)
				}
			}
		}
	})
}

// failures are the errors of every method of a session that asks its server, with the session closed at last.
func failures(t *testing.T, s *Session) []error {
	var list []error
	note := func(err error) { list = append(list, err) }
	_, err := ask(t, s)
	note(err)
	_, err = s.CallJSON(t.Context(), []byte(`[{"action":"create"},{"action":"x"}]`))
	note(err)
	ended, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	<-ended.Done()
	_, err = s.Get(ended, "Task", "t")
	note(err)
	_, err = s.Query("select x from Tusk")
	note(err)
	_, err = s.Call(t.Context(), func() {})
	note(err)
	require.NoError(t, s.Close())
	_, err = s.Get(t.Context(), "Task", "t")
	note(err)
	for i, err := range list {
		require.Error(t, err, "failure %d", i)
	}
	return list
}

func TestAProxyThatEchoesTheRequestDoesNotPutTheKeyIntoErrors(t *testing.T) {
	for _, status := range []int{200, 407, 502} {
		page := "<html>your request: ftrack-api-key: " + plantedKey + strings.Repeat(" "+plantedKey, 20)
		s := open(t, &script{answer: func(context.Context, int, []map[string]any) (*wire.Response, error) {
			return &wire.Response{Status: status, Body: []byte(page)}, nil
		}}, func(o *Options) { o.Timeout = 300 * time.Millisecond })
		q, err := s.Query("Task")
		require.NoError(t, err)
		_, err = q.All(context.Background())
		require.ErrorContains(t, err, "[redacted]")
		assert.NotContains(t, err.Error(), plantedKey[:8])
		_, err = s.CallJSON(context.Background(), []byte(`[{"action":"x"}]`))
		require.ErrorContains(t, err, "[redacted]")
		assert.NotContains(t, err.Error(), plantedKey[:8])
	}
}
