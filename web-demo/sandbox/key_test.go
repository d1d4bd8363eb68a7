package sandbox_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// keyed are a type's key by name, and in the schema's order.
func keyed(names, parts []string) (data object) {
	data = object{}
	for i, name := range names {
		data[name] = parts[i]
	}
	return data
}

func TestEntitiesOfEveryCompositeKey(t *testing.T) {
	s := assuming(t)
	count, views := 0, 0
	for _, typ := range s.handler.Store().Schemas().Types() {
		if len(typ.PrimaryKey) == 1 {
			continue
		}
		count++
		t.Run(typ.Name, func(t *testing.T) {
			s := *s
			s.t = t
			key, other := []string{"a", "b", "c"}[:len(typ.PrimaryKey)], []string{"x", "y", "z"}[:len(typ.PrimaryKey)]
			if typ.IsA("CustomAttributeValue") {
				if typ.Base != nil {
					views++
					require.Equal(t, "ValidationError", s.refused(create(typ.Name, keyed(typ.PrimaryKey, key)))["exception"])
					return
				}
				key, other = []string{s.configuration("plain fps"), s.bare()}, []string{s.configuration("fps"), s.bare()}
			}
			s.call(create(typ.Name, keyed(typ.PrimaryKey, key)))
			by := create(typ.Name, object{})
			by["entity_key"] = other
			made := s.call(by)[0]["data"].(object)
			for i, name := range typ.PrimaryKey {
				require.Equal(t, other[i], made[name])
			}
			for _, again := range [][]string{key, other} {
				require.Equal(t, "DuplicateEntryError", s.refused(create(typ.Name, keyed(typ.PrimaryKey, again)))["exception"])
			}
			if a := typ.Attribute("value"); a != nil {
				value := any("v")
				if typ.Name == "CustomAttributeValue" {
					value = 5.0
				}
				require.Equal(t, value, s.call(update(typ.Name, key, object{"value": value}))[0]["data"].(object)["value"])
				s.refused(update(typ.Name, append(slices.Clone(key[1:]), key[0]), object{"value": value}))
			}
			var where []string
			for i, name := range typ.PrimaryKey {
				where = append(where, name+` is "`+key[i]+`"`)
				without := keyed(typ.PrimaryKey, []string{"n", "m", "o"}[:len(typ.PrimaryKey)])
				delete(without, name)
				if !typ.Attribute(name).HasDefault {
					require.Contains(t, s.refused(create(typ.Name, without))["content"], name)
				}
				s.refused(update(typ.Name, key, object{name: "changed"}))
			}
			s.one(typ.Name + " where " + strings.Join(where, " and "))
			for _, wrong := range [][]string{key[1:], append(slices.Clone(key), "more"), append(slices.Clone(key[1:]), key[0]), {"q", "r", "s"}} {
				require.Equal(t, "ValidationError", s.refused(remove(typ.Name, wrong))["exception"])
			}
			s.call(remove(typ.Name, key))
			s.refused(remove(typ.Name, key))
			require.Empty(t, s.rows(typ.Name+" where "+strings.Join(where, " and ")))
		})
	}
	require.Equal(t, 22, count)
	require.Equal(t, 6, views)
}

func TestKeysOfNewEntities(t *testing.T) {
	s := assuming(t)
	with := func(typ string, key any, data object) object {
		operation := create(typ, data)
		operation["entity_key"] = key
		return operation
	}
	for name, c := range map[string]struct {
		operation object
		id        any // nil: made by the server
	}{
		"in the data":             {create("User", object{"id": "in-data"}), "in-data"},
		"in the key":              {with("User", []string{"in-key"}, object{}), "in-key"},
		"a key that is no list":   {with("User", "no-list", object{}), "no-list"},
		"in both":                 {with("User", []string{"both"}, object{"id": "both"}), "both"},
		"no key":                  {create("User", object{}), nil},
		"null":                    {with("User", nil, object{"id": nil}), nil},
		"an empty list":           {with("User", []string{}, object{}), nil},
		"a list with nothing":     {with("User", []string{""}, object{}), nil},
		"integer":                 {create("Event", object{"id": 40}), 40.0},
		"integer in the key":      {with("Event", []any{41}, object{}), 41.0},
		"integer as text":         {with("Event", []any{"42"}, object{}), 42.0},
		"a reference in the key":  {create("Recipient", object{"note": ref("Note", s.rows("Note limit 1")[0]["id"]), "resource_id": "r"}), nil},
		"a type told by its data": {with("List", []string{"list"}, object{"name": "x", "system_type": "task"}), "list"},
	} {
		t.Run(name, func(t *testing.T) {
			made := s.call(c.operation)[0]["data"].(object)
			typ := made["__entity_type__"].(string)
			if typ == "Recipient" {
				require.NotEmpty(t, made["note_id"])
				return
			}
			if c.id == nil {
				require.Len(t, made["id"], 36)
			} else {
				require.Equal(t, c.id, made["id"])
			}
			require.Equal(t, "DuplicateEntryError", s.refused(create(typ, object{"id": made["id"]}))["exception"])
			require.Equal(t, made["id"], s.call(update(typ, []any{made["id"]}, object{"id": made["id"]}))[0]["data"].(object)["id"])
			s.call(remove(typ, []any{made["id"]}))
			require.Contains(t, s.refused(remove(typ, []any{made["id"]}))["content"], "There is no "+typ)
			require.Contains(t, s.refused(update(typ, []any{made["id"]}, object{"id": made["id"]}))["content"], "There is no "+typ)
		})
	}
	for name, operation := range map[string]object{
		"contradiction": with("User", []string{"one"}, object{"id": "two"}), "too long": with("User", []string{"one", "two"}, object{}),
		"empty": create("User", object{"id": ""}), "no integer": with("Event", []string{"x"}, object{}), "half an integer": create("Event", object{"id": 1.5}),
		"too short": with("Metadata", []string{"p"}, object{}),
	} {
		require.Equal(t, "ValidationError", s.refused(operation)["exception"], name)
	}
}

func TestIntegerKeysOfTheServerAreNeverGivenTwice(t *testing.T) {
	s := assuming(t)
	seen := map[any]bool{}
	for i := range 6 {
		id := s.call(create("Event", object{"action": "x"}))[0]["data"].(object)["id"].(float64)
		require.False(t, seen[id])
		seen[id] = true
		if i%2 == 0 {
			s.call(remove("Event", []any{id}))
		} else {
			s.call(create("Event", object{"id": id + 1}))
			seen[id+1] = true
		}
		require.Len(t, s.rows("Event"), (i+1)/2*2)
	}
}

func TestAReferenceToAnIntegerKey(t *testing.T) {
	s := assuming(t)
	s.call(create("Event", object{"id": 7, "action": "x"}), create("Feed", object{"id": first1, "event": ref("Event", 7)}), create("Feed", object{"id": other1}),
		update("Event", []any{7}, object{"feeds": []object{ref("Feed", first1), ref("Feed", other1)}}))
	for _, id := range []string{first1, other1} {
		row := s.one(`select social_id, event.action from Feed where id is "` + id + `"`)
		require.Equal(t, 7.0, row["social_id"])
		require.Equal(t, "x", row["event"].(object)["action"])
	}
	require.Len(t, s.one("select feeds from Event where id is 7")["feeds"], 2)
	require.Len(t, s.rows("Feed where social_id is 7"), 2)
	s.call(remove("Event", []any{7}))
	require.Nil(t, s.one(`select social_id from Feed where id is "` + first1 + `"`)["social_id"])
}

func TestKeysAndTheCaseOfLetters(t *testing.T) {
	for setting, distinct := range map[string]bool{"insensitive": false, "sensitive": true} {
		s := assuming(t, "text-case="+setting)
		shot, _ := s.shot()
		s.call(create("Metadata", object{"parent_id": shot, "key": "take", "value": "1"}))
		operation := create("Metadata", object{"parent_id": shot, "key": "TAKE", "value": "2"})
		if distinct {
			s.call(operation)
			require.Len(t, s.one(`select metadata from Shot where id is "` + shot + `"`)["metadata"], 2)
		} else {
			s.refused(operation)
		}
		s.call(update("Shot", []string{strings.ToUpper(shot)}, object{"description": "ids are found whatever their case"}))
	}
}
