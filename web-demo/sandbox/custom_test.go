package sandbox_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// values are an entity's custom attributes by configuration and in the order of the reply.
func (s *server) values(typ, id string) map[string]any {
	s.t.Helper()
	row := s.one(fmt.Sprintf("select custom_attributes.value, custom_attributes.configuration.label from %s where id is %q", typ, id))
	values := map[string]any{}
	for _, value := range row["custom_attributes"].([]any) {
		values[value.(object)["configuration"].(object)["label"].(string)] = value.(object)["value"]
	}
	return values
}

func (s *server) configuration(label string) string {
	s.t.Helper()
	return s.one(fmt.Sprintf("CustomAttributeConfiguration where label is %q", label))["id"].(string)
}

// bare makes a shot on which nothing is set.
func (s *server) bare() string {
	s.t.Helper()
	_, project := s.shot()
	return s.call(create("Shot", object{"name": "bare", "parent_id": project}))[0]["data"].(object)["id"].(string)
}

func TestCustomAttributesAreDenseAndHoldDefaults(t *testing.T) {
	s := assuming(t)
	shot := s.bare()
	require.Equal(t, map[string]any{"fps": 24.0, "plain fps": 25.0, "resolution": "1920x1080", "frameStart": 1001.0, "frameEnd": 1100.0}, s.values("Shot", shot))
	keys := 0
	for _, value := range s.one(`select custom_attributes from Shot where id is "` + shot + `"`)["custom_attributes"].([]any) {
		if value.(object)["key"] == "fps" {
			keys++
		}
	}
	require.Equal(t, 2, keys, "a key can be plain and hierarchical")
	require.Empty(t, s.rows(`CustomAttributeValue where entity_id is "`+shot+`"`), "what is set stands in the sparse rows only")
}

func TestUpdateOfACustomAttributeSetsIt(t *testing.T) {
	s := assuming(t)
	shot, plain := s.bare(), s.configuration("plain fps")
	for _, value := range []any{60.0, 48.5, nil} {
		s.call(update("ContextCustomAttributeValue", []string{plain, shot}, object{"value": value}))
		require.Equal(t, value, s.values("Shot", shot)["plain fps"])
		set := s.one(`select value from CustomAttributeValue where entity_id in ("` + shot + `") and configuration_id in ("` + plain + `")`)
		require.Equal(t, value, set["value"], "null is a set value")
	}
	require.Equal(t, 24.0, s.values("Shot", shot)["fps"], "the hierarchical one of that key is another")
}

func TestSparseRowsOfHierarchicalAttributes(t *testing.T) {
	s := assuming(t)
	shot, fps := s.bare(), s.configuration("fps")
	key := []string{fps, shot}
	s.refused(update("CustomAttributeValue", key, object{"value": 1}))
	s.call(create("CustomAttributeValue", object{"configuration_id": fps, "entity_id": shot, "value": 30}))
	require.Equal(t, 30.0, s.values("Shot", shot)["fps"])
	s.refused(create("CustomAttributeValue", object{"configuration_id": fps, "entity_id": shot, "value": 31}))
	s.call(update("CustomAttributeValue", key, object{"value": 32}))
	require.Equal(t, 32.0, s.values("Shot", shot)["fps"])
	s.call(remove("CustomAttributeValue", key))
	require.Equal(t, 24.0, s.values("Shot", shot)["fps"])
}

func TestCustomAttributesThatDoNotApplyCannotBeSet(t *testing.T) {
	s := assuming(t)
	s.refused(update("ContextCustomAttributeValue", []string{s.configuration("delivery"), s.bare()}, object{"value": "x"}))
}

func TestCustomAttributesInFilters(t *testing.T) {
	s := assuming(t)
	shot := s.bare()
	s.call(update("ContextCustomAttributeValue", []string{s.configuration("resolution"), shot}, object{"value": "8K"}))
	for _, where := range []string{`custom_attributes any (key is "resolution" and value is "8K")`,
		`custom_attributes.configuration.key is resolution and custom_attributes any (value is "8K")`} {
		require.Equal(t, shot, s.one("Shot where " + where)["id"], where)
	}
}

func TestValuesOfCustomAttributesAreOfTheConfiguredType(t *testing.T) {
	s := assuming(t)
	shot := s.bare()
	task := s.call(create("Task", object{"name": "bare", "parent_id": shot}))[0]["data"].(object)["id"].(string)
	day := object{"__type__": "datetime", "value": "2024-05-06T00:00:00"}
	for _, c := range []struct {
		label, typ, id string
		right          any
		wrong          []any
	}{
		{"frameEnd", "Shot", shot, 1010.0, []any{"text", true, []any{1}, day}},
		{"resolution", "Shot", shot, "8K", []any{1, false, []any{"8K"}}},
		{"bidding", "Task", task, []any{"hard"}, []any{"hard", 1}},
		{"delivery", "Task", task, day, []any{"soon", 5, []any{}}},
	} {
		key := []string{s.configuration(c.label), c.id}
		s.call(update("ContextCustomAttributeValue", key, object{"value": c.right}))
		for _, wrong := range c.wrong {
			reply := s.refused(update("ContextCustomAttributeValue", key, object{"value": wrong}))
			require.Contains(t, reply["content"], "must be of type")
		}
		require.Equal(t, c.right, s.values(c.typ, c.id)[c.label])
	}
	fps := s.configuration("fps")
	s.refused(create("CustomAttributeValue", object{"configuration_id": fps, "entity_id": shot, "value": "fast"}))
}

func TestALinkIsSeenFromBothEnds(t *testing.T) {
	s := assuming(t)
	shot := s.bare()
	person := s.rows(`select id from User where username is "` + user + `"`)[0]["id"]
	config := s.rows(`select id from CustomAttributeLinkConfiguration where key is "supervisor"`)[0]["id"]
	made := s.call(create("CustomAttributeLink", object{"id": first1, "from_id": shot, "to_id": person, "configuration_id": config}))[0]["data"].(object)
	require.Equal(t, "UserCustomAttributeLink", made["__entity_type__"])
	require.Equal(t, person, s.one(`select user from UserCustomAttributeLink where configuration.key = "supervisor" and from_id = "` + shot + `"`)["user"].(object)["id"])
	require.Equal(t, shot, s.one(`select context.name from ContextCustomAttributeLinkFrom where id is "` + first1 + `"`)["context"].(object)["id"])
	require.Len(t, s.rows(`Shot where id is "`+shot+`" and custom_attribute_links any (configuration.key is "supervisor" and to_id is "`+person.(string)+`")`), 1)
	require.Len(t, s.rows(`User where custom_attribute_links_from any (from_id is "`+shot+`")`), 1)
	s.refused(create("CustomAttributeLink", object{"from_id": shot, "to_id": "nothing", "configuration_id": config}))
	s.call(remove("CustomAttributeLink", []string{first1}))
	require.Empty(t, s.rows(`CustomAttributeLinkFrom where id is "`+first1+`"`))
	s.call(create("CustomAttributeLink", object{"id": first1, "from_id": shot, "to_id": person, "configuration_id": config}), remove("Shot", []string{shot}))
	require.Empty(t, s.rows(`CustomAttributeLink where id is "`+first1+`"`))
}

func TestWhatCannotBeChangedOfAConfiguration(t *testing.T) {
	s := assuming(t)
	config := []string{s.configuration("resolution")}
	project := s.rows("Project")[0]["id"]
	number := s.rows(`CustomAttributeType where name is "number"`)[0]["id"]
	s.refused(update("CustomAttributeConfiguration", config, object{"type_id": number}))
	s.refused(update("CustomAttributeConfiguration", config, object{"project_id": project}))
	s.call(update("CustomAttributeConfiguration", config, object{"default": "4K", "label": "Size"}))
	require.Equal(t, "4K", s.values("Shot", s.bare())["Size"])
}
