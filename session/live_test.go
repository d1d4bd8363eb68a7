package session_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox"
)

// follow is a world with one live query whose rows are there; its requests count from now on.
func follow(t *testing.T, expression string) (*liveWorld, *session.Live) {
	w := newLiveWorld(t, 1, nil, []string{expression})
	require.NoError(t, w.lives[0].Wait(t.Context()))
	w.own.sent = nil
	return w, w.lives[0]
}

func (w *liveWorld) settle(l *session.Live) {
	w.Helper()
	require.NoError(w, l.Wait(w.Context()))
}

func keys(l *session.Live) []string {
	var keys []string
	for _, e := range l.Rows() {
		keys = append(keys, e.PrimaryKey()[0])
	}
	return keys
}

func TestWhatTheDataAtHandTellsIsNotAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, l := follow(t, `select name, status.name, status_id, project_id from Task where status.name is "In progress" and project.name is "show_001"`)
		row := keys(l)[0]
		done := ""
		for _, id := range w.ids("Status") {
			if id != l.Rows()[0].Text("status_id") {
				done = id
			}
		}
		var told []bool // whether the row was shown when the listener was called
		l.Subscribe(func() { told = append(told, slices.Contains(keys(l), row)) })
		w.send(update("Task", row, "status_id", done))
		w.settle(l)
		synctest.Wait() // the listener is called after Wait's callers go on
		assert.NotContains(t, keys(l), row)
		require.GreaterOrEqual(t, len(told), 2, "of its new status at once, perhaps of that status's name, then that it left")
		assert.LessOrEqual(t, len(told), 3)
		assert.True(t, told[0])
		assert.False(t, told[len(told)-1])
		require.Len(t, w.own.sent, 1, "the new status was not known: %v", w.own.sent)
		w.own.sent = nil
		other := keys(l)[0]
		w.send(update("Task", other, "status_id", done))
		w.settle(l)
		assert.NotContains(t, keys(l), other)
		assert.Empty(t, w.own.sent, "it is known now, and another one than the one wanted")
		w.send(update("Task", other, "bid", 5))
		w.send(w.create("User", "username", "newcomer"))
		w.settle(l)
		assert.Empty(t, w.own.sent, "it shows no bid, and no users")
	})
}

func TestWhatALiveQueryShowsCanBeLoadedOfEntitiesThatAreNoRows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, l := follow(t, `select name, children.name from Shot where description is "nothing of the kind"`)
		shot := rowsOf(t, w.follower, "select name from Shot")[0]
		w.own.sent = nil
		w.send(update("Shot", shot.PrimaryKey()[0], "description", "another"))
		w.settle(l)
		require.Empty(t, l.Rows())
		require.Len(t, w.own.sent, 1, "nobody here knows its description")
		_, err := shot.Load(t.Context(), "children.name")
		require.NoError(t, err)
		assert.NotContains(t, shownRow(t.Context(), shot, []string{"children.name"}), "<nil>")
	})
}

func TestWhatANewEntityTellsRulesItOutWithoutARequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, l := follow(t, `select name, status.name from Task where status.name is "In progress"`)
		before := keys(l)
		unknown := w.create("Task", "name", "x", "parent_id", w.one("Shot"), "status_id", l.Rows()[0].Reference("status").PrimaryKey()[0])
		w.send(unknown)
		w.settle(l)
		assert.Len(t, keys(l), len(before)+1)
		assert.Len(t, w.own.sent, 1, "one question brings what it shows")
		q, err := w.follower.Query("select name from Status")
		require.NoError(t, err)
		statuses, err := q.All(t.Context())
		require.NoError(t, err)
		done := ""
		for _, status := range statuses {
			if status.Text("name") == "Approved" {
				done = status.PrimaryKey()[0]
			}
		}
		w.own.sent = nil
		w.send(w.create("Task", "name", "y", "parent_id", w.one("Shot"), "status_id", done))
		w.settle(l)
		assert.Len(t, keys(l), len(before)+1)
		assert.Empty(t, w.own.sent)
	})
}

func TestLocalChangesShowInLiveQueriesAsTheyDoInEntities(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, l := follow(t, `select name, bid from Task where bid >= 36000 order by bid, id`)
		before := keys(l)
		first := l.Rows()[0]
		require.NoError(t, first.Set("bid", 5))
		w.settle(l)
		assert.Equal(t, before[1:], keys(l))
		require.NoError(t, first.Set("bid", 1e9))
		w.settle(l)
		assert.Equal(t, append(append([]string{}, before[1:]...), before[0]), keys(l), "it moved to the end")
		w.follower.Rollback()
		w.settle(l)
		assert.Equal(t, before, keys(l))

		created, err := w.follower.Create("Task", map[string]any{"name": "mine", "bid": 2e9})
		require.NoError(t, err)
		require.NoError(t, w.follower.Delete(first))
		w.settle(l)
		assert.Equal(t, append(append([]string{}, before[1:]...), created.PrimaryKey()[0]), keys(l))
		assert.Empty(t, w.own.sent)
		_, err = w.follower.Commit(t.Context(), session.CommitOptions{})
		require.NoError(t, err)
		w.settle(l)
		assert.Equal(t, append(append([]string{}, before[1:]...), created.PrimaryKey()[0]), keys(l))
		w.agree()
	})
}

func TestWhichRowsChangedIsToldWhereverTheyStandNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, l := follow(t, `select name, bid from Task where bid >= 36000 order by bid, id`)
		changed := func() (rows []int) {
			w.settle(l)
			for i, changed := range l.State().Changed {
				if changed {
					rows = append(rows, i)
				}
			}
			return rows
		}
		changed()
		last := len(l.Rows()) - 1
		require.Positive(t, last)
		require.NoError(t, l.Rows()[0].Set("bid", 1e9))
		assert.Equal(t, []int{last}, changed(), "it moved to the end")
		require.NoError(t, l.Rows()[0].Set("name", "renamed"))
		assert.Equal(t, []int{0}, changed())
		assert.Empty(t, changed())
		made, err := w.follower.Create("Task", map[string]any{"name": "mine", "bid": 36000})
		require.NoError(t, err)
		require.NoError(t, l.Rows()[last].Set("name", "renamed too"))
		rows := changed()
		require.Len(t, rows, 2, "the new one, and the last")
		assert.Equal(t, last+1, rows[1])
		assert.Equal(t, made, l.Rows()[rows[0]])
	})
}

func TestWhatIsCreatedMeetsCriteriaThatAskForNothingWhereItWasGivenNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			criteria string
			there    bool
		}{
			{`in_reply_to_id is none`, true},
			{`in_reply_to is none and completed_at is none`, true},
			{`in_reply_to_id is_not none`, false},
			{`user_id is none`, false}, // the server fills it
			{`author is none`, false},
		} {
			w, l := follow(t, `select content from Note where `+c.criteria+` order by date`)
			note, err := w.follower.Create("Note", map[string]any{"content": "first", "parent_id": w.one("Task"), "parent_type": "TypedContext"})
			require.NoError(t, err)
			w.settle(l)
			if !c.there {
				assert.NotContains(t, keys(l), note.PrimaryKey()[0], c.criteria)
				continue
			}
			assert.Equal(t, note.PrimaryKey()[0], keys(l)[len(keys(l))-1], "the server dates it: it is the last")
			require.NoError(t, note.Set("in_reply_to_id", w.one("Note")))
			w.settle(l)
			assert.NotContains(t, keys(l), note.PrimaryKey()[0], c.criteria)
		}
	})
}

func TestALocalChangeOfWhatRowsLeadToShows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, l := follow(t, `select name, status.name from Task where status.name is "In progress"`)
		require.NotEmpty(t, keys(l))
		require.NoError(t, l.Rows()[0].Reference("status").Set("name", "Renamed"))
		w.settle(l)
		assert.Empty(t, keys(l))
		w.follower.Rollback()
		w.settle(l)
		assert.NotEmpty(t, keys(l))
		assert.Empty(t, w.own.sent)
	})
}

func TestOwnCommitsReachLiveQueriesWithoutEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, l := follow(t, `select name, parent.name from Task where parent.name is "sh0010" order by name, id`)
		count := len(keys(l))
		moved := l.Rows()[0]
		shot := w.one("Sequence")
		require.NoError(t, moved.Set("parent_id", shot))
		_, err := w.follower.Create("Task", map[string]any{"name": "new", "parent": l.Rows()[1].Reference("parent")})
		require.NoError(t, err)
		require.NoError(t, w.follower.Delete(l.Rows()[2]))
		_, err = w.follower.Commit(t.Context(), session.CommitOptions{})
		require.NoError(t, err)
		w.agree()
		assert.Len(t, keys(l), count-1)
	})
}

func TestAfterAGapWhatCouldHaveChangedIsReadAgainInFewRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, l := follow(t, `select name, status.name from Task where bid >= 36000`)
		q, err := w.follower.Query("select name, description, status.name, children.name from Shot")
		require.NoError(t, err)
		shots, err := q.All(t.Context())
		require.NoError(t, err)
		var heard []string
		w.follower.OnLocalEvent(func(topic string, data []byte) { heard = append(heard, topic+" "+string(data)) })
		s := w.follower
		w.follower = nil // events are lost
		gone := shots[1].PrimaryKey()[0]
		w.send(update("Shot", shots[0].PrimaryKey()[0], "name", "renamed"), remove("Shot", gone))
		w.send(w.create("Task", "name", "missed", "bid", 40000, "parent_id", shots[0].PrimaryKey()[0]))
		w.send(update("Task", keys(l)[0], "bid", 0)) // unless it went with the shot
		w.follower = s
		w.own.sent = nil
		require.NotEqual(t, "renamed", shots[0].Text("name"))
		children, _ := shots[0].Collection("children")
		members, _ := children.Entities()
		count := len(members)
		result, err := s.Resync(t.Context())
		require.NoError(t, err)
		synctest.Wait()
		assert.Equal(t, "renamed", shots[0].Text("name"))
		assert.Equal(t, session.Deleted, shots[1].State())
		members, _ = children.Entities()
		assert.Len(t, members, count+1)
		assert.Len(t, w.own.sent, 2, "one for what is loaded, one for the live query")
		assert.Equal(t, result.Requests, len(w.own.sent))
		assert.Positive(t, result.Removed)
		require.Len(t, heard, 1)
		assert.True(t, strings.HasPrefix(heard[0], "ftrack.session.resynced {"), heard[0])
		var told map[string]int
		require.NoError(t, json.Unmarshal([]byte(strings.TrimPrefix(heard[0], "ftrack.session.resynced ")), &told))
		assert.Equal(t, map[string]int{"entities": result.Entities, "removed": result.Removed, "dropped": result.Dropped, "live": 1, "requests": 2}, told)
		w.agree()
	})
}

func TestAResyncThatTheNetworkBreaksCanBeRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, l := follow(t, `select name from Task where bid >= 36000`)
		w.down.Store(true)
		_, err := w.follower.Resync(t.Context())
		var network *wire.NetworkError
		require.ErrorAs(t, err, &network)
		assert.NotEmpty(t, keys(l), "the rows stay")
		w.down.Store(false)
		_, err = w.follower.Resync(t.Context())
		require.NoError(t, err)
		w.agree()
		require.NoError(t, w.follower.Close())
		_, err = w.follower.Resync(t.Context())
		assert.ErrorIs(t, err, session.ErrConnectionClosed)
	})
}

func TestALiveQueryGoesOnWhenTheNetworkIsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, l := follow(t, `select name from Task where name like "comp%"`)
		w.down.Store(true)
		w.send(update("Task", w.ids("Task")[0], "name", "compress"))
		require.Error(t, l.Wait(t.Context()))
		w.down.Store(false)
		time.Sleep(time.Minute)
		w.agree()
	})
}

func TestARefusedLiveQuerySaysSoAndTakesNoOtherAlong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newLiveWorld(t, 1, sandbox.Assumptions{"empty-in": "error"}, []string{`select name from Task where name in ()`, `select name from Task`})
		var refused *wire.ServerError
		require.ErrorAs(t, w.lives[0].Wait(t.Context()), &refused)
		require.NoError(t, w.lives[1].Wait(t.Context()))
		assert.NotEmpty(t, w.lives[1].Rows())
		for _, bad := range []string{"", "Task where", "Nothing"} {
			_, err := w.follower.Live(bad)
			require.Error(t, err, bad)
		}
	})
}

func TestWaitingForALiveQueryEndsWithItsContextTheQueryAndTheSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newLiveWorld(t, 1, nil, nil)
		block := make(chan struct{})
		w.own.fail = func([]byte) (*wire.Response, error) { <-block; return nil, nil }
		l, err := w.follower.Live("Task")
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		var aborted *session.AbortError
		require.ErrorAs(t, l.Wait(ctx), &aborted)
		assert.Empty(t, l.Rows())
		done := make(chan error, 1)
		go func() { done <- l.Wait(t.Context()) }()
		synctest.Wait()
		l.Close()
		require.NoError(t, <-done)
		other, err := w.follower.Live("Shot")
		require.NoError(t, err)
		go func() { done <- other.Wait(t.Context()) }()
		synctest.Wait()
		require.NoError(t, w.follower.Close())
		assert.ErrorIs(t, <-done, session.ErrConnectionClosed)
		close(block)
		_, err = w.follower.Live("Task")
		assert.ErrorIs(t, err, session.ErrConnectionClosed)
	})
}
