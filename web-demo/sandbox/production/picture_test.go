package production_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/production"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/store"
)

func TestReviewMediaIsDrawn(t *testing.T) {
	s := build(t, production.Plan{Name: "demo", User: "demo", Tasks: 60})
	seen, films := map[string]bool{}, 0
	for _, e := range s.Entities(s.Schemas().Type("FileComponent")) {
		id, size := s.ID(e), int(s.Named(e, "size").Int())
		drawn := production.Draw(s, id)
		switch s.Named(e, "name").Text() {
		case "main":
			require.Nil(t, drawn)
		case "ftrackreview-webm":
			films++
			require.Len(t, drawn, size)
			require.Equal(t, []byte{0x1a, 0x45, 0xdf, 0xa3}, drawn[:4])
		case "ftrackreview-image":
			require.Len(t, drawn, size, "as its size says")
			if len(seen) == 0 {
				require.Equal(t, drawn, production.Draw(s, id))
			}
			img, err := jpeg.Decode(bytes.NewReader(drawn))
			require.NoError(t, err)
			require.Equal(t, image.Pt(480, 270), img.Bounds().Size())
			require.False(t, seen[string(drawn)], "each is another one")
			seen[string(drawn)] = true
		}
	}
	require.NotEmpty(t, seen)
	require.NotZero(t, films)
}

func TestOnlyItsOwnComponentsAreDrawn(t *testing.T) {
	s := build(t, production.Plan{Name: "demo", User: "demo", Tasks: 50})
	version := s.ID(s.Entities(s.Schemas().Type("AssetVersion"))[0])
	_, err := s.Insert(s.Schemas().Type("FileComponent"), store.Field{Name: "id", Value: eval.Text("mine")}, store.Field{Name: "version_id", Value: eval.Text(version)},
		store.Field{Name: "name", Value: eval.Text("ftrackreview-image")})
	require.NoError(t, err)
	require.Nil(t, production.Draw(s, "mine"))
	require.Nil(t, production.Draw(s, "nothing"))
}
