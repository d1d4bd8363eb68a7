package schemas

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/schema"
)

// The value stands in the real server's reply to query_server_information.
func TestHashOfTheRealSchemas(t *testing.T) {
	hash, err := Hash(Real())
	require.NoError(t, err)
	require.Equal(t, "23a1157b8b1730fd91c76f63dcd67a8f", hash)
}

func TestPythonForm(t *testing.T) {
	for _, c := range []struct{ in, out string }{
		{`{"b":1,"a":[true,null,{}]}`, `{"a": [true, null, {}], "b": 1}`},
		{`["é\u0007\"\\\u007f", "😀"]`, `["\u00e9\u0007\"\\\u007f", "\ud83d\ude00"]`},
		{`[1.0, 1e16, 1E-5, 0.5, -0.0, 12345678901234567890]`, `[1.0, 1e+16, 1e-05, 0.5, -0.0, 12345678901234567890]`},
	} {
		require.Equal(t, c.out, python(t, c.in))
	}
}

func TestEveryRealTypeIsServedUnchanged(t *testing.T) {
	set, err := Load()
	require.NoError(t, err)
	fixture, err := schema.Parse(Real())
	require.NoError(t, err)
	require.Len(t, fixture.Types(), 116)
	require.Len(t, set.Schemas.Types(), 117)
	for _, typ := range fixture.Types() {
		served := set.Schemas.Type(typ.Name)
		require.NotNil(t, served, typ.Name)
		require.Len(t, served.Attributes, len(typ.Attributes), typ.Name)
		for i, a := range typ.Attributes {
			require.Equal(t, a.Name, served.Attributes[i].Name)
			require.Equal(t, a.Kind, served.Attributes[i].Kind)
		}
	}
	require.True(t, set.Schemas.Type(StudioType).IsA("TypedContext"))
	require.NotEqual(t, "23a1157b8b1730fd91c76f63dcd67a8f", set.Hash)
}

func python(t *testing.T, text string) string {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	require.NoError(t, decoder.Decode(&value))
	return string(appendPython(nil, value))
}
