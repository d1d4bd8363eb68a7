package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func files(t *testing.T) (keyFile, secretFile string) {
	folder := t.TempDir()
	keyFile, secretFile = filepath.Join(folder, "key"), filepath.Join(folder, "secret")
	require.NoError(t, os.WriteFile(keyFile, []byte("planted-key-1\n"), 0o600))
	require.NoError(t, os.WriteFile(secretFile, []byte("a secret of thirty-two bytes and more\n"), 0o600))
	return keyFile, secretFile
}

func TestItServesUntilItIsStopped(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `["`+r.Header.Get("ftrack-user")+`","`+r.Header.Get("ftrack-api-key")+`"]`)
	}))
	defer server.Close()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	keyFile, secretFile := files(t)
	out, in := io.Pipe()
	var log bytes.Buffer
	done := make(chan error, 1)
	go func() {
		done <- run(ctx, []string{"-listen", "127.0.0.1:0", "-target", server.URL, "-key-file", keyFile, "-secret-file", secretFile,
			"-origins", "https://one.example, https://two.example"}, in, &log)
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	address, ready := strings.CutPrefix(strings.TrimSpace(line), "gateway ready ")
	require.True(t, ready, line)
	var signed bytes.Buffer
	require.NoError(t, run(ctx, []string{"token", "-secret-file", secretFile, "-sub", "ada"}, &signed, io.Discard))
	for _, origin := range []string{"https://one.example", "https://two.example"} {
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"/api?apiKey=planted-key-1", strings.NewReader(`[{"action":"query"}]`))
		require.NoError(t, err)
		request.Header.Set("Origin", origin)
		request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(signed.String()))
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, `["ada","[redacted]"]`, string(body))
		require.Equal(t, origin, response.Header.Get("Access-Control-Allow-Origin"))
	}
	stop()
	require.NoError(t, <-done)
	require.Contains(t, log.String(), "path=/api")
	require.Contains(t, log.String(), "user=ada")
	require.NotContains(t, log.String(), "planted-key-1")
	require.NotContains(t, log.String(), strings.TrimSpace(signed.String()))
}

func TestItStopsWithAConnectionThatAsksNothing(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	keyFile, secretFile := files(t)
	out, in := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- run(ctx, []string{"-listen", "127.0.0.1:0", "-target", "http://127.0.0.1:1", "-key-file", keyFile, "-secret-file", secretFile}, in, io.Discard)
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	conn, err := net.Dial("tcp", strings.TrimSpace(strings.TrimPrefix(line, "gateway ready http://")))
	require.NoError(t, err)
	defer conn.Close()
	stop()
	require.NoError(t, <-done)
}

func TestMistakesInTheFlags(t *testing.T) {
	keyFile, secretFile := files(t)
	good := []string{"-listen", "nowhere", "-target", "http://127.0.0.1:1", "-key-file", keyFile, "-secret-file", secretFile}
	with := func(more ...string) []string { return append(slices.Clone(good), more...) }
	signing := func(more ...string) []string { return append([]string{"token", "-secret-file", secretFile}, more...) }
	for says, args := range map[string][]string{
		"address": good, `what is "serve"`: with("serve"), "flag provided": {"-port", "1"}, "the target must": with("-target", "studio.example"),
		"option -key-file: ": with("-key-file", "/nowhere"), "API key is missing": with("-key-file", os.DevNull), "secret is shorter": with("-secret-file", keyFile),
		"no origin": with("-origins", "dash.example"), "give -sub": signing(), "-scope read": signing("-sub", "a", "-scope", "admin"),
		"option -target is missing": {"-key-file", keyFile}, "option -key-file is missing": {"-target", "http://127.0.0.1:1"},
		"option -secret-file is missing": {"-target", "http://127.0.0.1:1", "-key-file", keyFile}, "option -secret-file is": {"token", "-sub", "a"},
		"option -rate": with("-rate", "-1"), "option -burst": with("-burst", "0"), "negative": with("-max-body", "-1"),
		"public address": with("-public", "gateway.example"), "printable ASCII": signing("-sub", "ada b"), "expired already": signing("-sub", "a", "-for", "-1h"),
		`what is "b"`: signing("-sub", "a", "b"),
	} {
		err := run(context.Background(), args, io.Discard, io.Discard)
		require.Error(t, err, says)
		require.Contains(t, err.Error(), says)
	}
}
