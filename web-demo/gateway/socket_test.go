package gateway_test

import (
	"cmp"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/gateway"
)

// events is a server with event sockets: it sends back what it gets, and says what it was asked to.
func events(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/socket.io/1/" {
		if r.Header.Get("Ftrack-Api-Key") != apiKey {
			http.Error(w, "who?", http.StatusUnauthorized)
			return
		}
		if r.Header.Get("Ftrack-User") == "nobody" {
			http.Error(w, "not you with "+apiKey, http.StatusForbidden)
			return
		}
		_, _ = w.Write([]byte("the-sid:15:25:websocket"))
		return
	}
	if r.URL.Path != "/socket.io/1/websocket/the-sid" {
		http.Error(w, "no such session", http.StatusNotFound)
		return
	}
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer conn.CloseNow()
	ctx := context.Background()
	_ = conn.Write(ctx, websocket.MessageText, []byte("1::"))
	for {
		kind, frame, err := conn.Read(ctx)
		if err != nil {
			return
		}
		switch string(frame) {
		case "5:::tell the key":
			frame = []byte("5:::" + apiKey)
		case "5:::much":
			frame = []byte("5:::" + strings.Repeat("x", 10<<20))
		case "5:::binary":
			_ = conn.Write(ctx, websocket.MessageBinary, []byte(apiKey))
		case "5:::go":
			_ = conn.Close(4321, "")
			return
		case "5:::vanish":
			return
		}
		if conn.Write(ctx, kind, frame) != nil {
			return
		}
	}
}

// shake gives the address of the socket that a handshake allows.
func shake(t *testing.T, address, token string) string {
	got := ask(t, "GET", address+"/socket.io/1/", "", append(bearer(token), "Origin", page)...)
	require.Equal(t, 200, got.status, got.body)
	sid, rest, _ := strings.Cut(got.body, ":")
	require.Equal(t, "15:25:websocket", rest)
	require.NotContains(t, got.body, "the-sid", "with it a page could go round the gateway")
	return "ws" + strings.TrimPrefix(address, "http") + "/socket.io/1/websocket/" + sid
}

func dial(t *testing.T, url, origin string) (*websocket.Conn, *http.Response, error) {
	conn, response, err := websocket.Dial(context.Background(), url, &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {origin}}})
	if err == nil {
		t.Cleanup(func() { conn.CloseNow() })
	}
	return conn, response, err
}

func next(t *testing.T, conn *websocket.Conn) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_, frame, err := conn.Read(ctx)
	require.NoError(t, err)
	return string(frame)
}

func write(t *testing.T, conn *websocket.Conn, frame string) {
	require.NoError(t, conn.Write(context.Background(), websocket.MessageText, []byte(frame)))
}

func TestEventSockets(t *testing.T) {
	server := newFtrack(t, events)
	everywhere(t, config{target: server.URL}, func(t *testing.T, address string) {
		server.requests()
		url := shake(t, address, scoped("write"))
		conn, _, err := dial(t, url, page)
		require.NoError(t, err)
		requests := server.requests()
		require.Len(t, requests, 2)
		assert.Equal(t, "ada", requests[1].Header.Get("Ftrack-User"))
		for _, request := range requests {
			assert.Empty(t, request.Query)
			assert.Empty(t, request.Header.Get("Authorization"))
			assert.Empty(t, request.Header.Get("Origin"))
		}
		assert.Equal(t, "1::", next(t, conn))
		for _, frame := range []string{"2::", `5:::{"name":"ftrack.event","args":[{"topic":"mine"}]}`, "4:::{}", strings.Repeat("x", 20_000)} {
			write(t, conn, frame)
			assert.Equal(t, frame, next(t, conn))
		}
		write(t, conn, "5:::tell the key")
		assert.Equal(t, "5:::[redacted]", next(t, conn))
		write(t, conn, "5:::much")
		conn.SetReadLimit(11 << 20)
		assert.Len(t, next(t, conn), 4+(10<<20))
		write(t, conn, "5:::binary")
		assert.Equal(t, "5:::binary", next(t, conn), "what is no text does not pass")
		write(t, conn, "5:::go")
		_, _, err = conn.Read(context.Background())
		assert.EqualValues(t, 4321, websocket.CloseStatus(err), "an ending is passed on as it is")

		conn, _, err = dial(t, url, page)
		require.NoError(t, err, "it can be opened again for a while")
		next(t, conn)
		write(t, conn, "5:::vanish")
		_, _, err = conn.Read(context.Background())
		assert.Error(t, err)
	})
}

func TestFramesThatAreTooLong(t *testing.T) {
	server := newFtrack(t, events)
	everywhere(t, config{target: server.URL, maxBody: 1000}, func(t *testing.T, address string) {
		conn, _, err := dial(t, shake(t, address, scoped("write")), page)
		require.NoError(t, err)
		assert.Equal(t, "1::", next(t, conn))
		write(t, conn, strings.Repeat("x", 1000))
		assert.Len(t, next(t, conn), 1000)
		write(t, conn, strings.Repeat("x", 1001))
		_, _, err = conn.Read(context.Background())
		assert.Equal(t, websocket.StatusMessageTooBig, websocket.CloseStatus(err))
	})
}

func TestWhoMayReadPublishesNothing(t *testing.T) {
	server := newFtrack(t, events)
	everywhere(t, config{target: server.URL}, func(t *testing.T, address string) {
		conn, _, err := dial(t, shake(t, address, scoped("read")), page)
		require.NoError(t, err)
		assert.Equal(t, "1::", next(t, conn))
		subscribe := `5:::{"name":"ftrack.event","args":[{"topic":"ftrack.meta.subscribe","data":{"subscription":"topic=*"}}]}`
		for _, frame := range []string{"2::", subscribe, strings.Replace(subscribe, "subscribe", "unsubscribe", 1), "6:::1", "0::"} {
			write(t, conn, frame)
			assert.Equal(t, frame, next(t, conn))
		}
		for _, frame := range []string{
			`5:::{"name":"ftrack.event","args":[{"topic":"ftrack.action.launch"}]}`,
			`5:::{"name":"ftrack.event","args":[{"topic":"ftrack.meta.subscribe"},{"topic":"ftrack.action.launch"}]}`,
			`5:::{"name":"ftrack.event","args":[{"topic":"ftrack.meta.subscribe","topic":"ftrack.action.launch"}]}`,
			`5:::{"name":"ftrack.event","args":[{"topic":"ftrack.action.launch","Topic":"ftrack.meta.subscribe"}]}`,
			`5:::{"name":"ftrack.event","args":[{"topic":"ftrack.meta.subscribe"}],"args":[{"topic":"ftrack.action.launch"}]}`,
			`5:::{"name":"other","args":[{"topic":"ftrack.meta.subscribe"}]}`,
			`5:::{"name":"ftrack.event","args":[]}`, `5:::nonsense`, `4:::{"name":"ftrack.event"}`, `3:::text`, `7:::`, `8::`, ` 5:::x`, `05:::x`,
		} {
			write(t, conn, frame)
			write(t, conn, "2::after")
			assert.Equal(t, "2::after", next(t, conn), "%s did not reach the server", frame)
		}
		write(t, conn, `5:7+::{"name":"ftrack.event","args":[{"topic":"mine"}]}`)
		assert.Contains(t, next(t, conn), `6:::7+[{"success":false`)
	})
}

func TestSocketsThatAreRefused(t *testing.T) {
	server := newFtrack(t, events)
	everywhere(t, config{target: server.URL}, func(t *testing.T, address string) {
		url := shake(t, address, scoped("write"))
		server.requests()
		for name, c := range map[string]struct{ url, origin string }{
			"another origin":       {url, "https://evil.example"},
			"the server's id":      {strings.TrimSuffix(url, url[strings.LastIndex(url, "/")+1:]) + "the-sid", page},
			"changed":              {url[:len(url)-4] + "AAAA", page},
			"longer":               {url + "/x", page},
			"a component's ticket": {strings.TrimSuffix(url, url[strings.LastIndex(url, "/")+1:]) + componentTicket(t, address), page},
		} {
			_, response, err := dial(t, c.url, c.origin)
			require.Error(t, err, name)
			require.NotNil(t, response, name)
			assert.Contains(t, []int{401, 403}, response.StatusCode, name)
		}
		got := ask(t, "GET", "http"+strings.TrimPrefix(url, "ws"), "")
		assert.Equal(t, 426, got.status)
		assert.Empty(t, server.requests())
		got = ask(t, "GET", address+"/socket.io/1/", "", bearer(token("new", func(c jwt.MapClaims) { c["sub"] = "nobody" }))...)
		assert.Equal(t, 403, got.status)
		clean(t, got)
		server.requests()
	})
}

func componentTicket(t *testing.T, address string) string {
	got := ask(t, "POST", address+"/ticket", `["component/get?id=1"]`, bearer(scoped("write"))...)
	_, ticket, _ := strings.Cut(got.body, "ticket=")
	ticket, _, _ = strings.Cut(ticket, `"`)
	return ticket
}

func TestSocketsEndToBeOpenedAfresh(t *testing.T) {
	server := newFtrack(t, events)
	everywhere(t, config{target: server.URL, life: time.Second}, func(t *testing.T, address string) {
		conn, _, err := dial(t, shake(t, address, scoped("write")), page)
		require.NoError(t, err)
		next(t, conn)
		_, _, err = conn.Read(context.Background())
		assert.Equal(t, websocket.StatusServiceRestart, websocket.CloseStatus(err))
	})
}

// A socket is kept as long as both sides want it: for SOCKET_TIME, which make chaos sets to minutes.
func TestSocketsAreKept(t *testing.T) {
	kept, err := time.ParseDuration(cmp.Or(os.Getenv("SOCKET_TIME"), "1s"))
	require.NoError(t, err)
	server := newFtrack(t, events)
	everywhere(t, config{target: server.URL}, func(t *testing.T, address string) {
		conn, _, err := dial(t, shake(t, address, scoped("read")), page)
		require.NoError(t, err)
		assert.Equal(t, "1::", next(t, conn))
		pause := min(kept/10, 10*time.Second)
		beat := time.NewTicker(pause)
		defer beat.Stop()
		for range int(kept / pause) {
			<-beat.C
			write(t, conn, "2::")
			require.Equal(t, "2::", next(t, conn))
		}
		assert.Equal(t, 200, ask(t, "GET", address+"/socket.io/1/", "", bearer(scoped("read"))...).status, "others are answered beside it")
	})
}

func TestSocketsAreToldThatTheGatewayStops(t *testing.T) {
	server := newFtrack(t, events)
	options := working(t)
	options.Target = server.URL
	g, err := gateway.New(options)
	require.NoError(t, err)
	front := httptest.NewServer(g)
	defer front.Close()
	conn, _, err := dial(t, shake(t, front.URL, scoped("write")), page)
	require.NoError(t, err)
	next(t, conn)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		g.Close()
	}()
	_, _, err = conn.Read(context.Background())
	assert.Equal(t, websocket.StatusGoingAway, websocket.CloseStatus(err))
	<-ended
	_, response, err := dial(t, shake(t, front.URL, scoped("write")), page)
	require.Error(t, err)
	assert.Equal(t, 503, response.StatusCode)
	g.Close()
}
