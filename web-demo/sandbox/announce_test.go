package sandbox_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/production"
)

// listening is a sandbox whose ftrack.update events are kept.
func listening(t *testing.T, settings ...string) (*server, func() []object) {
	t.Helper()
	return listeningTo(t, sandbox.Options{}, settings...)
}

func listeningTo(t *testing.T, options sandbox.Options, settings ...string) (*server, func() []object) {
	t.Helper()
	assume := sandbox.Assumptions{}
	for _, setting := range settings {
		require.NoError(t, assume.Assume(setting))
	}
	var events []object
	options.Assume, options.OnUpdate = assume, func(text []byte) {
		var event object
		require.NoError(t, json.Unmarshal(text, &event), string(text))
		events = append(events, event)
	}
	s := newServer(t, options).produce("demo", 120)
	return s, func() []object {
		taken := events
		events = nil
		return taken
	}
}

// entities are what a single event tells of.
func entities(t *testing.T, events []object) []object {
	t.Helper()
	require.Len(t, events, 1)
	var all []object
	for _, entity := range events[0]["data"].(object)["entities"].([]any) {
		all = append(all, entity.(object))
	}
	return all
}

func change(old, now any) object { return object{"old": old, "new": now} }

func TestAnUpdateIsToldAsTheServerTellsIt(t *testing.T) {
	s, taken := listening(t)
	task := s.one(`select id, name, status_id, bid, parent_id, parent.parent_id, project_id, object_type_id from Task where parent.name is "sh0010" and status.name is_not "Omitted" limit 1`)
	me := s.one(`select id from User where username is "demo"`)["id"]
	other := s.one(`select id from Status where name is "Omitted"`)["id"]
	body, err := json.Marshal([]object{update("Task", []any{task["id"]}, object{"status_id": other, "bid": 3600, "name": task["name"], "end_date": "2024-05-06T07:08:09"})})
	require.NoError(t, err)
	s.post(body, "ftrack-clienttoken", "token-1", "ftrack-pushtoken", "undefined")
	events := taken()
	require.Len(t, events, 1)
	event := events[0]
	require.Equal(t, "ftrack.update", event["topic"])
	source, data := event["source"].(object), event["data"].(object)
	require.Equal(t, []any{"token-1", "ftrack.client.web", object{"username": "demo", "id": me}}, []any{source["clientToken"], source["applicationId"], source["user"]})
	require.Equal(t, []any{"token-1", "undefined", object{"name": `Demo "The" User`, "userid": me}}, []any{data["clientToken"], data["pushToken"], data["user"]})
	all := entities(t, events)
	require.Len(t, all, 2, "the task, and the status change")
	told := all[0]
	require.Equal(t, []any{"task", "Task", task["id"], "update", task["object_type_id"], task["parent_id"]},
		[]any{told["entityType"], told["entity_type"], told["entityId"], told["action"], told["objectTypeId"], told["parentId"]})
	require.ElementsMatch(t, []any{"statusid", "bid", "enddate"}, told["keys"])
	changes := told["changes"].(object)
	require.Len(t, changes, 3)
	require.Equal(t, change(task["status_id"], other), changes["statusid"])
	require.Equal(t, "3600.0", changes["bid"].(object)["new"])
	require.Equal(t, "2024-05-06T07:08:09", changes["enddate"].(object)["new"])
	parents := told["parents"].([]any)
	first, last := parents[0].(object), parents[len(parents)-1].(object)
	require.Equal(t, object{"entityId": task["id"], "entityType": "task", "entity_type": "Task", "parentId": task["parent_id"]}, first)
	require.Equal(t, object{"entityId": task["project_id"], "entityType": "show", "entity_type": "Project", "parentId": nil}, last)
	require.Len(t, parents, 5, "shot, sequence, episode and project")
}

func TestWhatHappensToAnEntityIsItsAction(t *testing.T) {
	s, taken := listening(t)
	shots := s.rows("select id, parent_id, project_id from Shot order by id limit 2")
	const id = "5f0f8f4e-0000-4000-8000-000000000001"
	s.call(create("Task", object{"id": id, "name": "x", "parent_id": shots[0]["id"]}))
	made := entities(t, taken())[0]
	require.Equal(t, []any{"add", id}, []any{made["action"], made["entityId"]})
	changes := made["changes"].(object)
	require.Equal(t, change(nil, "x"), changes["name"])
	require.Equal(t, change(nil, shots[0]["project_id"]), changes["showid"])
	require.Equal(t, change(nil, shots[0]["id"]), changes["parent_id"])
	s.call(update("Task", []any{id}, object{"parent_id": shots[1]["id"]}))
	moved := entities(t, taken())[0]
	require.Equal(t, []any{"move", []any{"parent_id"}, shots[1]["id"]}, []any{moved["action"], moved["keys"], moved["parentId"]})
	s.call(remove("Task", []any{id}))
	removed := entities(t, taken())[0]
	require.Equal(t, []any{"remove", shots[1]["id"]}, []any{removed["action"], removed["parentId"]})
	require.Equal(t, change("x", nil), removed["changes"].(object)["name"])
	require.Len(t, removed["parents"], 5)
}

func TestWhatChangesNothingIsNotTold(t *testing.T) {
	s, taken := listening(t)
	task := s.one("select id, name from Task limit 1")
	s.call(update("Task", []any{task["id"]}, object{"name": task["name"]}))
	s.call(update("Task", []any{task["id"]}, object{"name": "other"}), update("Task", []any{task["id"]}, object{"name": task["name"]}))
	s.call(create("Scope", object{"id": "s1", "name": "s"}), remove("Scope", []any{"s1"}))
	s.refused(update("Task", []any{task["id"]}, object{"name": "other"}), remove("Task", []any{"nothing"}))
	s.call(query("Task limit 1"))
	require.Empty(t, taken())
}

func TestWhatStaysOfARefusedBatchIsTold(t *testing.T) {
	s, taken := listening(t, "batch-atomicity=partial")
	task := s.one("select id from Task limit 1")["id"]
	s.refused(update("Task", []any{task}, object{"name": "stays"}), remove("Task", []any{"nothing"}))
	require.Equal(t, []any{"name"}, entities(t, taken())[0]["keys"])
}

func TestMembershipsAreEntitiesOfTheirOwn(t *testing.T) {
	s, taken := listening(t)
	task := s.one(`select id from Task where not assignments any () limit 1`)["id"]
	tasks := s.rows("select id from Task order by id limit 2")
	me := s.one(`select id from User where username is "demo"`)["id"]
	list := s.one("select id from TypedContextList limit 1")["id"]
	ends := [][]any{}
	for _, operations := range [][]object{
		{create("Appointment", object{"id": "a1", "type": "assignment", "context_id": task, "resource_id": me})}, {remove("Appointment", []any{"a1"})},
		{create("TypedContextLink", object{"id": "d1", "from_id": tasks[0]["id"], "to_id": tasks[1]["id"]})}, {remove("TypedContextLink", []any{"d1"})},
		{update("TypedContextList", []any{list}, object{"items": []any{object{"__entity_type__": "Task", "id": task}}})},
	} {
		s.call(operations...)
		for _, entity := range entities(t, taken()) {
			changes := entity["changes"].(object)
			for _, name := range []string{"context_id", "to_id", "entityid"} {
				if changes[name] != nil {
					at := changes[name].(object)
					ends = append(ends, []any{entity["entityType"], entity["action"], at["old"] == nil, at["new"] == nil})
				}
			}
		}
	}
	require.Equal(t, []any{"appointment", "add", true, false}, ends[0])
	require.Equal(t, []any{"appointment", "remove", false, true}, ends[1])
	require.Equal(t, []any{"dependency", "add", true, false}, ends[2])
	require.Equal(t, []any{"dependency", "remove", false, true}, ends[3])
	require.Contains(t, ends, []any{"listobject", "add", true, false})
	require.Contains(t, ends, []any{"listobject", "remove", false, true})
}

func TestCustomAttributesChangeUnderTheirOwner(t *testing.T) {
	s, taken := listening(t)
	shot := s.one("select id from Shot limit 1")["id"]
	task := s.one("select id from Task limit 1")["id"]
	frame, bidding := production.ID("CustomAttributeConfiguration/frameStart"), production.ID("CustomAttributeConfiguration/bidding")
	for _, c := range []struct {
		operation      object
		owner, key     any
		fresh, emptied any
	}{
		{update("ContextCustomAttributeValue", []any{frame, shot}, object{"value": 1022}), shot, "frameStart", nil, "1022"},
		{update("ContextCustomAttributeValue", []any{frame, shot}, object{"value": 1001.5}), shot, "frameStart", "1022", "1001.5"},
		{remove("CustomAttributeValue", []any{frame, shot}), shot, "frameStart", "1001.5", nil},
		{update("ContextCustomAttributeValue", []any{bidding, task}, object{"value": []any{"easy", "hard"}}), task, "bidding", nil, "easy, hard"},
	} {
		s.call(c.operation)
		told := entities(t, taken())
		require.Len(t, told, 1)
		require.Equal(t, []any{"update", c.owner, []any{c.key}}, []any{told[0]["action"], told[0]["entityId"], told[0]["keys"]})
		if c.key != "bidding" {
			require.Equal(t, object{c.key.(string): change(c.fresh, c.emptied)}, told[0]["changes"])
		} else {
			require.Equal(t, c.emptied, told[0]["changes"].(object)["bidding"].(object)["new"])
		}
	}
}

func TestNamesThatTwoAttributesShare(t *testing.T) {
	s, taken := listening(t)
	role := s.one("select id from UserSecurityRole limit 1")["id"]
	s.call(update("UserSecurityRole", []any{role}, object{"is_all_open_projects": false}))
	told := entities(t, taken())[0]
	require.Equal(t, []any{"auth_userrole", object{"isallprojects": change("1", "0")}}, []any{told["entityType"], told["changes"]})
	task := s.one("select id, created_by_id from Task limit 1")
	other := s.one(`select id from User where username is_not "demo" limit 1`)["id"]
	s.call(create("Task", object{"id": "c1", "name": "x", "parent_id": s.one("select id from Shot limit 1")["id"], "created_by_id": other}))
	require.Equal(t, change(nil, other), entities(t, taken())[0]["changes"].(object)["created_by"])
	s.call(create("Metadata", object{"parent_id": task["id"], "key": "k", "value": "v"}))
	told = entities(t, taken())[0]
	require.Equal(t, []any{"meta", []any{task["id"], "k"}}, []any{told["entityType"], told["entityId"]})
}

func TestAProjectIsToldWithItsTree(t *testing.T) {
	s, taken := listening(t)
	project := s.one("select id from Project limit 1")["id"]
	tasks := len(s.rows("select id from Task"))
	s.call(remove("Project", []any{project}))
	told := map[any]int{}
	for _, event := range taken() {
		entities := event["data"].(object)["entities"].([]any)
		require.LessOrEqual(t, len(entities), 500)
		for _, entity := range entities {
			if entity.(object)["action"] == "update" { // a reference to the project became empty
				require.Equal(t, []any{"showid"}, entity.(object)["keys"])
				continue
			}
			require.Equal(t, "remove", entity.(object)["action"], entity)
			told[entity.(object)["entity_type"]]++
		}
	}
	require.Equal(t, tasks, told["Task"])
	require.Equal(t, 1, told["Project"])
}

func TestAssumptionsAboutUpdateEvents(t *testing.T) {
	act := func(settings ...string) []object {
		s, taken := listening(t, settings...)
		shot := s.one("select id from Shot limit 1")["id"]
		s.call(update("Shot", []any{shot}, object{"name": "changed"}), create("Scope", object{"id": "s1", "name": "s"}),
			update("ContextCustomAttributeValue", []any{production.ID("CustomAttributeConfiguration/frameStart"), shot}, object{"value": 7}))
		s.call(remove("Scope", []any{"s1"}))
		return taken()
	}
	usual := act()
	require.Len(t, usual, 2)
	made := entities(t, usual[:1])
	require.Len(t, made, 2)
	require.Equal(t, "Shot", made[0]["entity_type"])
	require.Equal(t, []any{"name", "frameStart"}, made[0]["keys"])
	require.NotNil(t, entities(t, usual[1:])[0]["changes"])
	require.Len(t, act("event-batch=entity"), 3)
	require.Len(t, entities(t, act("event-types=listed")), 1, "no scopes")
	absent := entities(t, act("event-entity-type=absent")[:1])[0]
	require.NotContains(t, absent, "entity_type")
	require.NotContains(t, absent["parents"].([]any)[0], "entity_type")
	rows := entities(t, act("event-custom-attributes=row")[:1])
	require.Len(t, rows, 3)
	require.Equal(t, []any{"variable_value", change(nil, "7")}, []any{rows[2]["entityType"], rows[2]["changes"].(object)["casted_value"]})
	require.Nil(t, entities(t, act("event-removed=none")[1:])[0]["changes"])
}

// otherValue is a value of an attribute's kind that no entity of the production has, and the text that events have for it.
func otherValue(a *schema.Attribute) (value any, text string) {
	switch a.Kind {
	case schema.String:
		return "other value", "other value"
	case schema.Integer:
		return 98765, "98765"
	case schema.Number:
		return 98765.5, "98765.5"
	case schema.DateTime:
		return "2031-02-03T04:05:06", "2031-02-03T04:05:06"
	}
	return nil, ""
}

func TestEveryAttributeThatCanBeChangedIsToldByItsLegacyName(t *testing.T) {
	s, taken := listening(t)
	schemas, aliased := s.handler.Store().Schemas(), 0
	for _, typ := range schemas.Types() {
		if strings.Contains(typ.Name, "CustomAttribute") || s.handler.Store().Len(typ.Name) == 0 || len(typ.Derived) > 0 {
			continue
		}
		for _, a := range typ.Attributes {
			value, text := otherValue(a)
			if value == nil || a.Immutable || a.Computed || slices.Contains(typ.PrimaryKey, a.Name) || a.ForeignKey != "" || a.Name == "parent_id" || strings.HasSuffix(typ.Name, "StatusChange") {
				continue
			}
			e := s.handler.Store().Entities(typ)[0]
			body, err := json.Marshal([]object{update(typ.Name, s.handler.Store().Key(e), object{a.Name: value})})
			require.NoError(t, err)
			if _, answer := s.post(body); !strings.HasPrefix(string(answer), "[") {
				continue // computed, or the server's own
			}
			name := a.AliasFor
			if name == "" {
				name = a.Name
			}
			events := taken()
			require.NotEmpty(t, events, "%s.%s", typ.Name, a.Name)
			told := events[0]["data"].(object)["entities"].([]any)[0].(object)
			require.Equal(t, typ.Name, told["entity_type"])
			require.Contains(t, told["changes"], name, "%s.%s", typ.Name, a.Name)
			require.Equal(t, text, told["changes"].(object)[name].(object)["new"], "%s.%s", typ.Name, a.Name)
			if a.AliasFor != "" {
				aliased++
			}
		}
	}
	require.Greater(t, aliased, 80)
}
