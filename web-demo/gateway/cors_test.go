package gateway_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestOriginsThatMayAsk(t *testing.T) {
	server := newFtrack(t, nil)
	everywhere(t, config{target: server.URL}, func(t *testing.T, address string) {
		for _, origin := range []string{page, "http://localhost:5173"} {
			got := ask(t, "OPTIONS", address+"/api", "", "Origin", origin, "Access-Control-Request-Method", "POST",
				"Access-Control-Request-Headers", "authorization,content-type,ftrack-clienttoken")
			assert.Equal(t, 204, got.status)
			assert.Equal(t, origin, got.header.Get("Access-Control-Allow-Origin"))
			assert.Equal(t, "true", got.header.Get("Access-Control-Allow-Credentials"))
			assert.Equal(t, "7200", got.header.Get("Access-Control-Max-Age"), "browsers keep the answer")
			assert.Contains(t, got.header.Get("Access-Control-Allow-Headers"), "authorization")
			assert.NotContains(t, got.header.Get("Access-Control-Allow-Headers"), "ftrack-api-key")
			assert.Contains(t, strings.Join(got.header.Values("Vary"), ","), "Origin")
			assert.Empty(t, server.requests(), "a preflight does not reach the server")

			got = ask(t, "POST", address+"/api", query, append(bearer(scoped("read")), "Origin", origin)...)
			assert.Equal(t, 200, got.status)
			assert.Equal(t, origin, got.header.Get("Access-Control-Allow-Origin"))
			assert.Equal(t, "true", got.header.Get("Access-Control-Allow-Credentials"))
			server.requests()
		}
	})
}

func TestOriginsThatMayNot(t *testing.T) {
	server := newFtrack(t, nil)
	everywhere(t, config{target: server.URL}, func(t *testing.T, address string) {
		for _, origin := range []string{"https://evil.example", "null", "https://dash.example.evil.example", "http://dash.example", "https://dash.example:444",
			"https://DASH.example", page + "/", "*", "http://localhost:5174"} {
			for _, method := range []string{"POST", "OPTIONS"} {
				got := ask(t, method, address+"/api", query, append(bearer(scoped("write")), "Origin", origin, "Access-Control-Request-Method", "POST")...)
				assert.Equal(t, 403, got.status, origin)
				exception, code := got.refusal(t)
				assert.Equal(t, "PermissionError", exception)
				assert.Equal(t, "origin_refused", code)
				assert.Empty(t, got.header.Get("Access-Control-Allow-Origin"))
			}
		}
		assert.Empty(t, server.requests())
		got := ask(t, "POST", address+"/api", query, bearer(scoped("read"))...)
		assert.Equal(t, 200, got.status, "programs have no origin")
		assert.Empty(t, got.header.Get("Access-Control-Allow-Origin"))
		server.requests()
	})
}

func TestPreflightsOfUploads(t *testing.T) {
	server := newFtrack(t, nil)
	everywhere(t, config{target: server.URL}, func(t *testing.T, address string) {
		got := ask(t, "OPTIONS", address+"/upload/1?ticket=x", "", "Origin", page, "Access-Control-Request-Method", "PUT",
			"Access-Control-Request-Headers", "content-disposition,x-amz-meta-a,cookie,ftrack-api-key")
		assert.Equal(t, 204, got.status)
		allowed := got.header.Get("Access-Control-Allow-Headers")
		assert.Contains(t, allowed, "content-disposition")
		assert.Contains(t, allowed, "x-amz-meta-a")
		assert.NotContains(t, allowed, "cookie")
		assert.NotContains(t, allowed, "ftrack-api-key")
		assert.Contains(t, got.header.Get("Access-Control-Allow-Methods"), "PUT")
	})
}
