package sandbox_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAProjectTakesItsTreeAlong(t *testing.T) {
	s := assuming(t)
	project := s.rows("Project")[0]["id"]
	require.NotEmpty(t, s.rows("ComponentLocation"))
	require.Equal(t, object{"action": "delete", "data": true}, s.call(remove("Project", []any{project}))[0])
	for _, typ := range []string{"Context", "Asset", "AssetVersion", "Component", "ComponentLocation", "Note", "Timelog", "Metadata", "Appointment where context_id is_not none",
		"ListObject", "CustomAttributeValue", "StatusChange", "AssetVersionLink", "Recipient"} {
		require.Empty(t, s.rows(typ), typ)
	}
	require.NotEmpty(t, s.rows("User"))
}

func TestATaskTakesItsNotesAlong(t *testing.T) {
	s := assuming(t)
	task := s.rows("Task limit 1")[0]["id"].(string)
	s.call(create("Note", object{"id": first1, "content": "hello", "parent_id": task, "parent_type": "TypedContext"}))
	s.call(remove("Task", []string{task}))
	require.Empty(t, s.rows(`Note where id is "`+first1+`"`))
}

func TestAVersionWithComponentsStays(t *testing.T) {
	s := assuming(t)
	row := s.rows("select components from AssetVersion limit 1")[0]
	s.refused(remove("AssetVersion", []any{row["id"]}))
	var batch []object
	for _, component := range row["components"].([]any) {
		batch = append(batch, remove("Component", []any{component.(object)["id"]}))
	}
	s.call(append(batch, remove("AssetVersion", []any{row["id"]}))...)
	require.Empty(t, s.rows(fmt.Sprintf("AssetVersion where id is %q", row["id"])))
}

func TestALocationWithComponentsStaysEvenIfTheBatchDeletesThem(t *testing.T) {
	s := assuming(t)
	location := s.rows(`select location_components from Location where name is "ftrack.server"`)[0]
	batch := []object{}
	for _, in := range location["location_components"].([]any) {
		batch = append(batch, remove("ComponentLocation", []any{in.(object)["id"]}))
	}
	require.NotEmpty(t, batch)
	s.refused(append(batch, remove("Location", []any{location["id"]}))...)
	require.NotEmpty(t, s.rows(`select location_components from Location where name is "ftrack.server"`)[0]["location_components"])
	s.call(batch...)
	s.call(remove("Location", []any{location["id"]}))
}

func TestReferencesToWhatIsGoneAreEmpty(t *testing.T) {
	s := assuming(t)
	status := s.rows(`Status where name is "Revise"`)[0]["id"]
	task := s.rows(`Task where status.name is "Revise" limit 1`)[0]["id"].(string)
	s.call(remove("Status", []any{status}))
	row := s.one(`select status, status_id from Task where id is "` + task + `"`)
	require.Nil(t, row["status"])
	require.Nil(t, row["status_id"])
}
