package sandbox_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
)

// Whatever is written to whichever attribute, the answer is a reply or an error body, and what was read before can be read after.
func TestEveryAttributeOfEveryTypeIsAnswered(t *testing.T) {
	s := assuming(t)
	values := []any{nil, true, 1, 1.5, "x", object{}, object{"id": "x"}, object{"__entity_type__": "User", "id": "x"}, object{"__type__": "datetime", "value": "2020-01-01"},
		[]any{}, []any{1}, []any{object{"id": "x"}}}
	send := func(operation object) (accepted bool) {
		body, err := json.Marshal([]object{operation})
		require.NoError(t, err)
		_, answer := s.post(body)
		var reply any
		require.NoError(t, json.Unmarshal(answer, &reply), "%s\n%s", body, answer)
		refusal, refused := reply.(object)
		require.True(t, !refused || refusal["exception"] != "InternalServerError", "%s\n%s", body, answer)
		return !refused
	}
	for _, typ := range s.handler.Store().Schemas().Types() {
		var selected, sorted []string
		for _, a := range typ.Attributes {
			if a.Restricted {
				continue
			}
			selected = append(selected, a.Name)
			if !a.IsRelation() {
				sorted = append(sorted, a.Name)
			}
			for _, value := range values {
				send(create(typ.Name, object{a.Name: value}))
				send(update(typ.Name, make([]string, len(typ.PrimaryKey)), object{a.Name: value}))
			}
		}
		require.True(t, send(query("select "+strings.Join(selected, ", ")+" from "+typ.Name+" limit 50")), typ.Name)
		require.True(t, send(query(fmt.Sprintf("select %s from %s order by %s", typ.PrimaryKey[0], typ.Name, strings.Join(sorted, ", ")))), typ.Name)
		for _, row := range s.rows("select " + strings.Join(typ.PrimaryKey, ", ") + " from " + typ.Name + " limit 3") {
			key := make([]any, len(typ.PrimaryKey))
			for i, name := range typ.PrimaryKey {
				key[i] = row[name]
			}
			for _, a := range typ.Attributes {
				for _, value := range values {
					send(update(typ.Name, key, object{a.Name: value}))
				}
			}
			send(remove(typ.Name, key))
		}
	}
}

// Filters through each relation find what its other side holds.
func TestEveryRelationCanBeFilteredThrough(t *testing.T) {
	s := assuming(t)
	for _, typ := range s.handler.Store().Schemas().Types() {
		for _, a := range typ.Attributes {
			target := s.handler.Store().Schemas().Type(a.Target)
			if target == nil || !a.IsRelation() || a.Restricted {
				continue
			}
			word := "any"
			if a.Kind == schema.Reference {
				word = "has"
			}
			rows := s.rows(fmt.Sprintf("select %s from %s where %s %s () limit 1", a.Name, typ.Name, a.Name, word))
			if len(rows) == 0 {
				continue
			}
			related, isList := rows[0][a.Name].([]any)
			if !isList {
				related = []any{rows[0][a.Name]}
			}
			require.NotEmpty(t, related, "%s.%s", typ.Name, a.Name)
			if name := related[0].(object)["__entity_type__"].(string); !s.handler.Store().Schemas().Type(name).IsA(target.Name) {
				continue // a list of tasks that holds other contexts: filters take what the schema declares
			}
			var keys []string
			for _, name := range target.PrimaryKey {
				keys = append(keys, fmt.Sprintf("%s is %q", name, related[0].(object)[name]))
			}
			expression := fmt.Sprintf("%s where %s %s (%s)", typ.Name, a.Name, word, strings.Join(keys, " and "))
			require.NotEmpty(t, s.rows(expression), expression)
		}
	}
}
