package socketio_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/event/socketio"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

var frames = map[string]socketio.Frame{
	"0":               {},
	"1::":             {Kind: socketio.Connect},
	"2::":             {Kind: socketio.Heartbeat},
	"2:::":            {Kind: socketio.Heartbeat, Data: []byte{}},
	"3:1::a:b:c":      {Kind: socketio.Message, ID: "1", Data: []byte("a:b:c")},
	"4:12+:/x:{}":     {Kind: socketio.JSON, ID: "12", WantsData: true, Endpoint: "/x", Data: []byte("{}")},
	`5:1+::{"a":":"}`: {Kind: socketio.Event, ID: "1", WantsData: true, Data: []byte(`{"a":":"}`)},
	"6:::1+[1]":       {Kind: socketio.Ack, Data: []byte("1+[1]")},
	"7:::x+0":         {Kind: socketio.Error, Data: []byte("x+0")},
	"8::":             {Kind: socketio.Noop},
	"1::/chat?a=b":    {Kind: socketio.Connect, Endpoint: "/chat?a=b"},
}

func TestFramesAreReadAndWritten(t *testing.T) {
	for text, want := range frames {
		frame, err := socketio.ParseFrame([]byte(text))
		require.NoError(t, err, text)
		if want.Data == nil {
			want.Data = frame.Data
			require.Empty(t, frame.Data, text)
		}
		assert.Equal(t, want, frame, text)
		again, err := socketio.ParseFrame(frame.Append(nil))
		require.NoError(t, err, text)
		assert.Equal(t, frame.Append(nil), again.Append(nil))
	}
	assert.Equal(t, "2::", string(socketio.Frame{Kind: socketio.Heartbeat}.Append(nil)))
	assert.Equal(t, `5:1+::{"name":"ftrack.event","args":[{"x":1}]}`, string(socketio.AppendEvent(nil, 1, []byte(`{"x":1}`))))
	assert.Equal(t, `5:::{"name":"ftrack.event","args":[{}]}`, string(socketio.AppendEvent(nil, 0, []byte(`{}`))))
}

func TestBadFramesAreErrors(t *testing.T) {
	for text, want := range map[string]string{
		"": "unknown kind", "9::": "unknown kind", "a": "unknown kind", "55::": "unknown kind", ":::": "unknown kind", "\xff\x00": "unknown kind",
		"5:": "breaks off", "5:1": "breaks off", "5:1+": "breaks off", "5:x::": "no number", "5:+::": "no number", "5:-1::": "no number", "5:1++::": "no number",
	} {
		_, err := socketio.ParseFrame([]byte(text))
		var packet *socketio.PacketError
		require.ErrorAs(t, err, &packet, text)
		assert.Contains(t, err.Error(), want, text)
	}
}

func TestFramesOfEvents(t *testing.T) {
	for text, want := range map[string]string{
		`{"name":"ftrack.event","args":[{"topic":"a"},2]}`: `{"topic":"a"}`,
		`{"args":["x"],"name":"ftrack.event"}`:             `"x"`,
		`{"name":"other","args":[{}]}`:                     "",
		`{"name":"ftrack.event","args":[]}`:                "an event without arguments",
		`{"name":"ftrack.event"}`:                          "an event without arguments",
		`{"name":"ftrack.event","args":{}}`:                "an event without arguments",
		`{"args":[{}]}`:                                    "an event without a name",
		`[]`:                                               "an event without a name",
		`{"name":"ftrack.event","args":[{"topic"`:          "an event that is no JSON",
		``: "an event that is no JSON",
	} {
		node, err := socketio.Frame{Kind: socketio.Event, Data: []byte(text)}.Event()
		if err != nil {
			assert.Equal(t, "event hub: received "+want, err.Error())
			continue
		}
		assert.Equal(t, want, string(node.Raw()), text)
	}
}

func TestFramesOfAcknowledgements(t *testing.T) {
	for text, want := range map[string]struct {
		id     int
		result string
		fails  bool
	}{
		"1":                           {id: 1},
		"12+":                         {id: 12},
		"1+[]":                        {id: 1},
		`1+[{"success":true},5]`:      {id: 1, result: `{"success":true}`},
		`3+{"success":false}`:         {id: 3},
		"":                            {fails: true},
		"+[1]":                        {fails: true},
		"x":                           {fails: true},
		"-1":                          {fails: true},
		"1+[":                         {fails: true},
		"99999999999999999999999+[1]": {fails: true},
	} {
		id, result, err := socketio.Frame{Kind: socketio.Ack, Data: []byte(text)}.Acknowledged()
		assert.Equal(t, want.fails, err != nil, text)
		if !want.fails {
			assert.Equal(t, want.id, id, text)
			assert.Equal(t, want.result, string(result.Raw()), text)
		}
	}
}

func TestHandshakes(t *testing.T) {
	for text, want := range map[string]socketio.Handshake{
		"abc:15:25:websocket,htmlfile":         {ID: "abc", Heartbeat: 15 * time.Second, Close: 25 * time.Second},
		"abc:::websocket":                      {ID: "abc"},
		" a-_1:0.5:60:xhr-polling,websocket\n": {ID: "a-_1", Heartbeat: 500 * time.Millisecond, Close: time.Minute},
	} {
		h, err := socketio.ParseHandshake([]byte(text))
		require.NoError(t, err, text)
		assert.Equal(t, want, h)
	}
	for _, text := range []string{"", "abc", "abc:1:2", ":1:2:websocket", "abc:1:2:xhr-polling", "abc:x:2:websocket", "abc:-1:2:websocket", "abc:NaN:2:websocket",
		"abc:1e300:2:websocket", "<html><head><style>a:b:c:websocket", "a/b:1:2:websocket", strings.Repeat("a", 1<<20)} {
		_, err := socketio.ParseHandshake([]byte(text))
		var packet *socketio.PacketError
		assert.ErrorAs(t, err, &packet, text)
	}
}

func FuzzFrame(f *testing.F) {
	for text := range frames {
		f.Add([]byte(text))
	}
	f.Add([]byte(`5:1+::{"name":"ftrack.event","args":[{"topic":"a","data":{}}]}`))
	f.Add([]byte(`6:::1+[{"success":true}]`))
	f.Fuzz(func(t *testing.T, message []byte) {
		frame, err := socketio.ParseFrame(message)
		if err != nil {
			var packet *socketio.PacketError
			require.True(t, errors.As(err, &packet))
			return
		}
		again, err := socketio.ParseFrame(frame.Append(nil))
		require.NoError(t, err)
		require.Equal(t, string(frame.Append(nil)), string(again.Append(nil)))
		if node, err := frame.Event(); err == nil && node.Kind() != wire.Missing {
			_, err := wire.Parse(node.Raw())
			require.NoError(t, err)
		}
		if id, _, err := frame.Acknowledged(); err == nil {
			require.GreaterOrEqual(t, id, 0)
		}
		// Whatever comes, a machine stands it.
		now := time.Unix(0, 0)
		m := socketio.NewMachine(socketio.Settings{})
		m.Connect(now, true)
		m.Shook(now, 1, 200, []byte("a:1:2:websocket"), nil)
		m.Dialled(now, 1, nil)
		m.Received(now, 1, message)
		m.Received(now, 1, []byte("1::"))
		m.Received(now, 1, message)
		require.NotEmpty(t, m.Effects())
	})
}

func FuzzHandshake(f *testing.F) {
	f.Add([]byte("abc:15:25:websocket,htmlfile"))
	f.Fuzz(func(t *testing.T, body []byte) {
		h, err := socketio.ParseHandshake(body)
		if err == nil {
			require.NotEmpty(t, h.ID)
			require.NotContains(t, h.ID, "/")
			require.GreaterOrEqual(t, h.Heartbeat, time.Duration(0))
		}
	})
}
