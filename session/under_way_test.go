package session_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// whileACommitIsUnderWay records something, commits it, and does something while the answer, which is a refusal or not, is under way.
func whileACommitIsUnderWay(t *testing.T, refused bool, record, meanwhile, after func(t *testing.T, s *session.Session, task *session.Entity)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s, task, server, _ := opened(t)
		release := make(chan struct{})
		server.lose = func(body []byte, response *wire.Response) (*wire.Response, error) {
			if isWrite(body) {
				<-release
			}
			return response, nil
		}
		if refused {
			server.fail = func(body []byte) (*wire.Response, error) {
				if !isWrite(body) || strings.Contains(string(body), "later") {
					return nil, nil
				}
				<-release
				return &wire.Response{Status: 200, Body: []byte(`{"exception":"ValidationError","content":"no"}`)}, nil
			}
		}
		record(t, s, task)
		done := make(chan error, 1)
		go func() { _, err := s.Commit(t.Context(), session.CommitOptions{}); done <- err }()
		time.Sleep(time.Second) // of the bubble: it asks for what it needs first
		require.Zero(t, s.RecordedOperations().Len())
		meanwhile(t, s, task)
		close(release)
		if err := <-done; refused {
			var refusal *wire.ServerError
			require.ErrorAs(t, err, &refusal)
		} else {
			require.NoError(t, err)
		}
		after(t, s, task)
	})
}

func TestARollbackWhileACommitIsUnderWayTakesBackWhatCameAfterIt(t *testing.T) {
	for _, refused := range []bool{false, true} {
		var made *session.Entity
		whileACommitIsUnderWay(t, refused, func(t *testing.T, s *session.Session, task *session.Entity) {
			var err error
			made, err = s.Create("Task", map[string]any{"name": "new", "parent": task.Reference("parent")})
			require.NoError(t, err)
			require.NoError(t, task.Set("description", "sent"))
		}, func(t *testing.T, s *session.Session, task *session.Entity) {
			require.NoError(t, task.SetAll(map[string]any{"description": "newer", "name": "newer"}))
			require.NoError(t, made.Set("name", "newer"))
			s.Rollback()
			assert.Zero(t, s.RecordedOperations().Len())
			assert.Equal(t, [4]string{"sent", "comp", "new", "modified"}, [4]string{task.Text("description"), task.Text("name"), made.Text("name"), string(task.State())})
		}, func(t *testing.T, s *session.Session, task *session.Entity) {
			assert.Equal(t, [3]string{"sent", "comp", "new"}, [3]string{task.Text("description"), task.Text("name"), made.Text("name")})
			if !refused {
				assert.Equal(t, [2]session.State{}, [2]session.State{task.State(), made.State()})
				assert.Empty(t, s.Modified())
				require.NoError(t, task.Set("description", "later"))
				assert.Equal(t, session.Modified, task.State())
				return
			}
			assert.Equal(t, 2, s.RecordedOperations().Len())
			assert.Equal(t, [2]session.State{session.Modified, session.Created}, [2]session.State{task.State(), made.State()})
			s.Rollback()
			assert.Equal(t, session.Unchanged, task.State())
			assert.NotEqual(t, "sent", task.Text("description"))
		})
	}
}

func TestAKeyOfAMappingShowsWhileItsCommitIsUnderWay(t *testing.T) {
	show := func(t *testing.T, task *session.Entity, want string) {
		t.Helper()
		metadata, err := task.Mapping("metadata")
		require.NoError(t, err)
		item, ok := metadata.Get("colour")
		assert.Equal(t, want != "", ok)
		if ok {
			assert.Equal(t, want, item.Value)
		}
	}
	for _, refused := range []bool{false, true} {
		whileACommitIsUnderWay(t, refused, func(t *testing.T, s *session.Session, task *session.Entity) {
			metadata, err := task.Mapping("metadata")
			require.NoError(t, err)
			require.NoError(t, metadata.Set("colour", "red"))
			show(t, task, "red")
		}, func(t *testing.T, s *session.Session, task *session.Entity) { show(t, task, "red") },
			func(t *testing.T, s *session.Session, task *session.Entity) { show(t, task, "red") })
	}
}

func TestASearchWaitsForNoCommitUnderWayAndTakesNothingOfItBack(t *testing.T) {
	for _, first := range []string{"search", "commit"} {
		t.Run("the answer to the "+first+" comes first", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, task, server, _ := opened(t)
				arrived, release := make(chan string, 2), map[string]chan struct{}{"search": make(chan struct{}), "commit": make(chan struct{})}
				server.lose = func(body []byte, response *wire.Response) (*wire.Response, error) {
					what := "commit"
					if strings.Contains(string(body), `"search"`) {
						what = "search"
					}
					arrived <- what
					<-release[what]
					return response, nil
				}
				found := make(chan []*session.Entity, 1)
				search := func() {
					rows, err := s.Search(t.Context(), session.SearchOptions{Expression: "select name from Task", EntityType: "Task", Terms: []string{"comp"}})
					assert.NoError(t, err)
					found <- rows
				}
				committed := make(chan error, 1)
				commit := func() { _, err := s.Commit(t.Context(), session.CommitOptions{}); committed <- err }
				require.NoError(t, task.Set("name", "comp two"))
				go search()
				assert.Equal(t, "search", <-arrived)
				go commit()
				assert.Equal(t, "commit", <-arrived, "nor does a commit wait for it")
				close(release[first])
				synctest.Wait()
				for _, each := range release {
					select {
					case <-each:
					default:
						close(each)
					}
				}
				require.NoError(t, <-committed)
				assert.Equal(t, []*session.Entity{task}, <-found)
				assert.Equal(t, "comp two", task.Text("name"))
				require.NoError(t, s.Close())
			})
		})
	}
}
