package session

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhatAnAttributeTakesIsSaidOfWhatCanBeWritten(t *testing.T) {
	s := open(t, &script{answer: echo})
	task, err := s.Create("Task", map[string]any{"name": "a", "assignments": []*Entity{}})
	require.NoError(t, err)
	decoded, err := s.Decode([]byte(`{"__entity_type__":"Task","id":"t"}`))
	require.NoError(t, err)
	known := decoded.(*Entity)

	for _, c := range []struct {
		entity      *Entity
		name, value string
		want        string
	}{
		{known, "link", `[]`, "Task.link cannot be set: it is immutable"},
		{task, "status", `{"__entity_type__":"User","id":"u"}`, "Task.status takes an entity of type Status, not an entity of type User"},
		{task, "parent", `{"__entity_type__":"Status","id":"u"}`, "Task.parent takes an entity of type Context, not an entity of type Status"},
		{task, "metadata", `{"a":"b"}`, "Task.metadata takes values by key, when the entity is created; afterwards its mapping sets and deletes them (set, delete), not object"},
	} {
		require.EqualError(t, c.entity.Set(c.name, JSON(c.value)), c.want)
	}
	for name, value := range map[string]string{"status": `{"__entity_type__":"Status","id":"u"}`, "parent": `{"__entity_type__":"Shot","id":"s"}`, "project": `{"__entity_type__":"Project","id":"p"}`} {
		assert.NoError(t, task.Set(name, JSON(value)), name)
	}
	_, err = s.Create("Task", map[string]any{"status": JSON(`{"__entity_type__":"User","id":"u"}`)})
	require.EqualError(t, err, "Task.status takes an entity of type Status, not an entity of type User")
}

func TestWhatTheSchemaCountsUpTakesNothingElse(t *testing.T) {
	s := open(t, &script{answer: echo})
	const want = `Job.status takes one of queued, running, done, failed, not "finished"`
	_, err := s.Create("Job", map[string]any{"status": "finished"})
	require.EqualError(t, err, want)
	job, err := s.Create("Job", map[string]any{"status": "running"})
	require.NoError(t, err)
	var wrong *AttributeError
	err = job.Set("status", "finished")
	require.ErrorAs(t, err, &wrong)
	require.EqualError(t, err, want)
	assert.Equal(t, "running", job.Text("status"))
	require.NoError(t, job.Set("status", "done"))
	require.NoError(t, job.Set("status", nil))
}
