package session_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/production"
)

// overtaken is a session that reads beside another one that writes. Nothing tells it of that but what it asks for.
type overtaken struct {
	*testing.T
	s, other *session.Session
	server   *served
	task     *session.Entity // the first of the session's
	theirs   *session.Entity // the same as the other session has it
	held     atomic.Bool     // the next answer waits until
	release  chan struct{}   // is closed
}

// overtaking runs a test in which answers come in another order than their questions left.
func overtaking(t *testing.T, expression string, run func(t *testing.T, o *overtaken)) {
	synctest.Test(t, func(t *testing.T) {
		o := &overtaken{T: t, server: newServed(t, nil, nil), release: make(chan struct{})}
		require.NoError(t, production.Build(o.server.handler.Store(), production.Plan{Name: "demo", Tasks: 5, User: "demo"}))
		o.s, o.other = o.server.open(t), (&served{handler: o.server.handler}).open(t)
		o.server.lose = func(_ []byte, response *wire.Response) (*wire.Response, error) {
			if o.held.CompareAndSwap(true, false) {
				<-o.release
			}
			return response, nil
		}
		o.task = rowsOf(t, o.s, expression)[0]
		o.theirs = rowsOf(t, o.other, expression)[0]
		require.Equal(t, o.task.PrimaryKey(), o.theirs.PrimaryKey())
		run(t, o)
	})
}

// late asks a question whose answer comes once it is called.
func (o *overtaken) late(expression string) (come func() []*session.Entity) {
	o.held.Store(true)
	q, err := o.s.Query(expression)
	require.NoError(o, err)
	var rows []*session.Entity
	done := make(chan struct{})
	go func() {
		defer close(done)
		rows, err = q.All(o.Context())
	}()
	release := sync.OnceFunc(func() { close(o.release) })
	o.Cleanup(release)
	synctest.Wait()
	require.False(o, o.held.Load(), "it was asked")
	return func() []*session.Entity {
		release()
		<-done
		require.NoError(o, err)
		return rows
	}
}

// write has the other session change the task.
func (o *overtaken) write(attribute string, value any) {
	require.NoError(o, o.theirs.Set(attribute, value))
	commitAll(o, o.other)
}

func TestAnAnswerLeavesWhatALaterQuestionBrought(t *testing.T) {
	const tasks = "select name, description, status.name, parent.name, assignments.resource_id, notes.content from Task order by id"
	overtaking(t, tasks, func(t *testing.T, o *overtaken) {
		o.write("description", "before both")
		come := o.late(tasks)
		o.write("name", "between")
		o.write("description", "between")
		rowsOf(t, o.s, "select name from Task")
		require.Equal(t, "between", o.task.Text("name"))
		rows := come()
		assert.Equal(t, "between", o.task.Text("name"))
		assert.Equal(t, "before both", o.task.Text("description"), "the later question did not ask for it")
		assert.Contains(t, rows, o.task)
		rowsOf(t, o.s, tasks)
		assert.Equal(t, "between", o.task.Text("description"))
		o.write("name", "after")
		rowsOf(t, o.s, tasks)
		assert.Equal(t, "after", o.task.Text("name"), "nothing stays of it")
	})
}

func TestAnAnswerLeavesWhatALaterQuestionFoundUnchanged(t *testing.T) {
	const tasks = "select name, status.name from Task order by id"
	overtaking(t, tasks, func(t *testing.T, o *overtaken) {
		name := o.task.Text("name")
		o.write("name", "for a moment")
		come := o.late(tasks)
		o.write("name", name)
		rowsOf(t, o.s, tasks)
		come()
		assert.Equal(t, name, o.task.Text("name"))
	})
}

func TestAnAnswerLeavesListsAndReferencesThatALaterQuestionBrought(t *testing.T) {
	const tasks = "select name, status.name, notes.content from Task order by id"
	overtaking(t, tasks, func(t *testing.T, o *overtaken) {
		come := o.late(tasks)
		before, others := o.task.Reference("status"), rowsOf(t, o.other, "select name from Status")
		for _, status := range others {
			if status.PrimaryKey()[0] != before.PrimaryKey()[0] {
				o.write("status", status)
				break
			}
		}
		_, err := o.other.CreateNote(o.theirs, "new", session.NoteOptions{})
		require.NoError(t, err)
		commitAll(t, o.other)
		rowsOf(t, o.s, tasks)
		notes, err := o.task.Load(t.Context(), "notes")
		require.NoError(t, err)
		come()
		assert.NotSame(t, before, o.task.Reference("status"))
		after, err := o.task.Load(t.Context(), "notes")
		require.NoError(t, err)
		assert.Equal(t, notes, after)
	})
}

func TestAPageThatWasAskedForAheadLeavesWhatCameMeanwhile(t *testing.T) {
	const tasks = "select name from Task order by id"
	overtaking(t, tasks, func(t *testing.T, o *overtaken) {
		q, err := o.s.Query(tasks, session.QueryOptions{PageSize: 1})
		require.NoError(t, err)
		_, err = q.Next(t.Context())
		require.NoError(t, err)
		synctest.Wait() // the second page is there
		o.theirs = rowsOf(t, o.other, tasks)[1]
		second := rowsOf(t, o.s, tasks)[1]
		o.write("name", "meanwhile")
		rowsOf(t, o.s, tasks)
		_, err = q.Next(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "meanwhile", second.Text("name"))
	})
}

func TestAQuestionThatIsAskedAgainIsTheLatest(t *testing.T) {
	const tasks = "select name from Task order by id"
	overtaking(t, tasks, func(t *testing.T, o *overtaken) {
		o.server.fail = func([]byte) (*wire.Response, error) {
			o.server.fail = nil
			return &wire.Response{Status: 503}, nil
		}
		again, err := o.s.Query(tasks)
		require.NoError(t, err)
		done := make(chan error, 1)
		go func() {
			_, err := again.All(t.Context())
			done <- err
		}()
		synctest.Wait()
		require.Nil(t, o.server.fail, "it was refused once")
		rowsOf(t, o.s, tasks)
		o.write("name", "after that")
		require.NoError(t, <-done)
		assert.Equal(t, "after that", o.task.Text("name"))
	})
}
