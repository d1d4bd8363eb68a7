package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestItServesUntilItIsStopped(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	out, in := io.Pipe()
	done := make(chan error, 1)
	record := filepath.Join(t.TempDir(), "requests")
	go func() {
		done <- run(ctx, []string{"-listen", "127.0.0.1:0", "-tasks", "10", "-user", "ada", "-key", "planted", "-record", record, "-assume", "empty-in=error",
			"-heartbeat", "3s", "-event-faults", `{"delay":"1ms"}`, "-upload-faults", `{"rate":1000}`}, nil, in)
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	url, ready := strings.CutPrefix(strings.TrimSpace(line), "sandbox ready ")
	require.True(t, ready, line)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/api", strings.NewReader(`[{"action":"query","expression":"select username from User where username is ada"}]`))
	require.NoError(t, err)
	request.Header.Set("ftrack-user", "ada")
	request.Header.Set("ftrack-api-key", "planted")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Contains(t, string(body), `"username":"ada"`)
	for path, wanted := range map[string]string{"/socket.io/1/": ":3:5:websocket", "/sandbox/events": `"delay":"1ms"`, "/sandbox/uploads": `"rate":1000`} {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+path, nil)
		require.NoError(t, err)
		request.Header.Set("ftrack-user", "ada")
		request.Header.Set("ftrack-api-key", "planted")
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Contains(t, string(body), wanted)
	}
	stop()
	require.NoError(t, <-done)
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	require.NoError(t, err)
	require.Empty(t, left, "the folder of components is gone")
	recorded, err := os.ReadFile(record)
	require.NoError(t, err)
	require.Equal(t, `{"body": [{"action":"query","expression":"select username from User where username is ada"}]}`+"\n", string(recorded))
}

func TestItStopsWhileConnectionsAreOpen(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	out, in := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- run(ctx, []string{"-listen", "127.0.0.1:0", "-production", "empty"}, nil, in) }()
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	address := strings.TrimPrefix(strings.TrimSpace(line), "sandbox ready http://")
	var conns []net.Conn
	for _, text := range []string{"", "POST /api HTTP/1.1\r\nHost: sandbox\r\nContent-Length: 5\r\n\r\n"} {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
		require.NoError(t, err)
		defer conn.Close()
		_, err = io.WriteString(conn, text)
		require.NoError(t, err)
		conns = append(conns, conn)
	}
	// The server has taken them when it answers one that came later.
	response, err := http.Get("http://" + address + "/sandbox/events")
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	stop()
	require.NoError(t, <-done)
	for _, conn := range conns {
		_, _ = io.Copy(io.Discard, conn) // returns when the server has cut it
	}
}

func TestMistakesInTheFlags(t *testing.T) {
	for name, args := range map[string][]string{
		"assumption": {"-assume", "colour=red"}, "production": {"-production", "huge"}, "argument": {"serve"}, "flag": {"-port", "1"},
		"event faults": {"-event-faults", "often"}, "upload faults": {"-upload-faults", `{"status":200}`},
		"fault that is none": {"-event-faults", `{"delays":"1s"}`}, "upload fault that is none": {"-upload-faults", `{"failure":1}`},
		"tasks": {"-tasks", "-1"}, "latency": {"-latency", "-1s"}, "heartbeat": {"-heartbeat", "-1s"}, "encoding": {"-encode", "-1s"},
		"user": {"-user", ""}, "key": {"-key", ""}, "folder": {"-static", "/nowhere"}, "folder that is none": {"-static", os.Args[0]},
		"address": {"-listen", "nowhere", "-production", "empty"}, "file": {"-record", "/nowhere/at/all"},
	} {
		ctx, stop := context.WithTimeout(context.Background(), 5*time.Second) // who takes a mistake serves until then
		require.Error(t, run(ctx, args, nil, io.Discard), name)
		stop()
	}
}

func TestItStopsWithItsStandardInputWhereItIsAttached(t *testing.T) {
	out, in := io.Pipe()
	stdin, starter := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- run(t.Context(), []string{"-attached", "-listen", "127.0.0.1:0", "-production", "empty"}, stdin, in)
	}()
	_, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	_, err = io.WriteString(starter, "what it reads does not matter")
	require.NoError(t, err)
	select {
	case err := <-done:
		require.FailNow(t, "it has stopped", err)
	default:
	}
	require.NoError(t, starter.Close())
	require.NoError(t, <-done)
}
