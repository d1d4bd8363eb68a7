package sandbox_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// set are the values of an entity that are set, by configuration.
func (s *server) set(entity string, configurations ...string) map[string]any {
	s.t.Helper()
	values, list := map[string]any{}, ""
	for i, id := range configurations {
		if list += fmt.Sprintf("%q", id); i < len(configurations)-1 {
			list += ", "
		}
	}
	for _, row := range s.rows(fmt.Sprintf("select value, configuration_id, entity_id from CustomAttributeValue where entity_id in (%q) and configuration_id in (%s)", entity, list)) {
		require.Equal(s.t, "CustomAttributeValue", row["__entity_type__"])
		require.Equal(s.t, entity, row["entity_id"])
		values[row["configuration_id"].(string)] = row["value"]
	}
	return values
}

func TestValuesOfEveryKindOfConfiguration(t *testing.T) {
	s := assuming(t)
	shot := s.bare()
	s.call(create("Task", object{"id": "task", "name": "x", "parent_id": shot}), create("Asset", object{"id": "asset", "name": "x", "context_id": shot}),
		create("AssetVersion", object{"id": "version", "asset_id": "asset"}), create("User", object{"id": "person", "username": "p"}),
		create("AssetVersionList", object{"id": "list", "name": "l"}), create("Project", object{"id": "project", "name": "p"}),
		create("CustomAttributeConfiguration", object{"id": "any context", "key": "any", "label": "any context", "entity_type": "task", "default": "d"}),
		create("CustomAttributeConfiguration", object{"id": "list entry", "key": "entry", "label": "list entry", "entity_type": "listobject", "default": "d"}),
		create("ListObject", object{"id": "entry", "list_id": "list", "entity_id": "version"}))
	for _, c := range []struct {
		label, typ, id, rows string
		unset, first, second any
	}{
		{"client", "Project", "project", "ContextCustomAttributeValue", nil, "a", "b"},
		{"frameEnd", "Shot", shot, "ContextCustomAttributeValue", 1100.0, 1.0, 2.0},
		{"vendor", "Task", "task", "ContextCustomAttributeValue", "in-house", "a", ""},
		{"bidding", "Task", "task", "ContextCustomAttributeValue", []any{"easy"}, []any{}, []any{"hard"}},
		{"any context", "Shot", shot, "ContextCustomAttributeValue", "d", "a", "b"},
		{"any context", "Task", "task", "ContextCustomAttributeValue", "d", "a", "b"},
		{"licence", "Asset", "asset", "AssetCustomAttributeValue", "in-house", "a", "b"},
		{"colourspace", "AssetVersion", "version", "AssetVersionCustomAttributeValue", "ACEScg", "a", "b"},
		{"desk", "User", "person", "UserCustomAttributeValue", "", "a", "b"},
		{"delivered", "AssetVersionList", "list", "ListCustomAttributeValue", false, true, false},
		{"list entry", "ListObject", "entry", "ListObjectCustomAttributeValue", "d", "a", "b"},
		{"fps", "Project", "project", "ContextCustomAttributeValue", 24.0, 1.0, 2.5},
		{"fps", "Shot", shot, "ContextCustomAttributeValue", 24.0, 1.0, 2.5},
		{"plain fps", "Shot", shot, "ContextCustomAttributeValue", 25.0, 1.0, 2.5},
		{"fps", "Task", "task", "ContextCustomAttributeValue", 24.0, 1.0, 2.5},
		{"fps", "Asset", "asset", "AssetCustomAttributeValue", 24.0, 1.0, 2.5},
		{"fps", "AssetVersion", "version", "AssetVersionCustomAttributeValue", 24.0, 1.0, 2.5},
	} {
		t.Run(c.label+" of "+c.typ, func(t *testing.T) {
			config := s.configuration(c.label)
			key := []string{config, c.id}
			others := s.values(c.typ, c.id)
			check := func(dense any, sparse ...any) {
				t.Helper()
				expected := map[string]any{}
				for _, value := range sparse {
					expected[config] = value
				}
				require.Equal(t, expected, s.set(c.id, config, "another"))
				others[c.label] = dense
				require.Equal(t, others, s.values(c.typ, c.id))
			}
			check(c.unset)
			for _, typ := range []string{c.rows, "CustomAttributeValue"} {
				require.Contains(t, s.refused(remove(typ, key))["content"], "There is no", "nothing is set")
			}
			s.refused(update("CustomAttributeValue", key, object{"value": c.first}))
			reply := s.call(update(c.rows, key, object{"__entity_type__": c.rows, "value": c.first}))[0]
			require.Equal(t, "update", reply["action"])
			require.Equal(t, c.first, reply["data"].(object)["value"])
			require.Equal(t, c.id, reply["data"].(object)["entity_id"])
			check(c.first, c.first)
			s.call(update(c.rows, key, object{"value": c.second}))
			check(c.second, c.second)
			s.call(update("CustomAttributeValue", key, object{"value": c.first}))
			check(c.first, c.first)
			s.call(update(c.rows, key, object{"value": nil}))
			check(nil, nil)
			s.call(remove(c.rows, key))
			check(c.unset)
			s.call(create("CustomAttributeValue", object{"configuration_id": config, "entity_id": c.id, "value": c.second}))
			check(c.second, c.second)
			require.Equal(t, "DuplicateEntryError", s.refused(create("CustomAttributeValue", object{"configuration_id": config, "entity_id": c.id, "value": c.first}))["exception"])
			s.call(remove("CustomAttributeValue", key))
			check(c.unset)
			s.call(update(c.rows, key, object{"value": c.first}), remove(c.rows, key), update(c.rows, key, object{"value": c.second}))
			check(c.second, c.second)
			s.call(remove(c.rows, key), update(c.rows, key, object{"value": c.unset}))
			check(c.unset, c.unset)
			s.refused(create(c.rows, object{"configuration_id": config, "entity_id": c.id, "value": c.first}))
			s.refused(update(c.rows, []string{c.id, config}, object{"value": c.first}))
			s.refused(update(c.rows, key, object{"key": "other"}))
			s.call(remove("CustomAttributeValue", key))
			check(c.unset)
		})
	}
}

func TestARowOfAValueIsMadeByItsKey(t *testing.T) {
	s := assuming(t)
	shot, config := s.bare(), s.configuration("frameEnd")
	operation := create("CustomAttributeValue", object{"value": 7})
	operation["entity_key"] = []string{config, shot}
	s.call(operation)
	require.Equal(t, map[string]any{config: 7.0}, s.set(shot, config))
	for name, data := range map[string]object{
		"no entity":        {"configuration_id": config, "entity_id": "nothing", "value": 7},
		"no configuration": {"configuration_id": "nothing", "entity_id": shot, "value": 7},
		"other object":     {"configuration_id": s.configuration("delivery"), "entity_id": shot},
		"other kind":       {"configuration_id": s.configuration("desk"), "entity_id": shot, "value": "x"},
		"wrong type":       {"configuration_id": s.configuration("fps"), "entity_id": shot, "value": "fast"},
	} {
		require.Equal(t, "ValidationError", s.refused(create("CustomAttributeValue", data))["exception"], name)
	}
}

func TestAttributesOfOneProject(t *testing.T) {
	s := assuming(t)
	vendor := s.configuration("vendor")
	task := s.rows("Task limit 1")[0]["id"].(string)
	s.call(create("Project", object{"id": "second", "name": "second"}), create("Task", object{"id": "elsewhere", "name": "x", "parent_id": "second"}))
	require.Equal(t, "in-house", s.values("Task", task)["vendor"])
	require.NotContains(t, s.values("Task", "elsewhere"), "vendor")
	s.call(update("ContextCustomAttributeValue", []string{vendor, task}, object{"value": "x"}))
	s.refused(update("ContextCustomAttributeValue", []string{vendor, "elsewhere"}, object{"value": "x"}))
	s.call(create("CustomAttributeConfiguration", object{"id": "global vendor", "key": "vendor", "label": "global vendor", "entity_type": "task", "default": "anyone"}))
	require.Equal(t, "anyone", s.values("Task", "elsewhere")["global vendor"])
	require.Equal(t, "x", s.values("Task", task)["vendor"])
	require.Equal(t, "anyone", s.values("Task", task)["global vendor"], "the same key of the project and global")
	s.call(remove("CustomAttributeConfiguration", []string{vendor}))
	require.Empty(t, s.rows(`CustomAttributeValue where entity_id is "`+task+`" and configuration_id is "`+vendor+`"`))
	require.NotContains(t, s.values("Task", task), "vendor")
}

func TestAssumptionsAboutUnsetHierarchicalAttributes(t *testing.T) {
	for _, c := range []struct {
		settings    []string
		none, above any // with nothing set above, and with 30 set above
	}{
		{[]string{"hierarchical-unset=default"}, 24.0, 24.0},
		{[]string{"hierarchical-unset=inherited"}, 24.0, 30.0},
		{[]string{"hierarchical-unset=default", "custom-attributes=dense-none"}, nil, nil},
		{[]string{"hierarchical-unset=inherited", "custom-attributes=dense-none"}, nil, 30.0},
	} {
		s := assuming(t, c.settings...)
		s.call(create("Project", object{"id": "p", "name": "p"}), create("Sequence", object{"id": "sq", "name": "sq", "parent_id": "p"}), create("Shot", object{"id": "sh", "name": "sh", "parent_id": "sq"}),
			create("Asset", object{"id": "a", "name": "a", "context_id": "sh"}), create("AssetVersion", object{"id": "v", "asset_id": "a"}))
		fps := s.configuration("fps")
		shows := func(shot, version any) {
			t.Helper()
			require.Equal(t, shot, s.values("Shot", "sh")["fps"], c.settings)
			require.Equal(t, version, s.values("AssetVersion", "v")["fps"], c.settings)
			require.Empty(t, s.set("v", fps), "what is inherited is not set")
		}
		write := func(id string, value any) {
			s.call(update("ContextCustomAttributeValue", []string{fps, id}, object{"value": value}))
		}
		shows(c.none, c.none)
		write("p", 30)
		shows(c.above, c.above)
		write("sh", 60)
		if c.above == 30.0 {
			shows(60.0, 60.0)
			require.Len(t, s.rows(`AssetVersion where id is "v" and custom_attributes any (key is "fps" and value is 60)`), 1)
		} else {
			shows(60.0, c.none)
		}
		write("sh", nil)
		if c.above == 30.0 {
			shows(nil, nil)
		} else {
			shows(nil, c.none)
		}
		s.call(remove("ContextCustomAttributeValue", []string{fps, "sh"}))
		shows(c.above, c.above)
		s.call(create("Sequence", object{"id": "other", "name": "o", "parent_id": "p"}), update("Shot", "sh", object{"parent_id": "other"}))
		write("other", 48)
		if c.above == 30.0 {
			shows(48.0, 48.0)
		} else {
			shows(c.above, c.above)
		}
		s.call(remove("CustomAttributeValue", []string{fps, "p"}), remove("CustomAttributeValue", []string{fps, "other"}))
		shows(c.none, c.none)
	}
}
