package session_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

func TestACommitForWhichNoConnectionCameAboutHasChangedNothing(t *testing.T) {
	s, task, server, _ := opened(t)
	require.NoError(t, task.Set("name", "mine"))
	server.fail = func([]byte) (*wire.Response, error) { return nil, &wire.UnsentError{Err: errLost} }
	_, err := s.Commit(t.Context(), session.CommitOptions{})
	server.fail = nil
	var network *wire.NetworkError
	require.ErrorAs(t, err, &network)
	assert.Equal(t, "NETWORK_ERROR", session.Code(err))
	require.ErrorIs(t, err, errLost)
	assert.Equal(t, 1, s.RecordedOperations().Len())
	sent, err := s.Commit(t.Context(), session.CommitOptions{})
	require.NoError(t, err)
	assert.Equal(t, 1, sent)
}

// opened is a session over the scripts' entities with t1, and its server.
func opened(t *testing.T) (*session.Session, *session.Entity, *served, *scripts) {
	t.Helper()
	file := readScripts(t)
	server := newServed(t, file.entities(), nil)
	s := server.open(t)
	return s, taskOf(t, s, file), server, file
}

func taskOf(t *testing.T, s *session.Session, file *scripts) *session.Entity {
	t.Helper()
	q, err := s.Query(`select name, description, scopes, status, status_id from Task where id is "`+file.IDs["t1"]+`"`, session.QueryOptions{})
	require.NoError(t, err)
	task, err := q.One(t.Context())
	require.NoError(t, err)
	return task
}

var errLost = errors.New("the wire broke")

func writes(body []byte) bool { return !strings.Contains(string(body), `"action":"query`) }

func TestReconcileTellsWhatTheServerHas(t *testing.T) {
	for _, c := range []struct {
		name             string
		arrives          bool
		overwrittenWith  string // by another session, "" for not at all
		outcome          session.Outcome
		recorded         int
		value, committed string // of the session, and on the server after one more commit
	}{
		{"that never arrived", false, "", session.NotApplied, 1, "mine", "mine"},
		{"that was applied", true, "", session.Applied, 0, "mine", "mine"},
		{"that was applied and overwritten since", true, "theirs", session.Undecidable, 1, "mine", "mine"},
		{"that was applied and set back since", true, "comp", session.NotApplied, 1, "mine", "mine"},
	} {
		t.Run("of a batch "+c.name, func(t *testing.T) {
			s, task, server, file := opened(t)
			require.NoError(t, task.Set("name", "mine"))
			if c.arrives {
				server.lose = func([]byte, *wire.Response) (*wire.Response, error) { return nil, errLost }
			} else {
				server.fail = func([]byte) (*wire.Response, error) { return nil, errLost }
			}
			_, err := s.Commit(t.Context(), session.CommitOptions{})
			server.lose, server.fail = nil, nil
			var unknown *session.CommitOutcomeUnknownError
			require.ErrorAs(t, err, &unknown)
			require.ErrorIs(t, err, errLost)
			if c.overwrittenWith != "" {
				other := server.open(t)
				require.NoError(t, taskOf(t, other, file).Set("name", c.overwrittenWith))
				_, err := other.Commit(t.Context(), session.CommitOptions{})
				require.NoError(t, err)
			}
			verdicts, err := s.Reconcile(t.Context())
			require.NoError(t, err)
			require.Len(t, verdicts, 1)
			assert.Equal(t, c.outcome, verdicts[0].Outcome)
			assert.Equal(t, c.recorded, s.RecordedOperations().Len())
			assert.Equal(t, c.value, task.Text("name"))
			_, err = s.Commit(t.Context(), session.CommitOptions{})
			require.NoError(t, err)
			assert.Equal(t, c.committed, taskOf(t, server.open(t), file).Text("name"))
		})
	}
}

func TestReconcileTellsCreatedAndDeletedEntitiesApart(t *testing.T) {
	s, task, server, file := opened(t)
	scope, err := s.Create("Scope", map[string]any{"name": "new"})
	require.NoError(t, err)
	require.NoError(t, s.Delete(task))
	server.lose = func([]byte, *wire.Response) (*wire.Response, error) { return nil, errLost }
	_, err = s.Commit(t.Context(), session.CommitOptions{})
	require.Error(t, err)
	server.lose = nil
	verdicts, err := s.Reconcile(t.Context())
	require.NoError(t, err)
	require.Len(t, verdicts, 2)
	for _, v := range verdicts {
		assert.Equal(t, session.Applied, v.Outcome, "%#v", v.Operation)
	}
	assert.Equal(t, []session.State{session.Unchanged, session.Deleted}, []session.State{scope.State(), task.State()})
	found, err := s.Get(t.Context(), "Task", file.IDs["t1"])
	assert.NoError(t, err)
	assert.Nil(t, found)
}

func TestASecondCommitWaitsForTheFirst(t *testing.T) {
	s, task, server, _ := opened(t)
	require.NoError(t, task.Set("name", "one"))
	entered, leave := make(chan struct{}), make(chan struct{})
	server.fail = func(body []byte) (*wire.Response, error) {
		if strings.Contains(string(body), `"name":"one"`) {
			close(entered)
			<-leave
		}
		return nil, nil
	}
	first := make(chan error)
	go func() {
		_, err := s.Commit(t.Context(), session.CommitOptions{})
		first <- err
	}()
	<-entered
	require.NoError(t, task.Set("description", "two"))
	second := make(chan error)
	go func() {
		_, err := s.Commit(t.Context(), session.CommitOptions{})
		second <- err
	}()
	impatient, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Commit(impatient, session.CommitOptions{})
	var aborted *session.AbortError
	require.ErrorAs(t, err, &aborted, "nothing of it was sent")
	close(leave)
	require.NoError(t, <-first)
	require.NoError(t, <-second)
	require.Len(t, server.sent, 2+1) // a query before them
	assert.Contains(t, server.sent[1], `"name":"one"`)
	assert.Contains(t, server.sent[2], `"description":"two"`)
	assert.Zero(t, s.RecordedOperations().Len())
}

func TestABatchThatIsTooLargeIsRefusedOrSplit(t *testing.T) {
	s, _, server, _ := opened(t)
	for i := range session.MaxBatch + 10 {
		_, err := s.Create("Scope", map[string]any{"name": fmt.Sprint("scope ", i)})
		require.NoError(t, err)
	}
	server.sent = nil
	_, err := s.Commit(t.Context(), session.CommitOptions{})
	var refused *session.OperationError
	require.ErrorAs(t, err, &refused)
	assert.ErrorContains(t, err, "5010 operations are more than the 5000")
	assert.Empty(t, server.sent)
	assert.Equal(t, session.MaxBatch+10, s.RecordedOperations().Len())
	n, err := s.Commit(t.Context(), session.CommitOptions{Split: true})
	require.NoError(t, err)
	assert.Equal(t, session.MaxBatch+10, n)
	assert.Len(t, server.sent, 2)
	assert.Zero(t, s.RecordedOperations().Len())
}

func TestARefusedPartOfASplitBatchKeepsWhatWasNotTaken(t *testing.T) {
	s, _, server, _ := opened(t)
	for i := range session.MaxBatch + 10 {
		_, err := s.Create("Scope", map[string]any{"name": fmt.Sprint("scope ", i)})
		require.NoError(t, err)
	}
	requests := 0
	server.fail = func(body []byte) (*wire.Response, error) {
		if requests++; requests == 2 {
			return &wire.Response{Status: 200, Body: refused}, nil
		}
		return nil, nil
	}
	n, err := s.Commit(t.Context(), session.CommitOptions{Split: true})
	var server2 *wire.ServerError
	require.ErrorAs(t, err, &server2)
	assert.Len(t, server2.Operations, 10)
	assert.Equal(t, session.MaxBatch, n)
	assert.Equal(t, 10, s.RecordedOperations().Len())
	assert.Len(t, s.Created(), 10)
	server.fail = nil
	n, err = s.Commit(t.Context(), session.CommitOptions{})
	assert.NoError(t, err)
	assert.Equal(t, 10, n)
}

func TestEntitiesBelowADeletedOneGoWithIt(t *testing.T) {
	s, task, _, file := opened(t)
	q, err := s.Query("select name, children.name, children.parent from Shot", session.QueryOptions{})
	require.NoError(t, err)
	shot, err := q.One(t.Context())
	require.NoError(t, err)
	require.NoError(t, task.Set("name", "never sent"))
	sequence, err := s.Get(t.Context(), "Sequence", file.IDs["sq"])
	require.NoError(t, err)
	require.NoError(t, s.Populate(t.Context(), []*session.Entity{sequence}, "children.name"))
	require.NoError(t, task.Revert())
	require.NoError(t, s.Delete(shot))
	_, err = s.Commit(t.Context(), session.CommitOptions{})
	require.NoError(t, err)
	assert.Equal(t, []session.State{session.Deleted, session.Deleted}, []session.State{shot.State(), task.State()})
	children, err := sequence.Collection("children")
	require.NoError(t, err)
	members, loaded := children.Entities()
	assert.True(t, loaded)
	assert.Empty(t, members)
}

func TestBothEndsOfARelationMoveTogether(t *testing.T) {
	s, task, _, file := opened(t)
	q, err := s.Query(`select name, children.name from Shot`, session.QueryOptions{})
	require.NoError(t, err)
	shot, err := q.One(t.Context())
	require.NoError(t, err)
	sequence, err := s.Get(t.Context(), "Sequence", file.IDs["sq"])
	require.NoError(t, err)
	children, err := shot.Collection("children")
	require.NoError(t, err)
	require.NoError(t, s.Populate(t.Context(), []*session.Entity{task}, "parent.name"))
	before, _ := children.Entities()
	require.True(t, slices.Contains(before, task))
	require.NoError(t, task.Set("parent", sequence))
	after, _ := children.Entities()
	assert.False(t, slices.Contains(after, task))
	assert.Equal(t, file.IDs["sq"], task.Text("parent_id"))
	s.Rollback()
	restored, _ := children.Entities()
	assert.True(t, slices.Equal(before, restored))
	assert.Same(t, shot, task.Reference("parent"))
}

func TestACollectionThatMayHoldWhatACommitCreatedIsAskedForAgain(t *testing.T) {
	s, task, _, _ := opened(t)
	q, err := s.Query("select id from User")
	require.NoError(t, err)
	user, err := q.First(t.Context())
	require.NoError(t, err)
	require.NoError(t, s.Populate(t.Context(), []*session.Entity{task}, "notes.id", "assignments.id", "timelogs.id"))
	members := func(e *session.Entity, name string) ([]*session.Entity, bool) {
		c, err := e.Collection(name)
		require.NoError(t, err)
		return c.Entities()
	}
	note, err := s.CreateNote(task, "Looks great", session.NoteOptions{})
	require.NoError(t, err)
	appointment, err := s.Create("Appointment", map[string]any{"context_id": task.PrimaryKey()[0], "resource_id": user.PrimaryKey()[0], "type": "assignment"})
	require.NoError(t, err)
	_, err = s.Commit(t.Context(), session.CommitOptions{})
	require.NoError(t, err)
	for name, created := range map[string]*session.Entity{"notes": note, "assignments": appointment} {
		_, loaded := members(task, name)
		assert.False(t, loaded, name)
		require.NoError(t, s.Populate(t.Context(), []*session.Entity{task}, name))
		list, _ := members(task, name)
		assert.Contains(t, list, created, name)
	}
	_, loaded := members(task, "timelogs")
	assert.True(t, loaded, "no timelog was created")
}

func TestNothingChangesWhenAChangeIsRefused(t *testing.T) {
	s, task, _, file := opened(t)
	other := newServed(t, file.entities(), nil).open(t)
	foreign := taskOf(t, other, file)
	deleted, err := s.Create("Scope", map[string]any{"name": "short"})
	require.NoError(t, err)
	require.NoError(t, s.Delete(deleted))
	operations := s.RecordedOperations().Len()
	var attribute *session.AttributeError
	var immutable *session.ImmutableAttributeError
	var state *session.InvalidStateError
	var argument *session.ArgumentError
	var operation *session.OperationError
	var twice *session.DuplicateItemInCollectionError
	var unrecognised *session.UnrecognisedEntityTypeError
	collection, err := task.Collection("scopes")
	require.NoError(t, err)
	_, createUnknown := s.Create("Taks", nil)
	_, createWrong := s.Create("Task", map[string]any{"name": 7})
	_, createMember := s.Create("Task", map[string]any{"scopes": []*session.Entity{task}})
	_, createTwice := s.Create("Task", map[string]any{"children": []*session.Entity{task, task}})
	_, createKeyless := s.Create("Metadata", map[string]any{"key": "k"})
	for _, c := range []struct {
		err    error
		target any
		text   string
	}{
		{task.Set("nmae", "x"), &attribute, `Task has no attribute "nmae": did you mean "name"?`},
		{task.Set("name", 7), &attribute, "Task.name takes text, not number"},
		{task.Set("name", struct{}{}), &attribute, `"name" cannot be written: encode: a value of this type cannot be sent`},
		{task.Set("scopes", []string{"sc1"}), &attribute, "Task.scopes takes a list of entities of type Scope, not array"},
		{task.Set("scopes", []any{s.EntityReference(task)}), &attribute, "Task.scopes takes a list of entities of type Scope, not array"},
		{task.Set("metadata", []string{"a"}), &attribute, "Task.metadata takes values by key"},
		{task.Set("start_date", "tomorrow"), &attribute, "Task.start_date takes a date and time such as 2024-10-29T22:00:00Z, not text"},
		{task.Set("status", task), &attribute, "Task.status takes an entity of type Status, not an entity of type Task"},
		{task.Set("id", "x"), &immutable, "Task.id cannot be set"},
		{task.Set("time_logged", 1), &immutable, "the server computes it"},
		{task.SetAll(map[string]any{"name": "x", "bid": "y"}), &attribute, "Task.bid takes a number"},
		{task.Set("parent", foreign), &argument, "another session"},
		{deleted.Set("name", "x"), &state, "is deleted"},
		{s.Delete(deleted), &state, "is deleted"},
		{s.Delete(foreign), &argument, "another session"},
		{collection.Add(deleted, task), &attribute, `"scopes" holds entities of type Scope, not Task`},
		{createUnknown, &unrecognised, `did you mean "Task"?`},
		{createWrong, &attribute, "Task.name takes text"},
		{createMember, &attribute, `"scopes" holds entities of type Scope, not Task`},
		{createTwice, &twice, `stands twice in the list for "children"`},
		{createKeyless, &operation, `needs a value for "parent_id"`},
		{s.RecordedOperations().Push(&session.DeleteEntityOperation{EntityType: "Task"}), &operation, "primary key of other parts"},
	} {
		require.ErrorAs(t, c.err, c.target)
		assert.ErrorContains(t, c.err, c.text)
	}
	assert.Equal(t, operations, s.RecordedOperations().Len())
	assert.Equal(t, "comp", task.Text("name"))
	assert.Equal(t, session.Unchanged, task.State())
	require.NoError(t, s.Close())
	assert.ErrorIs(t, task.Set("name", "x"), session.ErrConnectionClosed)
	_, err = s.Commit(t.Context(), session.CommitOptions{})
	assert.ErrorIs(t, err, session.ErrConnectionClosed)
	assert.Equal(t, "comp", task.Text("name"))
}

func TestAnEntityWhoseOldOwnerIsNotKnownLeavesItsCollections(t *testing.T) {
	s, _, _, file := opened(t)
	q, err := s.Query("select children.name from Shot")
	require.NoError(t, err)
	shots, err := q.All(t.Context())
	require.NoError(t, err)
	children, err := shots[0].Collection("children")
	require.NoError(t, err)
	list, loaded := children.Entities()
	require.True(t, loaded)
	task := list[slices.IndexFunc(list, func(e *session.Entity) bool { return e.PrimaryKey()[0] == file.IDs["t1"] })]
	_, known := task.Value("parent")
	require.False(t, known)
	require.NoError(t, task.Set("parent", nil))
	_, err = s.Commit(t.Context(), session.CommitOptions{})
	require.NoError(t, err)
	list, loaded = children.Entities()
	assert.True(t, loaded)
	assert.NotContains(t, list, task)
	assert.Len(t, list, 1)
}

func TestEntitiesBelowADeletedOneGoWithItWhereOnlyTheirForeignKeyIsLoaded(t *testing.T) {
	s, _, server, file := opened(t)
	q, err := s.Query("select name, context_type, parent_id from Task")
	require.NoError(t, err)
	tasks, err := q.All(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, tasks)
	sequence, err := s.Get(t.Context(), "Sequence", file.IDs["sq"])
	require.NoError(t, err)
	q, err = s.Query("select name, parent_id from Shot")
	require.NoError(t, err)
	_, err = q.All(t.Context())
	require.NoError(t, err)
	require.NoError(t, s.Delete(sequence))
	_, err = s.Commit(t.Context(), session.CommitOptions{})
	require.NoError(t, err)
	server.sent = nil
	for _, task := range tasks {
		assert.Equal(t, session.Deleted, task.State())
		none, err := s.Get(t.Context(), "Task", task.PrimaryKey()...)
		assert.NoError(t, err)
		assert.Nil(t, none)
	}
	assert.Len(t, server.sent, len(tasks), "what is gone is in no memory")
}
