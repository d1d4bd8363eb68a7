package socketio_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/event/socketio"
)

// clock drives a machine by hand.
type clock struct {
	*socketio.Machine
	now time.Time
}

func newClock(s socketio.Settings) *clock {
	return &clock{socketio.NewMachine(s), time.Unix(1e9, 0)}
}

var names = map[socketio.Do]string{socketio.DoHandshake: "handshake", socketio.DoDial: "dial", socketio.DoSend: "send", socketio.DoClose: "close",
	socketio.DidConnect: "connected", socketio.DidLose: "lost", socketio.DidFail: "failed", socketio.DidGiveUp: "gave up", socketio.GotEvent: "event",
	socketio.GotAck: "ack", socketio.GotBadPacket: "bad"}

// effects takes what there is as text.
func (c *clock) effects() string {
	var texts []string
	for _, e := range c.Effects() {
		text := names[e.Do]
		switch {
		case e.Do == socketio.DoHandshake && e.InQuery:
			text += " in query"
		case e.Do == socketio.DoDial:
			text += " " + e.Handshake.ID
		case e.Do == socketio.DoSend:
			text += " " + string(e.Message)
		case e.Err != nil:
			text += ": " + e.Err.Error()
		case e.Do == socketio.GotEvent || e.Do == socketio.GotAck:
			text += " " + string(e.Node.Raw())
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, "; ")
}

// establish brings the machine to a connection.
func (c *clock) establish(t *testing.T, attempt int) {
	t.Helper()
	c.Shook(c.now, attempt, 200, []byte("sid:15:25:websocket"), nil)
	c.Dialled(c.now, attempt, nil)
	c.Received(c.now, attempt, []byte("1::"))
	require.Equal(t, socketio.Established, c.Phase())
}

func (c *clock) pass(d time.Duration) {
	c.now = c.now.Add(d)
	c.Tick(c.now)
}

func TestAConnectionIsMade(t *testing.T) {
	c := newClock(socketio.Settings{})
	c.Connect(c.now, false)
	assert.Equal(t, "handshake", c.effects())
	c.Connect(c.now, false)
	assert.Empty(t, c.effects(), "it is under way")
	c.Shook(c.now, 1, 200, []byte("sid:15:25:websocket"), nil)
	assert.Equal(t, "dial sid", c.effects())
	c.Dialled(c.now, 1, nil)
	assert.Empty(t, c.effects())
	c.Received(c.now, 1, []byte("1::"))
	assert.Equal(t, "connected", c.effects())
	c.Received(c.now, 1, []byte("1::"))
	assert.Empty(t, c.effects())
	c.Disconnect()
	assert.Equal(t, "send 0::; close; gave up", c.effects())
	c.Received(c.now, 1, []byte("2::"))
	c.Lost(c.now, 1, errors.New("late"))
	c.pass(time.Hour)
	c.Wake(c.now)
	assert.Empty(t, c.effects(), "it stays disconnected")
	assert.True(t, c.Deadline().IsZero())
}

func TestTheFirstAttemptDecidesWithoutPersistence(t *testing.T) {
	for name, fail := range map[string]func(c *clock){
		"network": func(c *clock) { c.Shook(c.now, 1, 0, nil, errors.New("x")) },
		"status":  func(c *clock) { c.Shook(c.now, 1, 500, nil, nil) },
		"page":    func(c *clock) { c.Shook(c.now, 1, 200, []byte("<html>"), nil) },
		"socket": func(c *clock) {
			c.Shook(c.now, 1, 200, []byte("s:1:1:websocket"), nil)
			c.Dialled(c.now, 1, errors.New("x"))
		},
		"no greet": func(c *clock) {
			c.Shook(c.now, 1, 200, []byte("s:1:1:websocket"), nil)
			c.Dialled(c.now, 1, nil)
			c.pass(30 * time.Second)
		},
		"no answer": func(c *clock) { c.pass(30 * time.Second) },
		"error": func(c *clock) {
			c.Shook(c.now, 1, 200, []byte("s:1:1:websocket"), nil)
			c.Dialled(c.now, 1, nil)
			c.Received(c.now, 1, []byte("7:::no"))
		},
	} {
		c := newClock(socketio.Settings{})
		c.Connect(c.now, false)
		fail(c)
		assert.Contains(t, c.effects(), "gave up: ", name)
		assert.Equal(t, socketio.Idle, c.Phase(), name)
	}
}

func TestWaitsGrowAndAreSpread(t *testing.T) {
	random := 0.0
	c := newClock(socketio.Settings{Random: func() float64 { return random }})
	c.Connect(c.now, true)
	for i, want := range []time.Duration{1, 2, 4, 8, 16, 30, 30, 30} {
		c.Shook(c.now, i+1, 0, nil, errors.New("unreachable"))
		assert.Equal(t, want*time.Second, c.Deadline().Sub(c.now))
		c.pass(want*time.Second - 1)
		assert.Equal(t, socketio.Waiting, c.Phase())
		c.pass(1)
		assert.Equal(t, socketio.Shaking, c.Phase())
	}
	random = 0.5
	c.Shook(c.now, 9, 0, nil, errors.New("unreachable"))
	assert.Equal(t, 37500*time.Millisecond, c.Deadline().Sub(c.now))
}

func TestALostConnectionIsMadeAnewWithShortWaitsAfterAWhile(t *testing.T) {
	c := newClock(socketio.Settings{})
	c.Connect(c.now, false)
	for attempt := 1; attempt <= 3; attempt++ { // a server that takes and drops is not hammered
		c.establish(t, attempt)
		c.effects()
		c.Lost(c.now, attempt, errors.New("gone"))
		assert.Equal(t, "lost: gone; close", c.effects())
		assert.Equal(t, time.Second<<(attempt-1), c.Deadline().Sub(c.now))
		c.pass(time.Minute)
		assert.Equal(t, "handshake", c.effects())
	}
	c.establish(t, 4)
	for range 10 {
		c.pass(10 * time.Second)
		c.Received(c.now, 4, []byte("2::"))
	}
	c.Lost(c.now, 4, errors.New("gone"))
	assert.Equal(t, time.Second, c.Deadline().Sub(c.now))
}

func TestSilenceEndsAConnection(t *testing.T) {
	c := newClock(socketio.Settings{})
	c.Connect(c.now, false)
	c.establish(t, 1)
	c.effects()
	c.pass(18 * time.Second)
	c.Received(c.now, 1, []byte("2::"))
	assert.Equal(t, "send 2::", c.effects())
	c.pass(18 * time.Second)
	assert.Empty(t, c.effects(), "heard 18 s ago, expected every 15 s")
	c.Received(c.now, 1, []byte("nonsense"))
	assert.Contains(t, c.effects(), "bad")
	c.pass(18*time.Second + 750*time.Millisecond)
	assert.Equal(t, "lost: "+socketio.ErrHeartbeat.Error()+"; close", c.effects())
}

func TestAServerWithoutHeartbeatsIsNotWaitedFor(t *testing.T) {
	c := newClock(socketio.Settings{})
	c.Connect(c.now, false)
	c.Shook(c.now, 1, 200, []byte("sid:::websocket"), nil)
	c.Dialled(c.now, 1, nil)
	c.Received(c.now, 1, []byte("1::"))
	c.pass(24 * time.Hour)
	assert.Equal(t, socketio.Established, c.Phase())
}

func TestWakingEndsAWait(t *testing.T) {
	c := newClock(socketio.Settings{})
	c.Connect(c.now, true)
	for attempt := range 5 {
		c.Shook(c.now, attempt+1, 0, nil, errors.New("unreachable"))
		c.pass(time.Minute)
	}
	c.Shook(c.now, 6, 0, nil, errors.New("unreachable"))
	c.effects()
	c.Wake(c.now)
	assert.Equal(t, "handshake", c.effects())
	c.Shook(c.now, 7, 0, nil, errors.New("unreachable"))
	assert.Equal(t, time.Second, c.Deadline().Sub(c.now), "and the waits begin anew")
}

func TestWakingLeavesASilentConnectionAtOnceAndAGoodOneAlone(t *testing.T) {
	c := newClock(socketio.Settings{})
	c.Connect(c.now, false)
	c.establish(t, 1)
	c.effects()
	c.now = c.now.Add(18 * time.Second)
	c.Wake(c.now)
	assert.Empty(t, c.effects())
	c.now = c.now.Add(time.Hour) // asleep: no timer ran
	c.Wake(c.now)
	assert.Equal(t, "lost: "+socketio.ErrHeartbeat.Error()+"; close; handshake", c.effects())
	c.establish(t, 2)
}

func TestCredentialsMoveToTheURLOnlyWhenHeadersAreRefused(t *testing.T) {
	for _, status := range []int{401, 403} {
		c := newClock(socketio.Settings{})
		c.Connect(c.now, false)
		c.effects()
		c.Shook(c.now, 1, status, nil, nil)
		assert.Equal(t, "handshake in query", c.effects())
		c.establish(t, 1)
		assert.True(t, c.InQuery())
		c.Lost(c.now, 1, errors.New("gone"))
		c.effects()
		c.pass(time.Minute)
		assert.Equal(t, "handshake in query", c.effects(), "what worked is used again")
	}
	for _, status := range []int{500, 404, 302} {
		c := newClock(socketio.Settings{})
		c.Connect(c.now, false)
		c.effects()
		c.Shook(c.now, 1, status, nil, nil)
		assert.NotContains(t, c.effects(), "query")
	}
	c := newClock(socketio.Settings{})
	c.Connect(c.now, true)
	for attempt := range 5 {
		c.Shook(c.now, attempt+1, 0, nil, errors.New("unreachable"))
		assert.NotContains(t, c.effects(), "query", "a network error moves nothing")
		c.pass(time.Minute)
	}
	c.Shook(c.now, 6, 403, nil, nil)
	c.Shook(c.now, 6, 403, nil, nil)
	assert.Contains(t, c.effects(), "failed: the server refused the handshake with status 403")
	c.pass(time.Minute)
	assert.Equal(t, "handshake", c.effects(), "it was no better")

	c = newClock(socketio.Settings{HeadersOnly: true, InQuery: true})
	c.Connect(c.now, false)
	assert.Equal(t, "handshake", c.effects())
	c.Shook(c.now, 1, 401, nil, nil)
	assert.NotContains(t, c.effects(), "query", "what is no key is put nowhere else")

	c = newClock(socketio.Settings{InQuery: true})
	c.Connect(c.now, false)
	assert.Equal(t, "handshake in query", c.effects())
	c.Shook(c.now, 1, 403, nil, nil)
	assert.Equal(t, "handshake", c.effects(), "a server that knew only URLs may know headers by now")
	c.Shook(c.now, 1, 403, nil, nil)
	assert.Contains(t, c.effects(), "gave up: the server refused")
	c.Connect(c.now, false)
	assert.Equal(t, "handshake in query", c.effects(), "it was no better")
	c.Shook(c.now, 2, 403, nil, nil)
	c.effects()
	c.establish(t, 2)
	assert.False(t, c.InQuery())
}

func TestFramesOfTheServerAreAnswered(t *testing.T) {
	for text, want := range map[string]string{
		"2::": "send 2::",
		`5:::{"name":"ftrack.event","args":[{"topic":"a"}]}`:   `event {"topic":"a"}`,
		`5:7::{"name":"ftrack.event","args":[{"topic":"a"}]}`:  `send 6:::7; event {"topic":"a"}`,
		`5:7+::{"name":"ftrack.event","args":[{"topic":"a"}]}`: `send 6:::7+[]; event {"topic":"a"}`,
		`5:::{"name":"x","args":[1]}`:                          "",
		"3:1::text":                                            "send 6:::1",
		"6:::1+[{\"success\":true}]":                           `ack {"success":true}`,
		"6:::":                                                 "bad: event hub: received an acknowledgement without an id",
		"5:::{":                                                "bad: event hub: received an event that is no JSON",
		"9::":                                                  "bad: event hub: received a frame of an unknown kind",
		"8::":                                                  "",
		"0::":                                                  "lost: the server ended the connection; close",
		"7:::unauthorized":                                     `lost: the server reported an error: "unauthorized"; close`,
	} {
		c := newClock(socketio.Settings{})
		c.Connect(c.now, false)
		c.establish(t, 1)
		c.effects()
		c.Received(c.now, 1, []byte(text))
		assert.Equal(t, want, c.effects(), text)
	}
}

func TestFramesCutAnywhereBreakNothing(t *testing.T) {
	for _, whole := range []string{`5:1+::{"name":"ftrack.event","args":[{"topic":"a","data":{"x":"é"}}]}`, `6:::1+[{"success":true}]`, "1::"} {
		for cut := range len(whole) {
			c := newClock(socketio.Settings{})
			c.Connect(c.now, false)
			c.establish(t, 1)
			c.effects()
			c.Received(c.now, 1, []byte(whole[:cut]))
			if c.Phase() == socketio.Established {
				c.Received(c.now, 1, []byte("2::"))
				assert.Contains(t, c.effects(), "send 2::", whole[:cut])
			}
		}
	}
}

func TestAFrameOfTenMegabytesIsAnEvent(t *testing.T) {
	c := newClock(socketio.Settings{})
	c.Connect(c.now, false)
	c.establish(t, 1)
	c.effects()
	c.Received(c.now, 1, []byte(`5:::{"name":"ftrack.event","args":[{"topic":"a","data":"`+strings.Repeat("x", 10<<20)+`"}]}`))
	effects := c.Effects()
	require.Len(t, effects, 1)
	assert.Len(t, effects[0].Node.Get("data").Text(), 10<<20)
}
