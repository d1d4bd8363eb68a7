package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox"
)

func TestUnknownAssumptionsNameTheKnownOnes(t *testing.T) {
	a := sandbox.Assumptions{}
	require.ErrorContains(t, a.Assume("text=sensitive"), "text-case, null-order")
	require.ErrorContains(t, a.Assume("text-case=loud"), "insensitive, sensitive")
	require.ErrorContains(t, a.Assume("text-case"), "insensitive, sensitive")
	require.Empty(t, a)
}

func TestAssumptionsAboutQueries(t *testing.T) {
	for _, c := range []struct {
		setting, expression string
		rows                int // -1: refused
	}{
		{"text-case=insensitive", `Status where name is "REVISE"`, 1},
		{"text-case=sensitive", `Status where name is "REVISE"`, 0},
		{"empty-in=nothing", `Status where name in ()`, 0},
		{"empty-in=error", `Status where name in ()`, -1},
		{"none-words=any", `Group where parent_id is null`, 3},
		{"none-words=none", `Group where parent_id is null`, 0},
		{"none-words=none", `Group where parent_id is None`, 3},
		{"none-words=verbatim", `Group where parent_id is NONE`, 0},
		{"backslash=escape", `Group where name is "R&D \"skunk works\""`, 1},
		{"backslash=literal", `Group where name is 'R&D "skunk works"'`, 1},
		{"backslash=literal", `Group where name is "R&D \"skunk works\""`, -1},
		{"nested-subqueries=allowed", `Task where status_id in (select id from Status where name is "nothing")`, 0},
		{"nested-subqueries=refused", `Task where status_id in (select id from Status where name is "nothing")`, -1},
	} {
		t.Run(c.setting+" "+c.expression, func(t *testing.T) {
			s := assuming(t, c.setting)
			if c.rows < 0 {
				s.refused(query(c.expression))
				return
			}
			require.Len(t, s.rows(c.expression), c.rows)
		})
	}
}

func TestAssumptionsAboutTheOrderOfNulls(t *testing.T) {
	for setting, first := range map[string][2]bool{"low": {true, false}, "high": {false, true}, "first": {true, true}, "last": {false, false}} {
		s := assuming(t, "null-order="+setting)
		for i, direction := range []string{"ascending", "descending"} {
			row := s.rows("select parent_id from Group order by parent_id " + direction + " limit 1")[0]
			require.Equal(t, first[i], row["parent_id"] == nil, setting+" "+direction)
		}
	}
}

func TestAssumptionsAboutShortenedLists(t *testing.T) {
	for setting, left := range map[string]int{"replace": 1, "add": 2} {
		s := assuming(t, "shortened-list="+setting)
		scopes := s.rows("Scope")
		task := s.rows("Task limit 1")[0]["id"].(string)
		s.call(update("Task", task, object{"scopes": scopes}))
		require.Len(t, s.one(`select scopes from Task where id is "` + task + `"`)["scopes"], 2)
		s.call(update("Task", task, object{"scopes": scopes[:1]}))
		require.Len(t, s.one(`select scopes from Task where id is "` + task + `"`)["scopes"], left)
	}
}

func TestAssumptionsAboutCustomAttributes(t *testing.T) {
	for setting, expected := range map[string]map[string]any{
		"dense":      {"fps": 24.0, "plain fps": 25.0, "resolution": "1920x1080", "frameStart": 1001.0, "frameEnd": 7.0},
		"dense-none": {"fps": nil, "plain fps": nil, "resolution": nil, "frameStart": nil, "frameEnd": 7.0},
		"sparse":     {"frameEnd": 7.0},
	} {
		s := assuming(t, "custom-attributes="+setting)
		shot := s.bare()
		s.call(update("ContextCustomAttributeValue", []string{s.configuration("frameEnd"), shot}, object{"value": 7}))
		require.Equal(t, expected, s.values("Shot", shot), setting)
	}
}

func TestAssumptionsAboutCORS(t *testing.T) {
	for setting, allowed := range map[string]bool{"off": true, "on": false} {
		s := assuming(t, "strict-cors="+setting)
		r := httptest.NewRequest(http.MethodOptions, "/api", nil)
		r.Header.Set("Origin", "http://page.example")
		r.Header.Set("Access-Control-Request-Method", "POST")
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		require.Equal(t, http.StatusNoContent, w.Code)
		require.Equal(t, "http://page.example", w.Header().Get("Access-Control-Allow-Origin"))
		require.Equal(t, "true", w.Header().Get("Access-Control-Allow-Credentials"))
		headers := w.Header().Get("Access-Control-Allow-Headers")
		for _, name := range []string{"content-type", "accept", "ftrack-api-key", "ftrack-user", "ftrack-clienttoken", "ftrack-pushtoken"} {
			require.Contains(t, headers, name)
		}
		require.Equal(t, allowed, strings.Contains(headers, "ftrack-strict-api"), headers)
	}
}
