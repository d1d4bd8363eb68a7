package session_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox"
)

// heldProjections are what the follower loads of entities, and holds.
var heldProjections = map[string][]string{
	"Task": {"name", "description", "bid", "status_id", "status.name", "status.state.short", "parent_id", "parent.name", "project.name", "link", "time_logged", "assignments.id",
		"metadata.key", "metadata.value", "lists.name", "timelogs.id", "priority.value", "ancestors.name", "thumbnail_url"},
	"Shot":             {"name", "parent.name", "children.name", "descendants.name", "link", "custom_attributes.key", "custom_attributes.value", "status.name"},
	"Sequence":         {"name", "children.name", "descendants.name"},
	"Status":           {"name", "sort"},
	"AssetVersion":     {"version", "is_latest_version", "status.name", "asset.name", "link"},
	"Asset":            {"name", "versions.id", "latest_version.id"},
	"TypedContextList": {"name", "items.name"},
	"User":             {"username", "timelogs.id"},
}

// TestTheIdentityMapEqualsTheServer has another session change things, and compares all that is loaded after each quiet moment.
func TestTheIdentityMapEqualsTheServer(t *testing.T) {
	for i, assume := range liveAssumptions {
		t.Run(fmt.Sprint(assume), func(t *testing.T) {
			runHeld(t, uint64(i), 10, assume)
		})
	}
}

func runHeld(t *testing.T, seed uint64, bursts int, assume sandbox.Assumptions) {
	synctest.Test(t, func(t *testing.T) {
		w := newLiveWorld(t, seed, assume, nil)
		held := map[string][]*session.Entity{}
		load := func(s *session.Session, entityType string) []*session.Entity {
			q, err := s.Query("select " + strings.Join(heldProjections[entityType], ", ") + " from " + entityType)
			require.NoError(t, err)
			rows, err := q.All(t.Context())
			require.NoError(t, err)
			return rows
		}
		w.random = rand.New(rand.NewPCG(seed, 3))
		left := w.stranger(seed)
		for entityType := range heldProjections {
			if entityType != left {
				held[entityType] = load(w.follower, entityType)
			}
		}
		w.late.Store(seed%2 == 1)
		for range bursts {
			for range 1 + w.random.IntN(4) {
				if o := w.change(); o != nil {
					w.send(o)
				}
				if !w.late.Load() {
					continue
				}
				if w.random.IntN(3) == 0 { // a view that opens meanwhile
					entityType := slices.Sorted(maps.Keys(held))[w.random.IntN(len(held))]
					q, err := w.follower.Query("select " + strings.Join(heldProjections[entityType], ", ") + " from " + entityType)
					require.NoError(t, err)
					go q.All(t.Context())
				}
				time.Sleep(time.Duration(w.random.IntN(300)) * time.Millisecond)
			}
			time.Sleep(10 * time.Second)
			synctest.Wait()
			require.NoError(t, w.fresh.Reset(t.Context()))
			for entityType, rows := range held {
				paths := heldProjections[entityType]
				fresh := map[string]string{}
				for _, e := range load(w.fresh, entityType) {
					fresh[e.PrimaryKey()[0]] = shownRow(t.Context(), e, paths)
				}
				for _, e := range rows {
					expected, ok := fresh[e.PrimaryKey()[0]]
					if !ok {
						require.Equal(t, session.Deleted, e.State(), "%s %v\n%s", entityType, e.PrimaryKey(), w.story())
						continue
					}
					require.Equal(t, session.Unchanged, e.State())
					require.Empty(t, differences(strings.Split(expected, " | "), strings.Split(shownRow(t.Context(), e, paths), " | ")), "%s %v\n%s", entityType, e.PrimaryKey(), w.story())
				}
			}
		}
		require.True(t, left == "Task" || slices.ContainsFunc(held["Task"], func(e *session.Entity) bool { return e.State() == session.Unchanged }))
	})
}

// stranger is a type whose entities the follower does not load for themselves, for some seeds: it knows those that others name, and hears
// of more.
func (w *liveWorld) stranger(seed uint64) string {
	types := []string{"", "Task", "Shot", "User"}
	return types[seed/uint64(len(liveAssumptions))%uint64(len(types))]
}

// FuzzUpkeep runs longer sequences: of held entities, and of live queries.
func FuzzUpkeep(f *testing.F) {
	for seed := range uint64(4) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		assume := liveAssumptions[seed%uint64(len(liveAssumptions))]
		runHeld(t, seed, 20, assume)
		runLive(t, seed, 20, assume, liveExpressions)
	})
}
