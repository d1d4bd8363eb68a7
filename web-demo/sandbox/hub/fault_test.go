package hub_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/hub"
)

// received publishes events 0 to n-1 under faults and gives the numbers that arrive until all is quiet.
func received(t *testing.T, faults hub.Faults, n int) []int {
	h := hub.New(hub.Options{})
	c := connect(t, h)
	c.next()
	c.subscribe("A", "topic=x")
	h.SetFaults(faults)
	for i := range n {
		require.NoError(t, h.Publish(fmt.Appendf(nil, `{"topic":"x","data":{"n":%d}}`, i)))
	}
	time.Sleep(5 * time.Second)
	synctest.Wait()
	h.Close()
	var got []int
	for {
		frame := c.next()
		if frame == "" {
			return got
		}
		if frame == "2::" {
			continue
		}
		var event struct {
			Args []struct{ Data struct{ N int } }
		}
		require.NoError(t, json.Unmarshal([]byte(frame[len("5:::"):]), &event))
		got = append(got, event.Args[0].Data.N)
	}
}

func TestFaults(t *testing.T) {
	const n = 200
	inOrder := make([]int, n)
	for i := range inOrder {
		inOrder[i] = i
	}
	for name, c := range map[string]struct {
		faults hub.Faults
		check  func(got []int)
	}{
		"none":  {hub.Faults{}, func(got []int) { require.Equal(t, inOrder, got) }},
		"delay": {hub.Faults{Delay: time.Millisecond, Jitter: time.Millisecond}, func(got []int) { require.Equal(t, inOrder, got) }},
		"reorder": {hub.Faults{Reorder: 0.3, Seed: 1}, func(got []int) {
			require.NotEqual(t, inOrder, got)
			require.ElementsMatch(t, inOrder, got)
		}},
		"duplicate": {hub.Faults{Duplicate: 0.2, Seed: 1}, func(got []int) {
			require.Greater(t, len(got), n)
			require.Subset(t, got, inOrder)
		}},
		"lose": {hub.Faults{Lose: 0.2, Seed: 1}, func(got []int) {
			require.Less(t, len(got), n)
			require.NotEmpty(t, got)
			require.Subset(t, inOrder, got)
		}},
		"mute": {hub.Faults{Mute: true}, func(got []int) { require.Empty(t, got) }},
		"cut": {hub.Faults{Cut: 0.02, Seed: 1}, func(got []int) {
			require.Less(t, len(got), n)
			require.Equal(t, inOrder[:len(got)], append([]int{}, got...))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { c.check(received(t, c.faults, n)) })
		})
	}
}

func TestAHeldEventLeavesEvenIfNoneFollows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		require.Equal(t, []int{0}, received(t, hub.Faults{Reorder: 1}, 1))
	})
}

func TestFramesOfClientsAreCutToo(t *testing.T) {
	h := hub.New(hub.Options{})
	c := connect(t, h)
	c.next()
	h.SetFaults(hub.Faults{Cut: 1})
	c.send("2::")
	require.Empty(t, c.next())
	require.NoError(t, <-c.done)
}

func TestFramesArriveBeforeSomeOfTheCuts(t *testing.T) {
	const rounds = 100
	h := hub.New(hub.Options{})
	arrived := 0
	for range rounds {
		h.SetFaults(hub.Faults{})
		from, to := connect(t, h), connect(t, h)
		from.next()
		to.next()
		to.subscribe("A", "topic=x")
		h.SetFaults(hub.Faults{Cut: 1})
		from.send(publish("", `{"topic":"x"}`))
		require.NoError(t, <-from.done)
		h.Inject("marker", false) // cut at the event, or at this
		<-to.done
		if strings.HasPrefix(to.next(), "5:") {
			arrived++
		}
	}
	require.InDelta(t, rounds/4, arrived, rounds/5, "half of them are taken in, and half of those leave")
}

func TestConnectionsAreCutAtOnce(t *testing.T) {
	h := hub.New(hub.Options{})
	a := connect(t, h)
	a.next()
	b := connect(t, h)
	b.next()
	require.Equal(t, 1, h.Cut(1))
	require.Empty(t, a.next())
	require.NoError(t, <-a.done)
	require.Equal(t, 1, h.Inject("odd", false))
	require.Equal(t, "odd", b.next())
	require.Equal(t, 1, h.Cut(0))
	require.Empty(t, b.next())
}

func TestFaultsAsJSON(t *testing.T) {
	faults := hub.Faults{Delay: 20 * time.Millisecond, Jitter: time.Second, Reorder: 0.5, Duplicate: 0.25, Lose: 0.125, Cut: 0.1, Mute: true, Refuse: 503, Seed: 7}
	text, err := json.Marshal(faults)
	require.NoError(t, err)
	again, err := hub.ParseFaults(text)
	require.NoError(t, err)
	require.Equal(t, faults, again)
	for _, text := range []string{"", "[]", `{"delay":"soon"}`, `{"jitter":5}`, `{"reorder":"x"}`, `{"cuts":0.1}`, `{"lose":2}`, `{"delay":"-1s"}`, `{"refuse":-1}`, `{} {}`} {
		_, err := hub.ParseFaults([]byte(text))
		require.Error(t, err, text)
	}
}
