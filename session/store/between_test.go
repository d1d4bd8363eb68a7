package store

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMergesBetweenTheStepsOfASweepLeaveNoReferenceToNothing(t *testing.T) {
	all := schemas(t)
	for seed := range uint64(6) {
		random := rand.New(rand.NewPCG(seed, 42))
		s := New(all)
		var held Record
		for range 60 {
			s.SweepBegin()
			s.SweepRoot(held)
			for {
				m := &model{types: map[string]string{}, remote: map[string]map[string]modelValue{}}
				var rows []string
				for range 1 + random.IntN(3) {
					row, _ := m.row(random, 2)
					rows = append(rows, row)
				}
				records, _ := merge(t, s, "["+strings.Join(rows, ",")+"]")
				if held == 0 {
					held = records[0]
				}
				if s.SweepStep(1 + random.IntN(60)) {
					break
				}
			}
			checkStore(t, s)
			require.True(t, s.Alive(held))
		}
	}
}

func TestAnEntityThatComesBackWhileItIsSweptHasNoValuesOfBefore(t *testing.T) {
	s := New(schemas(t))
	merge(t, s, `[{"__entity_type__":"Status","id":"s"},{"__entity_type__":"Task","id":"a","name":"old","status":{"__entity_type__":"Status","id":"s"}}]`)
	s.SweepBegin()
	s.SweepStep(1) // evicts the status
	merge(t, s, `[{"__entity_type__":"Task","id":"a"},{"__entity_type__":"User","id":"u"}]`)
	for !s.SweepStep(1) {
	}
	checkStore(t, s)
	require.Equal(t, "not loaded", read(s, s.Find("Task", "a"), "status"))
}

func TestARecordMarkedLateIsSweptAgainLikeAnyOther(t *testing.T) {
	s := New(schemas(t))
	rows, _ := merge(t, s, `[{"__entity_type__":"Task","id":"a","status":{"__entity_type__":"Status","id":"s","name":"done"}},{"__entity_type__":"Task","id":"b"}]`)
	s.SweepBegin()
	for _, r := range alive(s) {
		s.SweepRoot(r)
	}
	s.SweepStep(4) // three marks followed, the first record passed
	merge(t, s, `{"__entity_type__":"Task","id":"a"}`)
	for !s.SweepStep(1) {
	}
	sweepAll(s, 1, rows[0])
	checkStore(t, s)
	require.Equal(t, "done", read(s, rows[0], "status", "name"))
}

func TestAnEmptyTypeNameIsNoEntity(t *testing.T) {
	s := New(schemas(t))
	for _, text := range []string{`{"__entity_type__":""}`, `{"__entity_type__":"","id":"a"}`} {
		rows, _ := merge(t, s, text)
		require.Empty(t, rows, text)
	}
	require.Zero(t, s.Count())
}

func TestAKeyWithAnEscapeIsNotTheTextOfTheEscape(t *testing.T) {
	s := New(schemas(t))
	rows, _ := merge(t, s, `[{"__entity_type__":"Own","id":"1","a\\u0062":"x"},{"__entity_type__":"Own","id":"2","a\u0062":"y"}]`)
	require.Equal(t, "y", read(s, rows[1], "ab"))
	require.Equal(t, "not loaded", read(s, rows[1], `a\u0062`))
}

func TestMoreTypesThanTheStoreNumbersAreNoEntities(t *testing.T) {
	s := New(schemas(t))
	for len(s.families) <= math.MaxInt16 {
		s.families = append(s.families, s.families[0])
	}
	rows, _ := merge(t, s, `[{"__entity_type__":"Task","id":"a"},{"__entity_type__":"Own","id":"b"}]`)
	require.Len(t, rows, 1)
}
