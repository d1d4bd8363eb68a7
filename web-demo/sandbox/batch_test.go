package sandbox_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAssumptionsAboutWhatARefusalUndoes(t *testing.T) {
	for setting, stays := range map[string]bool{"whole": false, "partial": true} {
		s := assuming(t, "batch-atomicity="+setting)
		shot := s.bare()
		for name, failing := range map[string]object{
			"unknown entity":     remove("User", []string{"nothing"}),
			"half an update":     update("Shot", []string{shot}, object{"description": "half", "scopes": []object{ref("Scope", "nothing")}}),
			"half a creation":    create("Task", object{"id": other1, "name": "half", "parent_id": shot, "scopes": []object{ref("Scope", "nothing")}}),
			"unknown attribute":  create("Task", object{"id": other1, "parent_id": shot, "nam": "x"}),
			"a query":            query("select nothing from"),
			"an occupied place":  remove("Location", []any{s.rows(`Location where name is "ftrack.server"`)[0]["id"]}),
			"an unknown request": {"action": "dance"},
		} {
			s.refused(create("Task", object{"id": first1, "name": "before", "parent_id": shot}), update("Shot", []string{shot}, object{"description": name}),
				failing, update("Shot", []string{shot}, object{"description": "never"}))
			require.Equal(t, stays, len(s.rows(`Task where id is "`+first1+`"`)) == 1, name)
			require.Equal(t, stays, s.one(`select description from Shot where id is "` + shot + `"`)["description"] == name, name)
			require.Empty(t, s.rows(`Task where id is "`+other1+`"`), name)
			if stays {
				s.call(remove("Task", []string{first1}), update("Shot", []string{shot}, object{"description": nil}))
			}
		}
		require.Len(t, s.rows(`StatusChange where parent_id is "`+shot+`"`), 0)
	}
}

func TestAssumptionsAboutTheOrderOfABatch(t *testing.T) {
	for setting, given := range map[string]bool{"given": true, "updates-first": false} {
		s := assuming(t, "batch-order="+setting)
		shot := s.bare()
		version := s.rows("AssetVersion limit 1")[0]["id"].(string)
		for name, c := range map[string]struct {
			batch         []object
			given, before bool // whether it is accepted in the order given, and with updates first
		}{
			"of what is made":      {[]object{create("User", object{"id": first1}), update("User", []string{first1}, object{"username": "b"})}, true, false},
			"refers to what made":  {[]object{create("FileComponent", object{"id": first1}), update("AssetVersion", version, object{"thumbnail": ref("FileComponent", first1)})}, true, false},
			"lists what is made":   {[]object{create("Scope", object{"id": first1}), update("Shot", shot, object{"scopes": []object{ref("Scope", first1)}})}, true, false},
			"by the foreign key":   {[]object{create("FileComponent", object{"id": first1}), update("AssetVersion", version, object{"thumbnail_id": first1})}, true, true},
			"made after it":        {[]object{update("User", []string{first1}, object{"username": "b"}), create("User", object{"id": first1})}, false, false},
			"child before parent":  {[]object{create("Task", object{"parent": ref("Shot", first1)}), create("Shot", object{"id": first1})}, false, false},
			"deleted and changed":  {[]object{create("User", object{"id": other1}), remove("User", []string{other1}), update("User", []string{other1}, object{"username": "b"})}, false, false},
			"of what was there":    {[]object{create("User", object{"id": first1}), update("Shot", shot, object{"name": "x"})}, true, true},
			"metadata and its row": {[]object{create("Metadata", object{"parent_id": shot, "key": "k"}), update("Shot", shot, object{"metadata": []object{{"__entity_type__": "Metadata", "parent_id": shot, "key": "k"}}})}, true, true},
		} {
			expected := c.given
			if !given {
				expected = c.before
			}
			if !expected {
				s.refused(c.batch...)
				continue
			}
			replies := s.call(c.batch...)
			for i, operation := range c.batch {
				require.Equal(t, operation["action"], replies[i]["action"], "%s: answers stand in the order of the operations", name)
			}
			for _, typ := range []string{"User", "FileComponent", "Scope"} {
				if len(s.rows(typ+` where id is "`+first1+`"`)) == 1 {
					s.call(remove(typ, []string{first1}))
				}
			}
		}
	}
}

func TestAssumptionsAboutKeysOfWhatDoesNotExist(t *testing.T) {
	for setting, accepted := range map[string]bool{"accepted": true, "refused": false} {
		s := assuming(t, "missing-target="+setting)
		shot := s.bare()
		person := s.rows("User limit 1")[0]["id"]
		for name, operation := range map[string]object{
			"update":           update("Shot", []string{shot}, object{"status_id": "nothing"}),
			"create":           create("Task", object{"parent_id": "nothing"}),
			"another type":     update("Shot", []string{shot}, object{"status_id": person}),
			"in the key":       create("NoteLabelLink", object{"note_id": "nothing", "label_id": "nothing"}),
			"through the base": update("TypedContext", []string{shot}, object{"priority_id": "nothing"}),
		} {
			if accepted {
				s.call(operation)
			} else {
				require.Contains(t, s.refused(operation)["content"], "does not exist", name)
			}
		}
		s.refused(update("Shot", []string{shot}, object{"status": ref("Status", "nothing")}), create("Task", object{"parent": ref("Shot", "nothing")}))
		s.call(update("Shot", []string{shot}, object{"status_id": nil, "priority_id": s.rows("Priority limit 1")[0]["id"]}),
			create("Shot", object{"id": first1, "parent_id": shot}), create("Task", object{"parent_id": first1, "project_id": s.rows("Project")[0]["id"]}))
	}
}
