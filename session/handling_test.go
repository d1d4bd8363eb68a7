package session

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

func TestASessionThatHoldsNothingDoesNothingForAnEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, &script{})
		document, err := wire.Parse(readEvent(t))
		require.NoError(t, err)
		data, source := document.Get("data"), document.Get("source")
		assert.Zero(t, testing.AllocsPerRun(100, func() { require.NoError(t, s.applyUpdate(data, source)) }))
		settleDown()
		assert.Nil(t, s.upkeep, "nothing is gathered")
	})
}

func TestAnEventIsHeededByASessionThatStillHoldsNothing(t *testing.T) {
	name := "older"
	row := func() string {
		return fmt.Sprintf(`[{"action":"query","data":[{"__entity_type__":"Task","id":%q,"name":%q}],"metadata":{"next":{"offset":null}}}]`, fixtureTask, name)
	}
	t.Run("when an answer is under way", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			name = "older"
			arrived, release := make(chan struct{}), make(chan struct{})
			first := true
			server := &script{}
			server.answer = func(context.Context, int, []map[string]any) (*wire.Response, error) {
				answer := row()
				if first {
					first = false
					close(arrived)
					<-release
				}
				return ok(answer), nil
			}
			s := open(t, server)
			q, err := s.Query("select name from Task")
			require.NoError(t, err)
			done := make(chan *Entity)
			go func() {
				rows, err := q.All(context.Background())
				assert.NoError(t, err)
				done <- rows[0]
			}()
			<-arrived
			name = "comp"
			require.NoError(t, s.ApplyUpdate(readEvent(t)))
			close(release)
			task := <-done
			settleDown()
			assert.Equal(t, "comp", task.Text("name"))
		})
	})
	t.Run("when a live query has no rows yet", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			server := &script{answer: func(context.Context, int, []map[string]any) (*wire.Response, error) {
				if name == "" {
					return ok(`[{"action":"query","data":[],"metadata":{"next":{"offset":null}}}]`), nil
				}
				return ok(row()), nil
			}}
			name = ""
			s := open(t, server)
			l, err := s.Live("select name from Task where name is comp")
			require.NoError(t, err)
			settleDown()
			require.Empty(t, l.Rows())
			name = "comp"
			require.NoError(t, s.ApplyUpdate(readEvent(t)))
			settleDown()
			assert.Len(t, l.Rows(), 1)
		})
	})
}
