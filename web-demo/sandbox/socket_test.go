package sandbox_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/hub"
)

// handshake asks for a socket: the status, and the line.
func (s *server) handshake(query string, headers ...string) (int, string) {
	r := httptest.NewRequest(http.MethodGet, "/socket.io/1/"+query, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestAssumptionsAboutTheHandshake(t *testing.T) {
	const ok, refused = http.StatusOK, http.StatusUnauthorized
	for setting, wanted := range map[string][3]int{ // nothing, in headers, in the query
		"headers": {refused, ok, ok}, "open": {ok, ok, ok}, "header-only": {refused, ok, refused}, "query-only": {refused, refused, ok}, "refused": {refused, refused, refused},
	} {
		s := assuming(t, "handshake="+setting)
		var got [3]int
		got[0], _ = s.handshake("?api_user="+user+"&api_key=wrong", "ftrack-user", user, "ftrack-api-key", "wrong")
		got[1], _ = s.handshake("", "ftrack-user", user, "ftrack-api-key", key)
		got[2], _ = s.handshake("?api_user=" + user + "&api_key=" + key)
		require.Equal(t, wanted, got, setting)
	}
	s := assuming(t)
	_, line := s.handshake("", "ftrack-user", user, "ftrack-api-key", key)
	require.Regexp(t, `^[0-9a-f]{32}:15:25:websocket$`, line)
}

func TestAssumptionsAboutTheHandshakeOfBrowsers(t *testing.T) {
	for setting, allowed := range map[string]bool{"on": true, "off": false} {
		s := assuming(t, "handshake-cors="+setting)
		for target, wanted := range map[string]bool{"/socket.io/1/": allowed, "/socket.io/1/?api_user=x&api_key=y": true, "/api": true} {
			r := httptest.NewRequest(http.MethodGet, target, nil)
			r.Header.Set("Origin", "http://page.example")
			w := httptest.NewRecorder()
			s.handler.ServeHTTP(w, r)
			require.Equal(t, wanted, w.Header().Get("Access-Control-Allow-Origin") != "", target)
		}
	}
}

// control steers the sandbox.
func (s *server) control(method, path, body string) (int, object) {
	s.t.Helper()
	r := httptest.NewRequest(method, "/sandbox/"+path, strings.NewReader(body))
	r.Header.Set("ftrack-user", user)
	r.Header.Set("ftrack-api-key", key)
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	var answer object
	if w.Code == http.StatusOK {
		require.NoError(s.t, json.Unmarshal(w.Body.Bytes(), &answer))
	}
	return w.Code, answer
}

func TestARealSocket(t *testing.T) {
	s := assuming(t)
	listening := httptest.NewServer(s.handler)
	defer listening.Close()
	defer s.handler.Events().Close()
	_, line := s.handshake("", "ftrack-user", user, "ftrack-api-key", key)
	id, _, _ := strings.Cut(line, ":")
	conn, _, err := websocket.Dial(t.Context(), listening.URL+"/socket.io/1/websocket/"+id, nil)
	require.NoError(t, err)
	defer conn.CloseNow()
	conn.SetReadLimit(1 << 20)
	next := func() string {
		_, frame, err := conn.Read(t.Context())
		require.NoError(t, err)
		return string(frame)
	}
	send := func(frame string) { require.NoError(t, conn.Write(t.Context(), websocket.MessageText, []byte(frame))) }
	require.Equal(t, "1::", next())
	send(`5:1+::{"name":"ftrack.event","args":[{"topic":"ftrack.meta.subscribe","data":{"subscriber":{"id":"S"},"subscription":"topic=ftrack.update"}}]}`)
	require.Equal(t, `6:::1+[{"success":true}]`, next())
	status, state := s.control("GET", "events", "")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, []any{1.0, 1.0, 1.0}, []any{state["sockets"], state["subscribers"], state["served"]})
	task := s.one("select id from Task limit 1")["id"]
	s.call(update("Task", []any{task}, object{"name": "changed"}))
	require.Contains(t, next(), `"changes":{"name":{"old":`)
	_, answer := s.control("POST", "events/publish", `{"topic":"ftrack.update","data":{}}`)
	require.Equal(t, object{"published": true}, answer)
	require.Equal(t, `5:::{"name":"ftrack.event","args":[{"topic":"ftrack.update","data":{}}]}`, next())
	_, answer = s.control("POST", "events/send", `{"frame":"7:::odd"}`)
	require.Equal(t, object{"sockets": 1.0}, answer)
	require.Equal(t, "7:::odd", next())
	s.control("POST", "events/send", `{"frame":"bytes","binary":true}`)
	kind, _, err := conn.Read(t.Context())
	require.NoError(t, err)
	require.Equal(t, websocket.MessageBinary, kind)
	_, answer = s.control("POST", "events/cut", "")
	require.Equal(t, object{"cut": 1.0}, answer)
	_, _, err = conn.Read(t.Context())
	require.Error(t, err)
	again, _, err := websocket.Dial(t.Context(), listening.URL+"/socket.io/1/websocket/"+id, nil)
	require.NoError(t, err)
	defer again.CloseNow()
	_, frame, err := again.Read(t.Context())
	require.NoError(t, err)
	require.Equal(t, "7:::1+0", string(frame))
}

func TestTheSandboxIsSteered(t *testing.T) {
	s := assuming(t)
	status, state := s.control("PUT", "events", `{"delay":"20ms","reorder":0.5,"refuse":503}`)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, object{"delay": "20ms", "jitter": "0s", "reorder": 0.5, "refuse": 503.0}, state["faults"])
	status, _ = s.handshake("", "ftrack-user", user, "ftrack-api-key", key)
	require.Equal(t, http.StatusServiceUnavailable, status)
	_, state = s.control("PUT", "events", `{}`)
	require.NotContains(t, state["faults"], "refuse")
	for _, wrong := range [][3]string{{"PUT", "events", "x"}, {"POST", "events/cut", "x"}, {"POST", "events/send", "x"}, {"POST", "events/publish", `{}`}} {
		status, _ = s.control(wrong[0], wrong[1], wrong[2])
		require.Equal(t, http.StatusBadRequest, status, wrong)
	}
	status, _ = s.control("POST", "nothing", "")
	require.Equal(t, http.StatusNotFound, status)
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/sandbox/events", nil))
	require.Equal(t, http.StatusUnauthorized, w.Code)
}

// attach opens a socket within the process: what is sent, and what comes.
func (s *server) attach() (send func(string), next func() string) {
	s.t.Helper()
	near, far := hub.Pipe()
	id, _, _ := strings.Cut(s.handler.Events().Admit(hub.User{}), ":")
	go func() { _ = s.handler.Events().Serve(context.Background(), id, far) }()
	t := s.t
	t.Cleanup(func() { near.Close() })
	send = func(frame string) { require.NoError(t, near.Send(context.Background(), frame)) }
	next = func() string {
		frame, err := near.Receive(context.Background())
		require.NoError(t, err)
		return frame
	}
	require.Equal(t, "1::", next())
	return send, next
}

const subscribing = `5:1+::{"name":"ftrack.event","args":[{"topic":"ftrack.meta.subscribe","data":{"subscriber":{"id":"S"},"subscription":"topic=x"}}]}`

func TestAssumptionsAboutSubscribersAndFrames(t *testing.T) {
	for setting, accepted := range map[string]bool{"subscriber-ids=socket": true, "subscriber-ids=server": false} {
		s := assuming(t, setting)
		send, next := s.attach()
		send(subscribing)
		require.Contains(t, next(), `"success":true`)
		send, next = s.attach()
		send(subscribing)
		require.Equal(t, accepted, strings.Contains(next(), `"success":true`), setting)
	}
	for setting, wanted := range map[string]string{"event-frames-sent=plain": "5:::", "event-frames-sent=numbered": "5:1::"} {
		s := assuming(t, setting)
		send, next := s.attach()
		send(subscribing)
		next()
		require.NoError(t, s.handler.Events().Publish([]byte(`{"topic":"x"}`)))
		require.Equal(t, wanted+`{"name":"ftrack.event","args":[{"topic":"x"}]}`, next(), setting)
	}
}
