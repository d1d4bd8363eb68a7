package session_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/production"
)

// lostAndFound does something in a session, commits it, loses the answer, and reconciles. A query left before it and is answered after it.
func lostAndFound(t *testing.T, expression string, do func(t *testing.T, s *session.Session, rows []*session.Entity), check func(t *testing.T, s *session.Session, before, after []*session.Entity)) {
	t.Helper()
	var of *session.Session
	underWay(t, 20, expression, errors.New("the wire broke"), func(t *testing.T, s *session.Session, rows []*session.Entity) {
		of = s
		do(t, s, rows)
		_, err := s.Commit(t.Context(), session.CommitOptions{})
		var unknown *session.CommitOutcomeUnknownError
		require.ErrorAs(t, err, &unknown)
		verdicts, err := s.Reconcile(t.Context())
		require.NoError(t, err)
		for _, v := range verdicts {
			require.Equal(t, session.Applied, v.Outcome)
		}
	}, func(t *testing.T, before, after []*session.Entity) {
		check(t, of, before, after)
		require.Zero(t, of.RecordedOperations().Len())
	})
}

func TestAReplyThatLeftBeforeALostCommitDoesNotTakeBackWhatReconcileFound(t *testing.T) {
	lostAndFound(t, "select name, link from Task", func(t *testing.T, s *session.Session, rows []*session.Entity) {
		require.NoError(t, rows[0].Set("name", "renamed"))
	}, func(t *testing.T, s *session.Session, before, after []*session.Entity) {
		assert.Equal(t, "renamed", before[0].Text("name"))
		link, err := before[0].Load(t.Context(), "link")
		require.NoError(t, err)
		assert.Contains(t, string(link.(session.JSON)), "renamed", "what the server makes of it is read anew")
	})
}

func TestAReplyThatLeftBeforeALostDeletionDoesNotBringItBack(t *testing.T) {
	lostAndFound(t, "select name, parent.children.name from Task", func(t *testing.T, s *session.Session, rows []*session.Entity) {
		require.NoError(t, s.Delete(rows[0]))
	}, func(t *testing.T, s *session.Session, before, after []*session.Entity) {
		assert.Equal(t, session.Deleted, before[0].State())
		assert.Len(t, after, len(before)-1)
		children, err := before[1].Reference("parent").Load(t.Context(), "children")
		require.NoError(t, err)
		assert.NotContains(t, children, before[0])
	})
}

func TestAReplyThatLeftBeforeALostMoveDoesNotTakeItBack(t *testing.T) {
	var moved *session.Entity
	lostAndFound(t, "select name, children.name from Shot", func(t *testing.T, s *session.Session, rows []*session.Entity) {
		require.Greater(t, len(rows), 1)
		children, err := rows[0].Load(t.Context(), "children")
		require.NoError(t, err)
		moved = children.([]*session.Entity)[0]
		require.NoError(t, moved.Set("parent", rows[1]))
	}, func(t *testing.T, s *session.Session, before, after []*session.Entity) {
		left, err := before[0].Load(t.Context(), "children")
		require.NoError(t, err)
		assert.NotContains(t, left, moved)
		joined, err := before[1].Load(t.Context(), "children")
		require.NoError(t, err)
		assert.Contains(t, joined, moved)
	})
}

func TestALiveListShowsWhatReconcileFound(t *testing.T) {
	var l *session.Live
	lostAndFound(t, "select name from Task", func(t *testing.T, s *session.Session, rows []*session.Entity) {
		var err error
		l, err = s.Live(`select name from Task where name is "renamed"`)
		require.NoError(t, err)
		require.NoError(t, l.Wait(t.Context()))
		require.NoError(t, rows[0].Set("name", "renamed"))
		require.NoError(t, s.Delete(rows[1]))
	}, func(t *testing.T, s *session.Session, before, after []*session.Entity) {
		require.NoError(t, l.Wait(t.Context()))
		assert.Equal(t, []*session.Entity{before[0]}, l.Rows())
		assert.Equal(t, session.Deleted, before[1].State())
	})
}

// afterALostCommit has a session commit without an answer, arrived or not, do more, reconcile and commit; and gives what the server has then.
func afterALostCommit(t *testing.T, arrived bool, before, after func(t *testing.T, s *session.Session, task *session.Entity)) []string {
	t.Helper()
	server := newServed(t, nil, nil)
	require.NoError(t, production.Build(server.handler.Store(), production.Plan{Name: "demo", Tasks: 5, User: "demo"}))
	s := server.open(t)
	task := rowsOf(t, s, "select name, parent from Task order by id limit 1")[0]
	require.NoError(t, task.Set("name", "first"))
	commitAll(t, s)
	before(t, s, task)
	lost := errors.New("the wire broke")
	if arrived {
		server.lose = func([]byte, *wire.Response) (*wire.Response, error) { return nil, lost }
	} else {
		server.fail = func([]byte) (*wire.Response, error) { return nil, lost }
	}
	_, err := s.Commit(t.Context(), session.CommitOptions{})
	var unknown *session.CommitOutcomeUnknownError
	require.ErrorAs(t, err, &unknown)
	server.lose, server.fail = nil, nil
	after(t, s, task)
	_, err = s.Reconcile(t.Context())
	require.NoError(t, err)
	commitAll(t, s)
	require.Zero(t, s.RecordedOperations().Len())
	var names []string
	for _, e := range rowsOf(t, server.open(t), "select name from Task order by name") {
		names = append(names, e.Text("name"))
	}
	return names
}

func TestWhatIsRecordedAfterALostCommitReachesTheServer(t *testing.T) {
	var created *session.Entity
	create := func(t *testing.T, s *session.Session, task *session.Entity) {
		var err error
		created, err = s.Create("Task", map[string]any{"name": "created", "parent": task.Reference("parent")})
		require.NoError(t, err)
	}
	rename := func(to string) func(*testing.T, *session.Session, *session.Entity) {
		return func(t *testing.T, _ *session.Session, task *session.Entity) { require.NoError(t, task.Set("name", to)) }
	}
	for _, arrived := range []bool{true, false} {
		names := afterALostCommit(t, arrived, create, func(t *testing.T, s *session.Session, _ *session.Entity) { require.NoError(t, s.Delete(created)) })
		assert.NotContains(t, names, "created", "deleted after its creation was lost, arrived %v", arrived)
		assert.Contains(t, names, "first")
		names = afterALostCommit(t, arrived, create, func(t *testing.T, _ *session.Session, _ *session.Entity) {
			require.NoError(t, created.Set("name", "renamed"))
		})
		assert.Contains(t, names, "renamed", "renamed after its creation was lost, arrived %v", arrived)
		assert.NotContains(t, names, "created")
		names = afterALostCommit(t, arrived, rename("second"), rename("first"))
		assert.Contains(t, names, "first", "taken back after the change was lost, arrived %v", arrived)
		assert.NotContains(t, names, "second")
	}
}

func TestACommitWhoseTransportPanicsLosesNothing(t *testing.T) {
	server := newServed(t, nil, nil)
	require.NoError(t, production.Build(server.handler.Store(), production.Plan{Name: "demo", Tasks: 5, User: "demo"}))
	s := server.open(t)
	task := rowsOf(t, s, "select name from Task limit 1")[0]
	require.NoError(t, task.Set("name", "renamed"))
	server.fail = func([]byte) (*wire.Response, error) { panic("boom") }
	assert.Panics(t, func() { s.Commit(t.Context(), session.CommitOptions{}) })
	server.fail = nil
	assert.Equal(t, 1, s.RecordedOperations().Len())
	commitAll(t, s)
	assert.Zero(t, s.RecordedOperations().Len())
	require.NoError(t, s.Close())
}
