package session_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/store"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

func TestAListenerThatPanicsIsReportedAndOthersHear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, l := follow(t, `select name from Task where name is_not "nobody" order by id`)
		l.Subscribe(func() { panic("a listener's fault") })
		told := 0
		l.Subscribe(func() { told++ })
		for _, name := range []string{"first", "second"} {
			before := told
			w.send(update("Task", keys(l)[0], "name", name))
			w.settle(l)
			synctest.Wait()
			require.Greater(t, told, before, "the listener after the one that panics")
			require.Len(t, w.reported, told)
			assert.EqualError(t, w.reported[told-1], "a listener of a live query panicked: a listener's fault")
		}
		w.agree()
	})
}

func TestAPanicOfTheUpkeepIsReportedAndItGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, l := follow(t, `select name from Task where name is_not "nobody" order by id`)
		w.panics.Store(true)
		w.send(update("Task", keys(l)[0], "name", "first"))
		time.Sleep(time.Minute)
		synctest.Wait()
		require.Len(t, w.reported, 1)
		assert.EqualError(t, w.reported[0], "upkeep panicked: a fault of the core")
		w.agree()
		w.send(update("Task", keys(l)[0], "name", "second"))
		w.agree()
	})
}

func TestAPanicWhileTheUpkeepAsksIsReportedAndItAsksAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, l := follow(t, `select name from Task where name is_not "nobody" order by id`)
		panicked := false
		w.own.fail = func([]byte) (*wire.Response, error) {
			if !panicked {
				panicked = true
				panic("a fault below")
			}
			return nil, nil
		}
		survives(t, w, l, &panicked, "a fault below")
	})
}

func TestAPanicInAMergeLeavesTheSessionFree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, l := follow(t, `select name from Task where name is_not "nobody" order by id`)
		panicked := false
		w.follower.OnChanges(func(*store.Changes) {
			if !panicked {
				panicked = true
				panic("a fault of who hears of changes")
			}
		})
		survives(t, w, l, &panicked, "a fault of who hears of changes")
	})
}

// survives changes a row, of which the upkeep panics once, and another time: the fault is reported, and the session goes on.
func survives(t *testing.T, w *liveWorld, l *session.Live, panicked *bool, fault string) {
	t.Helper()
	w.send(update("Task", keys(l)[0], "name", "first"))
	time.Sleep(time.Minute)
	synctest.Wait()
	require.True(t, *panicked)
	require.Len(t, w.reported, 1)
	assert.EqualError(t, w.reported[0], "upkeep panicked: "+fault)
	w.agree()
	w.send(update("Task", keys(l)[0], "name", "second"))
	w.agree()
	assert.Len(t, w.reported, 1)
}
