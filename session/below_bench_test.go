package session

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// shotID is the id of the n-th shot; the n-th task stands below it.
func shotID(n int) string { return fmt.Sprintf("aaaaaaaa-0000-4000-8000-%012d", n) }

// linked is a session with as many tasks, whose links are loaded and name a shot of their own each.
func linked(t testing.TB, tasks int) (*Session, []*Entity) {
	var rows strings.Builder
	for i := range tasks {
		if i > 0 {
			rows.WriteByte(',')
		}
		fmt.Fprintf(&rows, `{"__entity_type__":"Task","id":"bbbbbbbb-0000-4000-8000-%012d","link":[{"type":"Project","id":"cccccccc-0000-4000-8000-000000000000","name":"a \"quoted\" show"},`+
			`{"type":"TypedContext","id":%q,"name":"sh%d"},{"type":"TypedContext","id":"bbbbbbbb-0000-4000-8000-%[1]012d","name":"comp"}]}`, i, shotID(i), i)
	}
	s := open(t, &script{answer: func(context.Context, int, []map[string]any) (*wire.Response, error) {
		return ok(`[{"action":"query","data":[` + rows.String() + `],"metadata":{"next":{"offset":null}}}]`), nil
	}})
	q, err := s.Query("select link from Task limit 100000")
	require.NoError(t, err)
	found, err := q.All(t.Context())
	require.NoError(t, err)
	require.Len(t, found, tasks)
	return s, found
}

// renames takes in that entities have new names, and gives how many links are stale then.
func renames(s *Session, ids []string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.upkeeping()
	u.stale = staleSet{}
	a := &application{Session: s, u: u, names: map[string]bool{}}
	for _, id := range ids {
		a.names[id] = true
	}
	a.staleBelow()
	return len(u.stale)
}

func TestLinksThatNameARenamedEntityAreStale(t *testing.T) {
	s, tasks := linked(t, 20)
	require.Equal(t, 3, renames(s, []string{shotID(3), shotID(7), shotID(19)}))
	for i, task := range tasks {
		s.mu.Lock()
		require.Equal(t, i == 3 || i == 7 || i == 19, s.upkeep.stale[task.record] != nil, "task %d", i)
		s.mu.Unlock()
	}
	require.Equal(t, 20, renames(s, []string{"cccccccc-0000-4000-8000-000000000000"}), "the project")
	require.Zero(t, renames(s, []string{"quoted", "sh", "name\":", shotID(20)}), "no ids of theirs")
}

// BenchmarkRenamesOfManyParents takes in that the parents of 10,000 tasks, whose links are loaded, have new names.
func BenchmarkRenamesOfManyParents(b *testing.B) {
	const tasks = 10_000
	s, _ := linked(b, tasks)
	ids := make([]string, tasks)
	for i := range ids {
		ids[i] = shotID(i)
	}
	for b.Loop() {
		if n := renames(s, ids); n != tasks {
			b.Fatalf("%d links are stale", n)
		}
	}
}
