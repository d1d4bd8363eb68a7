package sandbox_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox"
)

// The name of the file is the expression, in lower case; a comma is written +.
var queries = map[string]string{
	"query_select_name_from_task_limit_1.json":                                                               "select name from Task limit 1",
	"query_select_name+_created_at_from_task_limit_1.json":                                                   "select name, created_at from Task limit 1",
	"query_select_status.state.short_from_task_where_status.state.short_is_not_started_limit_1.json":         "select status.state.short from Task where status.state.short is NOT_STARTED limit 1",
	"query_select_status.state.short_from_task_where_status.state.short_is_not_started_limit_2.json":         "select status.state.short from Task where status.state.short is NOT_STARTED limit 2",
	"query_select_version+_asset.versions.version_from_assetversion_where_asset_id_is_not_none_limit_1.json": "select version, asset.versions.version from AssetVersion where asset_id is_not none limit 1",
}

func TestQueriesOfTheFixturesAreAnsweredAsTheRealServerDid(t *testing.T) {
	for file, expression := range queries {
		t.Run(expression, func(t *testing.T) {
			var expected object
			require.NoError(t, json.Unmarshal(fixture(t, file), &expected))
			rows, err := json.Marshal(expected["data"])
			require.NoError(t, err)
			s := newServer(t, sandbox.Options{})
			require.NoError(t, s.handler.Seed(rows))
			// The order of rows is not promised: ask until the seeded rows come in the fixture's.
			for range 200 {
				got := s.call(query(expression))[0]
				require.Equal(t, expected["metadata"], got["metadata"])
				if first(got) == first(expected) {
					require.Equal(t, expected, got)
					return
				}
			}
			t.Fatal("the row of the fixture never came first")
		})
	}
}

func first(reply object) any { return reply["data"].([]any)[0].(object)["id"] }

func TestWritesOfTheFixturesAreAnsweredAsTheRealServerDid(t *testing.T) {
	for _, c := range []struct {
		file string
		op   func(data object) []object
		at   int
	}{
		{"create_user.json", func(d object) []object {
			return []object{create("User", object{"id": d["id"], "username": d["username"], "first_name": d["first_name"], "last_name": d["last_name"]})}
		}, 0},
		{"create_filecomponent.json", func(d object) []object {
			in := d["component_locations"].([]any)[0].(object)
			return []object{create("FileComponent", object{"id": d["id"], "name": d["name"], "file_type": d["file_type"], "size": d["size"]}),
				create("ComponentLocation", object{"id": in["id"], "component_id": in["component_id"], "resource_identifier": in["resource_identifier"]})}
		}, 0},
		{"create_componentlocation.json", func(d object) []object {
			component := "702b7e69-f6ef-4d13-8193-dcbb480f57f5"
			return []object{create("FileComponent", object{"id": component, "name": "data"}),
				create("ComponentLocation", object{"id": d["id"], "component_id": component})}
		}, 1},
		{"update_user.json", func(d object) []object {
			return []object{create("User", object{"id": d["id"], "username": "before"}), update("User", []any{d["id"]}, object{"username": d["username"]})}
		}, 1},
	} {
		t.Run(c.file, func(t *testing.T) {
			var expected object
			require.NoError(t, json.Unmarshal(fixture(t, c.file), &expected))
			s := newServer(t, sandbox.Options{})
			require.NoError(t, s.handler.Seed([]byte(`[{"__entity_type__":"UserType","id":"ac9fa5aa-4361-11e0-b7cc-0019bb4983d8"}]`)))
			operations := c.op(expected["data"].(object))
			if c.file == "update_user.json" {
				s.call(operations[0])
				require.Equal(t, expected, s.call(operations[1])[0])
				return
			}
			require.Equal(t, expected, s.call(operations...)[c.at])
		})
	}
}
