package store

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

func TestAThousandProjectionsStayUnderTwiceTheirLiveBytes(t *testing.T) {
	s := New(schemas(t))
	names := []string{"name", "description", "bid", "sort", "status_id", "type_id", "priority_id", "parent_id", "project_id", "link", "thumbnail_id"}
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 1000 {
		var b strings.Builder
		b.WriteString("[")
		chosen := names[:1+random.IntN(len(names))]
		random.Shuffle(len(names), func(i, k int) { names[i], names[k] = names[k], names[i] })
		for i := range 500 {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"__entity_type__":"Task","id":"%08d-0000-0000-0000-000000000000"`, i)
			for _, name := range chosen {
				fmt.Fprintf(&b, `,"%s":"%s of round %d row %d"`, name, name, round, i)
			}
			b.WriteString("}")
		}
		merge(t, s, b.String()+"]")
		stats := s.Stats()
		require.LessOrEqual(t, stats.DocumentBytes, 2*stats.LiveBytes+2*chunkSize, "round %d", round)
	}
	stats := s.Stats()
	assert.Less(t, stats.DocumentBytes, 2*stats.LiveBytes)
	assert.Equal(t, 500, stats.Records)
}

func TestAThousandQueriesWhoseRowsNobodyHoldsLeaveMemoryFlat(t *testing.T) {
	s := New(schemas(t))
	held := Record(0)
	var early, late Stats
	for round := range 1000 {
		var b strings.Builder
		b.WriteString("[")
		for i := range 500 {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"__entity_type__":"Task","id":"%08d-0000-0000-0000-%012d","name":"task %d of round %d",
				"status":{"__entity_type__":"Status","id":"s%d","name":"status %d"}}`, i, round, i, round, round, round)
		}
		rows, _ := merge(t, s, b.String()+"]")
		if round == 0 {
			held = rows[3]
		}
		if s.WantsSweep() {
			require.True(t, s.SweepBegin())
			s.SweepRoot(held)
			for !s.SweepStep(1000) {
			}
		}
		switch round {
		case 99:
			early = s.Stats()
		case 999:
			late = s.Stats()
		}
	}
	assert.LessOrEqual(t, late.DocumentBytes, 3*early.DocumentBytes/2)
	assert.LessOrEqual(t, late.StoreBytes, early.StoreBytes)
	assert.Less(t, late.Records, 3*sweepFloor)
	assert.Equal(t, "task 3 of round 0", read(s, held, "name"), "what is held stays, and what it refers to")
	assert.Equal(t, "status 0", read(s, held, "status", "name"))
}

func TestASweepKeepsWhatIsMergedOrNamedWhileItRuns(t *testing.T) {
	s := New(schemas(t))
	merge(t, s, `[{"__entity_type__":"Task","id":"a","name":"a"},{"__entity_type__":"Task","id":"b","status":{"__entity_type__":"Status","id":"s"}},
		{"__entity_type__":"Task","id":"c","name":"c"},{"__entity_type__":"Task","id":"d"},{"__entity_type__":"Task","id":"e"}]`)
	c := s.Find("Task", "c")
	name, _ := wire.Parse([]byte(`"changed"`))
	s.SetLocal(c, s.Slot("Task", "name"), name)
	open := s.Begin(nil)
	row, _ := wire.Parse([]byte(`{"__entity_type__":"Task","id":"d"}`))
	open.Row(row)
	require.True(t, s.SweepBegin())
	require.False(t, s.SweepBegin(), "one at a time")
	assert.False(t, s.SweepStep(1))
	merge(t, s, `[{"__entity_type__":"Task","id":"b"},{"__entity_type__":"Task","id":"new"}]`)
	for !s.SweepStep(1) {
	}
	open.End()
	for id, alive := range map[string]bool{"a": false, "b": true, "c": true, "d": true, "e": false, "new": true} {
		assert.Equal(t, alive, s.Find("Task", id) != 0, id)
	}
	assert.NotZero(t, s.Find("Status", "s"))
	assert.Equal(t, "changed", read(s, c, "name"))
}

func TestAnEvictedRecordReadsAsNotLoadedAndItsHandleServesAnother(t *testing.T) {
	s := New(schemas(t))
	rows, _ := merge(t, s, `{"__entity_type__":"Task","id":"a","name":"a"}`)
	version := s.Version(rows[0])
	s.SweepBegin()
	for !s.SweepStep(100) {
	}
	assert.False(t, s.Alive(rows[0]))
	assert.Nil(t, s.Type(rows[0]))
	assert.Nil(t, s.Read(rows[0], 0))
	assert.Nil(t, s.Key(rows[0]))
	assert.Zero(t, s.Version(rows[0]))
	again, _ := merge(t, s, `{"__entity_type__":"Task","id":"b"}`)
	assert.Equal(t, rows[0], again[0])
	assert.NotEqual(t, version, s.Version(again[0]))
	assert.Equal(t, "not loaded", read(s, again[0], "name"), "nothing of the old owner shows")
}

// taskReply is a page of tasks as a server sends it: about 1.5 KB a row, repeated entities as stubs.
func taskReply(first, rows int) []byte {
	var b strings.Builder
	b.WriteString("[")
	seen := map[string]bool{}
	entity := func(kind, id, rest string) string {
		if seen[id] {
			rest = ""
		}
		seen[id] = true
		return fmt.Sprintf(`{"__entity_type__":"%s","id":"%s"%s}`, kind, id, rest)
	}
	for i := first; i < first+rows; i++ {
		if i > first {
			b.WriteByte(',')
		}
		id := func(kind, n int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", kind, n) }
		shot, user := i/5, i%40
		fmt.Fprintf(&b, `{"status":%s,"type":%s,"parent":%s,"project":%s,`, entity("Status", id(1, i%7), `,"name":"In progress","color":"#ff0000"`),
			entity("Type", id(2, i%9), `,"name":"Compositing"`), entity("Shot", id(3, shot), fmt.Sprintf(`,"name":"sh%04d"`, shot)),
			entity("Project", id(4, 1), `,"name":"big","full_name":"Big"`))
		fmt.Fprintf(&b, `"assignments":[{"resource":%s,"__entity_type__":"Appointment","id":"%s"}],`, entity("User", id(5, user), `,"username":"user"`), id(6, i))
		fmt.Fprintf(&b, `"link":[{"type":"Project","id":"%s","name":"big"},{"type":"TypedContext","id":"%s","name":"sh%04d"},{"type":"TypedContext","id":"%s","name":"task"}],`, id(4, 1), id(3, shot), shot, id(7, i))
		fmt.Fprintf(&b, `"name":"task %d","description":"a \"quoted\" description of task %d with enough text","bid":%d.0,"sort":%d,"status_id":"%s","type_id":"%s","priority_id":"%s","parent_id":"%s","project_id":"%s","object_type_id":"%s","start_date":{"__type__":"datetime","value":"2024-10-29T22:00:00"},"end_date":{"__type__":"datetime","value":"2024-11-29T22:00:00"},"context_type":"task","__entity_type__":"Task","id":"%s"}`,
			i, i, i*60, i, id(1, i%7), id(2, i%9), id(8, 0), id(3, shot), id(4, 1), id(9, 0), id(7, i))
	}
	return []byte(b.String() + "]")
}

// benchmarkNewTasks merges twenty pages of tasks into a store that knows none of them, again and again.
func benchmarkNewTasks(b *testing.B, begin func(s *Store), answers bool) {
	all := schemas(b)
	var pages [][]byte
	size := 0
	for i := range 20 {
		pages = append(pages, taskReply(i*500, 500))
		size += len(pages[i])
	}
	tape := new(wire.Tape)
	b.SetBytes(int64(size))
	for b.Loop() {
		s, shape := New(all), new(Shape)
		begin(s)
		for _, page := range pages {
			if err := tape.Scan(page); err != nil {
				b.Fatal(err)
			}
			m, q := s.Begin(shape), new(Question)
			if answers {
				s.Ask(q)
				m.Answers(q)
			}
			for row := range tape.Root().Elements() {
				m.Row(row)
			}
			m.End()
			s.Answered(q)
		}
	}
}

func BenchmarkMergePageOfNewTasks(b *testing.B) {
	benchmarkNewTasks(b, func(*Store) {}, false)
}

func BenchmarkMergeKnownTasks(b *testing.B) {
	page := taskReply(0, 500)
	s, shape, tape := New(schemas(b)), new(Shape), new(wire.Tape)
	b.SetBytes(int64(len(page)))
	for b.Loop() {
		if err := tape.Scan(page); err != nil {
			b.Fatal(err)
		}
		m := s.Begin(shape)
		for row := range tape.Root().Elements() {
			m.Row(row)
		}
		m.End()
	}
}
