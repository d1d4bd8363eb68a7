package store

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// rowsOf merges the rows of one reply after the other, each by the same shape, as the pages of a query come.
func rowsOf(t *testing.T, s *Store, shape *Shape, replies ...string) {
	t.Helper()
	for _, text := range replies {
		root, err := wire.Parse([]byte(text))
		require.NoError(t, err)
		m := s.Begin(shape)
		require.NotZero(t, m.Row(root))
		m.End()
	}
}

func statusRow(id, status string) string {
	return `{"id":"` + id + `","status":` + status + `,"__entity_type__":"Task"}`
}

const (
	plainStatus  = `{"name":"Ready","id":"` + status1 + `","__entity_type__":"Status"}`
	nestedStatus = `{"name":"Ready","state":{"short":"WIP","id":"` + task2 + `","__entity_type__":"State"},"id":"` + status1 + `","__entity_type__":"Status"}`
)

func TestAnObjectThatComesAgainIsMergedAgainAfterAnyChange(t *testing.T) {
	s, shape := New(schemas(t)), new(Shape)
	rowsOf(t, s, shape, statusRow(task1, plainStatus), statusRow(task2, plainStatus))
	epoch := *s.Epoch()
	rowsOf(t, s, shape, statusRow(task2, plainStatus))
	assert.Equal(t, epoch, *s.Epoch(), "nothing is new")
	merge(t, s, `{"id":"`+status1+`","name":"Done","__entity_type__":"Status"}`)
	r := s.Find("Status", status1)
	assert.Equal(t, "Done", read(s, r, "name"))
	rowsOf(t, s, shape, statusRow(task1, plainStatus))
	assert.Equal(t, "Ready", read(s, r, "name"))
}

func TestAnObjectThatComesAgainBringsWhatIsNestedInItAgain(t *testing.T) {
	s, shape := New(schemas(t)), new(Shape)
	rowsOf(t, s, shape, statusRow(task1, nestedStatus), statusRow(task1, nestedStatus))
	merge(t, s, `{"id":"`+task2+`","short":"DONE","__entity_type__":"State"}`)
	rowsOf(t, s, shape, statusRow(task1, nestedStatus))
	assert.Equal(t, "WIP", read(s, s.Find("Status", status1), "state", "short"))
}

func TestAnObjectThatComesAgainUnderAnotherIdentityIsNotTheOneBefore(t *testing.T) {
	s, shape := New(schemas(t)), new(Shape)
	other := `{"name":"Other","id":"` + task2 + `","__entity_type__":"Status"}`
	rowsOf(t, s, shape, statusRow(task1, plainStatus), statusRow(task1, other), statusRow(task1, plainStatus))
	assert.Equal(t, "Status "+status1, read(s, s.Find("Task", task1), "status"))
	rowsOf(t, s, shape, statusRow(task1, other))
	assert.Equal(t, "Other", read(s, s.Find("Task", task1), "status", "name"))
}

func TestAnObjectThatComesAgainAfterItsEvictionIsMadeAgain(t *testing.T) {
	s, shape := New(schemas(t)), new(Shape)
	rowsOf(t, s, shape, statusRow(task1, plainStatus), statusRow(task1, plainStatus))
	sweepAll(s, 1<<20)
	require.Zero(t, s.Count(), "nobody holds anything")
	rowsOf(t, s, shape, statusRow(task2, plainStatus))
	assert.Equal(t, "Ready", read(s, s.Find("Task", task2), "status", "name"))
	checkStore(t, s)
}

func TestAnObjectThatComesAgainDuringASweepStays(t *testing.T) {
	s, shape := New(schemas(t)), new(Shape)
	rowsOf(t, s, shape, statusRow(task1, plainStatus), statusRow(task1, plainStatus))
	require.True(t, s.SweepBegin())
	rowsOf(t, s, shape, statusRow(task2, plainStatus))
	for !s.SweepStep(1) {
		continue
	}
	assert.Equal(t, "Ready", read(s, s.Find("Task", task2), "status", "name"))
	checkStore(t, s)
}

func TestARecordWatchedWhileItsReplyIsMergedIsTold(t *testing.T) {
	s := New(schemas(t))
	root, err := wire.Parse([]byte(`[{"id":"` + task1 + `","__entity_type__":"Task"},{"id":"` + task1 + `","name":"late","__entity_type__":"Task"}]`))
	require.NoError(t, err)
	m := s.Begin(nil)
	rows := root.List()
	r := m.Row(rows[0])
	s.Watch(r, true)
	m.Row(rows[1])
	assert.Equal(t, []Record{r}, m.End().Watched)
}
