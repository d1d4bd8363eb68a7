package jsbridge

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWarmingUpMergesTwoPagesOfRowsWithValuesOfEveryKind(t *testing.T) {
	pauses, between := 0, 0
	s, q, err := warmQuery(t.Context(), func(context.Context) error { pauses++; return nil }, func(context.Context) error { between++; return nil })
	require.NoError(t, err)
	for i := range 2 {
		page, err := q.Next(t.Context())
		require.NoError(t, err)
		require.Len(t, page.Records, warmRows)
		assert.Equal(t, i == 1, page.Done)
	}
	again, err := s.Query(q.String())
	require.NoError(t, err)
	rows, err := again.All(t.Context())
	require.NoError(t, err)
	require.Len(t, rows, 2*warmRows)
	assert.Equal(t, "b100", rows[0].Reference("one").PrimaryKey()[0])
	assert.Equal(t, "warm 101", rows[1].Text("name"))
	assert.Positive(t, pauses)
	assert.Positive(t, between)
	require.NoError(t, s.Close())
}
