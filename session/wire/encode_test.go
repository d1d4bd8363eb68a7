package wire

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestValuesAreEncodedWithSortedKeysDateTagsAndReferences(t *testing.T) {
	zone := time.FixedZone("+2", 2*3600)
	for want, value := range map[string]any{
		`null`: nil, `true`: true, `-5`: -5, `9007199254740993`: int64(9007199254740993), `0.1`: 0.1, `3600`: 3600.0, `1e+21`: 1e21,
		`"a\"b\\c\n\u0001 é 😀 \u2028"`:                                "a\"b\\c\n\x01 é 😀 \u2028",
		`"` + "\uFFFD" + `"`:                                          "\xff",
		`{"a":1,"b":[true,"x"],"c":{"d":{}}}`:                         map[string]any{"c": map[string]any{"d": map[string]any{}}, "a": 1, "b": []any{true, "x"}},
		`{"__type__":"datetime","value":"2020-01-02T01:04:05+00:00"}`: time.Date(2020, 1, 2, 3, 4, 5, 678e6, zone),
		`"2020-01-02"`: Date("2020-01-02"),
		`{"__entity_type__":"Metadata","key":"k","parent_id":"p"}`: Reference{"Metadata", map[string]any{"parent_id": "p", "key": "k"}},
		`[{"x":1}]`:                                []any{RawJSON(`{"x":1}`)},
		`[1,-2,3,4,5,6,7,18446744073709551615]`:    []any{int8(1), int16(-2), int32(3), uint(4), uint8(5), uint16(6), uint32(7), uint64(math.MaxUint64)},
		`[{"action":"query","expression":"Task"}]`: []any{Query("Task")},
		`["a","b"]`:                                []string{"a", "b"},
		`[{"x":1},{"x":[]}]`:                       []map[string]any{{"x": 1}, {"x": []any{}}},
	} {
		got, err := AppendValue(nil, value)
		require.NoError(t, err, want)
		assert.Equal(t, want, string(got))
		assert.True(t, json.Valid(got), want)
	}
}

func TestAValueThatCannotBeSentIsNamed(t *testing.T) {
	deep := any(nil)
	for range MaxDepth + 2 {
		deep = []any{deep}
	}
	for want, value := range map[string]any{
		"encode data.bids[1]: a number must be finite": map[string]any{"data": map[string]any{"bids": []any{1, math.NaN()}}},
		"encode: a number must be finite":              math.Inf(1),
		"encode when: a value of this type":            map[string]any{"when": struct{}{}},
		"nest deeper than 1000":                        deep,
	} {
		_, err := AppendValue(nil, value)
		assert.ErrorContains(t, err, want)
	}
}

func TestDateTimesWithoutAZoneAreUTCWhateverTheMachineThinks(t *testing.T) {
	local := time.Local
	t.Cleanup(func() { time.Local = local })
	want := time.Date(2024, 10, 29, 22, 0, 0, 0, time.UTC)
	for _, zone := range []string{"UTC", "America/New_York", "Asia/Kolkata"} {
		location, err := time.LoadLocation(zone)
		require.NoError(t, err)
		time.Local = location
		for _, text := range []string{"2024-10-29T22:00:00", "2024-10-29T22:00:00Z", "2024-10-29T22:00:00.000000", "2024-10-30T00:00:00+02:00",
			"2024-10-29 22:00:00", "2024-10-29T22:00", "2024-10-29T22:00:00+0000", "2024-10-29t22:00:00z"} {
			got, err := ParseDateTime(text)
			require.NoError(t, err, text)
			assert.True(t, want.Equal(got), "%s in %s gives %s", text, zone, got)
			assert.Equal(t, time.UTC, got.Location())
		}
		assert.Equal(t, "2024-10-29T22:00:00+00:00", string(AppendDateTime(nil, want.In(location))))
	}
	for _, text := range []string{"", "yesterday", "2024-13-01", "2024-10-29T25:00:00"} {
		_, err := ParseDateTime(text)
		assert.Error(t, err, text)
	}
}

func FuzzEncodeText(f *testing.F) {
	for _, s := range []string{"", "a", "\"\\", "\x00\x1f", "é😀", "\xff\xed\xa0\x80", "\u2028"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		encoded := AppendText(nil, text)
		var want string
		standard, err := json.Marshal(text)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(standard, &want))
		node, err := Parse(encoded)
		require.NoError(t, err, "%s", encoded)
		assert.Equal(t, want, node.Text())
	})
}
