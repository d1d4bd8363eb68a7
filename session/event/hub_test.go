package event_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/event"
)

// reports collects what a hub reports.
type reports struct {
	mu    sync.Mutex
	texts []string
}

func (r *reports) add(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.texts = append(r.texts, err.Error())
}

func (r *reports) all() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.texts, "\n")
}

// run keeps what one run of the tests has the package remember from the next.
var run = time.Now().UnixNano()

// newHub makes a hub on a server of its own, to be closed when the test ends; ids are counted.
func newHub(t *testing.T, s *server, change ...func(*event.Options)) (*event.Hub, *reports) {
	r := &reports{}
	n := 0
	var mu sync.Mutex
	options := event.Options{ServerURL: "https://" + strings.ToLower(strings.ReplaceAll(t.Name(), "/", "-")) + fmt.Sprint(run) + ".example", APIUser: "ann", APIKey: func() string { return "s e&cret" },
		Credentials: func() []wireHeader {
			return []wireHeader{{Name: "ftrack-user", Value: "ann"}, {Name: "ftrack-api-key", Value: "s e&cret"}}
		},
		ApplicationID: "test", Dialer: s, Report: r.add, NewID: func() string {
			mu.Lock()
			defer mu.Unlock()
			n++
			return fmt.Sprintf("id%d", n)
		}}
	for _, f := range change {
		f(&options)
	}
	h := event.NewHub(options)
	t.Cleanup(h.Close)
	return h, r
}

func newEvent(t *testing.T, topic string, data any) *event.Event {
	t.Helper()
	e, err := event.New(topic, data)
	require.NoError(t, err)
	return e
}

// inBubble runs a test in time of its own.
func inBubble(t *testing.T, f func(t *testing.T, ctx context.Context)) {
	synctest.Test(t, func(t *testing.T) { f(t, t.Context()) })
}

func TestConnectAnnouncesEverySubscription(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &server{}
		h, r := newHub(t, s)
		assert.Equal(t, event.Disconnected, h.State())
		_, err := h.Subscribe("topic=a and data.x=5", func(context.Context, *event.Event) (any, error) { return nil, nil }, event.SubscribeOptions{})
		require.NoError(t, err)
		require.NoError(t, h.Connect(ctx))
		assert.Equal(t, []string{"topic=ftrack.meta.reply", "topic=a"}, s.subscribed, "what the server may not know is left to us")
		assert.True(t, h.Connected())
		require.NoError(t, h.Connect(ctx), "again")
		assert.Equal(t, []string{s.urls[0], "wss" + strings.TrimSuffix(s.urls[0], "/1/")[5:] + "/1/websocket/sid"}, s.urls)
		assert.Equal(t, []string{"ftrack-user=ann", "ftrack-api-key=s e&cret"}, s.headers)
		assert.Empty(t, r.all())
		h.Disconnect()
		synctest.Wait()
		assert.Equal(t, event.Disconnected, h.State())
		s.drop()
		time.Sleep(time.Hour)
		assert.Len(t, s.urls, 2, "it stays disconnected")
	})
}

func TestEventsFindTheirHandlersInOrder(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &server{}
		h, r := newHub(t, s)
		var calls []string
		on := func(name, subscription string, priority int, f event.Handler) {
			_, err := h.Subscribe(subscription, func(ctx context.Context, e *event.Event) (any, error) {
				calls = append(calls, name)
				if f != nil {
					return f(ctx, e)
				}
				return nil, nil
			}, event.SubscribeOptions{Priority: &priority, Subscriber: map[string]any{"id": name}})
			require.NoError(t, err)
		}
		on("last", "topic=a", 200, nil)
		on("first", "topic=a", -1, nil)
		on("second", "topic=a*", 100, nil)
		on("third", "topic=a and data.x>4", 100, nil)
		on("other", "topic=b", 0, nil)
		on("fails", "topic=a", 10, func(context.Context, *event.Event) (any, error) { return nil, errors.New("broken") })
		on("panics", "topic=a", 11, func(context.Context, *event.Event) (any, error) { panic("ouch") })
		require.NoError(t, h.Connect(ctx))
		require.NoError(t, h.Publish(ctx, newEvent(t, "a", map[string]any{"x": 5})))
		synctest.Wait()
		assert.Equal(t, []string{"first", "fails", "panics", "second", "third", "last"}, calls)
		assert.Equal(t, "event hub: a handler of topic=a failed: broken\na handler of topic=a panicked: ouch", r.all())

		calls = nil
		on("stops", "topic=a", 150, func(_ context.Context, e *event.Event) (any, error) { e.Stop(); return nil, nil })
		assert.True(t, h.Unsubscribe("third"))
		assert.False(t, h.Unsubscribe("third"))
		assert.Nil(t, h.GetSubscriberByIdentifier("third"))
		require.NoError(t, h.Publish(ctx, newEvent(t, "a", map[string]any{"x": 5})))
		synctest.Wait()
		assert.Equal(t, []string{"first", "fails", "panics", "second", "stops"}, calls)

		calls = nil
		e := newEvent(t, "a", nil)
		e.Target = `id="second" or id=other`
		require.NoError(t, h.Publish(ctx, e))
		synctest.Wait()
		assert.Equal(t, []string{"second"}, calls, "a target chooses subscribers")
		_, err := h.Subscribe("topic=a", nil, event.SubscribeOptions{Subscriber: map[string]any{"id": "first"}})
		var twice *event.NotUniqueError
		assert.ErrorAs(t, err, &twice)
		assert.Equal(t, "topic=a*", h.GetSubscriberByIdentifier("second").Subscription)
	})
}

func TestLocalEventsGiveResults(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		h, r := newHub(t, &server{})
		for i, result := range []any{1, nil, errors.New("x"), "two"} {
			_, err := h.Subscribe("topic=a", func(context.Context, *event.Event) (any, error) {
				if err, ok := result.(error); ok {
					return nil, err
				}
				return result, nil
			}, event.SubscribeOptions{Priority: &i})
			require.NoError(t, err)
		}
		results, err := h.PublishLocal(ctx, newEvent(t, "a", nil))
		require.NoError(t, err)
		assert.Equal(t, []any{1, nil, "two"}, results)
		assert.Contains(t, r.all(), "failed: x")
		_, err = h.PublishLocal(ctx, &event.Event{})
		assert.EqualError(t, err, "publish: the event has no topic")
	})
}

func TestPublishNeedsAConnectionOrOneUnderWay(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &server{down: true}
		h, r := newHub(t, s)
		var lacking *event.ConnectionError
		require.ErrorAs(t, h.Publish(ctx, newEvent(t, "a", nil)), &lacking)
		assert.EqualError(t, lacking, "publish: the event hub is not connected: call connect first")
		assert.EqualError(t, h.Connect(ctx), "connect: unreachable")
		assert.Equal(t, event.Disconnected, h.State())

		require.NoError(t, h.ConnectSoon())
		assert.Equal(t, event.Connecting, h.State())
		published := make(chan error, 10)
		for i := range 5 {
			go func() { published <- h.Publish(ctx, newEvent(t, fmt.Sprint("t", i), nil)) }()
			synctest.Wait()
		}
		time.Sleep(time.Minute)
		assert.Empty(t, published, "they wait")
		assert.Equal(t, "connect: unreachable", r.all(), "told once")
		s.set(func(s *server) { s.down = false })
		h.Wake()
		synctest.Wait()
		assert.Equal(t, event.Connected, h.State())
		assert.Equal(t, "t0 t1 t2 t3 t4", s.topics())
		for range 5 {
			require.NoError(t, <-published)
		}
	})
}

func TestQueuedEventsEndWithDisconnectAndWithTheirContext(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &server{down: true}
		h, _ := newHub(t, s, func(o *event.Options) { o.QueueLimit = 2 })
		require.NoError(t, h.ConnectSoon())
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		require.ErrorIs(t, h.Publish(short, newEvent(t, "a", nil)), context.DeadlineExceeded)
		results := make(chan error, 2)
		for range 2 {
			go func() { results <- h.Publish(ctx, newEvent(t, "b", nil)) }()
		}
		synctest.Wait()
		var full *event.HubError
		require.ErrorAs(t, h.Publish(ctx, newEvent(t, "c", nil)), &full)
		h.Disconnect()
		for range 2 {
			assert.EqualError(t, <-results, "publish: the event hub was disconnected")
		}
		s.set(func(s *server) { s.down = false })
		require.NoError(t, h.Connect(ctx))
		assert.Empty(t, s.topics())
		h.Close()
		assert.EqualError(t, h.Publish(ctx, newEvent(t, "a", nil)), "publish: the event hub is closed")
		assert.EqualError(t, h.Connect(ctx), "connect: the event hub is closed")
	})
}

func TestAfterALossEverythingIsAnnouncedAgainAndTheGapIsTold(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &server{}
		var gaps []event.Gap
		h, _ := newHub(t, s, func(o *event.Options) {
			o.Resumed = func(_ context.Context, g event.Gap) { gaps = append(gaps, g) }
		})
		var got []string
		_, err := h.Subscribe("topic=*", func(_ context.Context, e *event.Event) (any, error) { got = append(got, e.Topic); return nil, nil }, event.SubscribeOptions{})
		require.NoError(t, err)
		require.NoError(t, h.Connect(ctx))
		synctest.Wait()
		assert.Equal(t, []string{"ftrack.meta.connected"}, got)
		since := time.Now()
		time.Sleep(10 * time.Second)
		s.set(func(s *server) { s.silent = true })
		unknown := make(chan error, 1)
		go func() { unknown <- h.Publish(ctx, newEvent(t, "sent", nil)) }()
		synctest.Wait()
		s.set(func(s *server) { s.silent, s.subscribed = false, nil })
		since = time.Now()
		s.drop()
		synctest.Wait()
		assert.ErrorContains(t, <-unknown, "publish: the connection was lost before the server acknowledged")
		assert.Equal(t, event.Reconnecting, h.State())
		queued := make(chan error, 1)
		go func() { queued <- h.Publish(ctx, newEvent(t, "queued", nil)) }()
		require.NoError(t, <-queued)
		synctest.Wait()
		assert.Equal(t, []string{"topic=ftrack.meta.reply", "topic=*"}, s.subscribed)
		assert.Equal(t, []string{"ftrack.meta.connected", "sent", "ftrack.meta.disconnected", "ftrack.meta.connected", "queued"}, got)
		require.Len(t, gaps, 1)
		assert.Equal(t, since, gaps[0].Since)
		assert.GreaterOrEqual(t, gaps[0].Until.Sub(since), time.Second)
	})
}

func TestWhatIsMissedWhileDisconnectedOrBeforeTheFirstConnectionIsAGap(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &server{}
		var gaps []event.Gap
		told := func(o *event.Options) { o.Resumed = func(_ context.Context, g event.Gap) { gaps = append(gaps, g) } }
		h, _ := newHub(t, s, told)
		require.NoError(t, h.Connect(ctx))
		synctest.Wait()
		assert.Empty(t, gaps, "a first connection at once")
		since := time.Now()
		time.Sleep(10 * time.Second)
		h.Disconnect()
		synctest.Wait()
		time.Sleep(time.Hour)
		s.set(func(s *server) { s.down = true })
		require.Error(t, h.Connect(ctx))
		s.set(func(s *server) { s.down = false })
		require.NoError(t, h.Connect(ctx))
		synctest.Wait()
		assert.Equal(t, []event.Gap{{Since: since, Until: time.Now()}}, gaps)
		gaps = nil
		require.NoError(t, h.Connect(ctx))
		synctest.Wait()
		assert.Empty(t, gaps, "it is told once")

		s.set(func(s *server) { s.down = true })
		late, _ := newHub(t, s, told)
		since = time.Now()
		require.NoError(t, late.ConnectSoon())
		time.Sleep(time.Minute)
		s.set(func(s *server) { s.down = false })
		late.Wake()
		synctest.Wait()
		require.True(t, late.Connected())
		require.Len(t, gaps, 1)
		assert.Equal(t, since, gaps[0].Since)
	})
}

func TestAFirstConnectionThatComesLateIsAGap(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		var gaps []event.Gap
		h, _ := newHub(t, &server{}, func(o *event.Options) { o.Resumed = func(_ context.Context, g event.Gap) { gaps = append(gaps, g) } })
		since := time.Now()
		time.Sleep(time.Minute)
		require.NoError(t, h.Connect(ctx))
		synctest.Wait()
		assert.Equal(t, []event.Gap{{Since: since, Until: time.Now()}}, gaps, "what was read meanwhile may have changed")
	})
}

func TestASilentServerIsLeft(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &server{}
		h, _ := newHub(t, s)
		require.NoError(t, h.Connect(ctx))
		time.Sleep(18 * time.Second)
		assert.Equal(t, event.Connected, h.State())
		time.Sleep(time.Second)
		assert.Equal(t, event.Reconnecting, h.State())
		time.Sleep(2 * time.Second)
		assert.Equal(t, event.Connected, h.State())
	})
}

func TestRefusalsOfTheServerAreErrors(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &server{refuse: func(topic string) string { return map[string]string{"a": "not for you"}[topic] }}
		h, r := newHub(t, s)
		require.NoError(t, h.Connect(ctx))
		var refused *event.HubError
		require.ErrorAs(t, h.Publish(ctx, newEvent(t, "a", nil)), &refused)
		assert.EqualError(t, refused, "publish: not for you")

		tries := 0
		s.set(func(s *server) {
			s.refuse = func(topic string) string {
				if topic == "ftrack.meta.subscribe" {
					if tries++; tries == 1 {
						return "duplicate"
					}
				}
				return ""
			}
		})
		_, err := h.Subscribe("topic=b", nil, event.SubscribeOptions{})
		require.NoError(t, err)
		synctest.Wait()
		assert.Equal(t, []string{"topic=ftrack.meta.reply", "topic=b"}, s.subscribed, "a duplicate of the connection before is replaced")
		assert.Empty(t, r.all())
		s.set(func(s *server) { s.refuse = func(string) string { return "never" } })
		_, err = h.Subscribe("topic=c", nil, event.SubscribeOptions{})
		require.NoError(t, err)
		synctest.Wait()
		assert.Equal(t, `subscribe: the event server refused the subscription "topic=c": subscribe: never`, r.all())
	})
}

func TestBadPacketsAreReportedAndLeftOut(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &server{}
		h, r := newHub(t, s)
		got := 0
		_, err := h.Subscribe("topic=*", func(_ context.Context, e *event.Event) (any, error) { got++; return nil, nil }, event.SubscribeOptions{})
		require.NoError(t, err)
		require.NoError(t, h.Connect(ctx))
		synctest.Wait()
		got = 0
		for _, message := range []string{"nonsense", `5:::{"name":"ftrack.event","args":[{"data":{}}]}`, `6:::999+[{"success":true}]`, `6:::1`, `5:::{"name":"ftrack.event","args":[{"topic":"a","target":"(("}]}`} {
			s.say([]byte(message))
		}
		s.say(nil)
		frame := []byte(`5:::{"name":"ftrack.event","args":[{"topic":"a","id":"same"}]}`)
		s.say(frame)
		s.say(frame)
		synctest.Wait()
		assert.Equal(t, 1, got, "what comes twice is handled once")
		assert.Equal(t, event.Connected, h.State())
		for _, want := range []string{"unknown kind", "without a topic", "no expression", "binary"} {
			assert.Contains(t, r.all(), want)
		}
		assert.Len(t, r.texts, 4, "an acknowledgement that nobody waits for is nothing")
	})
}

func TestConnectJoinsWhatIsUnderWayAndReturnsAfterDisconnect(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &server{}
		h, _ := newHub(t, s)
		for range 20 {
			results := make(chan error, 3)
			for range 3 {
				go func() { results <- h.Connect(ctx) }()
			}
			for range 3 {
				require.NoError(t, <-results)
			}
			h.Disconnect()
			require.NoError(t, h.Connect(ctx), "asked for again at once")
			require.True(t, h.Connected())
			h.Disconnect()
			require.NoError(t, h.Wait(ctx, 0))
		}
	})
}

func TestConnectEndsWithItsContext(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &server{}
		s.status = func(string) int { return 200 }
		h, _ := newHub(t, s, func(o *event.Options) { o.Dialer = hanging{s} })
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		require.ErrorIs(t, h.Connect(short), context.DeadlineExceeded)
		synctest.Wait()
		assert.Equal(t, event.Disconnected, h.State())
		done := make(chan error, 1)
		go func() { done <- h.Connect(ctx) }()
		synctest.Wait()
		h.Close()
		assert.EqualError(t, <-done, "connect: the event hub was disconnected")
	})
}

// hanging never gets a socket.
type hanging struct{ *server }

func (hanging) Dial(ctx context.Context, _ string, _ []wireHeader) (event.Conn, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestWaitEnds(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		h, _ := newHub(t, &server{})
		require.NoError(t, h.Connect(ctx))
		start := time.Now()
		require.NoError(t, h.Wait(ctx, 3*time.Second))
		assert.Equal(t, 3*time.Second, time.Since(start))
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		require.ErrorIs(t, h.Wait(short, 0), context.DeadlineExceeded)
		go func() {
			time.Sleep(time.Second)
			h.Close()
		}()
		require.NoError(t, h.Wait(ctx, time.Hour))
	})
}

func TestCredentialsInURLsAreRememberedPerServer(t *testing.T) {
	run++
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &server{status: func(url string) int {
			if strings.Contains(url, "?") {
				return 200
			}
			return 403
		}}
		h, _ := newHub(t, s)
		require.NoError(t, h.Connect(ctx))
		require.Len(t, s.urls, 3)
		assert.NotContains(t, s.urls[0], "?")
		assert.True(t, strings.HasSuffix(s.urls[1], "/socket.io/1/?api_user=ann&api_key=s%20e%26cret"))
		assert.True(t, strings.HasSuffix(s.urls[2], "/socket.io/1/websocket/sid?api_user=ann&api_key=s%20e%26cret"))
		again, _ := newHub(t, s)
		require.NoError(t, again.Connect(ctx))
		assert.Contains(t, s.urls[3], "?", "what worked for this server is used at once")
		refusing := &server{status: func(string) int { return 403 }}
		other, _ := newHub(t, refusing, func(o *event.Options) { o.ServerURL += "/other" })
		err := other.Connect(ctx)
		assert.EqualError(t, err, "connect: the server refused the handshake with status 403")
		assert.NotContains(t, err.Error(), "cret")
		assert.NotContains(t, fmt.Sprintf("%v %+v %#v", other, other, other), "cret")
	})
}
