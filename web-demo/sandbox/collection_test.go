package sandbox_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// ids are the ids of the members of a collection, in no order.
func (s *server) ids(typ, id, collection string) []any {
	s.t.Helper()
	list := []any{}
	for _, member := range s.one(fmt.Sprintf("select %s from %s where id is %q", collection, typ, id))[collection].([]any) {
		list = append(list, member.(object)["id"])
	}
	return list
}

func TestAListIsTheWholeMembership(t *testing.T) {
	s := assuming(t)
	tasks := s.rows("Task limit 3")
	task, second, third := tasks[0]["id"].(string), tasks[1]["id"].(string), tasks[2]["id"].(string)
	versions := s.rows("AssetVersion limit 3")
	version, used, unused := versions[0]["id"].(string), versions[1]["id"].(string), versions[2]["id"].(string)
	s.call(create("Scope", object{"id": "sa", "name": "a"}), create("Scope", object{"id": "sb", "name": "b"}), create("TypedContextList", object{"id": "list", "name": "l"}),
		create("SecurityRole", object{"id": "ra", "name": "a"}), create("SecurityRole", object{"id": "rb", "name": "b"}))
	for name, c := range map[string]struct {
		typ, id, collection, member string
		a, b                        string
		other                       string // the members' side of it
	}{
		"scopes":         {"Task", task, "scopes", "Scope", "sa", "sb", ""},
		"security roles": {"CustomAttributeConfiguration", s.configuration("fps"), "read_security_roles", "SecurityRole", "ra", "rb", ""},
		"list items":     {"TypedContextList", "list", "items", "Task", second, third, "lists"},
		"lists":          {"Task", second, "lists", "TypedContextList", "list", "shots", "items"},
		"used versions":  {"AssetVersion", version, "uses_versions", "AssetVersion", used, unused, "used_in_versions"},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "lists" {
				s.call(create("TypedContextList", object{"id": "shots", "name": "s"}))
			}
			commit := func(members ...string) {
				list := []object{}
				for _, id := range members {
					list = append(list, ref(c.member, id))
				}
				s.call(update(c.typ, []string{c.id}, object{c.collection: list}))
			}
			has := func(members ...any) {
				require.ElementsMatch(t, members, s.ids(c.typ, c.id, c.collection))
				if c.other == "" {
					return
				}
				for _, id := range []string{c.a, c.b} {
					isMember := len(members) > 0 && members[0] == id || len(members) > 1 && members[1] == id
					require.Equal(t, isMember, len(s.rows(fmt.Sprintf("%s where id is %q and %s.id is %q", c.member, id, c.other, c.id))) == 1)
				}
			}
			commit()
			has()
			commit(c.a, c.b)
			has(c.a, c.b)
			commit(c.b, c.b)
			has(c.b)
			commit(c.a)
			has(c.a)
			s.refused(update(c.typ, []string{c.id}, object{c.collection: []object{ref(c.member, c.b), ref(c.member, "nothing")}}))
			has(c.a)
			s.call(update(c.typ, []string{c.id}, object{c.collection: []object{ref(c.member, c.b)}}), update(c.typ, []string{c.id}, object{c.collection: []object{ref(c.member, c.a)}}))
			has(c.a)
			commit()
			has()
			s.one(fmt.Sprintf("%s where id is %q", c.member, c.a))
		})
	}
}

func TestAMemberHasOneOwner(t *testing.T) {
	s := assuming(t)
	shots := s.rows("select project_id from Shot order by name limit 2")
	from, to := shots[0]["id"].(string), shots[1]["id"].(string)
	s.call(create("Task", object{"id": "moved", "name": "x", "parent_id": from}), create("Asset", object{"id": "asset", "name": "x", "context_id": from}),
		create("AssetVersion", object{"id": "version", "asset_id": "asset"}), create("Asset", object{"id": "next", "name": "y", "context_id": from}))
	for _, c := range []struct{ typ, from, to, collection, member, id, column string }{
		{"Shot", from, to, "children", "Task", "moved", "parent_id"},
		{"Shot", from, to, "assets", "Asset", "asset", "context_id"},
		{"Asset", "asset", "next", "versions", "AssetVersion", "version", "asset_id"},
	} {
		s.call(update(c.typ, []string{c.to}, object{c.collection: []object{ref(c.member, c.id)}}))
		require.Equal(t, []any{c.id}, s.ids(c.typ, c.to, c.collection), c.collection)
		require.NotContains(t, s.ids(c.typ, c.from, c.collection), c.id)
		require.Equal(t, c.to, s.one(fmt.Sprintf("select %s from %s where id is %q", c.column, c.member, c.id))[c.column])
	}
	task := s.rows("Task limit 1")[0]["id"]
	other := s.rows(`ObjectType where name is "Shot"`)[0]["id"]
	require.Contains(t, s.refused(update("ObjectType", []any{other}, object{"tasks": []object{ref("Task", task)}}))["content"], "immutable")
}

// What a list may leave out: a member whose foreign key can be empty, one whose key it is part of, one that needs it, one that is not
// the owner's, and one whose reference never changes.
func TestAssumptionsAboutChildrenThatAListLeavesOut(t *testing.T) {
	for setting, expected := range map[string][5]string{
		"deleted":  {"emptied", "gone", "gone", "refused", "refused"},
		"orphaned": {"emptied", "refused", "emptied", "emptied", "emptied"},
		"refused":  {"emptied", "refused", "refused", "refused", "refused"},
	} {
		s := assuming(t, "left-out-child="+setting)
		shot, _ := s.shot()
		s.call(create("Task", object{"id": "task", "name": "x", "parent_id": shot}), create("Asset", object{"id": "asset", "name": "a", "context_id": "task"}),
			create("Metadata", object{"parent_id": "task", "key": "k", "value": "v"}), create("Status", object{"id": "own", "name": "own"}),
			create("Appointment", object{"id": "assignment", "context_id": "task", "resource_id": s.rows("User limit 1")[0]["id"], "type": "assignment"}),
			update("Task", []string{"task"}, object{"status_id": "own"}))
		for i, c := range []struct{ typ, id, collection, member, where, column string }{
			{"Task", "task", "assets", "Asset", `id is "asset"`, "context_id"},
			{"Task", "task", "metadata", "Metadata", `parent_id is "task"`, "parent_id"},
			{"Task", "task", "assignments", "Appointment", `id is "assignment"`, "context_id"},
			{"Status", "own", "tasks", "Task", `id is "task"`, "status_id"},
			{"ObjectType", s.rows(`ObjectType where name is "Task"`)[0]["id"].(string), "tasks", "Task", `id is "task"`, "object_type_id"},
		} {
			if setting == "orphaned" && i == 4 {
				continue // as many as there are
			}
			operation := update(c.typ, []string{c.id}, object{c.collection: []any{}})
			expression := fmt.Sprintf("select %s from %s where %s", c.column, c.member, c.where)
			switch expected[i] {
			case "refused":
				s.refused(operation)
				require.NotNil(t, s.one(expression)[c.column])
			case "emptied":
				s.call(operation)
				require.Nil(t, s.one(expression)[c.column])
			case "gone":
				s.call(operation)
				require.Empty(t, s.rows(expression))
			}
		}
	}
}

func TestAssumptionsAboutWhatIsDeletedTwice(t *testing.T) {
	for setting, accepted := range map[string]bool{"accepted": true, "refused": false} {
		s := assuming(t, "deleted-twice="+setting)
		shot, _ := s.shot()
		for name, batch := range map[string][]object{
			"below it":       {create("Shot", object{"id": "above", "parent_id": shot}), create("Task", object{"id": "below", "parent_id": "above"}), remove("Shot", "above"), remove("Task", "below")},
			"left a list":    {create("Metadata", object{"parent_id": shot, "key": "k"}), update("Shot", shot, object{"metadata": []any{}}), remove("Metadata", []string{shot, "k"})},
			"link row":       {create("TypedContextList", object{"id": "l"}), create("ListObject", object{"id": "o", "list_id": "l", "entity_id": shot}), update("TypedContextList", "l", object{"items": []any{}}), remove("ListObject", "o")},
			"cannot be left": {create("Note", object{"id": "n"}), create("NoteLabelLink", object{"note_id": "n", "label_id": "l"}), remove("Note", "n"), remove("NoteLabelLink", []string{"n", "l"})},
		} {
			if accepted {
				require.Equal(t, object{"action": "delete", "data": true}, s.call(batch...)[len(batch)-1], name)
			} else {
				s.refused(batch...)
			}
		}
		s.refused(create("User", object{"id": "u"}), remove("User", "u"), remove("User", "u"))
		s.refused(remove("Task", "below"))
	}
}
