package event_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/event"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

type wireHeader = wire.Header

// pair is two connected hubs on one server.
func pair(t *testing.T, ctx context.Context, s *server) (asking, answering *event.Hub, reported *reports) {
	var n atomic.Int64
	ids := func(prefix string) func(*event.Options) {
		return func(o *event.Options) { o.NewID = func() string { return prefix + fmt.Sprint(n.Add(1)) } }
	}
	asking, _ = newHub(t, s, ids("ask-"))
	answering, reported = newHub(t, s, ids("answer-"))
	require.NoError(t, asking.Connect(ctx))
	require.NoError(t, answering.Connect(ctx))
	return asking, answering, reported
}

func TestResultsOfHandlersAreReplies(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &server{}
		asking, answering, r := pair(t, ctx, s)
		_, err := answering.Subscribe("topic=ftrack.action.discover", func(_ context.Context, e *event.Event) (any, error) {
			return map[string]any{"items": []any{e.Data.Get("x")}}, nil
		}, event.SubscribeOptions{Subscriber: map[string]any{"id": "me", "tool": "x"}})
		require.NoError(t, err)
		_, err = answering.Subscribe("topic=ftrack.action.discover", func(context.Context, *event.Event) (any, error) { return nil, nil }, event.SubscribeOptions{})
		require.NoError(t, err)
		synctest.Wait()
		_, err = answering.Subscribe("topic=b", func(context.Context, *event.Event) (any, error) { return make(chan int), nil }, event.SubscribeOptions{})
		require.NoError(t, err)
		synctest.Wait()

		e := newEvent(t, "ftrack.action.discover", map[string]any{"x": 7})
		_, err = asking.PublishAndWaitForReply(ctx, e, 0)
		assert.Error(t, err, "a node inside a map is no value that can be sent")
		assert.Contains(t, r.all(), "reply to ftrack.action.discover: encode items[0]")
	})
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &server{}
		asking, answering, _ := pair(t, ctx, s)
		_, err := answering.Subscribe("topic=ftrack.action.discover", func(_ context.Context, e *event.Event) (any, error) {
			return map[string]any{"x": wire.RawJSON(e.Data.Get("x").Raw())}, nil
		}, event.SubscribeOptions{Subscriber: map[string]any{"id": "me", "tool": "x"}})
		require.NoError(t, err)
		synctest.Wait()
		e := newEvent(t, "ftrack.action.discover", map[string]any{"x": 7})
		start := time.Now()
		reply, err := asking.PublishAndWaitForReply(ctx, e, 0)
		require.NoError(t, err)
		assert.Zero(t, time.Since(start))
		assert.Equal(t, `{"x":7}`, string(reply.Data.Raw()))
		assert.Equal(t, [4]string{"ftrack.meta.reply", e.ID, "id=" + asking.ID(), "me"}, [4]string{reply.Topic, reply.InReplyToEvent, reply.Target, reply.SourceID()})
		assert.Equal(t, "ann", reply.Source.Get("user").Get("username").Text())
		assert.Equal(t, "x", reply.Source.Get("tool").Text())
		for _, published := range s.published {
			assert.Contains(t, []string{"ftrack.action.discover", "ftrack.meta.reply"}, published.Topic)
		}
		assert.Len(t, s.published, 2, "replies are not replied to")
	})
}

func TestWaitingForAReplyEndsWithItsTimeout(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		asking, _, _ := pair(t, ctx, &server{})
		start := time.Now()
		_, err := asking.PublishAndWaitForReply(ctx, newEvent(t, "a", nil), 5*time.Second)
		var timeout *event.ReplyTimeoutError
		require.ErrorAs(t, err, &timeout)
		assert.EqualError(t, err, "publish: no reply to a within 5s")
		assert.Equal(t, 5*time.Second, time.Since(start))
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		_, err = asking.PublishAndWaitForReply(short, newEvent(t, "a", nil), 0)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		go func() {
			time.Sleep(time.Second)
			asking.Close()
		}()
		_, err = asking.PublishAndWaitForReply(ctx, newEvent(t, "a", nil), 0)
		var closed *event.ConnectionError
		assert.ErrorAs(t, err, &closed)
		_, err = asking.PublishAndWaitForReply(ctx, newEvent(t, "a", nil), 0)
		assert.ErrorAs(t, err, &closed)
	})
}

func TestAHandlerCanWaitForTheReplyOfAnotherHub(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		asking, answering, _ := pair(t, ctx, &server{})
		_, err := answering.Subscribe("topic=ask", func(context.Context, *event.Event) (any, error) { return "answer", nil }, event.SubscribeOptions{})
		require.NoError(t, err)
		var order []string
		_, err = asking.Subscribe("topic=begin", func(ctx context.Context, _ *event.Event) (any, error) {
			reply, err := asking.PublishAndWaitForReply(ctx, newEvent(t, "ask", nil), time.Second)
			if err == nil {
				order = append(order, reply.Data.Text())
			}
			return nil, err
		}, event.SubscribeOptions{})
		require.NoError(t, err)
		_, err = asking.Subscribe("topic=next", func(context.Context, *event.Event) (any, error) { order = append(order, "next"); return nil, nil }, event.SubscribeOptions{})
		require.NoError(t, err)
		synctest.Wait()
		require.NoError(t, answering.Publish(ctx, newEvent(t, "begin", nil)))
		require.NoError(t, answering.Publish(ctx, newEvent(t, "next", nil)))
		synctest.Wait()
		assert.Equal(t, []string{"answer", "next"}, order, "handlers still run one after another")
	})
}

func TestOnReplyHearsOfEveryReplyUntilItsTimeout(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		asking, answering, _ := pair(t, ctx, &server{})
		var asked *event.Event
		_, err := answering.Subscribe("topic=a", func(_ context.Context, e *event.Event) (any, error) { asked = e; return nil, nil }, event.SubscribeOptions{})
		require.NoError(t, err)
		synctest.Wait()
		replies := 0
		e := newEvent(t, "a", nil)
		asking.OnReply(e, 10*time.Second, func(context.Context, *event.Event) { replies++ })
		require.NoError(t, asking.Publish(ctx, e))
		synctest.Wait()
		require.NotNil(t, asked)
		for range 2 {
			require.NoError(t, answering.PublishReply(ctx, asked, map[string]any{}))
		}
		synctest.Wait()
		assert.Equal(t, 2, replies)
		time.Sleep(11 * time.Second)
		require.NoError(t, answering.PublishReply(ctx, asked, nil))
		synctest.Wait()
		assert.Equal(t, 2, replies, "its time is over")

		stop := asking.OnReply(asked, 0, func(context.Context, *event.Event) { replies++ })
		stop()
		stop()
		require.NoError(t, answering.PublishReply(ctx, asked, nil))
		synctest.Wait()
		assert.Equal(t, 2, replies)
	})
}

func TestSubscribersWithoutHandlersAreDeliveredInRuns(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		var calls [][]string
		var more []bool
		stop := false
		h, _ := newHub(t, &server{}, func(o *event.Options) {
			o.Deliver = func(_ context.Context, _ *event.Event, ids []string, follow bool) bool {
				calls, more = append(calls, ids), append(more, follow)
				return stop
			}
		})
		for i, id := range []string{"a", "b", "own", "c"} {
			handler := func(context.Context, *event.Event) (any, error) {
				calls = append(calls, []string{"handler"})
				return nil, nil
			}
			if id != "own" {
				handler = nil
			}
			_, err := h.Subscribe("topic=a", handler, event.SubscribeOptions{Priority: &i, Subscriber: map[string]any{"id": id}})
			require.NoError(t, err)
		}
		_, err := h.PublishLocal(ctx, newEvent(t, "a", nil))
		require.NoError(t, err)
		assert.Equal(t, [][]string{{"a", "b"}, {"handler"}, {"c"}}, calls)
		assert.Equal(t, []bool{true, false}, more)
		calls, stop = nil, true
		_, err = h.PublishLocal(ctx, newEvent(t, "a", nil))
		require.NoError(t, err)
		assert.Equal(t, [][]string{{"a", "b"}}, calls)
		ids, handled := h.Matching(newEvent(t, "a", nil))
		assert.Equal(t, []string{"a", "b", "c"}, ids)
		assert.True(t, handled)
	})
}
