package event_test

import (
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/event"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

func TestEventsAreWrittenAsTheServerTakesThem(t *testing.T) {
	e, err := event.New("my.topic", map[string]any{"b": []any{1, "x"}, "a": nil})
	require.NoError(t, err)
	assert.Equal(t, `{"id":"","data":{"a":null,"b":[1,"x"]},"topic":"my.topic","sent":null,"source":null,"target":"","inReplyToEvent":null}`, string(e.AppendJSON(nil)))
	e.ID, e.Target, e.InReplyToEvent, e.Data, e.Sent = "i", `id="x"`, "j", wire.Node{}, "2020"
	e.Source, err = event.Node(map[string]any{"id": "h"})
	require.NoError(t, err)
	text := `{"id":"i","data":{},"topic":"my.topic","sent":"2020","source":{"id":"h"},"target":"id=\"x\"","inReplyToEvent":"j"}`
	assert.Equal(t, text, string(e.AppendJSON(nil)))
	again, err := event.ParseEvent([]byte(text))
	require.NoError(t, err)
	assert.Equal(t, text, string(again.AppendJSON(nil)))
	assert.Equal(t, "h", again.SourceID())
}

func TestEventsWithoutTopicAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		`{"id":"x","data":{}}`: "event hub: received an event without a topic",
		`{"topic":5}`:          "event hub: received an event without a topic",
		`[]`:                   "event hub: received an event that is array and no object",
		`null`:                 "event hub: received an event that is null and no object",
	} {
		_, err := event.ParseEvent([]byte(text))
		var packet *event.PacketError
		require.True(t, errors.As(err, &packet), text)
		assert.EqualError(t, err, want)
	}
	_, err := event.ParseEvent([]byte(`{"topic":"a"`))
	var syntax *wire.SyntaxError
	assert.ErrorAs(t, err, &syntax)
	_, err = event.New("a", math.NaN())
	var encode *wire.EncodeError
	assert.ErrorAs(t, err, &encode)
}

func TestMembersOfTheWrongKindCountAsAbsent(t *testing.T) {
	e, err := event.ParseEvent([]byte(`{"topic":"a","id":5,"target":null,"sent":1700000000.5,"source":"me","data":[1,2],"inReplyToEvent":{}}`))
	require.NoError(t, err)
	assert.Equal(t, [4]string{"", "", "1700000000.5", ""}, [4]string{e.ID, e.Target, e.Sent, e.InReplyToEvent})
	assert.Equal(t, "", e.SourceID())
	assert.Equal(t, 2, e.Data.Len())
}

func TestClientTokensStandInDataOrSource(t *testing.T) {
	for text, want := range map[string]string{
		`{"topic":"a","data":{"clientToken":"t"},"source":{"clientToken":"s"}}`:  "t",
		`{"topic":"a","data":{"clientToken":null},"source":{"clientToken":"s"}}`: "s",
		`{"topic":"a"}`: "",
	} {
		e, err := event.ParseEvent([]byte(text))
		require.NoError(t, err)
		assert.Equal(t, want, e.ClientToken())
	}
}

func TestStopIsRemembered(t *testing.T) {
	e, err := event.New("a", nil)
	require.NoError(t, err)
	assert.False(t, e.Stopped())
	e.Stop()
	assert.True(t, e.Stopped())
}
