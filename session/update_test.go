package session

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

var (
	selected = regexp.MustCompile(`^select (.+) from (\w+) where (.+)$`)
	quoted   = regexp.MustCompile(`"([^"]*)"`)
)

// mirror answers questions about single entities with what it is told of them, without changes: by type and key as it asked.
func mirror(rows func(entityType, where string) string) func(context.Context, int, []map[string]any) (*wire.Response, error) {
	return func(_ context.Context, _ int, operations []map[string]any) (*wire.Response, error) {
		var replies []string
		for _, o := range operations {
			m := selected.FindStringSubmatch(o["expression"].(string))
			replies = append(replies, `{"action":"query","data":[`+rows(m[2], m[3])+`],"metadata":{"next":{"offset":null}}}`)
		}
		return ok("[" + strings.Join(replies, ",") + "]"), nil
	}
}

const (
	oldID = "11111111-1111-4111-8111-111111111111"
	newID = "22222222-2222-4222-8222-222222222222"
)

// fullRow is an entity with every attribute loaded.
func fullRow(s *Session, t *schema.EntityType) map[string]any {
	row := map[string]any{"__entity_type__": t.Name}
	for _, a := range t.Attributes {
		switch {
		case slices.Contains(t.PrimaryKey, a.Name) && (a.Kind == schema.Integer || a.Kind == schema.Number):
			row[a.Name] = 1
		case slices.Contains(t.PrimaryKey, a.Name):
			row[a.Name] = "key of " + t.Name + " " + a.Name
		case a.Restricted:
		case a.Kind == schema.Reference:
			row[a.Name] = stubRow(s, a.Target)
		case a.IsMany():
			row[a.Name] = []any{}
		case isID(t, a):
			row[a.Name] = oldID
		default:
			row[a.Name] = "old"
		}
	}
	return row
}

func stubRow(s *Session, name string) any {
	t := s.schemas.Type(name)
	if t == nil {
		return nil
	}
	row := map[string]any{"__entity_type__": t.Name}
	for _, key := range t.PrimaryKey {
		row[key] = oldID
		if a := t.Attribute(key); a.Kind == schema.Integer || a.Kind == schema.Number {
			row[key] = 7
		}
	}
	return row
}

func TestEveryLegacyNameReachesItsAttributesThroughAnEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rows := map[string]string{}
		server := &script{answer: mirror(func(entityType, where string) string {
			if strings.Contains(where, "key of") || strings.Contains(where, "is 1") {
				return rows[entityType]
			}
			return ""
		})}
		s := open(t, server)
		names := 0
		for _, typ := range s.schemas.Types() {
			row := fullRow(s, typ)
			text, err := json.Marshal(row)
			require.NoError(t, err)
			stub := map[string]any{"__entity_type__": typ.Name}
			for _, key := range typ.PrimaryKey {
				stub[key] = row[key]
			}
			stubText, _ := json.Marshal(stub)
			for _, named := range []bool{true, false} {
				for _, a := range typ.Attributes {
					if a.AliasFor == "" {
						continue
					}
					if named {
						names++
					}
					s.mu.Lock()
					r := s.mergeOne(text)
					require.NotZero(t, r, typ.Name)
					e := s.entityLocked(r)
					clear(s.unanswered)
					s.mu.Unlock()
					rows[typ.Name] = string(stubText)
					event := map[string]any{"action": "update", "keys": []string{a.AliasFor}, "changes": map[string]any{a.AliasFor: map[string]any{"old": oldID, "new": newID}}}
					if named {
						event["entity_type"] = typ.Name
					}
					event["entityType"] = strings.ToLower(typ.Name)
					if table := typ.Alias.Table; table != "" {
						event["entityType"] = strings.ToLower(table)
					}
					var key []any
					for _, name := range typ.PrimaryKey {
						key = append(key, row[name])
					}
					event["entityId"] = key
					if len(key) == 1 {
						event["entityId"] = key[0]
					}
					before := server.sent()
					applyEntities(t, s, "somebody else's", event)
					settleDown()
					asked := askedOf(server, t, before, typ.Name)
					for _, expected := range typ.Legacy(a.AliasFor) {
						switch {
						case slices.Contains(typ.PrimaryKey, expected.Name) || expected.Restricted:
						case isID(typ, expected) && e.Text(expected.Name) == newID:
							if reference := typ.Attribute(expected.ReferenceName); reference != nil && reference.Kind == schema.Reference {
								require.Equal(t, []string{newID}, e.Reference(reference.Name).PrimaryKey(), "%s.%s moves with %s", typ.Name, reference.Name, a.AliasFor)
							}
						default:
							require.Contains(t, asked, expected.Name, "%s.%s through %s, entity_type %v", typ.Name, expected.Name, a.AliasFor, named)
						}
					}
				}
			}
		}
		assert.Equal(t, 539, names)
	})
}

// askedOf are the attributes that were asked for of a type since a number of requests.
func askedOf(server *script, t testing.TB, before int, entityType string) []string {
	var names []string
	server.mu.Lock()
	defer server.mu.Unlock()
	for _, r := range server.requests[1+before:] {
		var operations []map[string]any
		require.NoError(t, json.Unmarshal(r.Body, &operations))
		for _, o := range operations {
			m := selected.FindStringSubmatch(o["expression"].(string))
			if m[2] != entityType {
				continue
			}
			for _, path := range strings.Split(m[1], ", ") {
				name, _, _ := strings.Cut(path, ".")
				names = append(names, name)
			}
		}
	}
	return names
}

func applyEntities(t testing.TB, s *Session, token string, entities ...map[string]any) {
	t.Helper()
	text, err := json.Marshal(map[string]any{"topic": "ftrack.update", "data": map[string]any{"clientToken": token, "entities": entities}})
	require.NoError(t, err)
	require.NoError(t, s.ApplyUpdate(text))
}

// settleDown lets the session do what it has to, in a bubble's time.
func settleDown() {
	time.Sleep(time.Second)
	synctest.Wait()
}

func readEvent(t testing.TB) []byte {
	t.Helper()
	event, err := os.ReadFile("testdata/update-event.json")
	require.NoError(t, err)
	return event
}

const (
	notStarted = "44dd9fb2-4164-11df-9218-0019bb4983d8"
	inProgress = "44dd9fb2-4164-11df-9218-0019bb4983d9"
)

// openWithTask is a session that holds the task of the sample event.
func openWithTask(t *testing.T, changes ...func(*Options)) (*Session, *Entity, *script) {
	name, status := "compositing", notStarted
	server := &script{}
	server.answer = mirror(func(entityType, _ string) string {
		switch entityType {
		case "Task":
			row := fmt.Sprintf(`{"__entity_type__":"Task","id":%q,"name":%q,"status_id":%q,"bid":3600,"status":{"__entity_type__":"Status","id":%[3]q,"name":"Not started"}}`, fixtureTask, name, status)
			name, status = "comp", inProgress // from the second time on
			return row
		case "Status":
			return fmt.Sprintf(`{"__entity_type__":"Status","id":%q,"name":"In progress"}`, inProgress)
		}
		return ""
	})
	s := open(t, server, changes...)
	q, err := s.Query(`select name, bid, status_id, status.name from Task where id is "` + fixtureTask + `"`)
	require.NoError(t, err)
	rows, err := q.All(t.Context())
	require.NoError(t, err)
	require.Len(t, rows, 1)
	return s, rows[0], server
}

func TestTheSampleEventSetsTheStatusAndReadsTheNameInOneRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, task, server := openWithTask(t)
		before := server.sent()
		require.NoError(t, s.ApplyUpdate(readEvent(t)))
		settleDown()
		assert.Equal(t, inProgress, task.Text("status_id"))
		assert.Equal(t, "In progress", task.Reference("status").Text("name"), "what was loaded of the old status is loaded of the new one")
		assert.Equal(t, "comp", task.Text("name"))
		assert.Equal(t, 1, server.sent()-before)
		assert.ElementsMatch(t, []string{
			`select name from Task where id is "` + fixtureTask + `"`, `select name from Status where id is "` + inProgress + `"`,
		}, server.expressions(t)[1:], "bid did not change, and is not asked for")
	})
}

func TestOwnEchoesAskForNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, task, server := openWithTask(t, func(o *Options) { o.ClientToken = "a1b2c3d4-7e50-11ef-b1ab-8a5c0d4a2f11-1728554700123" })
		s.mu.Lock()
		s.takeAsRemote(task.record, s.store.Type(task.record), member{"status_id", literal{json: []byte(`"` + inProgress + `"`)}})
		s.mu.Unlock()
		before := server.sent()
		require.NoError(t, s.ApplyUpdate(readEvent(t)))
		settleDown()
		assert.Zero(t, server.sent()-before)
		assert.Equal(t, "compositing", task.Text("name"))
	})
}

func TestAnOwnEchoThatSomebodyElseCameBeforeIsReadAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, task, server := openWithTask(t, func(o *Options) { o.ClientToken = "a1b2c3d4-7e50-11ef-b1ab-8a5c0d4a2f11-1728554700123" })
		before := server.sent()
		require.NoError(t, s.ApplyUpdate(readEvent(t))) // says In progress; the session holds Not started
		settleDown()
		assert.Equal(t, []string{"status", "status_id"}, slices.Compact(slices.Sorted(slices.Values(askedOf(server, t, before, "Task")))))
		assert.Equal(t, inProgress, task.Text("status_id"))
	})
}

func TestWhatNobodyHoldsIsNotAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, task, server := openWithTask(t)
		before := server.sent()
		applyEntities(t, s, "", map[string]any{"entity_type": "Task", "entityType": "task", "entityId": "not known", "action": "update", "keys": []string{"name"}},
			map[string]any{"entity_type": "User", "entityType": "user", "entityId": "nor this one", "action": "add", "keys": []string{"username"}},
			map[string]any{"entity_type": "Task", "entityType": "task", "entityId": fixtureTask, "action": "update", "keys": []string{"description"}})
		settleDown()
		assert.Zero(t, server.sent()-before, "the task's description is not loaded")
		s.mu.Lock()
		s.mergeOne([]byte(`{"__entity_type__":"Status","id":"loose","name":"of nothing"}`))
		s.mu.Unlock()
		applyEntities(t, s, "", map[string]any{"entityType": "taskstatus", "entityId": "loose", "action": "update", "keys": []string{"name"}})
		settleDown()
		assert.Zero(t, server.sent()-before)
		s.mu.Lock()
		assert.Nil(t, s.store.Remote(s.store.Find("Status", "loose"), s.store.Slot("Status", "name")), "it is asked for when somebody wants it")
		s.mu.Unlock()
		applyEntities(t, s, "", map[string]any{"entityType": "taskstatus", "entityId": notStarted, "action": "update", "keys": []string{"name"}})
		settleDown()
		assert.Equal(t, 1, server.sent()-before, "the task leads to it")
		_ = task.Text("name")
	})
}

func TestEventsThatComeTogetherAreReadInOneRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &script{}
		server.answer = mirror(func(_, where string) string {
			var rows []string
			for _, m := range quoted.FindAllStringSubmatch(where, -1) {
				rows = append(rows, fmt.Sprintf(`{"__entity_type__":"Task","id":%q,"name":"new","bid":2}`, m[1]))
			}
			return strings.Join(rows, ",")
		})
		s := open(t, server)
		var held []*Entity
		for i := range 1200 {
			s.mu.Lock()
			held = append(held, s.entityLocked(s.mergeOne(fmt.Appendf(nil, `{"__entity_type__":"Task","id":"t%d","name":"old","bid":1}`, i))))
			s.mu.Unlock()
		}
		for i := range held {
			applyEntities(t, s, "", map[string]any{"entity_type": "Task", "entityId": fmt.Sprintf("t%d", i), "action": "update", "keys": []string{"name"}})
		}
		settleDown()
		assert.Equal(t, 1, server.sent())
		assert.Len(t, server.expressions(t), 3, "of at most 500 keys")
		for _, e := range held {
			require.Equal(t, "new", e.Text("name"))
		}
	})
}

func TestAnAnswerThatIsOlderThanAnEventDoesNotStay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, task, server := openWithTask(t)
		arrived, release := make(chan struct{}), make(chan struct{})
		answer := server.answer
		server.answer = func(ctx context.Context, n int, operations []map[string]any) (*wire.Response, error) {
			if strings.Contains(operations[0]["expression"].(string), "bid") {
				close(arrived)
				<-release
				return ok(fmt.Sprintf(`[{"action":"query","data":[{"__entity_type__":"Task","id":%q,"bid":1,"name":"older","status_id":%q}],"metadata":{"next":{"offset":null}}}]`, fixtureTask, notStarted)), nil
			}
			return answer(ctx, n, operations)
		}
		q, err := s.Query("select name, bid, status_id from Task limit 1")
		require.NoError(t, err)
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, err := q.All(context.Background())
			assert.NoError(t, err)
		}()
		<-arrived
		require.NoError(t, s.ApplyUpdate(readEvent(t)))
		settleDown()
		require.Equal(t, "comp", task.Text("name"))
		before := server.sent()
		close(release)
		<-done
		settleDown()
		assert.Equal(t, 1, server.sent()-before, "what the event told is read once more")
		assert.Equal(t, "comp", task.Text("name"))
	})
}

func TestAConflictOfALocalAndARemoteChangeIsSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, task, _ := openWithTask(t)
		var heard []string
		s.OnLocalEvent(func(topic string, data []byte) { heard = append(heard, topic+" "+string(data)) })
		require.NoError(t, task.Set("name", "mine"))
		require.NoError(t, task.Set("status_id", notStarted))
		require.Empty(t, task.Conflicts())
		require.NoError(t, s.ApplyUpdate(readEvent(t)))
		settleDown()
		assert.Equal(t, "mine", task.Text("name"), "the local change stays on top")
		assert.Equal(t, []string{"name", "status_id"}, task.Conflicts())
		require.Len(t, heard, 2)
		assert.Contains(t, strings.Join(heard, "\n"), `ftrack.session.conflict {"attribute":"name","entityKey":["`+fixtureTask+`"],"entityType":"Task","local":"mine","remote":"comp","removed":false}`)
		require.NoError(t, task.Revert())
		assert.Empty(t, task.Conflicts())
		assert.Equal(t, "comp", task.Text("name"))
		assert.Equal(t, inProgress, task.Text("status_id"))
	})
}

func TestRemovedEntitiesAreMarkedAndLeaveCollections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &script{answer: mirror(func(string, string) string { return "" })}
		s := open(t, server)
		s.mu.Lock()
		shot := s.entityLocked(s.mergeOne([]byte(`{"__entity_type__":"Shot","id":"sh","name":"010","children":[{"__entity_type__":"Task","id":"t1","name":"a","parent":{"__entity_type__":"Shot","id":"sh"}},{"__entity_type__":"Task","id":"t2","name":"b","parent":{"__entity_type__":"Shot","id":"sh"}}]}`)))
		task := s.entityLocked(s.store.Find("Task", "t1"))
		s.mu.Unlock()
		var heard []string
		s.OnLocalEvent(func(topic string, data []byte) { heard = append(heard, topic+" "+string(data)) })
		require.NoError(t, task.Set("name", "mine"))
		require.NoError(t, task.Set("description", "never loaded"))
		applyEntities(t, s, "", map[string]any{"entityType": "task", "entityId": "t1", "action": "remove"})
		settleDown()
		children, _ := shot.Collection("children")
		members, loaded := children.Entities()
		assert.True(t, loaded)
		require.Len(t, members, 1)
		assert.Equal(t, "b", members[0].Text("name"))
		assert.Equal(t, Deleted, task.State())
		assert.Equal(t, []string{"description", "name"}, task.Conflicts(), "the local changes have nothing to go to")
		slices.Sort(heard)
		assert.Equal(t, []string{
			`ftrack.session.conflict {"attribute":"description","entityKey":["t1"],"entityType":"Task","local":"never loaded","removed":true}`,
			`ftrack.session.conflict {"attribute":"name","entityKey":["t1"],"entityType":"Task","local":"mine","remote":"a","removed":true}`}, heard)
		assert.Zero(t, server.sent())
	})
}

func TestBadEventsAreRefusedOrPassedOver(t *testing.T) {
	s := open(t, &script{})
	for _, bad := range []string{"", "{", "[]", "null", `{"data":5}`, `{"data":{}}`, `{"data":{"entities":{}}}`} {
		var argument *ArgumentError
		require.ErrorAs(t, s.ApplyUpdate([]byte(bad)), &argument, "%q", bad)
	}
	for _, odd := range []string{`[]`, `[1,null,"x",[],{}]`, `[{"entityType":"task"}]`, `[{"entityType":"nothing","entityId":"x"}]`, `[{"entity_type":"Task","entityId":{}}]`,
		`[{"entity_type":"Task","entityId":["a","b","c"],"action":"update","changes":[],"keys":{},"parents":7}]`, `[{"entity_type":"Task","entityId":"x","action":9,"changes":{"name":7}}]`} {
		require.NoError(t, s.ApplyUpdate([]byte(`{"entities":`+odd+`}`)), odd)
	}
}
