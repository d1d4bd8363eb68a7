//go:build !js

package session_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/event"
	"github.com/ftrack-wasm/ftrack-wasm/session/event/socketio"
	"github.com/ftrack-wasm/ftrack-wasm/session/event/websocket"
	"github.com/ftrack-wasm/ftrack-wasm/session/nethttp"
	"github.com/ftrack-wasm/ftrack-wasm/session/plugin"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox"
)

// eventServer is a sandbox with real sockets.
type eventServer struct {
	*sandbox.Server
	url string
}

func serveEvents(t *testing.T, assume map[string]string) *eventServer {
	t.Helper()
	handler, err := sandbox.New(sandbox.Options{User: "demo", Key: "demo-key", Assume: assume})
	require.NoError(t, err)
	server := httptest.NewServer(handler)
	t.Cleanup(func() {
		handler.Events().Close()
		server.Close()
	})
	return &eventServer{handler, server.URL}
}

func (s *eventServer) open(t *testing.T, change ...func(*session.Options)) *session.Session {
	t.Helper()
	options := session.Options{ServerURL: s.url, APIUser: "demo", APIKey: "demo-key", Transport: nethttp.New(nil), Env: func(string) string { return "" }}
	options.Dialer = websocket.New(nil)
	options.EventSettings = socketio.Settings{Delay: 5 * time.Millisecond, MaxDelay: 20 * time.Millisecond}
	options.Report = func(err error) { t.Log("reported:", err) }
	for _, f := range change {
		f(&options)
	}
	opened, err := session.New(t.Context(), options)
	require.NoError(t, err)
	t.Cleanup(func() { opened.Close() })
	return opened
}

func TestSessionsExchangeEventsThroughTheServer(t *testing.T) {
	for _, form := range []string{"headers", "header-only", "query-only"} {
		t.Run(form, func(t *testing.T) {
			server := serveEvents(t, map[string]string{"handshake": form})
			one, two := server.open(t), server.open(t)
			require.NoError(t, one.EventHub().Connect(t.Context()))
			require.NoError(t, two.EventHub().Connect(t.Context()))
			subscribed, err := two.EventHub().Subscription("topic=sum and data.a>1", func(_ context.Context, e *event.Event) (any, error) {
				a, _ := e.Data.Get("a").Int()
				b, _ := e.Data.Get("b").Int()
				return map[string]any{"sum": a + b, "who": e.Source.Get("user").Get("username").Text()}, nil
			}, event.SubscribeOptions{})
			require.NoError(t, err)
			defer subscribed()
			require.NoError(t, two.EventHub().Connect(t.Context()), "waits for the announcement")
			e, err := event.New("sum", map[string]any{"a": 2, "b": 3})
			require.NoError(t, err)
			reply, err := one.EventHub().PublishAndWaitForReply(t.Context(), e, 10*time.Second)
			require.NoError(t, err)
			assert.JSONEq(t, `{"sum":5,"who":"demo"}`, string(reply.Data.Raw()))
			unwanted, err := event.New("sum", map[string]any{"a": 1, "b": 3})
			require.NoError(t, err)
			_, err = one.EventHub().PublishAndWaitForReply(t.Context(), unwanted, 50*time.Millisecond)
			var timeout *event.ReplyTimeoutError
			assert.ErrorAs(t, err, &timeout, "the typed part is decided here")
		})
	}
}

func TestAutoConnectFollowsChangesOfOthersAcrossALoss(t *testing.T) {
	server := serveEvents(t, nil)
	writing := server.open(t)
	reading := server.open(t, func(o *session.Options) { o.AutoConnectEventHub = true })
	require.NoError(t, reading.EventHub().Connect(t.Context()))
	project, err := writing.Create("Project", map[string]any{"name": "first", "full_name": "First"})
	require.NoError(t, err)
	_, err = writing.Commit(t.Context(), session.CommitOptions{})
	require.NoError(t, err)
	id := project.Text("id")
	seen, err := reading.Get(t.Context(), "Project", id)
	require.NoError(t, err)
	require.NoError(t, reading.Populate(t.Context(), []*session.Entity{seen}, "full_name"))
	require.Equal(t, "First", seen.Text("full_name"))

	rename := func(name string) {
		require.NoError(t, project.Set("full_name", name))
		_, err := writing.Commit(t.Context(), session.CommitOptions{})
		require.NoError(t, err)
	}
	rename("Second")
	require.Eventually(t, func() bool { return seen.Text("full_name") == "Second" }, 10*time.Second, time.Millisecond)

	resynced := make(chan struct{}, 1)
	_, err = reading.EventHub().Subscribe("topic=ftrack.session.resynced", func(context.Context, *event.Event) (any, error) {
		resynced <- struct{}{}
		return nil, nil
	}, event.SubscribeOptions{})
	require.NoError(t, err)
	told := func() {
		t.Helper()
		select {
		case <-resynced:
		case <-time.After(10 * time.Second):
			t.Fatal("it was not told of the gap")
		}
	}
	server.Events().Cut(0)
	rename("Third")
	told()
	assert.Equal(t, "Third", seen.Text("full_name"))
	reading.EventHub().Disconnect()
	require.NoError(t, reading.EventHub().Wait(t.Context(), 0))
	rename("Fourth")
	require.NoError(t, reading.EventHub().Connect(t.Context()))
	told()
	assert.Equal(t, "Fourth", seen.Text("full_name"))
}

func TestPluginsAreRegisteredAndTakenBack(t *testing.T) {
	server := serveEvents(t, nil)
	var mu sync.Mutex
	var told []string
	tell := func(text string) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, text)
	}
	lifecycle := plugin.Plugin[*session.Session]{Name: "lifecycle", Arguments: []string{"a"}, Register: func(_ context.Context, s *session.Session, arguments map[string]any) (func(), error) {
		tell(fmt.Sprint("register ", arguments))
		_, err := s.EventHub().Subscribe("topic=ftrack.api.session.*", func(_ context.Context, e *event.Event) (any, error) {
			if id := e.Data.Get("schema").Get("id").Text(); id != "" {
				if id == "Task" {
					return session.EntityFactory{DefaultProjections: []string{"name", "status.name"}}, nil
				}
				return nil, nil
			}
			tell(e.Topic)
			return nil, nil
		}, event.SubscribeOptions{})
		return func() { tell("unregister") }, err
	}}
	s := server.open(t, func(o *session.Options) {
		o.Plugins = []plugin.Plugin[*session.Session]{{Name: "bad"}, lifecycle}
		o.PluginArguments = map[string]any{"a": 1, "b": 2}
		o.Report = func(err error) { tell(err.Error()) }
	})
	q, err := s.Query("Task")
	require.NoError(t, err)
	assert.Contains(t, q.String(), "status.name", "the factory of a handler counts")
	require.NoError(t, s.Reset(t.Context()))
	require.NoError(t, s.Close())
	require.NoError(t, s.Close())
	assert.Equal(t, []string{
		"plugin bad was not registered: it has no function Register",
		"plugin lifecycle does not take all arguments: b left out",
		"register map[a:1]",
		"ftrack.api.session.configure-location", "ftrack.api.session.ready", "ftrack.api.session.reset",
		"unregister",
	}, told)
	err = s.EventHub().Connect(t.Context())
	assert.ErrorContains(t, err, "closed")
	assert.False(t, strings.Contains(fmt.Sprintf("%+v", s.EventHub()), "demo-key"))
}

func TestBadPacketsAreReported(t *testing.T) {
	server := serveEvents(t, nil)
	reported := make(chan string, 10)
	s := server.open(t, func(o *session.Options) { o.Report = func(err error) { reported <- err.Error() } })
	require.NoError(t, s.EventHub().Connect(t.Context()))
	server.Events().Inject("nonsense", false)
	assert.Contains(t, <-reported, "unknown kind")
	server.Events().Inject("x", true)
	assert.Contains(t, <-reported, "binary")
}
