package session

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAChangeCostsTheSameHoweverManyAreRecorded compares many changes in one batch with as many in eight: what looks at all of a
// batch for each change of it takes eight times as long.
func TestAChangeCostsTheSameHoweverManyAreRecorded(t *testing.T) {
	const many, parts = 16_000, 8
	for name, change := range map[string]func(*testing.T, *Session, []*Entity){
		"updates": func(t *testing.T, s *Session, tasks []*Entity) {
			for _, e := range tasks {
				require.NoError(t, e.Set("description", "seen"))
			}
		},
		"updates of what is created": func(t *testing.T, s *Session, tasks []*Entity) {
			made := make([]*Entity, len(tasks))
			for i := range tasks {
				var err error
				made[i], err = s.Create("Note", map[string]any{"content": "made"})
				require.NoError(t, err)
			}
			for _, e := range made {
				require.NoError(t, e.Set("content", "changed"))
			}
		},
		"metadata": func(t *testing.T, _ *Session, tasks []*Entity) {
			for _, e := range tasks {
				metadata, err := e.Mapping("metadata")
				require.NoError(t, err)
				require.NoError(t, metadata.Set("a", "1"))
				require.NoError(t, metadata.Set("b", "2"))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, tasks := linked(t, many)
			measure := func(tasks []*Entity) time.Duration {
				began := time.Now()
				change(t, s, tasks)
				s.mu.Lock()
				taken := s.takeLog()
				planned := s.plan(taken.log)
				took := time.Since(began)
				s.putBack(taken)
				s.mu.Unlock()
				require.NotEmpty(t, planned)
				s.Rollback()
				return took
			}
			best := 1e9
			for round := 0; round < 3 && best > 2; round++ {
				whole := measure(tasks)
				var apart time.Duration
				for i := range parts {
					apart += measure(tasks[i*many/parts : (i+1)*many/parts])
				}
				best = min(best, float64(whole)/float64(apart))
			}
			assert.Less(t, best, 2.0, fmt.Sprintf("times the time of the same in %d batches", parts))
		})
	}
}
