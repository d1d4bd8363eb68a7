package sandbox_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// names are those of the link of an entity.
func (s *server) names(typ, id string) []any {
	s.t.Helper()
	names := []any{}
	for _, step := range s.one(fmt.Sprintf("select link from %s where id is %q", typ, id))["link"].([]any) {
		names = append(names, step.(object)["name"])
	}
	return names
}

// small are two projects; in the first a sequence, a shot, a task, an asset with a version.
func (s *server) small() {
	s.t.Helper()
	s.call(create("Project", object{"id": "p1", "name": "one"}), create("Project", object{"id": "p2", "name": "two"}), create("Sequence", object{"id": "sq", "name": "sq", "parent_id": "p1"}),
		create("Shot", object{"id": "sh", "name": "sh", "parent": ref("Sequence", "sq")}), create("Task", object{"id": "t", "name": "t", "parent_id": "sh"}),
		create("Asset", object{"id": "a", "name": "a", "context_id": "sh"}), create("AssetVersion", object{"id": "v", "asset_id": "a"}),
		create("AssetVersion", object{"id": "w", "asset_id": "a"}), create("FileComponent", object{"id": "c", "name": "main", "version_id": "v"}),
		create("ComponentLocation", object{"id": "cl", "component_id": "c", "location_id": s.rows(`Location where name is "ftrack.unmanaged"`)[0]["id"]}))
}

func TestDerivedColumnsFollowWrites(t *testing.T) {
	type names = []any
	for _, c := range []struct {
		name          string
		batch         []object
		task, version names  // names in their links
		project       string // of shot and task
		parent        string // that has the sequence among its children
	}{
		{"nothing", []object{query("Scope")}, names{"one", "sq", "sh", "t"}, names{"one", "sq", "sh", "a v1"}, "p1", "p1"},
		{"a parent's name", []object{update("Sequence", "sq", object{"name": "sq2"})}, names{"one", "sq2", "sh", "t"}, names{"one", "sq2", "sh", "a v1"}, "p1", "p1"},
		{"the project's name", []object{update("Project", "p1", object{"name": "uno"})}, names{"uno", "sq", "sh", "t"}, names{"uno", "sq", "sh", "a v1"}, "p1", "p1"},
		{"the asset's name", []object{update("Asset", "a", object{"name": "b"})}, names{"one", "sq", "sh", "t"}, names{"one", "sq", "sh", "b v1"}, "p1", "p1"},
		{"moved by the key", []object{update("Sequence", "sq", object{"parent_id": "p2"})}, names{"two", "sq", "sh", "t"}, names{"two", "sq", "sh", "a v1"}, "p2", "p2"},
		{"moved by the reference", []object{update("Sequence", "sq", object{"parent": ref("Project", "p2")})}, names{"two", "sq", "sh", "t"}, names{"two", "sq", "sh", "a v1"}, "p2", "p2"},
		{"moved by the base type", []object{update("TypedContext", "sq", object{"parent_id": "p2"})}, names{"two", "sq", "sh", "t"}, names{"two", "sq", "sh", "a v1"}, "p2", "p2"},
		{"moved by the list", []object{update("Project", "p2", object{"children": []object{ref("Sequence", "sq")}})}, names{"two", "sq", "sh", "t"}, names{"two", "sq", "sh", "a v1"}, "p2", "p2"},
		{"moved with its parent", []object{create("Episode", object{"id": "ep", "name": "ep", "parent_id": "p1"}), update("Sequence", "sq", object{"parent_id": "ep"}), update("Episode", "ep", object{"parent_id": "p2"})},
			names{"two", "ep", "sq", "sh", "t"}, names{"two", "ep", "sq", "sh", "a v1"}, "p2", "ep"},
		{"made before its parent", []object{update("Sequence", "sq", object{"parent_id": "ep"}), create("Episode", object{"id": "ep", "name": "ep", "parent_id": "p2"})},
			names{"two", "ep", "sq", "sh", "t"}, names{"two", "ep", "sq", "sh", "a v1"}, "p2", "ep"},
		{"the asset moved", []object{update("Asset", "a", object{"parent": ref("Project", "p2")})}, names{"one", "sq", "sh", "t"}, names{"two", "a v1"}, "p1", "p1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := assuming(t)
			s.small()
			s.call(c.batch...)
			require.Equal(t, c.task, s.names("Task", "t"))
			require.Equal(t, c.version, s.names("AssetVersion", "v"))
			for _, id := range []string{"sq", "sh", "t"} {
				row := s.one("select project_id, project.name from TypedContext where id is " + id)
				require.Equal(t, c.project, row["project_id"])
				require.Equal(t, c.project, row["project"].(object)["id"])
			}
			for _, id := range []string{"p1", "p2"} {
				expected := []any{}
				if id == c.parent {
					expected = append(expected, "sq")
				} else if c.parent == "ep" && id == "p2" {
					expected = append(expected, "ep")
				}
				require.Equal(t, expected, s.ids("Project", id, "children"))
				require.Equal(t, id == c.project, len(s.rows(`Project where id is `+id+` and descendants any (id is t)`)) == 1)
			}
			require.Equal(t, c.parent, s.one("select parent from Sequence where id is sq")["parent"].(object)["id"])
			require.Equal(t, []any{"t"}, s.ids("Shot", "sh", "children"))
		})
	}
}

func TestDerivedColumnsOfTimesAndVersions(t *testing.T) {
	s := assuming(t)
	s.small()
	s.call(update("Task", "t", object{"bid": 100}), create("Timelog", object{"id": "l", "context_id": "t", "duration": 30}), create("Timelog", object{"id": "m", "context_id": "t", "duration": 12}))
	logged := func() any { return s.one("select time_logged from Task where id is t")["time_logged"] }
	require.Equal(t, 42.0, logged())
	require.Equal(t, 58.0, s.one("select bid_time_logged_difference from Task where id is t")["bid_time_logged_difference"])
	s.call(update("Timelog", "l", object{"duration": 60}), remove("Timelog", "m"))
	require.Equal(t, 60.0, logged())
	latest := func(id string) {
		t.Helper()
		require.Equal(t, id, s.one("select latest_version from Asset where id is a")["latest_version"].(object)["id"])
		require.Equal(t, id, s.one("select id from AssetVersion where asset_id is a and is_latest_version is True")["id"])
	}
	latest("w")
	s.call(update("AssetVersion", "v", object{"version": 9}))
	latest("v")
	s.call(update("AssetVersion", "v", object{"version": 1}), create("AssetVersion", object{"id": "x", "asset_id": "a"}))
	latest("x")
	s.call(remove("AssetVersion", "x"))
	latest("w")
	require.Nil(t, s.one("select thumbnail_url from AssetVersion where id is w")["thumbnail_url"])
	s.call(update("AssetVersion", "w", object{"thumbnail": ref("FileComponent", "c")}))
	require.Contains(t, s.one("select thumbnail_url from AssetVersion where id is w")["thumbnail_url"].(object)["value"], "id=c")
}

func TestWhatADeleteTakesAlong(t *testing.T) {
	for _, c := range []struct {
		name   string
		delete []object
		gone   []string // of these the others stay
		refuse string
	}{
		{"task", []object{remove("Task", "t")}, []string{"Task t", "Note n", "Note r", "Metadata m", "Appointment as", "Timelog tl"}, ""},
		{"task by its base type", []object{remove("TypedContext", "t")}, []string{"Task t", "Note n", "Note r", "Metadata m", "Appointment as", "Timelog tl"}, ""},
		{"note", []object{remove("Note", "n")}, []string{"Note n", "Note r"}, ""},
		{"reply", []object{remove("Note", "r")}, []string{"Note r"}, ""},
		{"version with components", []object{remove("AssetVersion", "v")}, nil, "components"},
		{"version without", []object{remove("AssetVersion", "w")}, []string{"AssetVersion w"}, ""},
		{"version after its components", []object{remove("FileComponent", "c"), remove("AssetVersion", "v")}, []string{"AssetVersion v", "FileComponent c", "ComponentLocation cl"}, ""},
		{"version before its components", []object{remove("AssetVersion", "v"), remove("FileComponent", "c")}, nil, "components"},
		{"component", []object{remove("Component", "c")}, []string{"FileComponent c", "ComponentLocation cl"}, ""},
		{"location", []object{remove("ComponentLocation", "cl"), remove("Location", "loc")}, nil, "components"},
		{"shot", []object{remove("Shot", "sh")}, []string{"Shot sh", "Task t", "Note n", "Note r", "Metadata m", "Appointment as", "Timelog tl", "Asset a", "AssetVersion v", "AssetVersion w", "FileComponent c", "ComponentLocation cl"}, ""},
		{"project", []object{remove("Project", "p1")}, []string{"Project p1", "Sequence sq", "Shot sh", "Task t", "Note n", "Note r", "Metadata m", "Appointment as", "Timelog tl", "Asset a", "AssetVersion v", "AssetVersion w", "FileComponent c", "ComponentLocation cl"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := assuming(t)
			s.small()
			s.call(create("Note", object{"id": "n", "content": "n", "parent_id": "t"}), create("Note", object{"id": "r", "content": "r", "in_reply_to_id": "n"}), create("Location", object{"id": "loc", "name": "loc"}),
				create("Metadata", object{"parent_id": "t", "key": "m"}), create("Appointment", object{"id": "as", "context_id": "t", "resource_id": s.rows("User limit 1")[0]["id"], "type": "assignment"}),
				create("Timelog", object{"id": "tl", "context_id": "t", "duration": 1}), update("ComponentLocation", "cl", object{"location_id": "loc"}))
			if c.refuse != "" {
				reply := s.refused(c.delete...)
				require.Equal(t, "PermissionError", reply["exception"])
				require.Contains(t, reply["content"], c.refuse)
			} else {
				for _, reply := range s.call(c.delete...) {
					require.Equal(t, object{"action": "delete", "data": true}, reply)
				}
			}
			for _, name := range []string{"Project p1", "Project p2", "Sequence sq", "Shot sh", "Task t", "Note n", "Note r", "Metadata m", "Appointment as", "Timelog tl", "Asset a", "AssetVersion v", "AssetVersion w",
				"FileComponent c", "ComponentLocation cl", "Location loc"} {
				var typ, id string
				_, err := fmt.Sscan(name, &typ, &id)
				require.NoError(t, err)
				where := "id is " + id
				if typ == "Metadata" {
					where = "key is m"
				}
				count := 1
				for _, gone := range c.gone {
					if gone == name {
						count = 0
					}
				}
				require.Len(t, s.rows(typ+" where "+where), count, name)
			}
		})
	}
}
