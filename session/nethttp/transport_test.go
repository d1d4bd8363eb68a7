package nethttp

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

func serve(t *testing.T, handler http.HandlerFunc) *wire.Request {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return &wire.Request{URL: server.URL + "/api", Body: []byte("[]"), Header: []wire.Header{{Name: "ftrack-user", Value: "ada"}}}
}

func TestAnAnswerIsReadToItsEndWhateverItsStatus(t *testing.T) {
	body := strings.Repeat("x", 3<<20)
	request := serve(t, func(w http.ResponseWriter, r *http.Request) {
		sent, _ := io.ReadAll(r.Body)
		assert.Equal(t, "[]", string(sent))
		assert.Equal(t, "POST", r.Method)
		assert.Equal(t, "ada", r.Header.Get("ftrack-user"))
		w.Header().Set("Retry-After", "3")
		w.WriteHeader(http.StatusServiceUnavailable)
		io.WriteString(w, body)
	})
	response, err := New(nil).RoundTrip(context.Background(), request)
	require.NoError(t, err)
	assert.Equal(t, 503, response.Status)
	assert.Equal(t, "Service Unavailable", response.StatusText)
	assert.Equal(t, "3", response.HeaderValue("retry-after"))
	assert.Len(t, response.Body, len(body))
}

func TestACancelledRequestGivesTheReason(t *testing.T) {
	arrived := make(chan struct{})
	request := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		io.ReadAll(r.Body)
		close(arrived)
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancelCause(context.Background())
	reason := errors.New("the user left")
	go func() {
		<-arrived
		cancel(reason)
	}()
	_, err := New(nil).RoundTrip(ctx, request)
	assert.ErrorIs(t, err, reason)
}

func TestAServerThatVanishesInTheMiddleIsAnError(t *testing.T) {
	request := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		io.WriteString(w, `[{"action":`)
		connection, _, err := http.NewResponseController(w).Hijack()
		if assert.NoError(t, err) {
			connection.Close()
		}
	})
	_, err := New(nil).RoundTrip(context.Background(), request)
	assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
}

func TestARedirectIsNotFollowed(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("credentials left for another host") }))
	t.Cleanup(elsewhere.Close)
	request := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	})
	response, err := New(nil).RoundTrip(context.Background(), request)
	require.NoError(t, err)
	assert.Equal(t, 307, response.Status)
}

func TestARequestWithoutAConnectionIsKnownNotToHaveLeft(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	var unsent *wire.UnsentError
	_, err := New(nil).RoundTrip(context.Background(), &wire.Request{URL: server.URL + "/api", Body: []byte("[]")})
	assert.ErrorAs(t, err, &unsent)

	request := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if assert.NoError(t, err) {
			connection.Close()
		}
	})
	_, err = New(nil).RoundTrip(context.Background(), request)
	require.Error(t, err)
	assert.False(t, errors.As(err, &unsent), "the server may have had it")
}
