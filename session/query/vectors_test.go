package query_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
)

// vectors are the values that the ftql template of the npm package and Quote must write alike.
func vectors(t *testing.T) []struct {
	Value  any
	Quoted *string
} {
	data, err := os.ReadFile(filepath.Join("..", "..", "npm", "test", "ftql-vectors.json"))
	require.NoError(t, err)
	var list []struct {
		Value  any
		Quoted *string
	}
	require.NoError(t, json.Unmarshal(data, &list))
	require.NotEmpty(t, list)
	return list
}

func TestQuoteAgreesWithTheTableOfTheNpmPackage(t *testing.T) {
	kinds := map[string]bool{}
	for _, vector := range vectors(t) {
		require.NotNil(t, vector.Quoted, "a vector has a value and its quoted form")
		text, err := query.Quote(vector.Value)
		require.NoError(t, err)
		assert.Equal(t, *vector.Quoted, text)
		operator := " is "
		switch v := vector.Value.(type) {
		case nil:
			kinds["none"] = true
		case bool:
			kinds["boolean"] = true
		case float64:
			kinds["number"] = true
			if v == math.Trunc(v) {
				for _, same := range []any{int(v), int64(v)} {
					text, err := query.Quote(same)
					require.NoError(t, err)
					assert.Equal(t, *vector.Quoted, text)
				}
			}
		case string:
			kinds["text"] = true
			assert.Equal(t, *vector.Quoted, query.Text(v))
			checkQuoted(t, query.Dialect{}, v)
		case []any:
			kinds["list"] = true
			operator = " in "
		}
		_, err = query.Parse("Task where a" + operator + *vector.Quoted)
		assert.NoError(t, err, *vector.Quoted)
	}
	assert.Len(t, kinds, 5, "the table has every kind of value: %v", kinds)
}

func TestNumbersAreDigitsAndAPointLikeThoseOfJavaScript(t *testing.T) {
	for _, c := range []struct {
		value float64
		text  string
	}{
		{math.Copysign(0, -1), "0"},
		{1e21, "1000000000000000000000"},
		{1.5e22, "15000000000000000000000"},
		{-2.5e-7, "-0.00000025"},
		{14400000, "14400000"},
		{0.1, "0.1"},
		{1 << 53, "9007199254740992"},
		{-1e6, "-1000000"},
	} {
		text, err := query.Quote(c.value)
		require.NoError(t, err)
		assert.Equal(t, c.text, text)
		q, err := query.Parse("Task where bid is " + text)
		require.NoError(t, err, text)
		assert.Equal(t, query.Number, q.Where.(*query.Comparison).Value.Kind, text)
	}
}
