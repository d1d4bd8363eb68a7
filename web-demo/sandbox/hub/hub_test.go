package hub_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/hub"
)

// client is the other end of a socket.
type client struct {
	t    *testing.T
	conn hub.Conn
	done chan error
}

func connect(t *testing.T, h *hub.Hub) *client {
	t.Helper()
	id, _, _ := strings.Cut(h.Admit(hub.User{ID: "u1", Username: "ada"}), ":")
	return dial(t, h, id)
}

func dial(t *testing.T, h *hub.Hub, id string) *client {
	near, far := hub.Pipe()
	c := &client{t, near, make(chan error, 1)}
	go func() { c.done <- h.Serve(t.Context(), id, far) }()
	t.Cleanup(func() { near.Close() })
	return c
}

func (c *client) send(frame string) {
	c.t.Helper()
	require.NoError(c.t, c.conn.Send(c.t.Context(), frame))
}

// next is the next frame, "" when the connection has ended.
func (c *client) next() string {
	c.t.Helper()
	frame, err := c.conn.Receive(c.t.Context())
	if err != nil {
		require.ErrorIs(c.t, err, io.EOF)
	}
	return frame
}

// event is the next event, as wire.Node.
func (c *client) event() wire.Node {
	c.t.Helper()
	frame := c.next()
	text, ok := strings.CutPrefix(frame, "5:::")
	require.True(c.t, ok, frame)
	root, err := wire.Parse([]byte(text))
	require.NoError(c.t, err)
	require.Equal(c.t, "ftrack.event", root.Get("name").Text())
	require.Equal(c.t, 1, root.Get("args").Len())
	return root.Get("args").List()[0]
}

func publish(id, event string) string {
	return `5:` + id + `::{"name":"ftrack.event","args":[` + event + `]}`
}

func (c *client) subscribe(id, expression string) {
	c.t.Helper()
	data := string(wire.AppendText([]byte(`{"topic":"ftrack.meta.subscribe","data":{"subscriber":{"id":"`+id+`","applicationId":"test.`+id+`"},"subscription":`), expression)) + `}}`
	c.send(publish("9+", data))
	require.Equal(c.t, `6:::9+[{"success":true}]`, c.next())
}

func TestASocketIsAdmittedOnce(t *testing.T) {
	h := hub.New(hub.Options{})
	line := h.Admit(hub.User{})
	parts := strings.Split(line, ":")
	require.Equal(t, []string{"15", "25", "websocket"}, parts[1:])
	require.Equal(t, "1::", dial(t, h, parts[0]).next())
	for _, id := range []string{parts[0], "", "unknown"} {
		c := dial(t, h, id)
		require.Equal(t, "7:::1+0", c.next(), "connect anew")
		require.Empty(t, c.next())
		require.ErrorIs(t, <-c.done, hub.ErrUnknownSocket)
	}
}

func TestAHandshakeAnnouncesTheHeartbeat(t *testing.T) {
	line := hub.New(hub.Options{Heartbeat: 4 * time.Second}).Admit(hub.User{})
	require.True(t, strings.HasSuffix(line, ":4:7:websocket"), line)
}

func TestAnAdmissionExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hub.New(hub.Options{})
		id, _, _ := strings.Cut(h.Admit(hub.User{}), ":")
		time.Sleep(26 * time.Second)
		require.Equal(t, "7:::1+0", dial(t, h, id).next())
	})
}

func TestEventsReachWhoSubscribed(t *testing.T) {
	h := hub.New(hub.Options{})
	a, b := connect(t, h), connect(t, h)
	require.Equal(t, "1::", a.next())
	require.Equal(t, "1::", b.next())
	a.subscribe("A", "topic=my.*")
	b.subscribe("B", "topic=my.topic and not data.kind=quiet")
	a.send(publish("1+", `{"topic":"my.topic","data":{"text":"a:b"}}`))
	require.Equal(t, "a:b", a.event().Get("data").Get("text").Text(), "the sender too")
	require.Equal(t, `6:::1+[{"success":true}]`, a.next())
	require.Equal(t, "my.topic", b.event().Get("topic").Text())
	a.send(publish("2", `{"topic":"my.topic","data":{"kind":"quiet"}}`))
	require.Equal(t, "quiet", a.event().Get("data").Get("kind").Text())
	require.Equal(t, "6:::2", a.next(), "an acknowledgement without data")
	a.send(publish("", `{"topic":"my.other"}`))
	require.Equal(t, "my.other", a.event().Get("topic").Text(), "no acknowledgement")
	b.send(publish("", `{"topic":"ftrack.meta.unsubscribe","data":{"subscriber":{"id":"B"}}}`))
	b.send(publish("3+", `{"topic":"my.topic"}`))
	require.Equal(t, `6:::3+[{"success":true}]`, b.next(), "nobody of b is left")
}

func TestAnswersFindWhoAsked(t *testing.T) {
	h := hub.New(hub.Options{})
	a, b := connect(t, h), connect(t, h)
	a.next()
	b.next()
	a.subscribe("HUB-A", "topic=ftrack.meta.reply")
	b.subscribe("HUB-B", "topic=ftrack.meta.reply")
	b.send(publish("", `{"topic":"ftrack.meta.reply","target":"id=HUB-A","inReplyToEvent":"e1","data":{"n":1}}`))
	require.Equal(t, "e1", a.event().Get("inReplyToEvent").Text())
	b.send(publish("", `{"topic":"ftrack.meta.reply","target":"applicationId=\"test.HUB-B\" and user.username=ada","data":{"n":2}}`))
	require.Equal(t, "2", string(b.event().Get("data").Get("n").Raw()))
	b.send(publish("7+", `{"topic":"ftrack.meta.reply","target":"id="}`))
	require.Contains(t, b.next(), `6:::7+[{"success":false,"message":`)
}

func TestSubscriberIDsAreUsedOnce(t *testing.T) {
	for _, unique := range []bool{false, true} {
		h := hub.New(hub.Options{UniqueSubscribers: unique})
		a, b := connect(t, h), connect(t, h)
		a.next()
		b.next()
		a.subscribe("A", "topic=x")
		again := publish("4+", `{"topic":"ftrack.meta.subscribe","data":{"subscriber":{"id":"A"},"subscription":"topic=y"}}`)
		a.send(again)
		require.Contains(t, a.next(), `"success":false`)
		b.send(again)
		require.Equal(t, !unique, strings.Contains(b.next(), `"success":true`))
		require.NoError(t, a.conn.Close())
		require.NoError(t, <-a.done)
		b.subscribe("B", "topic=x")
		if unique {
			b.subscribe("A", "topic=x")
		}
	}
}

func TestFramesThatAreNoneArePassedOver(t *testing.T) {
	h := hub.New(hub.Options{})
	c := connect(t, h)
	c.next()
	for _, frame := range []string{"", ":", "5", "5:", "9:::", "55:::{}", "5:x::{}", "5:::", "5:::{", `5:::{"name":"other","args":[{}]}`, `5:::{"name":"ftrack.event","args":[]}`,
		`5:::{"name":"ftrack.event","args":[1]}`, `6:::5+[]`, "3:::text", "4:::{}", "8::", "2", "2::", "2:::", "1::/x", strings.Repeat("(", 100_000)} {
		c.send(frame)
	}
	c.send(publish("1+", `{}`))
	require.Contains(t, c.next(), "needs a topic")
	c.send(publish("2+", `{"topic":"ftrack.meta.subscribe","data":{"subscriber":{"id":"A"},"subscription":"`+strings.Repeat("not ", 1000)+`"}}`))
	require.Contains(t, c.next(), `"success":false`)
	c.send(publish("3+", `{"topic":"ftrack.meta.subscribe","data":{}}`))
	require.Contains(t, c.next(), "needs an id")
	c.send("0::")
	require.Empty(t, c.next())
	require.NoError(t, <-c.done)
}

func TestHeartbeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hub.New(hub.Options{})
		c := connect(t, h)
		c.next()
		start := time.Now()
		for range 9 {
			require.Equal(t, "2::", c.next())
			c.send("2::")
		}
		require.Equal(t, 90*time.Second, time.Since(start), "before the announced 15 seconds are over")
		silent := time.Now()
		for c.next() != "" {
		}
		require.Equal(t, 25*time.Second, time.Since(silent), "who does not answer is cut off")
		require.NoError(t, <-c.done)
		require.Zero(t, h.State().Sockets)
	})
}

func TestEveryCallerGetsItsEndOfAPipe(t *testing.T) {
	near, far := hub.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := near.Receive(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, far.Send(t.Context(), "last words"))
	require.NoError(t, far.Close())
	frame, err := near.Receive(t.Context())
	require.NoError(t, err)
	require.Equal(t, "last words", frame)
	_, err = near.Receive(t.Context())
	require.ErrorIs(t, err, io.EOF)
	require.ErrorIs(t, near.Send(t.Context(), "x"), io.ErrClosedPipe)
}

func TestAClosedHubAdmitsNobody(t *testing.T) {
	h := hub.New(hub.Options{})
	c := connect(t, h)
	c.next()
	h.Close()
	require.Empty(t, c.next())
	require.Equal(t, "7:::1+0", connect(t, h).next())
}

func TestNumberedEvents(t *testing.T) {
	h := hub.New(hub.Options{NumberFrames: true})
	c := connect(t, h)
	c.next()
	c.subscribe("A", "topic=x")
	for i := range 3 {
		require.NoError(t, h.Publish([]byte(`{"topic":"x"}`)))
		require.Equal(t, fmt.Sprintf(`5:%d::{"name":"ftrack.event","args":[{"topic":"x"}]}`, i+1), c.next())
	}
}

func TestEverySocketSeesTheSameOrder(t *testing.T) {
	const clients, each = 6, 150
	h := hub.New(hub.Options{})
	all := make([]*client, clients)
	for i := range all {
		all[i] = connect(t, h)
		all[i].next()
		all[i].subscribe(fmt.Sprint("S", i), "topic=x")
	}
	seen := make(chan []string, clients)
	for i, c := range all {
		go func() {
			for n := range each {
				_ = c.conn.Send(t.Context(), publish(fmt.Sprint(n+1, "+"), fmt.Sprintf(`{"topic":"x","data":"%d-%d"}`, i, n)))
			}
		}()
		go func() {
			var events []string
			acknowledged := 0
			for len(events) < clients*each || acknowledged < each {
				frame, err := c.conn.Receive(t.Context())
				if err != nil {
					break
				}
				if strings.HasPrefix(frame, "6:::") {
					acknowledged++
				} else {
					events = append(events, frame)
				}
			}
			seen <- events
		}()
	}
	first := <-seen
	require.Len(t, first, clients*each)
	for range clients - 1 {
		require.Equal(t, first, <-seen)
	}
}
