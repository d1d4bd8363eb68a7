package sandbox_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/schemas"
)

const (
	first1 = "11111111-0000-4000-8000-000000000001"
	other1 = "11111111-0000-4000-8000-000000000002"
)

// shot is a shot of the production, with its project.
func (s *server) shot() (id, project string) {
	s.t.Helper()
	row := s.rows("select project_id from Shot order by name limit 1")[0]
	return row["id"].(string), row["project_id"].(string)
}

func TestTheServerFillsInWhatATaskLacks(t *testing.T) {
	s := assuming(t)
	shot, project := s.shot()
	made := s.call(create("Task", object{"id": first1, "name": "new", "parent_id": shot}))[0]
	require.Equal(t, "create", made["action"])
	row := made["data"].(object)
	require.Equal(t, first1, row["id"])
	require.Equal(t, "task", row["context_type"])
	require.Equal(t, project, row["project_id"])
	for _, name := range []string{"status_id", "type_id", "priority_id", "object_type_id", "sort", "bid", "created_at", "created_by_id"} {
		require.NotNil(t, row[name], name)
	}
	read := s.one(`select link, parent.name, created_by.username, children from Task where id is "` + first1 + `"`)
	link := read["link"].([]any)
	require.Equal(t, "Project", link[0].(object)["type"])
	require.Equal(t, object{"id": first1, "name": "new", "type": "TypedContext"}, link[len(link)-1])
	require.Equal(t, user, read["created_by"].(object)["username"])
	require.Len(t, s.rows(`select id from Shot where children.id is "`+first1+`"`), 1, "the other side")
	require.Len(t, s.rows(`select id from Sequence where descendants any (id is "`+first1+`")`), 1)
}

func TestKeysAreTheServersWhenTheClientHasNone(t *testing.T) {
	s := assuming(t)
	made := s.call(create("User", object{"username": "nobody"}))[0]["data"].(object)
	require.Len(t, made["id"], 36)
	given := s.call(object{"action": "create", "entity_type": "User", "entity_key": []string{first1}, "entity_data": object{"username": "by key"}})
	require.Equal(t, first1, given[0]["data"].(object)["id"])
	require.Equal(t, "DuplicateEntryError", s.refused(create("User", object{"id": first1}))["exception"])
}

func TestVersionNumbersCount(t *testing.T) {
	s := assuming(t)
	shot, _ := s.shot()
	s.call(create("Asset", object{"id": first1, "name": "a", "context_id": shot}))
	one := s.call(create("AssetVersion", object{"asset": object{"__entity_type__": "Asset", "id": first1}}))[0]["data"].(object)
	two := s.call(create("AssetVersion", object{"asset_id": first1}))[0]["data"].(object)
	require.EqualValues(t, 1, one["version"])
	require.EqualValues(t, 2, two["version"])
	require.Equal(t, two["id"], s.one(`select latest_version from Asset where id is "` + first1 + `"`)["latest_version"].(object)["id"])
	require.Len(t, s.rows(`select id from AssetVersion where asset_id is "`+first1+`" and is_latest_version is True`), 1)
}

func TestWritesThatAreRefused(t *testing.T) {
	s := assuming(t)
	shot, _ := s.shot()
	project := s.rows("Project")[0]["id"]
	for name, operation := range map[string]object{
		"unknown type":                create("Foo", object{}),
		"unknown attribute":           create("Task", object{"nam": "x"}),
		"parent of a note":            create("Note", object{"content": "x", "parent": object{"__entity_type__": "Shot", "id": shot}}),
		"attribute of a derived type": update("Context", []string{shot}, object{"status_id": "x"}),
		"custom attribute value":      create("ContextCustomAttributeValue", object{"value": 1}),
		"base type":                   create("Context", object{"name": "x"}),
		"computed":                    create("Task", object{"name": "x", "link": "[]"}),
		"immutable":                   update("Task", []string{shot}, object{"time_logged": 1}),
		"changed key":                 update("Shot", []string{shot}, object{"id": other1}),
		"wrong kind":                  update("Shot", []string{shot}, object{"name": 5}),
		"wrong reference":             update("Shot", []string{shot}, object{"status": object{"__entity_type__": "User", "id": shot}}),
		"reference to nothing":        update("Shot", []string{shot}, object{"status": object{"__entity_type__": "Status", "id": "nothing"}}),
		"no such entity":              update("Shot", []string{"nothing"}, object{"name": "x"}),
		"wrong type of key":           update("Task", []string{shot}, object{"name": "x"}),
		"below itself":                update("TypedContext", []string{shot}, object{"parent_id": shot}),
		"delete nothing":              remove("Task", []string{"nothing"}),
		"short key":                   remove("Metadata", []string{shot}),
		"list of text":                update("Shot", []string{shot}, object{"scopes": "x"}),
		"computed list":               update("Project", project, object{"descendants": []any{}}),
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, "ValidationError", s.refused(operation)["exception"])
		})
	}
}

func TestABatchIsAppliedWholeOrNotAtAll(t *testing.T) {
	s := assuming(t)
	shot, _ := s.shot()
	before := s.one(`select name, description, metadata from Shot where id is "` + shot + `"`)
	batch := []object{create("Task", object{"id": first1, "name": "x", "parent_id": shot}), update("Shot", []string{shot}, object{"name": "changed"}),
		create("Metadata", object{"parent_id": shot, "parent_type": "Shot", "key": "k", "value": "v"}), remove("Task", []string{first1}), remove("Task", []string{"nothing"})}
	s.refused(batch...)
	require.Equal(t, before, s.one(`select name, description, metadata from Shot where id is "`+shot+`"`))
	require.Empty(t, s.rows(`Task where id is "`+first1+`"`))
	require.Empty(t, s.rows(`Metadata where key is "k"`))
	require.Empty(t, s.rows(`Shot where name is "changed"`))
	s.call(batch[:4]...)
	require.Equal(t, "changed", s.one(`select name from Shot where id is "` + shot + `"`)["name"])
}

func TestMetadataKeepsTheTypeOfItsParent(t *testing.T) {
	s := assuming(t)
	shot, _ := s.shot()
	s.call(create("Metadata", object{"parent_id": shot, "parent_type": "Shot", "key": "colour", "value": `"red" \ rød`}))
	row := s.one(`select value, parent_type from Metadata where parent_id is "` + shot + `" and key is "colour"`)
	require.Equal(t, "Shot", row["parent_type"])
	require.Equal(t, `"red" \ rød`, row["value"])
	require.Len(t, s.rows(`Shot where metadata any (key is "colour")`), 1)
	s.call(remove("Metadata", []string{shot, "colour"}))
	require.Empty(t, s.rows(`Shot where metadata any (key is "colour")`))
}

func TestMetadataWithoutTheTypeOfItsParentIsGivenIt(t *testing.T) {
	s := assuming(t)
	shot, project := s.shot()
	for parent, name := range map[string]string{shot: "Shot", project: "Project"} {
		made := s.call(create("Metadata", object{"parent_id": parent, "key": "colour", "value": "red"}))[0]["data"].(object)
		require.Equal(t, name, made["parent_type"])
	}
}

func TestAListIsMadeByItsSystemType(t *testing.T) {
	s := assuming(t)
	_, project := s.shot()
	category := s.rows("ListCategory")[0]["id"]
	for systemType, name := range map[string]string{"task": "TypedContextList", "assetversion": "AssetVersionList"} {
		made := s.call(create("List", object{"name": name, "project_id": project, "category_id": category, "system_type": systemType}))[0]["data"].(object)
		require.Equal(t, name, made["__entity_type__"])
		made = s.call(create(name, object{"name": name, "project_id": project, "category_id": category}))[0]["data"].(object)
		require.Equal(t, systemType, made["system_type"])
	}
	s.refused(create("List", object{"name": "x", "project_id": project, "category_id": category, "system_type": "bad"}))
	task := s.rows("Task limit 1")[0]
	s.refused(create("AssetVersionList", object{"name": "x", "project_id": project, "items": []any{task}}))
	s.call(create("TypedContextList", object{"id": first1, "name": "x", "project_id": project, "items": []any{task}}))
	require.Len(t, s.one(`select items.name from TypedContextList where id is "` + first1 + `"`)["items"], 1)
}

func TestDatesLoseWhatIsBelowASecond(t *testing.T) {
	s := assuming(t)
	task := s.rows("Task limit 1")[0]["id"].(string)
	for _, value := range []any{object{"__type__": "datetime", "value": "2020-01-02T03:04:05.678000+02:00"}, "2020-01-02T01:04:05.9Z"} {
		s.call(update("Task", task, object{"start_date": value}))
		require.Equal(t, object{"__type__": "datetime", "value": "2020-01-02T01:04:05"}, s.one(`select start_date from Task where id is "` + task + `"`)["start_date"])
	}
}

func TestNotes(t *testing.T) {
	s := assuming(t)
	shot, _ := s.shot()
	s.call(create("Note", object{"id": first1, "content": "hello", "parent_id": shot, "parent_type": "Shot"}))
	note := s.one(`select parent_type, author.username, recipients.resource_id, date from Note where id is "` + first1 + `"`)
	require.Equal(t, "TypedContext", note["parent_type"])
	require.Equal(t, user, note["author"].(object)["username"])
	require.Len(t, note["recipients"], 1)
	reply := s.call(create("Note", object{"id": other1, "content": "yes", "in_reply_to_id": first1}))[0]["data"].(object)
	require.Equal(t, first1, reply["in_reply_to_id"])
	require.Len(t, s.rows(`Shot where notes.content is "hello"`), 1)
	s.call(remove("Note", []string{first1}))
	require.Empty(t, s.rows(`Note where id in ("`+first1+`", "`+other1+`")`))
}

func TestASecondTimerIsRefused(t *testing.T) {
	s := assuming(t)
	s.call(create("Timer", object{}))
	reply := s.refused(create("Timer", object{}))
	require.Contains(t, reply["content"], "DuplicateEntryError")
}

func TestStatusChangesAreWritten(t *testing.T) {
	s := assuming(t)
	shot, _ := s.shot()
	s.call(update("Shot", shot, object{"status_id": nil}))
	status := s.rows(`Status where name is "Approved"`)[0]["id"]
	s.call(update("Shot", shot, object{"status_id": status}))
	require.NotEmpty(t, s.rows(`StatusChange where parent_id is "`+shot+`" and status.name is "Approved" and user.username is "`+user+`"`))
}

func TestTheStudiosOwnTypeIsATypedContext(t *testing.T) {
	s := assuming(t)
	_, project := s.shot()
	s.call(create("TypedContext", object{"id": first1, "name": "mine", "parent_id": project, "object_type_id": schemas.StudioObjectTypeID}))
	require.Equal(t, schemas.StudioType, s.one(`TypedContext where id is "` + first1 + `"`)["__entity_type__"])
}

func TestARefusedValueSaysWhatTheAttributeTakes(t *testing.T) {
	s := assuming(t)
	task := s.rows("select id from Task limit 1")[0]["id"]
	for says, value := range map[string]object{
		`Task.start_date must be a date, not "yesterday".`: {"start_date": "yesterday"},
		`Task.name must be a text, not 5.`:                 {"name": 5},
		`Task.bid must be a number, not true.`:             {"bid": true},
		`Task.sort must be a number, not {}.`:              {"sort": object{}},
	} {
		require.Equal(t, says, s.refused(object{"action": "update", "entity_type": "Task", "entity_key": []any{task}, "entity_data": value})["content"])
	}
}
