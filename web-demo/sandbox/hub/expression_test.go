package hub

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

func TestWhatTheServerUnderstandsOfAnExpression(t *testing.T) {
	event, err := wire.Parse([]byte(`{"topic":"ftrack.update","n":5,"text":"5","quoted":"say \"hi\"","nothing":null,"deep":{"er":{"name":"Ada"}},"flag":true}`))
	require.NoError(t, err)
	for text, wanted := range map[string]bool{
		`topic=ftrack.update`: true, `topic="ftrack.update"`: true, `topic='ftrack.update'`: true, `topic = ftrack.update`: true, `topic=ftrack.*`: true, `topic=*`: true,
		`topic=tra*`: false, `topic=ftrack`: false, `topic!=x`: true, `topic!=ftrack*`: false,
		`text=5`: true, `n=5`: false, `n!=6`: false, `flag=true`: false, `nothing=null`: false, `missing=x`: false, `missing!=x`: false, `not missing=x`: true,
		`deep.er.name=Ada`: true, `deep.er=Ada`: false, `deep.name=Ada`: false,
		`quoted="say \"hi\""`: false,
		`text>4`:              true, `text>=5`: true, `text<5`: false, `text<=5`: true,
		`text=5 and topic=x or topic=ftrack.update`: true, `text=5 and (topic=x or topic=y)`: false, `NOT (text=6) AND topic=ftrack*`: true, `not not text=5`: true,
		`nothing="x" or text='5'`: true, `notes=1 or text=5`: true,
	} {
		e, err := parseExpression(text)
		require.NoError(t, err, text)
		require.Equal(t, wanted, e.fits(fieldsOf(event)), text)
	}
	for _, text := range []string{"", " ", "topic", "topic=", "topic=x and", "(topic=x", "topic=x)", `topic="x`, "=x", "topic=x topic=y", "topic==x", "not", `topic="x\"`} {
		_, err := parseExpression(text)
		require.Error(t, err, text)
	}
	everybody, err := parseTarget("")
	require.NoError(t, err)
	require.True(t, everybody.fits(fieldsOf(event)))
}
