package query_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
)

var hostile = []string{
	``, `"`, `'`, `\`, `\\`, `\"`, `\'`, `"'`, `'"`, `\"'`, `"\`, `'\`, `"'\`,
	`" or 1 = 1`, `' or id is_not none or name is '`, `\" or id is_not none or name is "`,
	`a\" or 1=1`, `") limit 0`, `" limit 5`, "line\nbreak", "tab\t", "\x00", "\u2028", "\xff\xfe",
	`O'Neil`, `5" disk`, `5" O'Neil`, `c:\dir\`, `100%`, `a_b`, `50\%`,
}

// checkQuoted tells whether text stays one value between its neighbours.
func checkQuoted(t *testing.T, dialect query.Dialect, text string) string {
	t.Helper()
	expression := "Task where a is " + query.Text(text) + " and b in (" + query.Text(text) + ", 1) limit 3"
	q, err := dialect.Parse(expression)
	require.NoError(t, err, expression)
	terms := q.Where.(*query.And).Terms
	require.Len(t, terms, 2, expression)
	require.Len(t, terms[1].(*query.Membership).Values, 2, expression)
	limit, _ := q.Limit()
	require.Equal(t, 3, limit, expression)
	return terms[0].(*query.Comparison).Value.Text
}

func TestNoTextBreaksOutOfItsQuotes(t *testing.T) {
	for _, text := range hostile {
		assert.Equal(t, text, checkQuoted(t, query.Dialect{}, text))
	}
}

func TestNoTextBreaksOutWhereABackslashIsAnOrdinaryCharacter(t *testing.T) {
	for _, text := range hostile {
		if strings.Contains(text, `"`) && strings.Contains(text, `'`) {
			continue // no form exists that holds in both readings
		}
		read := checkQuoted(t, query.Dialect{BackslashLiteral: true}, text)
		assert.Equal(t, strings.ReplaceAll(text, `\`, `\\`), read)
	}
}

func TestQuoteWritesEveryKindOfValue(t *testing.T) {
	for _, c := range []struct {
		value any
		text  string
	}{
		{nil, "None"},
		{true, "True"},
		{false, "False"},
		{3, "3"},
		{int64(math.MinInt64), "-9223372036854775808"},
		{2.5, "2.5"},
		{1e21, "1000000000000000000000"},
		{"a", `"a"`},
		{`5" disk`, `'5" disk'`},
		{`O'Neil`, `"O'Neil"`},
		{`5" O'Neil`, `"5\" O'Neil"`},
		{`a\b`, `"a\\b"`},
		{time.Date(2024, 1, 2, 3, 4, 5, 999, time.FixedZone("", 7200)), `"2024-01-02T01:04:05"`},
		{[]string{"a", `b"`}, `("a", 'b"')`},
		{[]any{"a", 1, nil}, `("a", 1, None)`},
		{[]any{}, "()"},
	} {
		text, err := query.Quote(c.value)
		require.NoError(t, err)
		assert.Equal(t, c.text, text)
		if strings.HasPrefix(text, "(") {
			_, err = query.Parse("Task where a in " + text)
		} else {
			_, err = query.Parse("Task where a is " + text)
		}
		assert.NoError(t, err, text)
	}
	for _, bad := range []any{math.NaN(), math.Inf(1), []any{[]any{1}}, struct{}{}, map[string]any{}, []any{math.NaN()}} {
		_, err := query.Quote(bad)
		assert.ErrorContains(t, err, "quote: ")
	}
}

func TestPatternEscapesWildcards(t *testing.T) {
	assert.Equal(t, "plain", query.Pattern("plain"))
	assert.Equal(t, `50\% of a\_b \\ c`, query.Pattern(`50% of a_b \ c`))
}
