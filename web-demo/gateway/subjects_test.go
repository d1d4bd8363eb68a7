package gateway_test

import (
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// subjects are all ways to run the gateway: under workerd too where WORKERD_BIN says what that is, as `make test` does.
func subjects() []subject {
	if os.Getenv("WORKERD_BIN") != "" {
		return []subject{native, atTheEdge}
	}
	return []subject{native}
}

func edge(t *testing.T) bool { return strings.HasSuffix(t.Name(), "/workerd") }

// watch tells how many bytes more than now were in use at most, when it is asked.
func watch(t *testing.T, address string) func() uint64 {
	if !edge(t) {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return highWater(func() uint64 {
			var now runtime.MemStats
			runtime.ReadMemStats(&now)
			return now.HeapAlloc - min(now.HeapAlloc, m.HeapAlloc)
		})
	}
	numbers(t, address) // the program runs
	pid := workers[t.Name()]
	before := resident(t, pid)
	return highWater(func() uint64 { now := resident(t, pid); return now - min(now, before) })
}

// highWater watches a number until it is asked for the highest.
func highWater(now func() uint64) func() uint64 {
	var most uint64
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			most = max(most, now())
			select {
			case <-done:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	}()
	return func() uint64 { close(done); <-ended; return most }
}

// leftovers counts what requests could leave behind.
func leftovers(t *testing.T, address string) map[string]int {
	if edge(t) {
		return numbers(t, address)
	}
	client.CloseIdleConnections()
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return map[string]int{"goroutines": runtime.NumGoroutine(), "heap": int(m.HeapAlloc)}
}
