package session

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

func TestChangesOfEntitiesThatNobodyHoldsStay(t *testing.T) {
	const rounds, rowsEach = 40, 2000
	next := 0
	var sent []string
	s := open(t, &script{answer: func(_ context.Context, _ int, operations []map[string]any) (*wire.Response, error) {
		if operations[0]["action"] != "query" {
			replies := make([]string, len(operations))
			for i, o := range operations {
				sent = append(sent, fmt.Sprint(o["action"], o["entity_key"]))
				replies[i] = `{"action":"` + o["action"].(string) + `","data":{}}`
			}
			return ok("[" + strings.Join(replies, ",") + "]"), nil
		}
		rows := make([]string, rowsEach)
		for i := range rows {
			rows[i] = fmt.Sprintf(`{"__entity_type__":"Task","id":"t%d","name":"task"}`, next)
			next++
		}
		return ok(`[{"action":"query","data":[` + strings.Join(rows, ",") + `],"metadata":{"next":{"offset":null}}}]`), nil
	}})
	var want []string
	for round := range rounds {
		q, err := s.Query("select name from Task", QueryOptions{PageSize: 2 * rowsEach})
		require.NoError(t, err)
		rows, err := q.All(t.Context())
		require.NoError(t, err)
		key := fmt.Sprintf("[t%d]", round*rowsEach+round)
		if round%3 == 2 {
			require.NoError(t, s.Delete(rows[round]))
			want = append(want, "delete"+key)
		} else {
			require.NoError(t, rows[round].Set("name", "changed"))
			want = append(want, "update"+key)
		}
		rows = nil
		runtime.GC()
	}
	assert.Less(t, s.store.Count(), rounds*rowsEach, "others went")
	_, err := s.Commit(t.Context(), CommitOptions{})
	require.NoError(t, err)
	assert.Equal(t, want, sent)
}
