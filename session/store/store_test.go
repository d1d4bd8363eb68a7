package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

func schemas(t testing.TB) *schema.Schemas {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "schema", "testdata", "query_schemas.json"))
	require.NoError(t, err)
	s, err := schema.Parse(data)
	require.NoError(t, err)
	return s
}

// merge merges one row, or each of an array, and gives their records.
func merge(t testing.TB, s *Store, text string) ([]Record, *Changes) {
	t.Helper()
	root, err := wire.Parse([]byte(text))
	require.NoError(t, err)
	m := s.Begin(nil)
	if root.Kind() == wire.Array {
		for row := range root.Elements() {
			m.Row(row)
		}
	} else {
		m.Row(root)
	}
	rows := m.Rows()
	return rows, m.End()
}

// read shows a value as text, following a path of attributes.
func read(s *Store, r Record, path ...string) string {
	v := s.Read(r, s.Slot(s.Type(r).Name, path[0]))
	if len(path) > 1 {
		if v.Kind() != Reference {
			return fmt.Sprintf("no reference but %d", v.Kind())
		}
		return read(s, v.Reference(), path[1:]...)
	}
	switch v.Kind() {
	case NotLoaded:
		return "not loaded"
	case Null:
		return "null"
	case False:
		return "false"
	case True:
		return "true"
	case Reference:
		return s.Type(v.Reference()).Name + " " + strings.Join(s.Key(v.Reference()), ",")
	case List:
		var parts []string
		for _, item := range s.Records(v) {
			parts = append(parts, s.Type(item).Name+" "+strings.Join(s.Key(item), ","))
		}
		return "[" + strings.Join(parts, "; ") + "]"
	}
	return string(s.Bytes(v, make([]byte, 8)))
}

const (
	task1   = "00000000-0000-0000-0000-000000000001"
	task2   = "00000000-0000-0000-0000-000000000002"
	status1 = "00000000-0000-0000-0000-00000000000a"
)

func TestAnIdentityHasOneRecordWhateverReplyBringsIt(t *testing.T) {
	s := New(schemas(t))
	rows, _ := merge(t, s, `[
		{"__entity_type__":"Task","id":"`+task1+`","status":{"name":"Done","id":"`+status1+`","__entity_type__":"Status"}},
		{"status":{"__entity_type__":"Status","id":"`+status1+`"},"id":"`+task2+`","__entity_type__":"Task"}]`)
	again, _ := merge(t, s, `{"name":"comp","__entity_type__":"Task","id":"`+task1+`"}`)
	assert.Equal(t, rows[0], again[0])
	assert.Equal(t, "Done", read(s, rows[1], "status", "name"), "a stub refers to the row that has the values")
	assert.Equal(t, "comp", read(s, rows[0], "name"))
	assert.Equal(t, "not loaded", read(s, rows[1], "name"))
	assert.Equal(t, rows[0], s.Find("Task", task1))
	assert.Equal(t, rows[0], s.Find("TypedContext", task1), "a base type finds it")
	assert.Zero(t, s.Find("Shot", task1), "another type does not")
	assert.Zero(t, s.Find("Task", "nobody"))
	assert.Equal(t, 3, s.Stats().Records)
}

func TestCyclesWithinAReplyMeet(t *testing.T) {
	s := New(schemas(t))
	rows, _ := merge(t, s, `{"__entity_type__":"AssetVersion","id":"v1","version":1,"asset":{"__entity_type__":"Asset","id":"a",
		"versions":[{"__entity_type__":"AssetVersion","id":"v1"},{"__entity_type__":"AssetVersion","id":"v2","version":2}]}}`)
	assert.Equal(t, "[AssetVersion v1; AssetVersion v2]", read(s, rows[0], "asset", "versions"))
	assert.Equal(t, "1", read(s, rows[0], "version"))
	assert.Equal(t, "2", read(s, s.Find("AssetVersion", "v2"), "version"))
}

func TestMergingIsPerAttribute(t *testing.T) {
	s := New(schemas(t))
	rows, _ := merge(t, s, `{"__entity_type__":"Task","id":"`+task1+`","name":"a name that is long","bid":3600.0,"description":null}`)
	_, changes := merge(t, s, `{"__entity_type__":"Task","id":"`+task1+`","bid":7200,"description":null}`)
	assert.Equal(t, []Change{{rows[0], s.Slot("Task", "bid")}}, changes.Updated)
	assert.Empty(t, changes.Created)
	assert.Equal(t, "a name that is long", read(s, rows[0], "name"))
	assert.Equal(t, "7200", read(s, rows[0], "bid"))
	version := s.Version(rows[0])
	_, changes = merge(t, s, `{"bid":7200,"id":"`+task1+`","name":"a name that is long","__entity_type__":"Task"}`)
	assert.Empty(t, changes.Updated)
	assert.Equal(t, version, s.Version(rows[0]), "the same values change nothing")
}

func TestValuesOfEachKind(t *testing.T) {
	s := New(schemas(t))
	rows, _ := merge(t, s, `{"__entity_type__":"Task","id":"`+task1+`","name":"blå","description":"a \"quote\" é",
		"start_date":{"__type__":"datetime","value":"2022-10-10T10:12:09"},"end_date":{"value":"2022-10-10","__type__":"date"},
		"link":[{"id":"x","type":"Project","name":"p"}],"thumbnail_url":{"url":"http://x"},"sort":1e3,"children":[],
		"_link":[],"parent":null,"studio_made":"kept","time_logged":true,"created_at":{"__type__":"datetime","value":null}}`)
	r := rows[0]
	kinds := map[string]Kind{"name": UTF8, "description": Escaped, "start_date": DateTime, "end_date": Date, "link": JSON,
		"thumbnail_url": JSON, "sort": Number, "children": List, "_link": JSON, "parent": Null, "studio_made": ASCII,
		"time_logged": True, "created_at": Null, "bid": NotLoaded}
	for name, kind := range kinds {
		slot := s.Slot("Task", name)
		assert.Equal(t, kind, s.Read(r, slot).Kind(), name)
		assert.Equal(t, name, s.SlotName(r, slot))
	}
	assert.Equal(t, `"a \"quote\" é"`, read(s, r, "description"))
	assert.Equal(t, `[{"id":"x","type":"Project","name":"p"}]`, read(s, r, "link"))
	assert.Equal(t, "2022-10-10T10:12:09", read(s, r, "start_date"))
	assert.Equal(t, "kept", read(s, r, "studio_made"))
}

func TestCompositeAndOddKeys(t *testing.T) {
	s := New(schemas(t))
	rows, _ := merge(t, s, `[{"key":"a","parent_id":"bc","__entity_type__":"Metadata"},{"key":"ab","parent_id":"c","__entity_type__":"Metadata"},
		{"configuration_id":"`+task1+`","entity_id":"`+task2+`","value":5,"__entity_type__":"ContextCustomAttributeValue"},
		{"id":12345678901,"__entity_type__":"Event"},{"id":"q\"1","__entity_type__":"Setting2"},
		{"name":"n","group":"g","__entity_type__":"Setting","value":"v"}]`)
	require.Len(t, rows, 6)
	assert.Equal(t, rows[0], s.Find("Metadata", "bc", "a"))
	assert.Equal(t, rows[1], s.Find("Metadata", "c", "ab"))
	assert.Equal(t, rows[2], s.Find("ContextCustomAttributeValue", task1, task2))
	assert.Equal(t, rows[3], s.Find("Event", "12345678901"))
	assert.Equal(t, rows[4], s.Find("Setting2", `q"1`), "a type that no schema has is kept")
	assert.Equal(t, []string{`q"1`}, s.Key(rows[4]))
	assert.Equal(t, rows[5], s.Find("Setting", "n", "g"))
}

func TestRowsWithoutIdentityStoreNothing(t *testing.T) {
	s := New(schemas(t))
	rows, changes := merge(t, s, `[{"count_id":5,"status_id":"x"},{"__entity_type__":"Task","name":"no key"},{"__entity_type__":5,"id":"x"},7,
		{"__entity_type__":"Task","id":null},{"__entity_type__":"Task","id":{"a":1}}]`)
	assert.Empty(t, rows)
	assert.Empty(t, changes.Created)
	assert.Zero(t, s.Stats().Records)
}

func TestHostileKeysAreOrdinaryAttributes(t *testing.T) {
	s := New(schemas(t))
	rows, _ := merge(t, s, `{"__proto__":"p","id":"first","constructor":1,"id":"x","na\u006de":"n","name":"last","__entity_type__":"Task"}`)
	require.Len(t, rows, 1)
	assert.Equal(t, []string{"x"}, s.Key(rows[0]), "the last of repeated keys counts")
	assert.Equal(t, "last", read(s, rows[0], "name"))
	assert.Equal(t, "p", read(s, rows[0], "__proto__"))
	var b strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&b, `,"k%d":%d`, i, i)
	}
	rows, _ = merge(t, s, `{"__entity_type__":"Task","id":"y"`+b.String()+`}`)
	assert.Equal(t, "2999", read(s, rows[0], "k2999"))
}

func TestARecordMetUnderItsBaseTypeGetsItsConcreteOne(t *testing.T) {
	s := New(schemas(t))
	rows, _ := merge(t, s, `{"__entity_type__":"TypedContext","id":"x","name":"n"}`)
	merge(t, s, `{"__entity_type__":"Shot","id":"x"}`)
	merge(t, s, `{"__entity_type__":"Context","id":"x"}`)
	assert.Equal(t, "Shot", s.Type(rows[0]).Name)
	assert.Equal(t, "n", read(s, rows[0], "name"))
}

func TestTheSamePlaceMayHoldTypesOfSeveralFamilies(t *testing.T) {
	s := New(schemas(t))
	rows, _ := merge(t, s, `[
		{"__entity_type__":"Appointment","id":"1","resource":{"__entity_type__":"User","id":"u","username":"ada"}},
		{"__entity_type__":"Appointment","id":"2","resource":{"__entity_type__":"Status","id":"u","name":"odd"}},
		{"__entity_type__":"Appointment","id":"3","resource":{"__entity_type__":"User","id":"u2","username":"bo"}}]`)
	assert.Equal(t, "ada", read(s, rows[0], "resource", "username"))
	assert.Equal(t, "odd", read(s, rows[1], "resource", "name"))
	assert.Equal(t, "bo", read(s, rows[2], "resource", "username"))
}

func TestTheLocalLayerStandsOverTheRemoteOne(t *testing.T) {
	s := New(schemas(t))
	rows, _ := merge(t, s, `{"__entity_type__":"Task","id":"x","name":"remote name that is long"}`)
	r, name := rows[0], s.Slot("Task", "name")
	local, _ := wire.Parse([]byte(`"local name that is long"`))
	version := s.Version(r)
	require.True(t, s.SetLocal(r, name, local))
	assert.NotEqual(t, version, s.Version(r))
	merge(t, s, `{"__entity_type__":"Task","id":"x","name":"newer remote name"}`)
	assert.Equal(t, "local name that is long", read(s, r, "name"))
	assert.Equal(t, "newer remote name", string(s.Bytes(s.Remote(r, name), nil)))
	assert.True(t, s.ClearLocal(r, name))
	assert.False(t, s.ClearLocal(r, name))
	assert.Equal(t, "newer remote name", read(s, r, "name"))
	assert.False(t, s.SetLocal(999, name, local))
	assert.False(t, s.SetLocal(r, 9999, local))
}

func TestWatchedRecordsAreToldOnce(t *testing.T) {
	s := New(schemas(t))
	rows, _ := merge(t, s, `[{"__entity_type__":"Task","id":"x"},{"__entity_type__":"Task","id":"y"}]`)
	s.Watch(rows[0], true)
	_, changes := merge(t, s, `[{"__entity_type__":"Task","id":"x","name":"a","bid":1},{"__entity_type__":"Task","id":"y","name":"b"},
		{"__entity_type__":"Task","id":"x","sort":1}]`)
	assert.Equal(t, rows[:1], changes.Watched)
	s.Watch(rows[0], false)
	_, changes = merge(t, s, `{"__entity_type__":"Task","id":"x","name":"c"}`)
	assert.Empty(t, changes.Watched)
}

func TestTheEpochMovesWithEveryChangeAndOnlyThen(t *testing.T) {
	s := New(schemas(t))
	before := *s.Epoch()
	merge(t, s, `{"__entity_type__":"Task","id":"x","name":"a"}`)
	after := *s.Epoch()
	assert.NotEqual(t, before, after)
	merge(t, s, `{"__entity_type__":"Task","id":"x","name":"a"}`)
	assert.Equal(t, after, *s.Epoch())
}
