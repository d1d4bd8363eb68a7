package gateway_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/production"
)

// What a gateway adds to a small query, in milliseconds at the median: each round asks the server directly, and through each gateway. Under
// workerd an instance serves all rounds.
func BenchmarkTimeAddedToASmallQuery(b *testing.B) {
	handler, err := sandbox.New(sandbox.Options{User: "ada", Key: apiKey})
	require.NoError(b, err)
	require.NoError(b, production.Build(handler.Store(), production.Plan{Name: "demo", Tasks: 300, User: "ada"}))
	server := newFtrack(b, handler.ServeHTTP)
	type way struct {
		name, address string
		header        []string
		took          []time.Duration
	}
	ways := []*way{{name: "direct", address: server.URL, header: []string{"Ftrack-User", "ada", "Ftrack-Api-Key", apiKey}}}
	for _, s := range subjects() {
		ways = append(ways, &way{name: s.name, address: s.start(b, config{target: server.URL}), header: bearer(scoped("read"))})
	}
	const small = `[{"action":"query","expression":"select name, status.name, parent.name from Task order by id limit 5"}]`
	turn := 0
	round := func() {
		turn++
		for i := range ways { // each comes first in its turn
			w := ways[(i+turn)%len(ways)]
			start := time.Now()
			got := ask(b, http.MethodPost, w.address+"/api", small, w.header...)
			w.took = append(w.took, time.Since(start))
			require.Equal(b, http.StatusOK, got.status, got.body)
			require.Contains(b, got.body, `"data"`)
		}
		server.requests()
	}
	for range 300 { // connections are open, engines have compiled
		round()
	}
	for _, w := range ways {
		w.took = nil
	}
	for b.Loop() {
		round()
	}
	direct := middle(ways[0].took)
	b.ReportMetric(direct, "direct-ms")
	for _, w := range ways[1:] {
		b.ReportMetric(middle(w.took)-direct, w.name+"-added-ms")
	}
}

func middle(times []time.Duration) float64 {
	slices.Sort(times)
	return float64(times[len(times)/2]) / float64(time.Millisecond)
}
