package query_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
)

func FuzzParse(f *testing.F) {
	for _, text := range []string{
		`select name, parent[Shot].status.name from Task where project.name is "x" and not (bid > 3 or a in (1,'b')) order by end desc offset 3 limit 7`,
		`select count(id), sum(bid) from Task group by status_id, type.name order by count(id)`,
		`T where id in (select context_id from Timelog where user has (username like "%a\%")) limit 5`,
		`X where not is 3 and not in is 3 and not not_in (a) or not = 4 and is is not not`,
		"X\twhere metadata any (key=a\u00a0and value='\\'')",
		`X where and is and and or is or or in in (in)`,
	} {
		f.Add(text, false)
		f.Add(text, true)
	}
	f.Fuzz(func(t *testing.T, text string, literal bool) {
		dialect := query.Dialect{BackslashLiteral: literal}
		q, err := dialect.Parse(text)
		if err != nil {
			var syntax *query.SyntaxError
			require.True(t, errors.As(err, &syntax))
			require.LessOrEqual(t, syntax.Offset, len(text))
			require.NotEmpty(t, err.Error())
			return
		}
		again, err := dialect.Parse(q.String())
		require.NoError(t, err, q.String())
		require.Equal(t, q, again)
	})
}

func FuzzQuote(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		require.Equal(t, text, checkQuoted(t, query.Dialect{}, text))
		if !strings.Contains(text, `"`) || !strings.Contains(text, `'`) {
			checkQuoted(t, query.Dialect{BackslashLiteral: true}, text)
		}
	})
}
