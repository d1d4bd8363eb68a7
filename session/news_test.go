package session_test

import (
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
)

// news is what another session kept of the task t1.
func news(v *visits, values string) []byte {
	return []byte(`[{"action":"query","data":[{"__entity_type__":"Task","id":"` + v.file.IDs["t1"] + `",` + values + `},
		{"__entity_type__":"Task","id":"00000000-0000-4000-8000-000000000001","name":"unknown"}]}]`)
}

func TestNewsChangesWhatIsInMemoryOnly(t *testing.T) {
	v := newVisits(t)
	s := v.open(session.Options{})
	task := taskOf(t, s, v.file)
	require.NoError(t, task.Set("bid", 5))
	count := s.Store().Count()
	require.NoError(t, s.TakeNews(t.Context(), v.now.Add(time.Second), news(v, `"name":"told","bid":9`)))
	bid, _ := task.Value("bid")
	assert.Equal(t, "told", task.Text("name"))
	assert.EqualValues(t, 5, bid, "what is not committed stays over it")
	assert.Equal(t, count, s.Store().Count())
	s.TakeGone([]session.Identity{{Type: "Task", Key: []string{v.file.IDs["t1"]}}})
	assert.Zero(t, s.Store().Find("Task", v.file.IDs["t1"]))
	require.Error(t, s.TakeNews(t.Context(), v.now, []byte("[")))
}

func TestNewsLeavesWhatTheServerComputesAsItIs(t *testing.T) {
	v := newVisits(t)
	s := v.open(session.Options{})
	task := taskOf(t, s, v.file)
	require.NoError(t, s.Populate(t.Context(), []*session.Entity{task}, "time_logged"))
	before, loaded := task.Value("time_logged")
	require.True(t, loaded)
	require.NotNil(t, before)
	require.NoError(t, s.TakeNews(t.Context(), v.now.Add(time.Second), news(v, `"name":"told","time_logged":null`)))
	assert.Equal(t, "told", task.Text("name"))
	after, _ := task.Value("time_logged")
	assert.Equal(t, before, after)
}

func TestNewsThatComesLateDoesNotReplaceWhatWasToldSince(t *testing.T) {
	for name, tell := range map[string]func(t *testing.T, v *visits, s *session.Session, task *session.Entity){
		"by a reply": func(t *testing.T, v *visits, s *session.Session, _ *session.Entity) { taskOf(t, s, v.file) },
		"by a commit": func(t *testing.T, v *visits, s *session.Session, task *session.Entity) {
			require.NoError(t, task.Set("name", "comp two"))
			_, err := s.Commit(t.Context(), session.CommitOptions{})
			require.NoError(t, err)
			require.NoError(t, task.Set("name", "comp"))
			_, err = s.Commit(t.Context(), session.CommitOptions{})
			require.NoError(t, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := newVisits(t)
				s := v.open(session.Options{})
				task := taskOf(t, s, v.file)
				asked := v.now.Add(time.Second)
				v.now = v.now.Add(2 * time.Second)
				tell(t, v, s, task)
				v.now = v.now.Add(time.Second)
				require.NoError(t, s.TakeNews(t.Context(), asked, news(v, `"name":"old","description":"was not loaded"`)))
				synctest.Wait() // the description is asked for
				assert.Equal(t, "comp", task.Text("name"))
				v.now = v.now.Add(time.Second)
				require.NoError(t, s.TakeNews(t.Context(), v.now, news(v, `"name":"new"`)))
				assert.Equal(t, "new", task.Text("name"))
				require.NoError(t, s.Close())
			})
		})
	}
}

func TestNewsFillsNothingThatMayHaveChangedSinceItWasTold(t *testing.T) {
	for name, tell := range map[string]func(t *testing.T, v *visits, s *session.Session, task *session.Entity){
		"as rows of its own came": func(t *testing.T, _ *visits, s *session.Session, task *session.Entity) {
			require.NoError(t, s.Populate(t.Context(), []*session.Entity{task}, "sort", "parent.description"))
		},
		"by a commit": func(t *testing.T, _ *visits, s *session.Session, task *session.Entity) {
			_, err := s.Create("Task", map[string]any{"name": "new", "parent": task.Reference("parent")})
			require.NoError(t, err)
			commitAll(t, s)
		},
		"as an event told": func(t *testing.T, v *visits, s *session.Session, task *session.Entity) {
			require.NoError(t, s.ApplyUpdate([]byte(`{"topic":"ftrack.update","data":{"entities":[{"entity_type":"Task","entityType":"task","entityId":"`+
				v.file.IDs["t1"]+`","action":"update","keys":["bid"]}]}}`)))
			time.Sleep(time.Second)
			synctest.Wait()
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := newVisits(t)
				s := v.open(session.Options{})
				task := taskOf(t, s, v.file)
				require.NoError(t, s.Populate(t.Context(), []*session.Entity{task}, "parent.name"))
				asked := v.now.Add(time.Second)
				v.now = v.now.Add(2 * time.Second)
				tell(t, v, s, task)
				late := func(at time.Time) (bid, children bool) {
					require.NoError(t, s.TakeNews(t.Context(), at, news(v, `"bid":9,"parent":{"__entity_type__":"Shot","id":"`+v.file.IDs["sh1"]+`","children":[]}`)))
					_, bid = task.Value("bid")
					_, children = task.Reference("parent").Value("children")
					return bid, children
				}
				bid, children := late(asked)
				assert.False(t, bid)
				assert.False(t, children)
				v.now = v.now.Add(2 * time.Second)
				bid, children = late(v.now)
				assert.True(t, bid, "what is newer is filled")
				assert.True(t, children)
				require.NoError(t, s.Close())
			})
		})
	}
}

func TestNewsOfWhichNobodyKnowsWhetherItIsNewerIsAskedForAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVisits(t)
		s := v.open(session.Options{})
		task := taskOf(t, s, v.file)
		v.server.sent = nil
		require.NoError(t, s.TakeNews(t.Context(), v.now.Add(-time.Second), news(v, `"name":"comp","description":"before"`)))
		synctest.Wait()
		assert.NotEqual(t, "before", task.Text("description"))
		require.Len(t, v.server.sent, 1)
		assert.Contains(t, v.server.sent[0], "select description from Task")

		v.server.sent = nil
		require.NoError(t, s.TakeNews(t.Context(), v.now.Add(-time.Second), news(v, `"name":"comp"`)))
		synctest.Wait()
		assert.Empty(t, v.server.sent, "it says the same")
		runtime.KeepAlive(task)
		require.NoError(t, s.Close())
	})
}
