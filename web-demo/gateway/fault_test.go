package gateway_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/gateway"
)

func TestServerThatFails(t *testing.T) {
	server := newFtrack(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.Header.Get("Ftrack-Clienttoken") {
		case "page":
			w.WriteHeader(503)
			w.Header().Set("Retry-After", "3")
			fmt.Fprintf(w, "<html>cannot reach %s?apiKey=%s for user %s</html>", r.URL, r.Header.Get("Ftrack-Api-Key"), r.Header.Get("Ftrack-User"))
		case "moved":
			http.Redirect(w, r, "/login?apiKey="+apiKey, http.StatusFound)
		case "encoded":
			w.Header().Set("Content-Encoding", "br")
			_, _ = w.Write([]byte("whatever"))
		case "cookie":
			w.Header().Set("Set-Cookie", "session=1")
			w.Header().Set("X-Key", r.Header.Get("Ftrack-Api-Key"))
			w.Header().Set("Etag", `"`+r.Header.Get("Ftrack-Api-Key")+`"`)
			_, _ = w.Write([]byte(`[]`))
		}
	})
	everywhere(t, config{target: server.URL}, func(t *testing.T, address string) {
		send := func(token string) reply {
			return ask(t, "POST", address+"/api", query, append(bearer(scoped("write")), "Ftrack-Clienttoken", token, "Origin", page)...)
		}
		got := send("page")
		assert.Equal(t, 503, got.status)
		assert.Contains(t, got.body, "cannot reach")
		clean(t, got)
		got = send("moved")
		assert.Equal(t, 502, got.status)
		got.refusal(t)
		clean(t, got)
		assert.Empty(t, got.header.Get("Location"))
		got = send("encoded")
		assert.Equal(t, 502, got.status, "what cannot be searched does not pass")
		got.refusal(t)
		got = send("cookie")
		assert.Equal(t, 200, got.status)
		assert.Empty(t, got.header.Get("Set-Cookie"))
		clean(t, got)
	})
}

// clean finds the key nowhere in a reply.
func clean(t *testing.T, r reply) {
	t.Helper()
	text := r.body + fmt.Sprint(r.header)
	for _, form := range []string{apiKey, strings.ReplaceAll(apiKey, "/", `\/`), "planted%2Fkey%2B7f3c9a52-4d1e", "planted%2fkey%2b7f3c9a52-4d1e", "planted"} {
		assert.NotContains(t, text, form)
	}
}

func TestServerThatIsNotThere(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	listener.Close()
	everywhere(t, config{target: "http://" + listener.Addr().String()}, func(t *testing.T, address string) {
		for _, way := range []string{"POST /api", "GET /socket.io/1/", "GET /component/get?id=1"} {
			method, path, _ := strings.Cut(way, " ")
			got := ask(t, method, address+path, map[string]string{"POST": query}[method], append(bearer(scoped("write")), "Origin", page)...)
			assert.Equal(t, 502, got.status, way)
			exception, code := got.refusal(t)
			assert.Equal(t, "GatewayError", exception)
			assert.Equal(t, "server_unreachable", code)
			assert.Equal(t, page, got.header.Get("Access-Control-Allow-Origin"))
			clean(t, got)
		}
	})
}

func TestServerThatVanishes(t *testing.T) {
	server := newFtrack(t, func(w http.ResponseWriter, r *http.Request) {
		conn, buffered, _ := http.NewResponseController(w).Hijack()
		defer conn.Close()
		if r.Header.Get("Ftrack-Clienttoken") == "late" {
			_, _ = buffered.WriteString("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n[" + strings.Repeat(`"rows",`, 10000))
			_ = buffered.Flush()
		}
	})
	everywhere(t, config{target: server.URL}, func(t *testing.T, address string) {
		got := ask(t, "POST", address+"/api", query, bearer(scoped("read"))...)
		assert.Equal(t, 502, got.status)
		got.refusal(t)

		r, _ := http.NewRequest("POST", address+"/api", strings.NewReader(query))
		r.Header.Set("Authorization", "Bearer "+scoped("read"))
		r.Header.Set("Ftrack-Clienttoken", "late")
		response, err := client.Do(r)
		require.NoError(t, err)
		defer response.Body.Close()
		assert.Equal(t, 200, response.StatusCode)
		_, err = io.ReadAll(response.Body)
		assert.Error(t, err, "half an answer must not look like a whole one")
	})
}

func TestServerThatIsSlow(t *testing.T) {
	gone := make(chan struct{}, 1)
	next := make(chan struct{})
	server := newFtrack(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Ftrack-Clienttoken") == "never" {
			<-r.Context().Done()
			gone <- struct{}{}
			return
		}
		for i := range 3 {
			fmt.Fprintf(w, "%d%s", i, strings.Repeat(" ", 20000)) // beyond what is held back
			_ = http.NewResponseController(w).Flush()
			<-next
		}
	})
	everywhere(t, config{target: server.URL}, func(t *testing.T, address string) {
		ctx, cancel := context.WithCancel(context.Background())
		r, _ := http.NewRequestWithContext(ctx, "POST", address+"/api", strings.NewReader(query))
		r.Header.Set("Authorization", "Bearer "+scoped("read"))
		r.Header.Set("Ftrack-Clienttoken", "never")
		waiting := make(chan error, 1)
		go func() {
			_, err := client.Do(r)
			waiting <- err
		}()
		require.Eventually(t, func() bool { return len(server.requests()) == 1 }, 10*time.Second, time.Millisecond)
		got := ask(t, "OPTIONS", address+"/api", "", "Origin", page, "Access-Control-Request-Method", "POST")
		assert.Equal(t, 204, got.status, "one that waits holds up no other")
		cancel()
		require.Error(t, <-waiting)
		<-gone // who has gone is waited for no longer, by the server neither

		r, _ = http.NewRequest("POST", address+"/api", strings.NewReader(query))
		r.Header.Set("Authorization", "Bearer "+scoped("read"))
		response, err := client.Do(r)
		require.NoError(t, err)
		defer response.Body.Close()
		first := make([]byte, 8000)
		_, err = io.ReadFull(response.Body, first)
		require.NoError(t, err)
		assert.Equal(t, byte('0'), first[0], "the beginning is there while the server still thinks")
		for range 3 {
			next <- struct{}{}
		}
		rest, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		assert.Len(t, rest, 60003-8000)
	})
}

func TestAnswersWhoseStatusIsNoneAreUnusable(t *testing.T) {
	for _, status := range []string{"101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade", "099 Less", "700 More"} {
		server := newFtrack(t, func(w http.ResponseWriter, r *http.Request) {
			conn, buffered, _ := http.NewResponseController(w).Hijack()
			defer conn.Close()
			_, _ = buffered.WriteString("HTTP/1.1 " + status + "\r\nContent-Length: 2\r\n\r\n[]")
			_ = buffered.Flush()
		})
		address := native.start(t, config{target: server.URL})
		for _, way := range []string{"POST /api", "GET /component/get?id=1"} {
			method, path, _ := strings.Cut(way, " ")
			got := ask(t, method, address+path, map[string]string{"POST": query}[method], bearer(scoped("write"))...)
			assert.Equal(t, 502, got.status, status)
			got.refusal(t)
		}
	}
}

func TestTheLogSaysWhyTheServerCannotBeReached(t *testing.T) {
	var log bytes.Buffer
	options := working(t)
	options.Target, options.Log = "http://127.0.0.1:1", slog.New(slog.NewTextHandler(&log, nil))
	g, err := gateway.New(options)
	require.NoError(t, err)
	answer := httptest.NewRecorder()
	r := httptest.NewRequest("POST", "/api", strings.NewReader(query))
	r.Header.Set("Authorization", "Bearer "+scoped("read"))
	g.ServeHTTP(answer, r)
	assert.Equal(t, 502, answer.Code)
	assert.Contains(t, log.String(), "refused")
	assert.NotContains(t, answer.Body.String(), "refused", "a client is not told of the studio's network")
}
