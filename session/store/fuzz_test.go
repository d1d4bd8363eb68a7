package store

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// alive are all entities of a store.
func alive(s *Store) []Record {
	var all []Record
	for r := Record(1); int(r) < s.nextRecord; r++ {
		if s.Alive(r) {
			all = append(all, r)
		}
	}
	return all
}

// checkStore counts everything that a store keeps count of again, and follows every reference.
func checkStore(t testing.TB, s *Store) {
	t.Helper()
	live, lost := make([]int, len(s.chunks)), 0
	count := func(v *Value) {
		if v == nil {
			return
		}
		if n := v.stored(); n > 0 {
			live[v.chunk()] += n
			if int(v.word)+n > len(s.chunks[v.chunk()].data) {
				lost++
			}
		}
	}
	follow := func(r Record, v *Value) {
		if v.Kind() == Reference {
			require.True(t, s.Alive(v.Reference()), "record %d refers to %d, which is gone", r, v.Reference())
		}
		for _, item := range s.Records(v) {
			require.True(t, s.Alive(item), "a list of record %d holds %d, which is gone", r, item)
		}
	}
	records := alive(s)
	for _, r := range records {
		key := s.Key(r)
		require.Equal(t, r, s.Find(s.Type(r).Name, key...), "%s %q", s.Type(r).Name, key)
		for slot := range s.Slots(r) {
			v := s.Remote(r, slot)
			count(v)
			follow(r, v)
			count(s.Local(r, slot))
			follow(r, s.Local(r, slot))
		}
	}
	require.Zero(t, lost, "values beyond the end of their chunk")
	sum, document := 0, 0
	for i, c := range s.chunks {
		require.GreaterOrEqual(t, c.live, 0, "chunk %d", i)
		require.Equal(t, live[i], c.live, "chunk %d", i)
		sum += c.live
		document += cap(c.data)
	}
	stats := s.Stats()
	require.Equal(t, len(records), stats.Records)
	require.Equal(t, s.Count(), stats.Records)
	require.Equal(t, sum, stats.LiveBytes)
	require.Equal(t, document, stats.DocumentBytes)
	require.GreaterOrEqual(t, stats.DocumentBytes, stats.LiveBytes)
	require.GreaterOrEqual(t, stats.StoreBytes, 0)
}

func sweepAll(s *Store, budget int, roots ...Record) {
	s.SweepBegin()
	for _, r := range roots {
		s.SweepRoot(r)
	}
	for !s.SweepStep(budget) {
	}
}

func FuzzMerge(f *testing.F) {
	for _, text := range []string{
		`[]`, `[1,"x",null,[]]`, `[{}]`, `[{"__entity_type__":7,"id":"a"}]`,
		`[{"__entity_type__":"Task","id":"a","name":"a long name that needs a chunk","status":{"__entity_type__":"Status","id":"s"}}]`,
		`[{"__entity_type__":"Task","id":"00000000-0000-0000-0000-000000000001","children":[{"__entity_type__":"Shot","id":"00000000-0000-0000-0000-000000000001"}]}]`,
		`[{"id":"a","id":"b","__entity_type__":"Task","__entity_type__":"Status"},{"id":"b","__entity_type__":"Shot"}]`,
		`[{"__entity_type__":"Metadata","parent_id":"a","key":"\u006b\"ey","value":"\ud83d\ude00"},{"__entity_type__":"Metadata","parent_id":7,"key":""}]`,
		`[{"__entity_type__":"Context","id":"a"},{"__entity_type__":"Task","id":"a","parent":{"__entity_type__":"Task","id":"a"}}]`,
		`[{"__entity_type__":"Own","id":"a","x":[{"__entity_type__":"Own","id":"b"},1],"y":{"__type__":"datetime","value":"2024-01-01T00:00:00"}}]`,
		`[{"__proto__":{"__entity_type__":"Task","id":"p"},"__entity_type__":"Task","id":"constructor","link":[{"a":{}}],"metadata":[]}]`,
		`[{"__entity_type__":"SettingComponent","component_id":"c","name":"n","group":-0.5}]`,
		`[{"__entity_type__":"T\u0061sk","\u0069d":"a"},{"__entity_type__":"Task","id":"\u0061","name":"x"}]`,
		`[{"__entity_type__":"","id":"a"},{"__entity_type__":""}]`, `[{"__entity_type__":"Own","id":"1","a\\u0062":1},{"__entity_type__":"Own","id":"2","a\u0062":1}]`,
	} {
		f.Add([]byte(text), []byte(text))
	}
	all := schemas(f)
	f.Fuzz(func(t *testing.T, first, second []byte) {
		s := New(all)
		var rows []Record
		for _, text := range [][]byte{first, second} {
			root, err := wire.Parse(text)
			if err != nil || root.Kind() != wire.Array {
				continue
			}
			m := s.Begin(nil)
			for row := range root.Elements() {
				m.Row(row)
			}
			rows = append(rows, m.Rows()...)
			m.End()
			checkStore(t, s)
		}
		if len(rows) > 0 {
			sweepAll(s, 3, rows[0])
			require.True(t, s.Alive(rows[0]))
			checkStore(t, s)
		}
		sweepAll(s, 1000)
		checkStore(t, s)
		require.Zero(t, s.Stats().LiveBytes)
		require.Zero(t, s.Count())
	})
}

func TestTheSearchForLostBytesAndReferencesFindsThem(t *testing.T) {
	broken := map[string]func(*Store, Record){
		"live":      func(s *Store, _ Record) { s.liveBytes++ },
		"chunk":     func(s *Store, _ Record) { s.chunks[s.current].live-- },
		"reference": func(s *Store, r Record) { s.evict(s.Read(r, s.Slot("Task", "status")).Reference()) },
	}
	for name, breakIt := range broken {
		s := New(schemas(t))
		rows, _ := merge(t, s, `{"__entity_type__":"Task","id":"a","name":"longer than eight bytes","status":{"__entity_type__":"Status","id":"s"}}`)
		checkStore(t, s)
		breakIt(s, rows[0])
		seen := &recorder{TB: t}
		seen.run(func() { checkStore(seen, s) })
		require.True(t, seen.failed, name)
	}
}

// recorder notes a failure instead of failing.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Errorf(string, ...any) { r.failed = true }

func (r *recorder) FailNow() {
	r.failed = true
	panic(r)
}

func (r *recorder) run(f func()) {
	defer func() {
		if p := recover(); p != nil && p != any(r) {
			panic(fmt.Sprint(p))
		}
	}()
	f()
}

// model is a store as plain maps. Entities are known by "family key", the key of several parts joined by commas.
type model struct {
	types         map[string]string
	remote, local map[string]map[string]modelValue
}

var modelNames = []string{"a", "b", "c", "one", "many"}

// modelValue is a text, or the entities of a reference or list.
type modelValue struct {
	text string
	list bool
	ids  []string
}

func (m *model) show(v modelValue) string {
	var parts []string
	for _, id := range v.ids {
		_, key, _ := strings.Cut(id, " ")
		parts = append(parts, m.types[id]+" "+key)
	}
	switch {
	case v.list:
		return "[" + strings.Join(parts, "; ") + "]"
	case v.ids != nil:
		return parts[0]
	}
	return v.text
}

// sweep keeps what the roots and the entities with local values lead to.
func (m *model) sweep(roots []string) {
	keep := map[string]bool{}
	work := append(slices.Collect(maps.Keys(m.local)), roots...)
	for len(work) > 0 {
		id := work[len(work)-1]
		work = work[:len(work)-1]
		if keep[id] {
			continue
		}
		keep[id] = true
		for _, layer := range []map[string]map[string]modelValue{m.remote, m.local} {
			for _, v := range layer[id] {
				work = append(work, v.ids...)
			}
		}
	}
	maps.DeleteFunc(m.types, func(id, _ string) bool { return !keep[id] })
	maps.DeleteFunc(m.remote, func(id string, _ map[string]modelValue) bool { return !keep[id] })
}

func (m *model) compare(t *testing.T, s *Store) {
	t.Helper()
	require.Equal(t, len(m.types), s.Count())
	for id, typ := range m.types {
		r := findModel(s, id, typ)
		require.NotZero(t, r, id)
		require.Equal(t, typ, s.Type(r).Name, id)
		shown := maps.Clone(m.remote[id])
		maps.Copy(shown, m.local[id])
		for name, v := range shown {
			require.Equal(t, m.show(v), read(s, r, name), "%s.%s", id, name)
		}
	}
}

func findModel(s *Store, id, typ string) Record {
	_, key, _ := strings.Cut(id, " ")
	return s.Find(typ, strings.Split(key, ",")...)
}

// scalar is a random value as JSON, and as read shows it.
func scalar(random *rand.Rand) (string, modelValue) {
	n := random.IntN(1000)
	for _, form := range []string{"null", "true", `"%d"`, `"text %d of more than eight bytes"`, "%d.5", "-123456789%d", `"Grö\u00dfe %d"`,
		`{"__type__":"datetime","value":"2024-01-01T00:00:00.%03d"}`, `[{"type":"x","n":%d}]`} {
		if random.IntN(4) > 0 {
			continue
		}
		text := form
		if strings.Contains(form, "%") {
			text = fmt.Sprintf(form, n)
		}
		switch {
		case strings.HasPrefix(text, `{"__type__"`):
			return text, modelValue{text: strings.Split(text, `"`)[7]}
		case strings.Contains(text, `\`) || text[0] != '"':
			return text, modelValue{text: text}
		}
		return text, modelValue{text: strings.Trim(text, `"`)}
	}
	return fmt.Sprintf(`"%s"`, strings.Repeat("é", n%40)), modelValue{text: strings.Repeat("é", n%40)}
}

// row is a random entity as JSON, noted in the model.
func (m *model) row(random *rand.Rand, depth int) (text, id string) {
	var values []string
	n := random.IntN(60)
	uuid := fmt.Sprintf("00000000-0000-4000-8000-%012d", n)
	typ, family, key, members := "Task", "Context", uuid, []string{fmt.Sprintf(`"id":"%s"`, uuid)}
	switch random.IntN(5) {
	case 0:
		typ, family = "Status", "Status"
	case 1:
		typ, family, key, members = "Metadata", "Metadata", fmt.Sprintf("%s,key %d", uuid, n), []string{fmt.Sprintf(`"parent_id":"%s","key":"key %d"`, uuid, n)}
	case 2:
		typ, family, key, members = "Own", "Own", fmt.Sprint(n), []string{fmt.Sprintf(`"id":%d`, n)}
	case 3:
		typ = "TypedContext"
	}
	id = family + " " + key
	if m.types[id] != "Task" {
		m.types[id] = typ
	}
	if m.remote[id] == nil {
		m.remote[id] = map[string]modelValue{}
	}
	members = append(members, `"__entity_type__":"`+typ+`"`)
	for _, i := range random.Perm(len(modelNames)) {
		name := modelNames[i]
		if random.IntN(2) > 0 || i > 2 && depth == 0 {
			continue
		}
		var json string
		var v modelValue
		switch {
		case i < 3 || random.IntN(5) == 0:
			json, v = scalar(random)
		case i == 3:
			var target string
			json, target = m.row(random, depth-1)
			v = modelValue{ids: []string{target}}
		default:
			v = modelValue{list: true}
			var items []string
			for range 1 + random.IntN(20) {
				item, target := m.row(random, depth-1)
				items, v.ids = append(items, item), append(v.ids, target)
			}
			json = "[" + strings.Join(items, ",") + "]"
		}
		values = append(values, fmt.Sprintf(`"%s":%s`, name, json))
		m.remote[id][name] = v
	}
	// What identifies the entity may stand anywhere; the values come in the order in which the model took them.
	for _, member := range members {
		values = slices.Insert(values, random.IntN(len(values)+1), member)
	}
	return "{" + strings.Join(values, ",") + "}", id
}

// setLocal puts a random value over one of an entity, or takes it away.
func (m *model) setLocal(t *testing.T, random *rand.Rand, s *Store, id, target string) {
	r, name := findModel(s, id, m.types[id]), modelNames[random.IntN(3)]
	slot := s.Slot(m.types[id], name)
	if slot < 0 {
		return
	}
	_, had := m.local[id][name]
	if random.IntN(3) == 0 {
		require.Equal(t, had, s.ClearLocal(r, slot))
		delete(m.local[id], name)
		if len(m.local[id]) == 0 {
			delete(m.local, id)
		}
		return
	}
	if m.local[id] == nil {
		m.local[id] = map[string]modelValue{}
	}
	if random.IntN(4) == 0 {
		require.True(t, s.SetLocalReference(r, slot, findModel(s, target, m.types[target])))
		m.local[id][name] = modelValue{ids: []string{target}}
		return
	}
	json, v := scalar(random)
	node, err := wire.Parse([]byte(json))
	require.NoError(t, err)
	require.True(t, s.SetLocal(r, slot, node))
	m.local[id][name] = v
}

func TestMergesLocalValuesAndSweepsDoWhatPlainMapsDo(t *testing.T) {
	all := schemas(t)
	for seed := range uint64(3) {
		random := rand.New(rand.NewPCG(seed, 4711))
		s, shape := New(all), new(Shape)
		m := &model{types: map[string]string{}, remote: map[string]map[string]modelValue{}, local: map[string]map[string]modelValue{}}
		for range 40 {
			var rows, expected []string
			for range random.IntN(30) {
				text, id := m.row(random, 2)
				rows, expected = append(rows, text), append(expected, id)
			}
			root, err := wire.Parse([]byte("[" + strings.Join(rows, ",") + "]"))
			require.NoError(t, err)
			merge := s.Begin(shape)
			for row := range root.Elements() {
				merge.Row(row)
			}
			require.Len(t, merge.Rows(), len(expected))
			for i, r := range merge.Rows() {
				require.Equal(t, findModel(s, expected[i], m.types[expected[i]]), r)
			}
			merge.End()
			ids := slices.Sorted(maps.Keys(m.types))
			pick := func() string { return ids[random.IntN(len(ids))] }
			for range min(random.IntN(8), len(ids)) {
				m.setLocal(t, random, s, pick(), pick())
			}
			m.compare(t, s)
			checkStore(t, s)
			if random.IntN(3) > 0 || len(ids) == 0 {
				continue
			}
			var roots []string
			var records []Record
			for range random.IntN(10) {
				id := pick()
				roots, records = append(roots, id), append(records, findModel(s, id, m.types[id]))
			}
			sweepAll(s, 1+random.IntN(50), records...)
			m.sweep(roots)
			m.compare(t, s)
			checkStore(t, s)
		}
	}
}
