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
	for _, value := range []any{60.0, 48.5, nil, "text", true, []any{"a", "b"}} {
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
