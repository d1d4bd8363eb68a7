package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// decode turns a node into what encoding/json makes of the same text with UseNumber.
func decode(n Node) any {
	switch n.Kind() {
	case False, True:
		return n.Bool()
	case Number:
		return json.Number(n.Raw())
	case String:
		return n.Text()
	case Array:
		list := []any{}
		for e := range n.Elements() {
			list = append(list, decode(e))
		}
		return list
	case Object:
		object := map[string]any{}
		for key, value := range n.Members() {
			object[key] = decode(value)
		}
		return object
	}
	return nil
}

func decodeStandard(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if len(bytes.TrimLeft(data[d.InputOffset():], " \t\r\n")) > 0 {
		return nil, errors.New("trailing text")
	}
	return v, nil
}

var documents = []string{
	`null`, `true`, ` false `, `0`, `-0`, `12.5e-3`, `""`, `"a"`, `[]`, `{}`, "\t[ ]\r\n", `[1,2,[3]]`, `{"a":{"b":[{}]}}`,
	`"\u00e9\n\"\\\/\b\f\r\t"`, `"\ud83d\ude00"`, `"\ud83d"`, `"\ude00x"`, `"\ud83d\ud83d\ude00"`, `"æøå 漢字 😀"`,
	`{"a":1,"a":2}`, `{"__proto__":1}`, `9223372036854775807`, `-9223372036854775808`, `18446744073709551615`,
	"\"\xff\xc3\"", `"0123456789abcdef0123456789abcdef\u0041"`, `{"":""}`,
	``, ` `, `nul`, `tru`, `nulL`, `+1`, `01`, `1.`, `.5`, `1e`, `1e+`, `-`, `--1`, `"`, `"\`, `"\u12`, `"\u12g4"`, `"\x"`,
	"\"\x01\"", "\"\x1f\"", `[`, `[1`, `[1,`, `[1,]`, `[,1]`, `]`, `{`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`,
	`{a:1}`, `{"a" 1}`, `{1:1}`, `[1}`, `{"a":1]`, `1 2`, `[] []`, `{}x`, "\xef\xbb\xbf{}", `'a'`, `NaN`, `[1 2]`,
	"\"\x7f\"", "\"abcdefg\x01\"", `"abcdefg\"`, `"aaaaaaaaaaaaaaaa"`, `"a\\"`, `[""]`,
}

func TestScanAcceptsAndDecodesWhatEncodingJSONDoes(t *testing.T) {
	for _, text := range documents {
		compareWithStandard(t, []byte(text), len(text)+1)
	}
}

func TestScanInSlicesGivesTheSameTokens(t *testing.T) {
	for _, text := range documents {
		for budget := 1; budget < 5; budget++ {
			compareWithStandard(t, []byte(text), budget)
		}
	}
}

func compareWithStandard(t *testing.T, data []byte, budget int) {
	t.Helper()
	tape := new(Tape)
	tape.Start(data)
	done, err := false, error(nil)
	for !done && err == nil {
		done, err = tape.Step(budget)
	}
	want, standard := decodeStandard(data)
	if standard != nil {
		assert.Error(t, err, "%q", data)
		return
	}
	var syntax *SyntaxError
	if errors.As(err, &syntax) && strings.Contains(syntax.Reason, "nest deeper") {
		return // named difference: we stop at 1,000 levels, encoding/json at 10,000
	}
	if assert.NoError(t, err, "%q", data) {
		assert.Equal(t, want, decode(tape.Root()), "%q", data)
	}
}

func TestSyntaxErrorsGiveTheByteOffset(t *testing.T) {
	for text, offset := range map[string]int{
		``: 0, `[1,`: 3, `[1 2]`: 3, `{"a":tru}`: 8, `{"a" 1}`: 5, "\"ab\x01\"": 3, `"\u12g4"`: 5, `"\x"`: 2, `1 2`: 2,
		`[1,]`: 3, `{"a":1,}`: 7, `-x`: 1, `{"name":"cut of`: 15,
	} {
		_, err := Parse([]byte(text))
		var syntax *SyntaxError
		require.ErrorAs(t, err, &syntax, text)
		assert.Equal(t, offset, syntax.Offset, "%s: %v", text, err)
	}
}

func TestScanRefusesADocumentCutAnywhere(t *testing.T) {
	text := []byte(`[{"action":"query","data":[{"a":-1.5e3,"b":"é\u00e9\"","c":null,"d":[true,false,{}]}],"metadata":{}}]`)
	_, err := Parse(text)
	require.NoError(t, err)
	for cut := range text {
		_, err := Parse(text[:cut])
		assert.Error(t, err, "cut at %d", cut)
	}
}

func TestScanLimitsNesting(t *testing.T) {
	_, err := Parse([]byte(strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth)))
	assert.NoError(t, err)
	for _, text := range []string{strings.Repeat("[", 100_000), strings.Repeat(`{"a":`, 100_000)} {
		_, err = Parse([]byte(text))
		assert.ErrorContains(t, err, "nest deeper than 1000")
	}
}

func TestNumbersKeepTheirValue(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "-0": 0, "7": 7, "9007199254740993": 9007199254740993, "-9223372036854775808": -1 << 63,
		"9223372036854775807": 1<<63 - 1, "123456789012345": 123456789012345,
	} {
		n, err := Parse([]byte(text))
		require.NoError(t, err)
		got, ok := n.Int()
		assert.True(t, ok, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"1.0", "1e3", "9223372036854775808", `"1"`, "null"} {
		n, err := Parse([]byte(text))
		require.NoError(t, err)
		_, ok := n.Int()
		assert.False(t, ok, text)
	}
	n, _ := Parse([]byte("0.1"))
	f, ok := n.Float()
	assert.True(t, ok)
	assert.Equal(t, 0.1, f)
	n, _ = Parse([]byte("1e999"))
	_, ok = n.Float()
	assert.False(t, ok, "beyond float64")
}

func TestGetTakesTheLastOfRepeatedKeys(t *testing.T) {
	n, err := Parse([]byte(`{"a":1,"b":{"c":[1,2,3]},"a":2,"\u0062x":3}`))
	require.NoError(t, err)
	v, _ := n.Get("a").Int()
	assert.Equal(t, int64(2), v)
	assert.Equal(t, 3, n.Get("b").Get("c").Len())
	assert.Equal(t, 4, n.Len())
	assert.Equal(t, `{"c":[1,2,3]}`, string(n.Get("b").Raw()))
	v, _ = n.Get("bx").Int()
	assert.Equal(t, int64(3), v)
	assert.Equal(t, Missing, n.Get("x").Get("y").Kind())
}

func TestFindGivesWhatGetGives(t *testing.T) {
	names := []string{"a", "b", "no", "\u00e9\"", ""}
	for _, text := range []string{`{}`, `[1]`, `5`, `{"a":1,"b":{"a":2},"a":3}`, `{"\u0061":1,"\u00e9\"":[{}],"":null,"z":[[1],{"b":1}]}`, `{"z":"a","b":"b"}`} {
		node, err := Parse([]byte(text))
		require.NoError(t, err)
		found := make([]Node, len(names))
		found[2] = node
		node.Find(names, found)
		for i, name := range names {
			assert.Equal(t, node.Get(name), found[i], "%s of %s", name, text)
		}
	}
}

func FuzzScan(f *testing.F) {
	for _, text := range documents {
		f.Add([]byte(text), 3)
	}
	f.Fuzz(func(t *testing.T, data []byte, budget int) {
		if budget < 1 {
			budget = 1
		}
		if bytes.Count(data, []byte("[")) > MaxDepth || bytes.Count(data, []byte("{")) > MaxDepth {
			return
		}
		compareWithStandard(t, data, budget)
	})
}

func BenchmarkScan(b *testing.B) {
	data, err := os.ReadFile(filepath.Join("..", "schema", "testdata", "query_schemas.json"))
	if err != nil {
		b.Skip("no schema fixture: ", err)
	}
	tape := new(Tape)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if err := tape.Scan(data); err != nil {
			b.Fatal(err)
		}
	}
}
