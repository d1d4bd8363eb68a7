package gateway_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// actions are all that are known of the API, and what each scope may do of them.
var actions = map[string]struct{ read, write bool }{
	"query":                             {true, true},
	"query_schemas":                     {true, true},
	"query_server_information":          {true, true},
	"search":                            {true, true},
	"permissions":                       {true, true},
	"compute_rollups":                   {true, true},
	"create":                            {false, true},
	"update":                            {false, true},
	"delete":                            {false, true},
	"get_widget_url":                    {false, true},
	"encode_media":                      {false, true},
	"get_upload_metadata":               {false, true},
	"complete_multipart_upload":         {false, true},
	"generate_signed_url":               {false, true},
	"send_user_invite":                  {false, true},
	"send_review_session_invite":        {false, true},
	"delayed_job":                       {false, true},
	"add_user_security_role":            {false, true},
	"remove_user_security_role":         {false, true},
	"update_user_security_role":         {false, true},
	"grant_user_security_role_project":  {false, true},
	"revoke_user_security_role_project": {false, true},
	"an_action_of_next_year":            {false, true},
	"reset_remote":                      {false, false},
	"configure_totp":                    {false, false},
}

func TestScopesOnEveryAction(t *testing.T) {
	server := newFtrack(t, nil)
	everywhere(t, config{target: server.URL}, func(t *testing.T, address string) {
		for action, allowed := range actions {
			for scope, passes := range map[string]bool{"read": allowed.read, "write": allowed.write} {
				for name, batch := range map[string][]string{"alone": {action}, "behind a query": {"query", action}, "before a query": {action, "query"}, "in the middle": {"query", "query", action, "query"}} {
					var operations []map[string]any
					for _, each := range batch {
						operations = append(operations, map[string]any{"action": each, "entity_type": "Task"})
					}
					body, err := json.Marshal(operations)
					require.NoError(t, err)
					server.requests()
					got := ask(t, "POST", address+"/api", string(body), bearer(scoped(scope))...)
					if passes {
						assert.Equal(t, 200, got.status, "%s %s %s", scope, action, name)
						continue
					}
					assert.Equal(t, 403, got.status, "%s %s %s", scope, action, name)
					exception, _ := got.refusal(t)
					assert.Equal(t, "PermissionError", exception)
					assert.Empty(t, server.requests(), "%s %s %s: none of the batch is sent", scope, action, name)
				}
			}
		}
	})
}

func TestBatchesThatCouldBeReadInTwoWays(t *testing.T) {
	server := newFtrack(t, nil)
	everywhere(t, config{target: server.URL}, func(t *testing.T, address string) {
		for name, body := range map[string]string{
			"twice":             `[{"action":"query","action":"delete"}]`,
			"twice, escaped":    `[{"action":"query","\u0061ction":"delete"}]`,
			"other letters":     `[{"action":"query","Action":"delete"}]`,
			"spaces":            `[{"action":"query","action ":"delete"}]`,
			"no text":           `[{"action":["query","delete"]}]`,
			"none":              `[{"expression":"select id from Task"}]`,
			"empty":             `[{"action":""}]`,
			"no object":         `["query"]`,
			"no array":          `{"action":"query"}`,
			"nested":            `[[{"action":"query"}]]`,
			"two documents":     `[{"action":"query"}][{"action":"delete"}]`,
			"a byte order mark": "\uFEFF" + `[{"action":"query"}]`,
			"a comment":         `[{"action":"query"} /* */]`,
			"a comma too many":  `[{"action":"query"},]`,
			"no end":            `[{"action":"query"}`,
			"nothing":           ``,
			"UTF-16":            "[\x00{\x00\"\x00a\x00\"\x00:\x001\x00}\x00]\x00",
			"deep":              strings.Repeat("[", 100000),
		} {
			for _, scope := range []string{"read", "write"} {
				got := ask(t, "POST", address+"/api", body, bearer(scoped(scope))...)
				assert.Equal(t, 400, got.status, "%s: %s", name, got.body)
				got.refusal(t)
			}
		}
		got := ask(t, "POST", address+"/api", query, append(bearer(scoped("read")), "Content-Encoding", "gzip")...)
		assert.Equal(t, 415, got.status)
		assert.Empty(t, server.requests())
	})
}

func TestWhatPassesOfARequest(t *testing.T) {
	server := newFtrack(t, nil)
	everywhere(t, config{target: server.URL}, func(t *testing.T, address string) {
		server.requests()
		got := ask(t, "POST", address+"/api?apiKey=mine&username=root", query, append(bearer(scoped("write")),
			"Ftrack-User", "root", "Ftrack-Api-Key", "mine", "Cookie", "session=1", "Proxy-Authorization", "Basic x", "X-Forwarded-For", "10.0.0.1",
			"Te", "trailers", "X-Other", "1", "Origin", page, "Referer", page+"/secret", "Ftrack-Clienttoken", "c-1", "Ftrack-Pushtoken", "p-1",
			"Ftrack-Strict-Api", "true", "Ftrack-Api-Options", "strict:1;denormalize:1", "Content-Type", "text/plain")...)
		assert.Equal(t, 200, got.status)
		requests := server.requests()
		require.Len(t, requests, 1)
		h := requests[0].Header
		assert.Equal(t, []string{"ada"}, h.Values("Ftrack-User"))
		assert.Equal(t, []string{apiKey}, h.Values("Ftrack-Api-Key"))
		assert.Equal(t, "application/json", h.Get("Content-Type"))
		assert.Equal(t, "c-1", h.Get("Ftrack-Clienttoken"))
		assert.Equal(t, "p-1", h.Get("Ftrack-Pushtoken"))
		assert.Equal(t, "true", h.Get("Ftrack-Strict-Api"))
		assert.Equal(t, "strict:1;denormalize:1", h.Get("Ftrack-Api-Options"))
		for _, name := range []string{"Authorization", "Cookie", "Proxy-Authorization", "X-Forwarded-For", "Te", "X-Other", "Origin", "Referer"} {
			assert.Empty(t, h.Get(name), name)
		}
		assert.Empty(t, requests[0].Query)
	})
}

func TestAddressesThatLeadNowhere(t *testing.T) {
	server := newFtrack(t, nil)
	everywhere(t, config{target: server.URL}, func(t *testing.T, address string) {
		server.requests()
		for _, way := range []string{"GET /", "GET /api", "PUT /api", "DELETE /api", "POST /api/", "POST //api", "POST /api/../api", "POST /%61pi", "POST /component/remove?id=1", "HEAD /component/remove?id=1",
			"POST /component/get?id=1", "DELETE /component/get?id=1", "GET /component/../api", "GET /login", "PUT /upload", "PUT /upload?ticket=x", "GET /socket.io/", "POST /socket.io/1/",
			"GET /socket.io/1/websocket/", "GET /socket.io/1/websocket/x", "GET /socket.io/1/xhr-polling/x", "PROPFIND /api", "OPTIONS /api"} {
			method, path, _ := strings.Cut(way, " ")
			got := ask(t, method, address+path, "", bearer(scoped("write"))...)
			assert.Contains(t, []int{401, 404, 405}, got.status, way)
		}
		assert.Empty(t, server.requests())
	})
}
