package eval_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
)

// indexes says how much of a world's indexes there is; queries find the same with all of them.
type indexes int

const (
	noIndex       indexes = iota
	leanIndex             // keys and references
	generousIndex         // everything, with more than the right entities, some of them twice
)

// world is a small source of entities, known by their ids.
type world struct {
	t        testing.TB
	schemas  *schema.Schemas
	indexes  indexes
	entities []thing // by handle - 1
	byID     map[string]eval.Entity
}

type thing struct {
	id     string
	typ    *schema.EntityType
	values map[string]eval.Value
	lists  map[string][]eval.Entity
}

// row holds the attributes of an entity: ref for references, []string for the ids of a collection.
type row map[string]any

type ref string

func loadSchemas(t testing.TB) *schema.Schemas {
	data, err := os.ReadFile("../../schema/testdata/query_schemas.json")
	require.NoError(t, err)
	schemas, err := schema.Parse(data)
	require.NoError(t, err)
	return schemas
}

func (w *world) add(typ, id string, values row) {
	t := w.schemas.Type(typ)
	require.NotNil(w.t, t, typ)
	thing := thing{id: id, typ: t, values: map[string]eval.Value{}, lists: map[string][]eval.Entity{}}
	if t.Attribute("id") != nil {
		thing.values["id"] = eval.Text(id)
	}
	for name, value := range values {
		a := t.Attribute(name)
		require.NotNil(w.t, a, typ+"."+name)
		switch value := value.(type) {
		case nil:
		case bool:
			thing.values[name] = eval.Bool(value)
		case int:
			thing.values[name] = eval.Int(int64(value))
		case float64:
			thing.values[name] = eval.Float(value)
		case string:
			thing.values[name] = eval.Text(value)
		case time.Time:
			thing.values[name] = eval.Time(value)
		case eval.Value:
			thing.values[name] = value
		case ref:
			other, ok := w.byID[string(value)]
			require.True(w.t, ok, value)
			thing.values[name] = eval.Ref(other)
			if a.ForeignKey != "" {
				thing.values[a.ForeignKey] = eval.Text(string(value))
			}
		}
	}
	w.entities = append(w.entities, thing)
	w.byID[id] = eval.Entity(len(w.entities))
}

// collect fills a collection.
func (w *world) collect(owner, name string, members ...string) {
	thing := w.at(w.byID[owner])
	require.NotNil(w.t, thing.typ.Attribute(name), owner+"."+name)
	for _, member := range members {
		e, ok := w.byID[member]
		require.True(w.t, ok, member)
		thing.lists[name] = append(thing.lists[name], e)
	}
}

func (w *world) at(e eval.Entity) *thing { return &w.entities[e-1] }

func (w *world) Schemas() *schema.Schemas { return w.schemas }

func (w *world) Entities(t *schema.EntityType) (entities []eval.Entity) {
	for i := range w.entities {
		if w.entities[i].typ.IsA(t.Name) {
			entities = append(entities, eval.Entity(i+1))
		}
	}
	return entities
}

func (w *world) TypeOf(e eval.Entity) *schema.EntityType { return w.at(e).typ }

func (w *world) Value(e eval.Entity, a *schema.Attribute) eval.Value {
	if w.at(e).typ.Attribute(a.Name) == nil {
		return eval.Value{}
	}
	return w.at(e).values[a.Name]
}

func (w *world) List(e eval.Entity, a *schema.Attribute) []eval.Entity { return w.at(e).lists[a.Name] }

func (w *world) Lookup(t *schema.EntityType, a *schema.Attribute, v eval.Value) (found []eval.Entity, ok bool) {
	switch {
	case w.indexes == noIndex:
		return nil, false
	case w.indexes == leanIndex && v.Kind() != eval.KindRef && !slices.Contains(t.PrimaryKey, a.Name):
		return nil, false
	}
	for _, e := range w.Entities(t) {
		value := w.Value(e, a)
		hit := value == v
		if v.Kind() == eval.KindText {
			hit = value.Kind() == eval.KindText && eval.Fold(value.Text()) == eval.Fold(v.Text())
		}
		if a.IsRelation() && a.Kind != schema.Reference {
			hit = slices.Contains(w.List(e, a), v.Entity())
		}
		if hit {
			found = append(found, e)
		}
		if w.indexes == generousIndex && (hit || len(found) == 0) {
			found = append(found, e)
		}
	}
	return found, true
}

func at(text string) time.Time {
	t, err := time.Parse("2006-01-02T15:04:05", text)
	if err != nil {
		panic(err)
	}
	return t
}

// production is the world that the tests of expressions ask.
//
//	bbb (Project, active)
//	├─ seq010 (Sequence)
//	│  ├─ sh010 (Shot)     anim (Done, Animation, ada)   comp (In Progress, Compositing, grace)
//	│  └─ sh020 (Shot)     light (Not started, ada)
//	└─ hero (AssetBuild)   model (no status, type or bid; nobody)
//	sintel (Project, hidden)
//	└─ layout (Task, Done, grace and the group team)
//	stray (Task without anything)
func production(t testing.TB) *world {
	w := &world{t: t, schemas: loadSchemas(t), byID: map[string]eval.Entity{}}

	w.add("State", "sNot", row{"name": "Not Started", "short": "NOT_STARTED"})
	w.add("State", "sRun", row{"name": "In Progress", "short": "IN_PROGRESS"})
	w.add("State", "sEnd", row{"name": "Done", "short": "DONE"})
	w.add("Status", "ready", row{"name": "Not started", "sort": 1, "state": ref("sNot"), "is_active": true})
	w.add("Status", "wip", row{"name": "In Progress", "sort": 2, "state": ref("sRun"), "is_active": true})
	w.add("Status", "done", row{"name": "Done", "sort": 3, "state": ref("sEnd"), "is_active": false})
	w.add("Type", "tAnim", row{"name": "Animation"})
	w.add("Type", "tComp", row{"name": "Compositing"})
	w.add("Priority", "high", row{"name": "High", "sort": 1, "value": 0.5})
	w.add("Priority", "low", row{"name": "Low", "sort": 2, "value": 2.0})
	w.add("User", "ada", row{"username": "ada", "email": "ada@example.com", "is_active": true, "first_name": "Ada"})
	w.add("User", "grace", row{"username": "Grace", "email": nil, "is_active": true, "first_name": "Grace"})
	w.add("User", "linus", row{"username": "linus", "is_active": false, "first_name": `O'Neil "x" \ 50%`})
	w.add("Group", "team", row{"name": "team"})
	w.add("Membership", "m1", row{"group": ref("team"), "user": ref("grace")})
	w.collect("team", "memberships", "m1")

	w.add("Project", "bbb", row{"name": "bbb", "full_name": "Big Buck Bunny", "status": "active", "is_private": false,
		"link": eval.JSON(`[{"id":"bbb","name":"bbb","type":"Project"}]`)})
	w.add("Project", "sintel", row{"name": "Sintel", "full_name": "Sintel", "status": "hidden", "is_private": true})
	w.add("Sequence", "seq010", row{"name": "seq010", "project": ref("bbb"), "parent": ref("bbb")})
	w.add("Shot", "sh010", row{"name": "sh010", "project": ref("bbb"), "parent": ref("seq010"), "status": ref("wip")})
	w.add("Shot", "sh020", row{"name": "sh020", "project": ref("bbb"), "parent": ref("seq010"), "status": ref("ready")})
	w.add("AssetBuild", "hero", row{"name": "hero", "project": ref("bbb"), "parent": ref("bbb")})
	task := func(id, parent, project string, values row) {
		if parent != "" {
			values["parent"], values["project"] = ref(parent), ref(project)
		}
		w.add("Task", id, values)
	}
	task("anim", "sh010", "bbb", row{"name": "anim", "status": ref("done"), "type": ref("tAnim"), "priority": ref("high"), "bid": 14400.0,
		"start_date": at("2015-05-31T22:00:00"), "end_date": at("2015-06-10T00:00:00"), "description": "blocking, 100%"})
	task("comp", "sh010", "bbb", row{"name": "Comp", "status": ref("wip"), "type": ref("tComp"), "priority": ref("low"), "bid": 7200.5,
		"start_date": at("2015-06-01T00:00:00"), "end_date": at("2015-06-20T12:30:00"), "description": "comp_v1"})
	task("light", "sh020", "bbb", row{"name": "light", "status": ref("ready"), "type": ref("tComp"), "priority": ref("high"), "bid": 0.0,
		"start_date": at("2015-07-01T00:00:00"), "description": ""})
	task("model", "hero", "bbb", row{"name": "model", "priority": ref("low")})
	task("layout", "sintel", "sintel", row{"name": "layout", "status": ref("done"), "priority": ref("low"), "bid": 3600.0})
	task("stray", "", "", row{"name": "stray"})
	for _, parent := range [][]string{{"bbb", "seq010", "hero"}, {"seq010", "sh010", "sh020"}, {"sh010", "anim", "comp"},
		{"sh020", "light"}, {"hero", "model"}, {"sintel", "layout"}} {
		w.collect(parent[0], "children", parent[1:]...)
	}
	for _, task := range [][]string{{"anim", "seq010", "sh010"}, {"comp", "seq010", "sh010"}, {"light", "seq010", "sh020"}, {"model", "hero"}} {
		w.collect(task[0], "ancestors", task[1:]...)
	}
	w.collect("seq010", "descendants", "sh010", "sh020", "anim", "comp", "light")

	appointment := func(id, context, resource, typ string) {
		w.add("Appointment", id, row{"context": ref(context), "resource": ref(resource), "type": typ})
		w.collect(context, typ+"s", id)
	}
	appointment("a1", "anim", "ada", "assignment")
	appointment("a2", "comp", "grace", "assignment")
	appointment("a3", "light", "ada", "assignment")
	appointment("a4", "layout", "grace", "assignment")
	appointment("a5", "layout", "team", "assignment")
	appointment("a6", "bbb", "team", "allocation")

	timelog := func(id, context, user, start string, duration int, comment any) {
		w.add("Timelog", id, row{"context": ref(context), "user": ref(user), "start": at(start), "duration": duration, "comment": comment})
		w.collect(context, "timelogs", id)
	}
	timelog("l1", "anim", "ada", "2015-05-30T09:00:00", 3600, "blocking")
	timelog("l2", "anim", "ada", "2015-06-02T10:00:00", 7200, "polish")
	timelog("l3", "comp", "grace", "2015-06-03T10:00:00", 600, nil)

	w.add("Asset", "charA", row{"name": "char", "parent": ref("hero")})
	w.add("Asset", "animA", row{"name": "anim", "parent": ref("sh010")})
	w.add("AssetVersion", "v1", row{"version": 1, "asset": ref("charA"), "task": ref("model"), "is_latest_version": false})
	w.add("AssetVersion", "v2", row{"version": 2, "asset": ref("charA"), "task": ref("model"), "is_latest_version": true})
	w.add("AssetVersion", "v3", row{"version": 1, "asset": ref("animA"), "task": ref("anim"), "is_latest_version": true})
	w.add("AssetVersion", "v4", row{"version": 9, "is_latest_version": false})
	w.collect("charA", "versions", "v1", "v2")
	w.collect("animA", "versions", "v3")

	w.add("Note", "n1", row{"content": "Looks great", "author": ref("ada"), "parent_id": "anim"})
	w.add("Note", "n2", row{"content": "Thanks", "author": ref("grace"), "parent_id": "anim", "in_reply_to": ref("n1")})
	w.collect("anim", "notes", "n1", "n2")

	w.add("Metadata", "md1", row{"parent_id": "anim", "key": "some_key", "value": "some_value"})
	w.add("Metadata", "md2", row{"parent_id": "comp", "key": "some_key", "value": "other"})
	w.add("Metadata", "md3", row{"parent_id": "comp", "key": "frames", "value": "some_value"})
	w.collect("anim", "metadata", "md1")
	w.collect("comp", "metadata", "md2", "md3")

	w.add("CustomAttributeConfiguration", "cStart", row{"key": "fstart", "is_hierarchical": false})
	w.add("CustomAttributeConfiguration", "cCut", row{"key": "cut", "is_hierarchical": true})
	for _, value := range []struct {
		id, config, owner string
		value             any
	}{
		{"cv1", "cStart", "sh010", 1001}, {"cv2", "cStart", "sh020", 1101}, {"cv3", "cCut", "sh010", "A"},
		{"cv4", "cCut", "sh020", nil}, {"cv5", "cCut", "seq010", true}, {"cv6", "cCut", "hero", at("2015-06-01T00:00:00")},
	} {
		w.add("ContextCustomAttributeValue", value.id, row{"configuration": ref(value.config), "entity_id": value.owner,
			"value": value.value, "key": w.at(w.byID[value.config]).values["key"]})
		w.collect(value.owner, "custom_attributes", value.id)
	}
	w.add("CustomAttributeLinkConfiguration", "cLink", row{"key": "stand_in"})
	w.add("ContextCustomAttributeLink", "cl1", row{"configuration": ref("cLink"), "from_id": "sh010", "to_id": "hero", "context": ref("hero")})
	w.collect("sh010", "custom_attribute_links", "cl1")

	w.add("TypedContextLink", "link1", row{"from": ref("sh010"), "to": ref("sh020")})
	w.add("TypedContextLink", "link2", row{"from": ref("hero"), "to": ref("sh010")})

	w.add("Event", "e1", row{"action": "create", "insert": "insert", "user": ref("ada")})
	w.add("Event", "e2", row{"action": "update", "insert": "update", "user": ref("ada")})
	w.at(w.byID["e1"]).values["id"] = eval.Int(9007199254740993)
	w.at(w.byID["e2"]).values["id"] = eval.Int(7)
	return w
}

// ids are the entities' ids, in their order.
func (w *world) ids(entities []eval.Entity) string {
	ids := make([]string, len(entities))
	for i, e := range entities {
		ids[i] = w.at(e).id
	}
	return strings.Join(ids, " ")
}

// sortedIDs are the entities' ids in alphabetical order.
func (w *world) sortedIDs(entities []eval.Entity) string {
	ids := strings.Fields(w.ids(entities))
	slices.Sort(ids)
	return strings.Join(ids, " ")
}

// prepare compiles, or fails the test.
func (w *world) prepare(text string, options eval.Options) *eval.Plan {
	w.t.Helper()
	plan, err := eval.Prepare(w, text, options)
	require.NoError(w.t, err, text)
	return plan
}

// run runs, or fails the test.
func (w *world) run(text string, options eval.Options) eval.Result {
	w.t.Helper()
	result, err := w.prepare(text, options).Run(w.t.Context())
	require.NoError(w.t, err, text)
	return result
}

// everyIndexing runs a test with each kind of indexes.
func everyIndexing(t *testing.T, test func(t *testing.T, w *world)) {
	for name, indexes := range map[string]indexes{"without index": noIndex, "keys and references": leanIndex, "generous index": generousIndex} {
		t.Run(name, func(t *testing.T) {
			w := production(t)
			w.indexes = indexes
			test(t, w)
		})
	}
}
