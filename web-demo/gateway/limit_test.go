package gateway_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/gateway"
)

func TestBodiesThatAreTooLarge(t *testing.T) {
	server := newFtrack(t, nil)
	everywhere(t, config{target: server.URL, maxBody: 1000}, func(t *testing.T, address string) {
		fits := `[{"action":"query","expression":"` + strings.Repeat("x", 900) + `"}]`
		got := ask(t, "POST", address+"/api", fits, append(bearer(scoped("read")), "Origin", page)...)
		assert.Equal(t, 200, got.status)
		server.requests()
		large := `[{"action":"query","expression":"` + strings.Repeat("x", 1100) + `"}]`
		got = ask(t, "POST", address+"/api", large, append(bearer(scoped("read")), "Origin", page)...)
		assert.Equal(t, 413, got.status)
		exception, code := got.refusal(t)
		assert.Equal(t, "RequestTooLargeError", exception)
		assert.Equal(t, "request_too_large", code)
		assert.Equal(t, page, got.header.Get("Access-Control-Allow-Origin"))

		r, err := http.NewRequest("POST", address+"/api", io.MultiReader(strings.NewReader(large))) // its length is not told
		require.NoError(t, err)
		r.Header.Set("Authorization", "Bearer "+scoped("read"))
		response, err := client.Do(r)
		require.NoError(t, err)
		response.Body.Close()
		assert.Equal(t, 413, response.StatusCode)
		assert.Empty(t, server.requests())
	})
}

func TestUsersWhoAskTooOften(t *testing.T) {
	server := newFtrack(t, nil)
	everywhere(t, config{target: server.URL, burst: 5}, func(t *testing.T, address string) {
		for range 5 {
			assert.Equal(t, 200, ask(t, "POST", address+"/api", query, bearer(scoped("read"))...).status)
		}
		server.requests()
		for _, scope := range []string{"read", "write"} {
			got := ask(t, "POST", address+"/api", query, append(bearer(scoped(scope)), "Origin", page)...)
			assert.Equal(t, 429, got.status, "another token makes no other user")
			exception, code := got.refusal(t)
			assert.Equal(t, "RateLimitError", exception)
			assert.Equal(t, "rate_limited", code)
			assert.NotEmpty(t, got.header.Get("Retry-After"))
			assert.Equal(t, page, got.header.Get("Access-Control-Allow-Origin"))
		}
		assert.Empty(t, server.requests())
		other := token("new", func(c jwt.MapClaims) { c["sub"] = "grace" })
		assert.Equal(t, 200, ask(t, "POST", address+"/api", query, bearer(other)...).status, "users do not use up each other's share")
		server.requests()
	})
}

func TestRateComesBackWithTime(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	rate := gateway.NewRate(2, 3, func() time.Time { return now })
	allow := func() bool { ok, _ := rate.Allow(context.Background(), "ada"); return ok }
	assert.True(t, allow() && allow() && allow())
	ok, wait := rate.Allow(context.Background(), "ada")
	assert.False(t, ok)
	assert.Equal(t, 500*time.Millisecond, wait)
	now = now.Add(500 * time.Millisecond)
	assert.True(t, allow())
	assert.False(t, allow())
	now = now.Add(time.Hour)
	assert.True(t, allow() && allow() && allow())
	assert.False(t, allow(), "not more than at once was ever allowed")
}
