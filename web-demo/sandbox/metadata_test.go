package sandbox_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// metadata are the texts of a shot by key.
func (s *server) metadata(shot string) map[string]string {
	s.t.Helper()
	texts := map[string]string{}
	for _, row := range s.one(`select metadata.key, metadata.value from Shot where id is "` + shot + `"`)["metadata"].([]any) {
		texts[row.(object)["key"].(string)] = row.(object)["value"].(string)
	}
	return texts
}

func TestMetadataAndTheListOfItsParentInOneBatch(t *testing.T) {
	s := assuming(t)
	shot := s.bare()
	row := func(key string) object { return object{"__entity_type__": "Metadata", "parent_id": shot, "key": key} }
	add := func(key, value string) object {
		operation := create("Metadata", object{"__entity_type__": "Metadata", "parent_id": shot, "parent_type": "Shot", "key": key, "value": value})
		operation["entity_key"] = []string{shot, key}
		return operation
	}
	list := func(keys ...string) object {
		rows := []object{}
		for _, key := range keys {
			rows = append(rows, row(key))
		}
		return update("Shot", []string{shot}, object{"metadata": rows})
	}
	drop := func(key string) object { return remove("Metadata", []string{shot, key}) }
	byKey := create("Metadata", object{"value": "1"})
	byKey["entity_key"] = []string{shot, "a"}
	for _, c := range []struct {
		name   string
		batch  []object
		before map[string]string
		after  map[string]string // nil: refused
	}{
		{"made, then listed", []object{add("a", "1"), list("a")}, nil, map[string]string{"a": "1"}},
		{"listed, then made", []object{list("a"), add("a", "1")}, nil, map[string]string{"a": "1"}},
		{"listed, then made by its key", []object{list("a"), byKey}, nil, map[string]string{"a": "1"}},
		{"one more", []object{add("b", "2"), list("a", "b")}, map[string]string{"a": "1"}, map[string]string{"a": "1", "b": "2"}},
		{"one more, listed first", []object{list("b", "a"), add("b", "2")}, map[string]string{"a": "1"}, map[string]string{"a": "1", "b": "2"}},
		{"the list leaves others out", []object{add("b", "2"), list("b")}, map[string]string{"a": "1"}, map[string]string{"b": "2"}},
		{"deleted, then left out", []object{drop("a"), list()}, map[string]string{"a": "1"}, map[string]string{}},
		{"left out, then deleted", []object{list("b"), drop("a")}, map[string]string{"a": "1", "b": "2"}, map[string]string{"b": "2"}},
		{"one deleted, another made", []object{drop("a"), add("b", "2"), list("b")}, map[string]string{"a": "1"}, map[string]string{"b": "2"}},
		{"listed, made, deleted", []object{list("b"), add("b", "2"), drop("a")}, map[string]string{"a": "1"}, map[string]string{"b": "2"}},
		{"deleted and made again", []object{drop("a"), add("a", "9")}, map[string]string{"a": "1"}, map[string]string{"a": "9"}},
		{"made and deleted", []object{add("a", "1"), drop("a")}, nil, map[string]string{}},
		{"made and changed", []object{add("a", "1"), list("a"), update("Metadata", []string{shot, "a"}, object{"value": "7"})}, nil, map[string]string{"a": "7"}},
		{"made when it is there", []object{add("a", "2")}, map[string]string{"a": "1"}, nil},
		{"deleted and listed", []object{drop("a"), list("a")}, map[string]string{"a": "1"}, nil},
		{"listed and never made", []object{list("a", "z")}, map[string]string{"a": "1"}, nil},
		{"another one's row", []object{update("Task", []any{s.rows("Task limit 1")[0]["id"]}, object{"metadata": []object{row("a")}})}, map[string]string{"a": "1"}, nil},
		{"deleted twice", []object{drop("a"), drop("a")}, map[string]string{"a": "1"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.call(list())
			for key, value := range c.before {
				s.call(add(key, value))
			}
			if c.after == nil {
				s.refused(c.batch...)
				require.Equal(t, c.before, s.metadata(shot))
				return
			}
			s.call(c.batch...)
			require.Equal(t, c.after, s.metadata(shot))
		})
	}
	s.call(list(), add("a", "1"), list("a"))
	s.call(remove("Shot", []string{shot}))
	require.Empty(t, s.rows(`Metadata where parent_id is "`+shot+`"`))
}

func TestTheReplyToAListNamesItsMembers(t *testing.T) {
	s := assuming(t)
	shot := s.bare()
	reply := s.call(update("Shot", []string{shot}, object{"metadata": []object{{"__entity_type__": "Metadata", "parent_id": shot, "key": "a"}}}),
		create("Metadata", object{"parent_id": shot, "key": "a", "value": "1"}))[0]["data"].(object)
	require.Len(t, reply["metadata"], 1)
	require.Equal(t, "a", reply["metadata"].([]any)[0].(object)["key"])
}
