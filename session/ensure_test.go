package session_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

func TestEnsuringTheSameAtOnceMakesOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newServed(t, nil, nil)
		s := server.open(t)
		release := make(chan struct{})
		server.lose = func(_ []byte, response *wire.Response) (*wire.Response, error) {
			<-release
			return response, nil
		}
		type result struct {
			entity *session.Entity
			err    error
		}
		results := make(chan result)
		ensure := func(ctx context.Context, name, colour string) {
			e, err := s.Ensure(ctx, "Status", map[string]any{"name": name, "color": colour}, "name")
			results <- result{e, err}
		}
		for _, colour := range []string{"#111111", "#222222", "#333333"} {
			go ensure(t.Context(), "one", colour)
		}
		synctest.Wait()
		impatient, cancel := context.WithCancel(t.Context())
		go ensure(impatient, "one", "#444444")
		synctest.Wait()
		cancel()
		var aborted *session.AbortError
		require.ErrorAs(t, (<-results).err, &aborted)
		go ensure(t.Context(), "other", "#555555")
		synctest.Wait()
		server.mu.Lock()
		asked := strings.Join(server.sent, "\n")
		server.mu.Unlock()
		assert.Contains(t, asked, `\"other\"`, "what is another one does not wait")
		close(release)
		made := map[*session.Entity]int{}
		for range 4 {
			r := <-results
			require.NoError(t, r.err)
			made[r.entity]++
		}
		assert.Len(t, made, 2)
		assert.Len(t, rowsOf(t, server.open(t), `Status where name in ("one", "other")`), 2)
	})
}

func TestEnsuringBelowWhatIsNotCommittedIsRefused(t *testing.T) {
	s, task, server, _ := opened(t)
	shot, err := s.Create("Shot", map[string]any{"name": "new", "parent": task.Reference("parent")})
	require.NoError(t, err)
	sent := len(server.sent)
	_, err = s.Ensure(t.Context(), "Task", map[string]any{"name": "x", "parent": shot})
	assert.EqualError(t, err, "ensure: the Shot is not committed yet: commit it first")
	assert.Len(t, server.sent, sent)
}

func TestAnAnswerThatSaysNothingOfAChangeIsNoCommit(t *testing.T) {
	s, task, server, _ := opened(t)
	require.NoError(t, task.Set("name", "renamed"))
	server.fail = func([]byte) (*wire.Response, error) {
		return &wire.Response{Status: 200, Body: []byte(`[null]`)}, nil
	}
	_, err := s.Commit(t.Context(), session.CommitOptions{})
	var unknown *session.CommitOutcomeUnknownError
	require.ErrorAs(t, err, &unknown)
	assert.ErrorContains(t, err, "a reply to a change is no object")
	assert.Equal(t, 1, s.RecordedOperations().Len())
	server.fail = nil
	commitAll(t, s)
	assert.Equal(t, "renamed", task.Text("name"))
}
