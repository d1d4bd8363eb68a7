package session_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox"
)

// customised are the scripts' entities with custom attributes: cut is plain, res hierarchical, fps both.
func customised(t *testing.T, file *scripts) []map[string]any {
	ids := map[string]string{}
	id := func(name string) string {
		if ids[name] == "" {
			ids[name] = fmt.Sprintf("c0000000-0000-4000-8000-%012d", len(ids))
		}
		return ids[name]
	}
	rows := []map[string]any{
		{"__entity_type__": "CustomAttributeType", "id": id("number"), "name": "number"},
		{"__entity_type__": "CustomAttributeType", "id": id("text"), "name": "text"},
	}
	for _, c := range []struct {
		name, key, entity, typ string
		hierarchical           bool
		fallback               any
	}{
		{"cut", "cut", "task", "number", false, 12},
		{"res", "res", "show", "text", true, "hd"},
		{"plain fps", "fps", "task", "number", false, 25},
		{"fps", "fps", "show", "number", true, 24},
	} {
		rows = append(rows, map[string]any{"__entity_type__": "CustomAttributeConfiguration", "id": id(c.name), "key": c.key, "entity_type": c.entity,
			"type_id": id(c.typ), "is_hierarchical": c.hierarchical, "default": c.fallback, "project_id": nil, "object_type_id": nil})
	}
	for _, v := range []struct {
		configuration, entity string
		value                 any
	}{{"res", "sq", "2k"}, {"fps", "p1", 30}, {"cut", "t2", nil}} {
		rows = append(rows, map[string]any{"__entity_type__": "CustomAttributeValue", "configuration_id": id(v.configuration), "entity_id": file.IDs[v.entity], "value": v.value})
	}
	return rows
}

func TestCustomAttributesTellWhereTheirValuesComeFromWhateverTheServerShows(t *testing.T) {
	for _, assume := range []sandbox.Assumptions{
		nil, {"custom-attributes": "dense-none"}, {"custom-attributes": "sparse"}, {"hierarchical-unset": "inherited"},
	} {
		t.Run(fmt.Sprint(assume), func(t *testing.T) {
			file := readScripts(t)
			server := newServed(t, append(file.entities(), customised(t, file)...), assume)
			s := server.open(t)
			tasks := map[string]*session.Entity{}
			for _, name := range []string{"t1", "t2"} {
				task, err := s.Get(t.Context(), "Task", file.IDs[name])
				require.NoError(t, err)
				tasks[name] = task
			}
			server.sent = nil
			require.NoError(t, s.Populate(t.Context(), []*session.Entity{tasks["t1"], tasks["t2"]}, "custom_attributes"))
			assert.LessOrEqual(t, len(server.sent), 2)

			item := func(task, key string, hierarchical bool) session.MappingItem {
				m, err := tasks[task].Mapping("custom_attributes")
				require.NoError(t, err)
				if hierarchical {
					m = m.Hierarchical()
				}
				found, ok := m.Get(key)
				require.True(t, ok, key)
				return found
			}
			assert.Equal(t, session.MappingItem{Value: int64(12), Source: session.SourceDefault}, item("t1", "cut", false))
			assert.Equal(t, session.MappingItem{Value: nil, Source: session.SourceSet}, item("t2", "cut", false))
			assert.Equal(t, session.MappingItem{Value: "2k", Source: session.SourceInherited, From: file.IDs["sq"]}, item("t1", "res", false))
			assert.Equal(t, session.MappingItem{Value: int64(25), Source: session.SourceDefault}, item("t1", "fps", false))
			assert.Equal(t, session.MappingItem{Value: int64(30), Source: session.SourceInherited, From: file.IDs["p1"]}, item("t1", "fps", true))

			m, err := tasks["t1"].Mapping("custom_attributes")
			require.NoError(t, err)
			require.NoError(t, m.Set("res", "8k"))
			require.NoError(t, m.Hierarchical().Set("fps", 60))
			assert.Equal(t, "8k", item("t1", "res", false).Value)
			assert.Equal(t, int64(60), item("t1", "fps", true).Value)
			assert.Equal(t, int64(25), item("t1", "fps", false).Value)
			_, err = s.Commit(t.Context(), session.CommitOptions{})
			require.NoError(t, err)
			assert.Equal(t, session.MappingItem{Value: "8k", Source: session.SourceSet}, item("t1", "res", false))
			require.NoError(t, m.Delete("res"))
			assert.Equal(t, session.SourceInherited, item("t1", "res", false).Source)
			_, err = s.Commit(t.Context(), session.CommitOptions{})
			require.NoError(t, err)
			assert.Equal(t, session.MappingItem{Value: "2k", Source: session.SourceInherited, From: file.IDs["sq"]}, item("t1", "res", false))
			assert.Equal(t, session.MappingItem{Value: int64(60), Source: session.SourceSet}, item("t1", "fps", true))
		})
	}
}

func TestACreatedEntityInheritsFromItsParent(t *testing.T) {
	file := readScripts(t)
	server := newServed(t, append(file.entities(), customised(t, file)...), nil)
	s := server.open(t)
	shot, err := s.Get(t.Context(), "Shot", file.IDs["sh1"])
	require.NoError(t, err)
	require.NoError(t, s.Populate(t.Context(), []*session.Entity{shot}, "custom_attributes"))
	task, err := s.Create("Task", map[string]any{"name": "new", "parent": shot})
	require.NoError(t, err)
	m, err := task.Mapping("custom_attributes")
	require.NoError(t, err)
	found, _ := m.Get("res")
	assert.Equal(t, session.MappingItem{Value: "2k", Source: session.SourceInherited, From: file.IDs["sq"]}, found)
	require.NoError(t, m.Set("res", "4k"))
	found, _ = m.Get("res")
	assert.Equal(t, session.MappingItem{Value: "4k", Source: session.SourceSet}, found)
}
