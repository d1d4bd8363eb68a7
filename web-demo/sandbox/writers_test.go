package sandbox_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// try sends operations from any goroutine: the replies, or the refusal.
func (s *server) try(operations ...object) ([]object, object) {
	body, err := json.Marshal(operations)
	assert.NoError(s.t, err)
	_, answer := s.post(body)
	var replies []object
	var refusal object
	if json.Unmarshal(answer, &replies) != nil {
		assert.NoError(s.t, json.Unmarshal(answer, &refusal), "%s", answer)
	}
	return replies, refusal
}

// together runs two clients and a reader at the same time, each so many times.
func together(times int, client func(client, i int), reader func()) {
	var group sync.WaitGroup
	for number := range 2 {
		group.Go(func() {
			for i := range times {
				client(number, i)
			}
		})
	}
	group.Go(func() {
		for range times {
			reader()
		}
	})
	group.Wait()
}

func TestTwoClientsThatMakeEntities(t *testing.T) {
	const times = 30
	s := assuming(t)
	s.small()
	var made, refused atomic.Int64
	together(times, func(client, i int) {
		id := fmt.Sprintf("user%d", i)
		_, refusal := s.try(create("User", object{"id": id, "username": fmt.Sprint(client)}))
		if refusal == nil {
			made.Add(1)
		} else if assert.Equal(t, "DuplicateEntryError", refusal["exception"]) {
			refused.Add(1)
		}
		_, refusal = s.try(create("Event", object{"action": "x"}), create("AssetVersion", object{"asset_id": "a"}), create("Metadata", object{"parent_id": "sh", "key": fmt.Sprint(client, i)}))
		assert.Nil(t, refusal)
	}, func() {
		replies, _ := s.try(query("select id from Event"), query("select version from AssetVersion where asset_id is a"))
		assert.Equal(t, len(replies[0]["data"].([]any)), len(replies[1]["data"].([]any))-2, "a batch is seen whole")
	})
	require.EqualValues(t, times, made.Load())
	require.EqualValues(t, times, refused.Load())
	ids, versions := map[any]bool{}, map[any]bool{}
	for _, row := range s.rows("Event") {
		ids[row["id"]] = true
	}
	for _, row := range s.rows("select version from AssetVersion where asset_id is a") {
		versions[row["version"]] = true
	}
	require.Len(t, ids, 2*times)
	require.Len(t, versions, 2*times+2)
	require.Len(t, s.one("select metadata from Shot where id is sh")["metadata"], 2*times)
}

func TestTwoClientsThatChangeTheSame(t *testing.T) {
	const times = 40
	s := assuming(t)
	s.small()
	config := s.configuration("frameEnd")
	var scopes [2][]object
	for client := range scopes {
		for i := range 3 {
			id := fmt.Sprintf("scope%d%d", client, i)
			s.call(create("Scope", object{"id": id, "name": fmt.Sprint(client)}))
			scopes[client] = append(scopes[client], ref("Scope", id))
		}
	}
	write := func(client int) []object {
		return []object{update("Shot", "sh", object{"scopes": scopes[client]}), update("Shot", "sh", object{"description": fmt.Sprint(client)}),
			update("ContextCustomAttributeValue", []string{config, "sh"}, object{"value": client})}
	}
	s.call(write(0)...)
	whole := func() {
		replies, _ := s.try(query("select scopes.name, description from Shot where id is sh"), query(`select value from CustomAttributeValue where entity_id is sh and configuration_id is "`+config+`"`))
		row := replies[0]["data"].([]any)[0].(object)
		if assert.Len(t, row["scopes"], 3, "the last list, not a mixture") {
			for _, scope := range row["scopes"].([]any) {
				assert.Equal(t, row["description"], scope.(object)["name"])
			}
		}
		if values := replies[1]["data"].([]any); assert.Len(t, values, 1) {
			assert.Equal(t, row["description"], fmt.Sprint(values[0].(object)["value"]))
		}
	}
	together(times, func(client, i int) {
		batch := write(client)
		if i%3 == 2 {
			_, refusal := s.try(append(batch, remove("Scope", "nothing"))...)
			assert.NotNil(t, refusal)
			return
		}
		_, refusal := s.try(batch...)
		assert.Nil(t, refusal)
	}, whole)
	whole()
}

func TestOneClientDeletesWhatTheOtherChanges(t *testing.T) {
	const times = 40
	s := assuming(t)
	s.small()
	together(times, func(client, i int) {
		id := fmt.Sprintf("task%d", i)
		_, refusal := s.try(create("Task", object{"id": id, "name": "x", "parent_id": "sh"}))
		if refusal != nil {
			assert.Equal(t, "DuplicateEntryError", refusal["exception"])
		}
		batch := []object{update("Task", id, object{"name": "y"}), create("Metadata", object{"parent_id": id, "key": fmt.Sprint(client)})}
		if client == 0 {
			batch = []object{remove("Task", id)}
		}
		if _, refusal = s.try(batch...); refusal != nil {
			assert.Contains(t, refusal["content"], "There is no Task")
		}
	}, func() {
		_, refusal := s.try(query("select name, children, metadata from TypedContext"))
		assert.Nil(t, refusal)
	})
	for _, row := range s.rows("select parent_id from Metadata where key in (0, 1)") {
		require.Len(t, s.rows(fmt.Sprintf("Task where id is %v", row["parent_id"])), 1, "no row without its task")
	}
}
