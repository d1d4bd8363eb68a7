package gateway_test

import (
	"bufio"
	"fmt"
	"io"
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

func TestBodiesThatDoNotComeOnEnd(t *testing.T) {
	server := newFtrack(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			_, _ = io.Copy(io.Discard, r.Body)
			return
		}
		_, _ = fmt.Fprintf(w, `[{"action":"get_upload_metadata","url":"http://%s/put/1","headers":{}}]`, r.Host)
	})
	options := working(t)
	options.Target, options.Patience = server.URL, 200*time.Millisecond
	g, err := gateway.New(options)
	require.NoError(t, err)
	front := httptest.NewServer(g)
	defer front.Close()
	upload := ask(t, "POST", front.URL+"/api", `[{"action":"get_upload_metadata"}]`, bearer(scoped("write"))...).body
	_, upload, _ = strings.Cut(upload, `"url":"`+front.URL)
	upload, _, _ = strings.Cut(upload, `"`)
	authorized := "Authorization: Bearer " + scoped("write") + "\r\n"
	for name, each := range map[string]struct {
		head   string
		status int
	}{
		"without a token": {"POST /api HTTP/1.1\r\n", 401},
		"of a preflight":  {"OPTIONS /api HTTP/1.1\r\nOrigin: " + page + "\r\nAccess-Control-Request-Method: POST\r\n", 204},
		"of a batch":      {"POST /api HTTP/1.1\r\n" + authorized, 408},
		"of an upload":    {"PUT " + upload + " HTTP/1.1\r\n", 408},
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := net.Dial("tcp", front.Listener.Addr().String())
			require.NoError(t, err)
			defer conn.Close()
			require.NoError(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
			_, err = io.WriteString(conn, each.head+"Host: gateway.example\r\nContent-Length: 100\r\n\r\n[")
			require.NoError(t, err)
			response, err := http.ReadResponse(bufio.NewReader(conn), nil)
			require.NoError(t, err)
			assert.Equal(t, each.status, response.StatusCode)
			_, err = io.Copy(io.Discard, response.Body)
			require.NoError(t, err)
			_, err = conn.Read(make([]byte, 1))
			assert.ErrorIs(t, err, io.EOF, "the connection is let go")
		})
	}
}

func TestBodiesThatComeSlowlyAreTaken(t *testing.T) {
	server := newFtrack(t, func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(500 * time.Millisecond) // longer than the patience: that is with the client's bytes alone
		_, _ = io.Copy(w, r.Body)
	})
	options := working(t)
	options.Target, options.Patience = server.URL, 300*time.Millisecond
	g, err := gateway.New(options)
	require.NoError(t, err)
	front := httptest.NewServer(g)
	defer front.Close()
	for range 2 { // the second over the same connection
		body, pieces := io.Pipe()
		go func() {
			for _, piece := range strings.SplitAfter(query, " ") {
				time.Sleep(100 * time.Millisecond)
				_, _ = io.WriteString(pieces, piece)
			}
			pieces.Close()
		}()
		r, err := http.NewRequest("POST", front.URL+"/api", body)
		require.NoError(t, err)
		r.Header.Set("Authorization", "Bearer "+scoped("write"))
		response, err := client.Do(r)
		require.NoError(t, err)
		text, err := io.ReadAll(response.Body)
		response.Body.Close()
		require.NoError(t, err)
		assert.Equal(t, query, string(text))
	}
}
