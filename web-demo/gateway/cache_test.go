package gateway_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/gateway"
)

func TestSchemasAreKeptUnderTheirHash(t *testing.T) {
	hash, schemas := "h1", "s1"
	server := newFtrack(t, func(w http.ResponseWriter, r *http.Request) {
		var operations []struct{ Action string }
		_ = json.NewDecoder(r.Body).Decode(&operations)
		var replies []any
		for _, operation := range operations {
			switch operation.Action {
			case "query_server_information":
				replies = append(replies, map[string]any{"version": "4.13", "schema_hash": hash, "user": r.Header.Get("Ftrack-User")})
			case "query_schemas":
				replies = append(replies, []any{map[string]any{"id": schemas}})
			default:
				replies = append(replies, map[string]any{"action": operation.Action})
			}
		}
		_ = json.NewEncoder(w).Encode(replies)
	})
	everywhere(t, config{target: server.URL}, func(t *testing.T, address string) {
		hash, schemas = "h1", "s1"
		server.requests()
		asked := func() int { return len(server.requests()) }
		send := func(body string, header ...string) string {
			got := ask(t, "POST", address+"/api", body, append(bearer(scoped("read")), header...)...)
			assert.Equal(t, 200, got.status)
			return got.body
		}
		const both, information, only = `[{"action":"query_server_information"},{"action":"query_schemas"}]`, `[{"action":"query_server_information"}]`, `[{"action":"query_schemas"}]`
		assert.JSONEq(t, `[[{"id":"s1"}]]`, send(only), "schemas alone")
		assert.Equal(t, 1, asked())
		first := send(both)
		assert.JSONEq(t, `[{"version":"4.13","schema_hash":"h1","user":"ada"},[{"id":"s1"}]]`, first)
		assert.Equal(t, 1, asked())
		assert.JSONEq(t, first, send(both))
		assert.JSONEq(t, `[{"version":"4.13","schema_hash":"h1","user":"ada"}]`, send(information))
		assert.JSONEq(t, `[[{"id":"s1"}]]`, send(only))
		assert.Zero(t, asked(), "the server is not asked again")

		other := ask(t, "POST", address+"/api", both, bearer(token("new", func(c jwt.MapClaims) { c["sub"] = "grace" }))...)
		assert.Contains(t, other.body, `"grace"`, "what the server says to one user is told to no other")
		assert.Equal(t, 1, asked())
		send(both, "Ftrack-Api-Options", "denormalize:1")
		send(`[{"action":"query_server_information","values":["version"]}]`)
		send(`[{"action":"query_schemas","types":["Task"]}]`)
		send(`[{"action":"query_server_information"},{"action":"query_schemas"},{"action":"query"}]`)
		assert.Equal(t, 4, asked(), "only what was asked for in just this way is kept")

		hash, schemas = "h2", "s2"
		assert.Contains(t, send(`[{"action":"query_server_information","values":["schema_hash"]}]`), "h2")
		assert.JSONEq(t, `[[{"id":"s2"}]]`, send(only), "another hash, other schemas")
		server.requests()
	})
}

func TestMemoryForgets(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	m := gateway.NewMemory(20, func() time.Time { return now })
	ctx := context.Background()
	has := func(key string) bool { _, ok := m.Get(ctx, key); return ok }
	m.Put(ctx, "a", []byte("12345"), time.Minute)
	m.Put(ctx, "b", []byte("12345"), time.Hour)
	assert.True(t, has("a") && has("b"))
	now = now.Add(time.Minute)
	assert.False(t, has("a"))
	m.Put(ctx, "c", []byte("1234567890"), time.Hour)
	assert.False(t, has("a"))
	assert.True(t, has("b") && has("c"))
	m.Put(ctx, "d", []byte("12345"), time.Hour)
	assert.False(t, has("b"), "the oldest goes")
	assert.True(t, has("c") && has("d"))
	m.Put(ctx, "e", make([]byte, 100), time.Hour)
	assert.False(t, has("e"))
	assert.True(t, has("c") && has("d"))
}
