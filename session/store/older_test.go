package store

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

func TestAnOlderReplyFillsOnlyWhatIsMissing(t *testing.T) {
	s := New(schemas(t))
	merge(t, s, `{"__entity_type__":"Task","id":"t1","name":"new","status":{"__entity_type__":"Status","id":"s1"},"scopes":[]}`)
	root, err := wire.Parse([]byte(`[{"__entity_type__":"Task","id":"t1","name":"old","bid":3,"status":{"__entity_type__":"Status","id":"s2","name":"Done"},
		"scopes":[{"__entity_type__":"Scope","id":"c","name":"one"}],"thumbnail_url":{"url":"https://x/?apiKey=secret"},"time_logged":7},
		{"__entity_type__":"Task","id":"t2","name":"other","thumbnail_url":"https://x/?apiKey=secret"}]`))
	require.NoError(t, err)
	m := s.BeginOlder(nil)
	for row := range root.Elements() {
		m.Row(row)
	}
	m.End()
	t1, t2 := s.Find("Task", "t1"), s.Find("Task", "t2")
	assert.Equal(t, "new", read(s, t1, "name"))
	assert.Equal(t, "3", read(s, t1, "bid"))
	assert.Equal(t, "[Status s1]", "["+read(s, t1, "status")+"]")
	assert.Equal(t, "Done", read(s, s.Find("Status", "s2"), "name"), "what is nested fills too")
	assert.Equal(t, "[]", read(s, t1, "scopes"))
	assert.Equal(t, "one", read(s, s.Find("Scope", "c"), "name"))
	assert.Equal(t, "other", read(s, t2, "name"))
	for _, name := range []string{"thumbnail_url", "time_logged"} {
		assert.Nil(t, s.Read(t1, s.Slot("Task", name)), "what the server computes is not taken")
		assert.Nil(t, s.Read(t2, s.Slot("Task", name)))
	}
}
