package eval_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
)

// studio is a source in columns, with indexes, as large as one likes: 10 projects of shots with 10 tasks each.
type studio struct {
	schemas *schema.Schemas
	types   []*schema.EntityType     // by handle
	columns map[int32][][]eval.Value // by family and slot, then by handle
	byType  map[string][]eval.Entity
	members map[int32]map[eval.Entity][]eval.Entity // collections by slot (of Context)
	index   map[indexKey][]eval.Entity
	indexed map[string]bool // attributes with an index
}

type indexKey struct {
	attribute string
	value     eval.Value
}

func newStudio(t testing.TB, tasks int) *studio {
	s := &studio{
		schemas: loadSchemas(t), types: []*schema.EntityType{nil}, columns: map[int32][][]eval.Value{},
		byType: map[string][]eval.Entity{}, members: map[int32]map[eval.Entity][]eval.Entity{}, index: map[indexKey][]eval.Entity{},
		indexed: map[string]bool{"id": true, "name": true, "username": true, "status": true, "project": true, "parent": true,
			"assignments": true, "resource": true, "state": true},
	}
	text := eval.Text
	var states, statuses, users, projects []eval.Entity
	for i, name := range []string{"Not started", "In progress", "Done", "Blocked"} {
		states = append(states, s.add("State", map[string]eval.Value{"name": text(name), "short": text(strconv.Itoa(i))}))
		statuses = append(statuses, s.add("Status", map[string]eval.Value{"name": text(name), "state": eval.Ref(states[i])}))
	}
	for i := range 100 {
		users = append(users, s.add("User", map[string]eval.Value{"username": text("user" + strconv.Itoa(i))}))
	}
	for i := range 10 {
		projects = append(projects, s.add("Project", map[string]eval.Value{"name": text("project " + strconv.Itoa(i))}))
	}
	assignments := s.schemas.Type("Task").Attribute("assignments").Slot
	s.members[assignments] = map[eval.Entity][]eval.Entity{}
	start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	var shot eval.Entity
	for i := range tasks {
		project := projects[i*10/tasks]
		if i%10 == 0 {
			shot = s.add("Shot", map[string]eval.Value{"name": text("Shot " + strconv.Itoa(i/10)), "project": eval.Ref(project), "parent": eval.Ref(project)})
		}
		task := s.add("Task", map[string]eval.Value{
			"name": text("Task " + strconv.Itoa(i*7919%tasks)), "project": eval.Ref(project), "parent": eval.Ref(shot),
			"status": eval.Ref(statuses[i%4]), "bid": eval.Float(float64(i % 977)), "start_date": eval.Time(start.Add(time.Duration(i) * time.Minute)),
		})
		appointment := s.add("Appointment", map[string]eval.Value{"context": eval.Ref(task), "resource": eval.Ref(users[i%100]), "type": text("assignment")})
		s.members[assignments][task] = []eval.Entity{appointment}
		s.index[indexKey{"assignments", eval.Ref(appointment)}] = []eval.Entity{task}
	}
	return s
}

func (s *studio) add(typ string, values map[string]eval.Value) eval.Entity {
	t := s.schemas.Type(typ)
	e := eval.Entity(len(s.types))
	s.types = append(s.types, t)
	values["id"] = eval.Text("id-" + strconv.Itoa(int(e)))
	columns := s.columns[t.Family]
	if columns == nil {
		columns = make([][]eval.Value, len(s.schemas.FamilySlots(t.Family)))
		s.columns[t.Family] = columns
	}
	for name, value := range values {
		slot := t.Attribute(name).Slot
		for len(columns[slot]) <= int(e) {
			columns[slot] = append(columns[slot], eval.Value{})
		}
		columns[slot][e] = value
		if s.indexed[name] {
			at := indexKey{name, folded(value)}
			s.index[at] = append(s.index[at], e)
		}
	}
	for base := t; base != nil; base = base.Base {
		s.byType[base.Name] = append(s.byType[base.Name], e)
	}
	return e
}

func folded(v eval.Value) eval.Value {
	if v.Kind() == eval.KindText {
		return eval.Text(eval.Fold(v.Text()))
	}
	return v
}

func (s *studio) Schemas() *schema.Schemas { return s.schemas }

func (s *studio) Entities(t *schema.EntityType) []eval.Entity { return s.byType[t.Name] }

func (s *studio) TypeOf(e eval.Entity) *schema.EntityType { return s.types[e] }

func (s *studio) Value(e eval.Entity, a *schema.Attribute) eval.Value {
	if column := s.columns[s.types[e].Family][a.Slot]; int(e) < len(column) {
		return column[e]
	}
	return eval.Value{}
}

func (s *studio) List(e eval.Entity, a *schema.Attribute) []eval.Entity { return s.members[a.Slot][e] }

func (s *studio) Lookup(t *schema.EntityType, a *schema.Attribute, v eval.Value) ([]eval.Entity, bool) {
	if !s.indexed[a.Name] {
		return nil, false
	}
	var found []eval.Entity
	for _, e := range s.index[indexKey{a.Name, folded(v)}] {
		if s.types[e].IsA(t.Name) {
			found = append(found, e)
		}
	}
	return found, true
}

func TestLargeSourcesGiveTheSameWithAndWithoutIndex(t *testing.T) {
	s := newStudio(t, 2000)
	for _, c := range []struct {
		expression string
		rows       int
	}{
		{`Task where project.name is "project 3"`, 200},
		{`Task where status.name in ("done", "blocked")`, 1000},
		{`Task where assignments any (resource.username is "user7")`, 20},
		{`Task where parent.parent.name is "project 3" and status.name is "done"`, 50},
		{`Task where status.name is "done" or project.name is "project 0"`, 650},
		{`Shot where name like "%5" and project.name is "project 9"`, 2},
	} {
		with, err := eval.Prepare(s, c.expression, eval.Options{})
		require.NoError(t, err)
		found, err := with.Run(t.Context())
		require.NoError(t, err)
		indexed := s.indexed
		s.indexed = nil
		scanned, err := with.Run(t.Context())
		require.NoError(t, err)
		s.indexed = indexed
		assert.Len(t, found.Entities, c.rows, c.expression)
		assert.ElementsMatch(t, found.Entities, scanned.Entities, c.expression)
	}
}

func BenchmarkRun(b *testing.B) {
	s := newStudio(b, 100_000)
	for _, bench := range []struct{ name, expression string }{
		{"all", `Task limit 500`},
		{"key", `Task where id is "id-5000"`},
		{"relation", `Task where project.name is "project 3"`},
		{"relation_in", `Task where status.name in ("Done", "Blocked")`},
		{"relation_and", `Task where project.name is "project 3" and status.name is "Done"`},
		{"two_relations", `Task where parent.parent.name is "project 3"`},
		{"any", `Task where assignments any (resource.username is "user7")`},
		{"cast", `Task where parent[Shot].name is "shot 77"`},
		{"scan_number", `Task where bid > 970`},
		{"scan_text", `Task where name is_not "task 5"`},
		{"scan_like", `Task where name like "%sk 99%"`},
		{"scan_date", `Task where start_date after "2024-02-01"`},
		{"scan_relation", `Task where status.name is_not "Done"`},
		{"order_page", `Task order by name limit 500`},
		{"order_all", `Task order by name`},
		{"order_relations", `Task order by project.name, parent.name desc, name limit 500`},
		{"group", `select status.name, count(id), sum(bid) from Task group by status.name`},
		{"subquery", `Task where parent_id in (select id from Shot where project.name is "project 3")`},
	} {
		b.Run(bench.name, func(b *testing.B) {
			plan, err := eval.Prepare(s, bench.expression, eval.Options{})
			require.NoError(b, err)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := plan.Run(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("prepare", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := eval.Prepare(s, `select name, status.name from Task where project.name is "x" and status.name in ("a", "b") order by name`, eval.Options{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
