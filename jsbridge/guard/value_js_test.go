package guard

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhatJavaScriptThrowsIsAnError(t *testing.T) {
	thrower, err := Global().Get("Function")
	require.NoError(t, err)
	f, err := thrower.New("throw new RangeError('too far')")
	require.NoError(t, err)
	object, err := ValueOf(map[string]any{"f": f})
	require.NoError(t, err)
	_, err = object.Call("f")
	assert.ErrorContains(t, err, "too far")
	_, err = object.Call("missing")
	assert.Error(t, err)
}

func TestAValueOfAnotherKindIsAnError(t *testing.T) {
	text, err := ValueOf("text")
	require.NoError(t, err)
	_, err = text.Int()
	assert.Error(t, err)
	_, err = text.Get("length")
	assert.Error(t, err)
	_, err = CopyBytesToGo(make([]byte, 1), text)
	assert.Error(t, err)
	number, err := ValueOf(7)
	require.NoError(t, err)
	_, err = number.String()
	assert.ErrorContains(t, err, "not a string")
	n, err := number.Int()
	assert.NoError(t, err)
	assert.Equal(t, 7, n)
}

func TestFunctionsTakeAndGiveValues(t *testing.T) {
	var got []string
	f := FuncOf(func(args []Value) any {
		for _, arg := range args {
			text, err := arg.String()
			require.NoError(t, err)
			got = append(got, text)
		}
		return map[string]any{"list": []any{1, "two"}}
	})
	object, err := ValueOf(map[string]any{"f": f})
	require.NoError(t, err)
	answer, err := object.Call("f", "a", "b")
	require.NoError(t, err)
	list, err := answer.Get("list")
	require.NoError(t, err)
	n, err := list.Length()
	assert.NoError(t, err)
	assert.Equal(t, 2, n)
	assert.Equal(t, []string{"a", "b"}, got)
}
