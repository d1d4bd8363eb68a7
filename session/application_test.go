package session

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
)

func TestAnIDThatAnEventEmptiesIsReadAgainForItMayBeNullOrText(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, task, server := openWithTask(t)
		before := server.sent()
		statusChanges := func(value any) {
			applyEntities(t, s, "", map[string]any{"entity_type": "Task", "entityType": "task", "entityId": fixtureTask, "action": "update", "keys": []string{"statusid"},
				"changes": map[string]any{"statusid": map[string]any{"old": task.Text("status_id"), "new": value}}})
			settleDown()
		}
		statusChanges("")
		assert.Contains(t, askedOf(server, t, before, "Task"), "status_id")
		assert.Equal(t, inProgress, task.Text("status_id"), "what the server answers holds")
		before = server.sent()
		statusChanges(nil)
		assert.Zero(t, server.sent()-before, "null is one thing only")
		assert.Empty(t, task.Text("status_id"))
	})
}
