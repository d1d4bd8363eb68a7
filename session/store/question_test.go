package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// answering is a merge of the rows of an answer, some at a time.
type answering struct {
	question *Question
	merge    *Merge
	rows     []wire.Node
}

func answerTo(t *testing.T, s *Store, q *Question, shape *Shape, text string) *answering {
	root, err := wire.Parse([]byte(text))
	require.NoError(t, err)
	m := s.Begin(shape)
	m.Answers(q)
	return &answering{q, m, root.List()}
}

// take merges the next row, and ends the question after the last one.
func (a *answering) take(s *Store) (more bool) {
	if len(a.rows) > 0 {
		a.merge.Row(a.rows[0])
		a.rows = a.rows[1:]
		return true
	}
	a.merge.End()
	s.Answered(a.question)
	return false
}

func (a *answering) takeAll(s *Store) {
	for a.take(s) {
	}
}

// Every value is that of the question that left last, of those whose answers brought it; whatever the order of the answers, and although
// their rows come in turns.
func TestValuesAreThoseOfTheQuestionThatLeftLast(t *testing.T) {
	all := schemas(t)
	ids := []string{task1, task2, "11111111-1111-4111-8111-111111111113"}
	attributes := []string{"name", "description", "bid", "status_id", "scopes", "status"}
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 8))
		s, shape := New(all), new(Shape)
		type known struct {
			number int
			text   string
		}
		want, asked := map[string]known{}, 0
		type open struct {
			number  int
			columns []string
			merge   *answering
		}
		var under []*open
		object := func(number int, columns []string) string {
			// Few values, so that some come unchanged.
			var b strings.Builder
			for _, id := range ids {
				if random.IntN(4) == 0 {
					continue
				}
				fmt.Fprintf(&b, `{"__entity_type__":"Task","id":"%s"`, id)
				for _, column := range columns {
					value := fmt.Sprintf("a text of %d", random.IntN(3))
					json := `"` + value + `"`
					switch column {
					case "bid":
						value = fmt.Sprint(random.IntN(3))
						json = value
					case "status":
						value = fmt.Sprintf("a name of %d", random.IntN(3))
						json = fmt.Sprintf(`{"__entity_type__":"Status","id":"%s","name":"%s"}`, status1, value)
						if at := "Status.name"; want[at].number <= number {
							want[at] = known{number, value}
						}
					case "scopes":
						value = "[]"
						if json = value; random.IntN(2) == 0 {
							value = "[Scope c]"
							json = `[{"__entity_type__":"Scope","id":"c"}]`
						}
					}
					fmt.Fprintf(&b, `,%q:%s`, column, json)
					if at := id + "." + column; column != "status" && want[at].number <= number {
						want[at] = known{number, value}
					}
				}
				b.WriteString("},")
			}
			return "[" + strings.TrimSuffix(b.String(), ",") + "]"
		}
		questions := map[*open]*Question{}
		for range 60 {
			switch n := len(under); {
			case n == 0 || n < 4 && random.IntN(3) == 0:
				asked++
				o := &open{number: asked}
				for _, i := range random.Perm(len(attributes))[:1+random.IntN(3)] {
					o.columns = append(o.columns, attributes[i])
				}
				questions[o] = new(Question)
				s.Ask(questions[o])
				under = append(under, o)
			default:
				i := random.IntN(n)
				o := under[i]
				switch {
				case o.merge == nil && random.IntN(5) == 0:
					asked++
					o.number = asked
					s.Ask(questions[o])
				case o.merge == nil:
					with := shape
					if random.IntN(2) == 0 {
						with = nil
					}
					o.merge = answerTo(t, s, questions[o], with, object(o.number, o.columns))
				case !o.merge.take(s):
					under = slices.Delete(under, i, i+1)
				}
			}
		}
		for _, o := range under {
			if o.merge != nil {
				o.merge.takeAll(s)
			}
			s.Answered(questions[o])
		}
		for at, w := range want {
			id, column, _ := strings.Cut(at, ".")
			got := ""
			if id == "Status" {
				got = read(s, s.Find("Status", status1), "name")
			} else {
				got = read(s, s.Find("Task", id), column)
			}
			require.Equal(t, w.text, got, "seed %d: %s", seed, at)
		}
		require.Empty(t, s.questions)
		checkStore(t, s)
	}
}

func TestAnEvictedRecordLeavesNothingToTheNextOne(t *testing.T) {
	s := New(schemas(t))
	var early, late Question
	s.Ask(&early)
	s.Ask(&late)
	answerTo(t, s, &late, nil, `[{"__entity_type__":"Task","id":"t1","name":"late"}]`).takeAll(s)
	before := s.Find("Task", "t1")
	sweepAll(s, 1<<20)
	merge(t, s, `{"__entity_type__":"Task","id":"t2","name":"before both"}`)
	require.Equal(t, before, s.Find("Task", "t2"), "it has the place of the other")
	answerTo(t, s, &early, nil, `[{"__entity_type__":"Task","id":"t2","name":"early"}]`).takeAll(s)
	assert.Equal(t, "early", read(s, before, "name"))
}

func TestWhatAQuestionBroughtIsAsOldAsTheQuestion(t *testing.T) {
	s, now := New(schemas(t)), uint32(1)
	s.Clock = func() uint32 { return now }
	var q Question
	s.Ask(&q)
	now = 3
	answerTo(t, s, &q, nil, `[{"__entity_type__":"Task","id":"t1","name":"of 1"}]`).takeAll(s)
	root, err := wire.Parse([]byte(`{"__entity_type__":"Task","id":"t1","name":"of 2"}`))
	require.NoError(t, err)
	m := s.BeginLate(2)
	m.Row(root)
	m.End()
	assert.Equal(t, "of 2", read(s, s.Find("Task", "t1"), "name"))
}

func TestWhatSomebodyElseWasToldIsNewerThanAnswersToQuestionsThatLeftBefore(t *testing.T) {
	s, now := New(schemas(t)), uint32(1)
	s.Clock = func() uint32 { return now }
	merge(t, s, `{"__entity_type__":"Task","id":"t1","name":"loaded","description":"loaded","time_logged":1}`)
	late := func(told uint32, text string) {
		root, err := wire.Parse([]byte(text))
		require.NoError(t, err)
		m := s.BeginLate(told)
		m.Row(root)
		m.End()
	}
	var before, after Question
	now = 3
	s.Ask(&before)
	now = 6
	s.Ask(&after)
	late(5, `{"__entity_type__":"Task","id":"t1","name":"told at 5","time_logged":5}`)
	late(1, `{"__entity_type__":"Task","id":"t1","description":"told at 1"}`)
	answerTo(t, s, &before, nil, `[{"__entity_type__":"Task","id":"t1","name":"of 3","description":"of 3","time_logged":3}]`).takeAll(s)
	task := s.Find("Task", "t1")
	assert.Equal(t, "told at 5", read(s, task, "name"))
	assert.Equal(t, "of 3", read(s, task, "description"), "what was told before the question left is older than its answer")
	assert.Equal(t, "3", read(s, task, "time_logged"), "what the server computes is taken from nobody else")
	answerTo(t, s, &after, nil, `[{"__entity_type__":"Task","id":"t1","name":"of 6"}]`).takeAll(s)
	assert.Equal(t, "of 6", read(s, task, "name"))
}

func TestWhatSomebodyElseWasToldBeforeFillsNothing(t *testing.T) {
	for name, since := range map[string]func(s *Store, r Record){
		"its own row": func(s *Store, _ Record) {
			var q Question
			s.Ask(&q)
			answerTo(t, s, &q, nil, `[{"__entity_type__":"Task","id":"t1","name":"of 4"}]`).takeAll(s)
		},
		"what was made not loaded": func(s *Store, r Record) {
			s.Unload(r, s.Slot("Task", "description"))
			s.Unload(r, s.Slot("Task", "scopes"))
		},
		"what an event told": func(s *Store, _ Record) { s.FillFromNow() },
	} {
		t.Run(name, func(t *testing.T) {
			s, now := New(schemas(t)), uint32(1)
			s.Clock = func() uint32 { return now }
			merge(t, s, `{"__entity_type__":"Task","id":"t1","name":"of 1"}`)
			r := s.Find("Task", "t1")
			now = 4
			since(s, r)
			now = 5
			late := func(told uint32) {
				root, err := wire.Parse([]byte(`{"__entity_type__":"Task","id":"t1","description":"late","scopes":[{"__entity_type__":"Scope","id":"c","name":"of it"}]}`))
				require.NoError(t, err)
				m := s.BeginLate(told)
				m.Row(root)
				assert.Empty(t, m.End().Doubted)
			}
			late(3)
			assert.Nil(t, s.Read(r, s.Slot("Task", "description")))
			assert.Nil(t, s.Read(r, s.Slot("Task", "scopes")))
			late(5)
			assert.Equal(t, "late", read(s, r, "description"))
			assert.Equal(t, "[Scope c]", read(s, r, "scopes"))
		})
	}
}

func BenchmarkMergeOfAnswersThatOvertakeThree(b *testing.B) {
	benchmarkNewTasks(b, func(s *Store) {
		for range 3 {
			s.Ask(new(Question))
		}
	}, true)
}
