package eval_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
)

// FuzzRun runs what compiles with and without indexes: the rows are the same.
func FuzzRun(f *testing.F) {
	for _, c := range filters {
		f.Add(c.expression)
	}
	f.Add(`select status.name, count(id), sum(bid) from Task group by status.name order by sum(bid) desc`)
	plain, indexed := production(f), production(f)
	indexed.indexes = generousIndex
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(strings.ToLower(text), "limit") || strings.Contains(strings.ToLower(text), "offset") {
			return // which rows they leave is not defined
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		scan, err := eval.Prepare(plain, text, eval.Options{})
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		scanned, err := scan.Run(ctx)
		require.NoError(t, err)
		seek, err := eval.Prepare(indexed, text, eval.Options{})
		require.NoError(t, err)
		found, err := seek.Run(ctx)
		require.NoError(t, err)
		require.Equal(t, plain.sortedIDs(scanned.Entities), indexed.sortedIDs(found.Entities))
		require.Len(t, found.Rows, len(scanned.Rows))
	})
}
