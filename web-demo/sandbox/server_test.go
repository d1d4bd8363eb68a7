package sandbox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/schemas"
)

func TestErrorsWithAndWithoutStrictMode(t *testing.T) {
	s := assuming(t)
	for name, c := range map[string]struct {
		body, exception string
		strict          int
		headers         []string
	}{
		"wrong key":       {"[]", "InvalidCredentialsError", 401, []string{"ftrack-api-key", "wrong"}},
		"wrong user":      {"[]", "InvalidCredentialsError", 401, []string{"ftrack-user", "wrong"}},
		"no JSON":         {"[", "MalformedRequestError", 400, nil},
		"no array":        {"{}", "MalformedRequestError", 400, nil},
		"no operation":    {"[1]", "MalformedRequestError", 400, nil},
		"unknown action":  {`[{"action":"dance"}]`, "InvalidActionError", 400, nil},
		"no expression":   {`[{"action":"query"}]`, "MalformedRequestError", 400, nil},
		"syntax":          {`[{"action":"query","expression":"select name from"}]`, "ParseError", 400, nil},
		"unknown type":    {`[{"action":"query","expression":"Tusk"}]`, "ValidationError", 422, nil},
		"no such version": {`[{"action":"delete","entity_type":"AssetVersion","entity_key":["x"]}]`, "ValidationError", 422, nil},
	} {
		t.Run(name, func(t *testing.T) {
			for _, strict := range []string{"false", "true"} {
				status, answer := s.post([]byte(c.body), append([]string{"ftrack-strict-api", strict}, c.headers...)...)
				expected := http.StatusOK
				if strict == "true" {
					expected = c.strict
				}
				require.Equal(t, expected, status)
				var reply object
				require.NoError(t, json.Unmarshal(answer, &reply))
				require.Equal(t, c.exception, reply["exception"])
				require.Equal(t, []string{"content", "error_code", "exception"}, slices.Sorted(maps.Keys(reply)))
				status, _ = s.post([]byte(c.body), append([]string{"ftrack-api-options", "strict:1;denormalize:1"}, c.headers...)...)
				require.Equal(t, c.strict, status)
			}
		})
	}
}

func TestTheKeyIsNeitherRecordedNorTold(t *testing.T) {
	var recorded bytes.Buffer
	s := newServer(t, sandbox.Options{Record: &recorded}).produce("empty", 0)
	const other = "no-secret-7a90"
	bodies := func(text string) []string {
		return []string{`[{"action":"` + text + `"}]`, `[{"action":"query","expression":"select ` + text + ` from User"}]`, `[{"action":"query","expression":"` + text + `"}]`,
			`[{"action":"create","entity_type":"User","entity_data":{"` + text + `":1}}]`, `[{"action":"delete","entity_type":"User","entity_key":["` + text + `"]}]`, `["` + text + `"]`}
	}
	told := 0
	for _, body := range bodies(other) {
		_, answer := s.post([]byte(body))
		told += strings.Count(string(answer), other)
	}
	require.GreaterOrEqual(t, told, 4, "the search finds what an error tells")
	require.GreaterOrEqual(t, strings.Count(recorded.String(), other), 6, "the search finds what is recorded")
	for _, body := range append(bodies(key), `[{"action":"create","entity_type":"User","entity_data":{"username":"`+key+`"}}]`, `[`, `"`+key) {
		status, answer := s.post([]byte(body))
		require.Equal(t, http.StatusOK, status)
		if answer[0] == '{' {
			require.NotContains(t, string(answer), key)
		}
	}
	_, answer := s.post([]byte(`[]`), "ftrack-api-key", key+"x")
	require.NotContains(t, string(answer), key)
	require.NotContains(t, recorded.String(), key)
	require.Equal(t, 14, strings.Count(recorded.String(), "\n"))
	for line := range strings.Lines(recorded.String()) {
		var object map[string]json.RawMessage
		require.NoError(t, json.Unmarshal([]byte(line), &object))
		require.Len(t, object, 1)
		require.Contains(t, object, "body")
	}
}

func TestServerInformation(t *testing.T) {
	s := newServer(t, sandbox.Options{})
	replies := s.call(object{"action": "query_server_information"}, object{"action": "query_server_information", "values": []string{"version"}})
	for _, name := range []string{"version", "schema_hash", "storage_scenario", "is_timezone_support_enabled"} {
		require.Contains(t, replies[0], name)
	}
	require.Equal(t, object{"version": "dev"}, replies[1])
	_, answer := s.post([]byte(`[{"action":"query_schemas"}]`))
	hash, err := schemas.Hash(answer[1 : len(answer)-1])
	require.NoError(t, err)
	require.Equal(t, hash, replies[0]["schema_hash"], "a client that hashes what it gets comes to the same")
}

func TestUnorderedRowsAreShuffledButPagesAreConsistent(t *testing.T) {
	s := newServer(t, sandbox.Options{}).produce("demo", 300)
	orders := map[string]bool{}
	for range 5 {
		seen := map[any]bool{}
		var order []string
		for offset := any(0.0); offset != nil; {
			reply := s.call(query(fmt.Sprintf("select id from Task offset %v limit 70", offset)))[0]
			for _, row := range reply["data"].([]any) {
				seen[row.(object)["id"]] = true
				order = append(order, row.(object)["id"].(string))
			}
			offset = reply["metadata"].(object)["next"].(object)["offset"]
		}
		require.Len(t, seen, 300)
		require.Len(t, order, 300)
		orders[strings.Join(order, "")] = true
	}
	require.Greater(t, len(orders), 1)
}

func TestReadersOfTheSameRowsDoNotDisturbEachOther(t *testing.T) {
	s := newServer(t, sandbox.Options{}).produce("demo", 300)
	const expression = "select id from Task"
	type reader struct {
		offset any
		seen   map[any]bool
	}
	var readers []*reader
	turn := func(r *reader) {
		reply := s.call(query(fmt.Sprintf("%s offset %v limit 70", expression, r.offset)))[0]
		for _, row := range reply["data"].([]any) {
			r.seen[row.(object)["id"]] = true
		}
		r.offset = reply["metadata"].(object)["next"].(object)["offset"]
	}
	for range 3 {
		readers = append(readers, &reader{0.0, map[any]bool{}})
		for _, r := range readers {
			turn(r)
			s.call(query(expression + " limit 1"))
		}
	}
	for range 5 {
		for _, r := range readers {
			if r.offset != nil {
				turn(r)
			}
		}
	}
	for _, r := range readers {
		require.Nil(t, r.offset)
		require.Len(t, r.seen, 300)
	}
}

func TestRowsOfGroupsTellTheirGroup(t *testing.T) {
	s := assuming(t)
	rows := s.rows("select count(id) from Task group by project_id, status_id order by count_id")
	require.Greater(t, len(rows), 1)
	total := 0.0
	for _, row := range rows {
		require.Equal(t, []string{"count_id", "project_id", "status_id"}, slices.Sorted(maps.Keys(row)))
		total += row["count_id"].(float64)
	}
	require.EqualValues(t, 120, total)
}

func TestDenormalizeGivesEveryEntityInFull(t *testing.T) {
	s := assuming(t)
	body, err := json.Marshal([]object{query("select status.name from Task limit 100")})
	require.NoError(t, err)
	for _, c := range []struct {
		options string
		full    bool
	}{{"", false}, {"strict:1;denormalize:1", true}, {"strict=1;denormalize=1", true}, {"denormalize:0", false}} {
		_, answer := s.post(body, "ftrack-api-options", c.options)
		require.Equal(t, c.full, strings.Count(string(answer), `"name"`) == 100, c.options)
	}
}

func TestSearch(t *testing.T) {
	s := assuming(t)
	search := func(terms []string, more object) []any {
		operation := object{"action": "search", "expression": "select name from Task limit 500", "entity_type": "Task", "terms": terms}
		maps.Copy(operation, more)
		reply := s.call(operation)[0]
		require.Equal(t, "search", reply["action"])
		return reply["data"].([]any)
	}
	require.Len(t, search(nil, nil), 120)
	found := search([]string{"ANIM", "sh0010"}, nil)
	require.NotEmpty(t, found)
	for _, row := range found {
		require.Equal(t, "Animation", row.(object)["name"])
	}
	require.Empty(t, search([]string{"nowhere"}, nil))
	shot := s.rows("Shot limit 1")[0]["id"]
	require.Len(t, search(nil, object{"context_id": shot}), 6)
	require.Empty(t, search(nil, object{"object_type_ids": []any{shot}}))
	s.refused(object{"action": "search", "expression": "select name from Task", "entity_type": "Shot"})
}

func TestTheSameFlagsGiveTheSameProduction(t *testing.T) {
	expression := "select id, name, status_id, parent_id, assignments.resource_id, notes.content, metadata.value from TypedContext order by id"
	require.Equal(t, assuming(t).rows(expression), assuming(t).rows(expression))
	require.Len(t, newServer(t, sandbox.Options{}).produce("demo", 0).rows("select id from Task"), 10_000)
	require.Empty(t, newServer(t, sandbox.Options{}).produce("empty", 0).rows("Project"))
}

func TestLatencyDelaysTheAPIOnly(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a.wasm"), []byte("\x00asm"), 0o600))
	s := newServer(t, sandbox.Options{Latency: 30 * time.Millisecond, Static: dir})
	start := time.Now()
	s.post([]byte(`[]`))
	require.GreaterOrEqual(t, time.Since(start), 30*time.Millisecond)
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/a.wasm", nil))
	require.Equal(t, http.StatusOK, w.Code)
	require.Equal(t, "application/wasm", w.Header().Get("Content-Type"))
}

func TestReadersAndWritersAtOnce(t *testing.T) {
	s := assuming(t)
	shot, _ := s.shot()
	var group sync.WaitGroup
	for worker := range 4 {
		group.Go(func() {
			for i := range 25 {
				id := fmt.Sprintf("22222222-0000-4000-8000-%06d%06d", worker, i)
				for _, operation := range []object{create("Task", object{"id": id, "name": "x", "parent_id": shot}), query(pageExpression),
					update("Task", id, object{"name": "y", "status_id": nil}), query(`select children.name from Shot where id is "` + shot + `"`), remove("Task", []string{id})} {
					body, _ := json.Marshal([]object{operation})
					if _, answer := s.post(body); answer[0] != '[' {
						t.Errorf("%s: %s", body, answer)
					}
				}
			}
		})
	}
	group.Wait()
	require.Len(t, s.rows("select id from Task"), 120)
}
