package store_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/schemas"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/store"
)

func empty(t *testing.T, options store.Options) *store.Store {
	set, err := schemas.Load()
	require.NoError(t, err)
	return store.New(set.Schemas, options)
}

func add(t *testing.T, s *store.Store, typ string, pairs ...string) eval.Entity {
	var fields []store.Field
	for i := 0; i+1 < len(pairs); i += 2 {
		fields = append(fields, store.Field{Name: pairs[i], Value: eval.Text(pairs[i+1])})
	}
	e, err := s.Insert(s.Schemas().Type(typ), fields...)
	require.NoError(t, err)
	return e
}

func TestRelationsAreSeenFromBothSides(t *testing.T) {
	s := empty(t, store.Options{})
	project := add(t, s, "Project", "id", "p", "name", "show")
	shot := add(t, s, "Shot", "id", "s", "name", "sh", "parent_id", "p")
	task := add(t, s, "Task", "id", "t", "name", "comp", "parent_id", "s", "status_id", "st")
	status := add(t, s, "Status", "id", "st", "state", "done")
	state := add(t, s, "State", "id", "done")
	assignment := add(t, s, "Appointment", "id", "a", "type", "assignment", "context_id", "t", "resource_id", "u")
	allocation := add(t, s, "Appointment", "id", "b", "type", "allocation", "context_id", "t", "resource_id", "g")
	asset := add(t, s, "Asset", "id", "as", "context_id", "s")
	for number, id := range []string{"v1", "v2"} {
		version, err := s.Insert(s.Schemas().Type("AssetVersion"), store.Field{Name: "id", Value: eval.Text(id)}, store.Field{Name: "asset_id", Value: eval.Text("as")},
			store.Field{Name: "version", Value: eval.Int(int64(number + 1))})
		require.NoError(t, err)
		require.Equal(t, asset, s.Named(version, "asset").Entity())
		require.Equal(t, version, s.Named(asset, "latest_version").Entity())
	}
	list := add(t, s, "TypedContextList", "id", "l")
	add(t, s, "ListObject", "id", "lo", "list_id", "l", "entity_id", "s")
	note := add(t, s, "Note", "id", "n", "parent_id", "t")

	require.Equal(t, status, s.Named(task, "status").Entity(), "the status came after the task")
	require.Equal(t, state, s.Named(status, "state").Entity(), "a reference without a foreign key")
	for _, c := range []struct {
		owner   eval.Entity
		name    string
		members []eval.Entity
	}{
		{project, "children", []eval.Entity{shot}}, {project, "descendants", []eval.Entity{shot, task}}, {task, "ancestors", []eval.Entity{shot}},
		{task, "assignments", []eval.Entity{assignment}}, {task, "allocations", []eval.Entity{allocation}}, {task, "appointments", []eval.Entity{assignment, allocation}},
		{status, "tasks", []eval.Entity{task}}, {list, "items", []eval.Entity{shot}}, {shot, "lists", []eval.Entity{list}}, {task, "notes", []eval.Entity{note}},
	} {
		require.Equal(t, c.members, s.Members(c.owner, c.name), c.name)
		a := s.TypeOf(c.owner).Attribute(c.name)
		for _, member := range c.members {
			owners, ok := s.Lookup(s.TypeOf(c.owner), a, eval.Ref(member))
			require.True(t, ok, c.name)
			require.Contains(t, owners, c.owner, c.name)
		}
	}
	require.Equal(t, `[{"id":"p","name":"show","type":"Project"},{"id":"s","name":"sh","type":"TypedContext"},{"id":"t","name":"comp","type":"TypedContext"}]`,
		s.Named(task, "link").Text())
}

func TestALoopOfParentsEnds(t *testing.T) {
	s := empty(t, store.Options{})
	a := add(t, s, "Folder", "id", "a", "parent_id", "b")
	b := add(t, s, "Folder", "id", "b", "parent_id", "a")
	require.Equal(t, []eval.Entity{b}, s.Members(a, "ancestors"))
	require.NotEmpty(t, s.Members(a, "descendants"))
}

// dump says everything that can be read of a store.
func dump(s *store.Store) map[string]string {
	all := map[string]string{}
	for _, t := range s.Schemas().Types() {
		for _, e := range s.Entities(t) {
			for _, a := range s.TypeOf(e).Attributes {
				name := fmt.Sprint(t.Name, e, a.Name)
				if a.IsRelation() && a.Kind != schema.Reference {
					all[name] = fmt.Sprint(s.List(e, a))
				} else {
					all[name] = fmt.Sprint(s.Value(e, a))
				}
			}
		}
	}
	return all
}

// agree compares the indexes with what a scan finds.
func agree(t *testing.T, s *store.Store) {
	for _, name := range []string{"Task", "TypedContext", "Note", "Scope", "Metadata"} {
		typ := s.Schemas().Type(name)
		for _, a := range typ.Attributes {
			found := map[eval.Value][]eval.Entity{}
			for _, e := range s.Entities(typ) {
				if v := s.Value(e, a); !v.IsNull() && (!a.IsRelation() || a.Kind == schema.Reference) {
					found[v] = append(found[v], e)
				}
			}
			for v, entities := range found {
				if indexed, ok := s.Lookup(typ, a, v); ok {
					require.Equal(t, entities, indexed, "%s.%s", name, a.Name)
				}
			}
		}
	}
}

func TestRollbackUndoesEverything(t *testing.T) {
	s := empty(t, store.Options{})
	random := rand.New(rand.NewPCG(1, 2))
	id := func() string { return fmt.Sprint("e", random.IntN(40)) }
	change := func() {
		task := s.Schemas().Type("Task")
		e := s.Find(task, id())
		switch random.IntN(6) {
		case 0, 1:
			_, _ = s.Insert(task, store.Field{Name: "id", Value: eval.Text(id())}, store.Field{Name: "parent_id", Value: eval.Text(id())}, store.Field{Name: "name", Value: eval.Text(id())})
		case 2:
			if e != 0 {
				s.Release(e)
				s.Remove(e)
			}
		case 3:
			if e != 0 {
				require.NoError(t, s.Set(e, task.Attribute([]string{"name", "parent_id", "status_id"}[random.IntN(3)]), eval.Text(id())))
			}
		case 4:
			if e != 0 {
				s.SetList(e, task.Attribute("scopes"), s.Entities(s.Schemas().Type("Scope"))[:random.IntN(2)])
			}
		case 5:
			_, _ = s.Insert(s.Schemas().Type("Note"), store.Field{Name: "id", Value: eval.Text(id())}, store.Field{Name: "parent_id", Value: eval.Text(id())})
		}
	}
	add(t, s, "Scope", "id", "scope")
	for range 60 {
		s.Begin()
		for range 15 {
			change()
		}
		s.Commit()
		agree(t, s)
		before := dump(s)
		s.Begin()
		for range 15 {
			change()
		}
		s.Rollback()
		require.Equal(t, before, dump(s))
		agree(t, s)
	}
}

func TestWhatCannotBeStored(t *testing.T) {
	s := empty(t, store.Options{})
	task := s.Schemas().Type("Task")
	e := add(t, s, "Task", "id", "T1")
	for _, fields := range [][]store.Field{{{Name: "id", Value: eval.Text("t1")}}, {{Name: "name", Value: eval.Text("x")}}, {{Name: "id", Value: eval.Text("2")}, {Name: "link", Value: eval.Text("x")}}} {
		_, err := s.Insert(task, fields...)
		require.Error(t, err)
	}
	require.Error(t, s.Set(e, task.Attribute("id"), eval.Text("other")))
	require.Error(t, s.Set(e, task.Attribute("link"), eval.Text("other")))
	require.Equal(t, e, s.Find(task, "t1"), "keys are found whatever their case")
	require.Zero(t, s.Find(s.Schemas().Type("Shot"), "T1"), "of the right type only")
}
