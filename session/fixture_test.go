package session

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

const fixtureTask = "00a574b0-1c44-11e2-a9da-f23c91df25eb"

// fixtures checks what real replies make of a query, by the expression that their file is named after.
var fixtures = map[string]func(*testing.T, []*Entity){
	"select name, created_at from Task limit 1": func(t *testing.T, rows []*Entity) {
		require.Len(t, rows, 1)
		checkTask(t, rows[0])
		assert.Equal(t, time.Date(2022, 10, 10, 10, 12, 9, 0, time.UTC), rows[0].Time("created_at"))
	},
	"select name from Task limit 1": func(t *testing.T, rows []*Entity) {
		require.Len(t, rows, 1)
		checkTask(t, rows[0])
		_, loaded := rows[0].Value("created_at")
		assert.False(t, loaded)
	},
	"select status.state.short from Task where status.state.short is NOT_STARTED limit 1": func(t *testing.T, rows []*Entity) {
		require.Len(t, rows, 1)
		assert.Equal(t, []string{"200d08e6-4e67-11e1-8b21-f23c91df25eb"}, rows[0].PrimaryKey())
		assert.Equal(t, "NOT_STARTED", rows[0].Reference("status").Reference("state").Text("short"))
	},
	"select status.state.short from Task where status.state.short is NOT_STARTED limit 2": func(t *testing.T, rows []*Entity) {
		require.Len(t, rows, 2)
		assert.Equal(t, []string{"d9b69620-7cd5-11e2-808f-f23c91df25eb"}, rows[1].PrimaryKey())
		assert.Same(t, rows[0].Reference("status"), rows[1].Reference("status"), "the second row's stub is the first row's status")
		assert.Equal(t, "NOT_STARTED", rows[1].Reference("status").Reference("state").Text("short"))
		assert.Equal(t, "Status", rows[1].Reference("status").Type().Name)
	},
	"select version, asset.versions.version from AssetVersion where asset_id is_not None limit 1": func(t *testing.T, rows []*Entity) {
		require.Len(t, rows, 1)
		first := rows[0]
		assert.Equal(t, "AssetVersion", first.Type().Name)
		asset := first.Reference("asset")
		require.NotNil(t, asset)
		assert.Equal(t, []string{first.Text("asset_id")}, asset.PrimaryKey())
		list, _ := asset.Value("versions")
		versions, _ := list.([]*Entity)
		require.Len(t, versions, 3)
		assert.Same(t, first, versions[0], "the asset's list leads back to the row")
		for i, v := range versions {
			number, _ := v.Value("version")
			assert.EqualValues(t, i+1, number)
		}
		_, loaded := versions[1].Value("asset")
		assert.False(t, loaded, "only asset_id came with it")
	},
}

func checkTask(t *testing.T, task *Entity) {
	t.Helper()
	assert.Equal(t, "Task", task.Type().Name)
	assert.Equal(t, []string{fixtureTask}, task.PrimaryKey())
	assert.Equal(t, `Filters via "At a glance" rendered with different paddings in Filters panel`, task.Text("name"))
	assert.Equal(t, "95f5c536-4e65-11e1-afaa-f23c91df25eb", task.Text("project_id"), "what a reply carries without being asked")
	project, loaded := task.Value("project")
	assert.Nil(t, project)
	assert.False(t, loaded, "only its key came")
}

// fixtureName is the file of an expression: in lower case, a + for each comma.
func fixtureName(expression string) string {
	return "query_" + strings.NewReplacer(" ", "_", ",", "+").Replace(strings.ToLower(expression)) + ".json"
}

func TestRealRepliesGiveTheRightEntities(t *testing.T) {
	shared := filepath.Join("..", "..", "shared")
	if _, err := os.Stat(shared); os.IsNotExist(err) {
		t.Skip("the shared fixtures are not here")
	}
	folder := filepath.Join(shared, "fixtures")
	files, err := filepath.Glob(filepath.Join(folder, "query_select_*.json"))
	require.NoError(t, err)
	var expected []string
	for expression := range fixtures {
		expected = append(expected, filepath.Join(folder, fixtureName(expression)))
	}
	slices.Sort(expected)
	require.Equal(t, expected, files, "every reply is checked")
	for expression, check := range fixtures {
		t.Run(expression, func(t *testing.T) {
			reply, err := os.ReadFile(filepath.Join(folder, fixtureName(expression)))
			require.NoError(t, err)
			server := &script{answer: func(context.Context, int, []map[string]any) (*wire.Response, error) {
				return ok("[" + string(reply) + "]"), nil
			}}
			s := open(t, server)
			q, err := s.Query(expression)
			require.NoError(t, err)
			rows, err := q.All(context.Background())
			require.NoError(t, err)
			assert.Equal(t, 1, server.sent(), "the limit is reached, whatever next offset the reply names")
			check(t, rows)
		})
	}
}
