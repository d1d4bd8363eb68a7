package sandbox_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAssumptionsAboutRepliesToWrites(t *testing.T) {
	system := []string{"__entity_type__", "context_type", "id", "object_type_id", "project_id"}
	for _, c := range []struct {
		setting                              string
		created, key, reference, list, value []string // nil: every column
	}{
		{"observed", []string{"__entity_type__", "bid", "context_type", "created_at", "created_by_id", "id", "name", "object_type_id", "parent_id", "priority_id", "project_id", "sort", "status_id", "type_id"},
			append([]string{"status", "status_id"}, system...), append([]string{"status", "status_id"}, system...), append([]string{"scopes"}, system...),
			[]string{"__entity_type__", "configuration_id", "entity_id", "key", "value"}},
		{"all", nil, nil, nil, nil, []string{"__entity_type__", "configuration_id", "entity_id", "key", "value"}},
		{"sent", []string{"__entity_type__", "id", "name", "parent"}, []string{"__entity_type__", "id", "status_id"}, []string{"__entity_type__", "id", "status"},
			[]string{"__entity_type__", "id", "scopes"}, []string{"__entity_type__", "configuration_id", "entity_id", "value"}},
		{"key", []string{"__entity_type__", "id"}, []string{"__entity_type__", "id"}, []string{"__entity_type__", "id"}, []string{"__entity_type__", "id"},
			[]string{"__entity_type__", "configuration_id", "entity_id"}},
	} {
		t.Run(c.setting, func(t *testing.T) {
			s := assuming(t, "write-reply="+c.setting)
			shot := s.bare()
			status, scope, config := s.rows(`Status where name is "Revise"`)[0]["id"], s.rows("Scope limit 1")[0]["id"], s.configuration("delivery")
			for _, step := range []struct {
				operation object
				names     []string
			}{
				{create("Task", object{"__entity_type__": "Task", "id": first1, "name": "x", "parent": ref("Shot", shot)}), c.created},
				{update("Task", first1, object{"__entity_type__": "Task", "status_id": status}), c.key},
				{update("Task", first1, object{"status": ref("Status", status)}), c.reference},
				{update("Task", first1, object{"scopes": []object{ref("Scope", scope)}}), c.list},
				{update("ContextCustomAttributeValue", []string{config, first1}, object{"value": nil}), c.value},
			} {
				reply := s.call(step.operation)[0]
				require.Equal(t, step.operation["action"], reply["action"])
				data := reply["data"].(object)
				names := slices.Sorted(maps.Keys(data))
				if step.names != nil {
					require.ElementsMatch(t, step.names, names)
				} else {
					for _, name := range []string{"name", "description", "status_id", "link", "parent_id", "project_id", "end_date", "time_logged"} {
						require.Contains(t, data, name, "null or not")
					}
					require.NotContains(t, data, "children")
				}
				if step.operation["entity_type"] == "Task" {
					require.Equal(t, first1, data["id"])
					require.Equal(t, "Task", data["__entity_type__"])
				}
				for _, name := range []string{"status", "status_id"} {
					if value, ok := data[name].(object); ok {
						require.Equal(t, status, value["id"])
					} else if data[name] != nil && step.operation["action"] == "update" {
						require.Equal(t, status, data[name])
					}
				}
			}
			made := s.call(create("User", object{"username": "the server makes the key"}))[0]["data"].(object)
			require.Len(t, made["id"], 36)
		})
	}
}

func TestRepliesAboutWhatTheBatchDeletesAreStubs(t *testing.T) {
	for _, setting := range []string{"observed", "all", "sent", "key"} {
		s := assuming(t, "write-reply="+setting)
		shot, config := s.bare(), s.configuration("frameEnd")
		replies := s.call(create("User", object{"id": first1, "username": "x"}), update("User", first1, object{"username": "y"}), remove("User", first1),
			create("Metadata", object{"parent_id": shot, "key": "k", "value": "v"}), remove("Metadata", []string{shot, "k"}),
			update("ContextCustomAttributeValue", []string{config, shot}, object{"value": 5}), remove("Shot", shot))
		for i, expected := range map[int]object{0: ref("User", first1), 1: ref("User", first1), 3: {"__entity_type__": "Metadata", "parent_id": shot, "key": "k"},
			5: {"__entity_type__": "ContextCustomAttributeValue", "configuration_id": config, "entity_id": shot}} {
			require.Equal(t, expected, replies[i]["data"], setting)
		}
	}
}

func TestAForeignKeyAndItsReferenceFollowEachOther(t *testing.T) {
	s := assuming(t)
	shot := s.bare()
	statuses, people := s.rows("Status limit 3"), s.rows("User limit 3")
	project := s.rows("Project")[0]["id"]
	s.call(create("Task", object{"id": "task", "name": "x", "parent_id": shot}), create("Asset", object{"id": "asset", "name": "a", "context_id": shot}),
		create("Note", object{"id": "note", "content": "n"}), create("TypedContextList", object{"id": "list", "name": "l"}))
	for _, c := range []struct{ typ, id, reference, key, target, first, second string }{
		{"Task", "task", "status", "status_id", "Status", statuses[0]["id"].(string), statuses[1]["id"].(string)},
		{"Asset", "asset", "parent", "context_id", "Project", project.(string), project.(string)},
		{"Note", "note", "author", "user_id", "User", people[0]["id"].(string), people[1]["id"].(string)},
		{"TypedContextList", "list", "owner", "user_id", "User", people[0]["id"].(string), people[1]["id"].(string)},
	} {
		t.Run(c.typ+"."+c.reference, func(t *testing.T) {
			is := func(data object, id any) {
				t.Helper()
				require.Equal(t, id, data[c.key])
				if id == nil {
					require.Nil(t, data[c.reference])
					require.Contains(t, data, c.reference)
				} else {
					require.Equal(t, id, data[c.reference].(object)["id"])
				}
			}
			for _, step := range []struct {
				data object
				id   any
			}{
				{object{c.key: c.first}, c.first}, {object{c.reference: ref(c.target, c.second)}, c.second}, {object{c.key: nil}, nil},
				{object{c.reference: ref(c.target, c.first)}, c.first}, {object{c.reference: nil}, nil}, {object{c.key: c.second}, c.second},
			} {
				is(s.call(update(c.typ, c.id, step.data))[0]["data"].(object), step.id)
				is(s.one("select "+c.key+", "+c.reference+" from "+c.typ+" where id is "+c.id), step.id)
			}
			replies := s.call(update(c.typ, c.id, object{c.key: c.first}), query("select "+c.reference+", "+c.key+" from "+c.typ+" where id is "+c.id),
				update(c.typ, c.id, object{c.reference: ref(c.target, c.second)}))
			is(replies[1]["data"].([]any)[0].(object), c.first)
		})
	}
	s.call(update("Task", "task", object{"status_id": "nothing"}))
	row := s.one("select status, status_id from Task where id is task")
	require.Nil(t, row["status"])
	require.Equal(t, "nothing", row["status_id"], "the key is kept although it leads nowhere")
	made := s.call(create("Task", object{"id": "made", "name": "x", "parent": ref("Shot", shot), "status": ref("Status", statuses[2]["id"])}))[0]["data"].(object)
	require.Equal(t, shot, made["parent_id"])
	require.Equal(t, statuses[2]["id"], made["status_id"])
}
