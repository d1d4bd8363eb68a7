package gateway_test

import (
	"runtime"
	"testing"
)

func subjects() []subject { return []subject{native} }

// watch tells how many bytes more than now were in use at most, when it is asked.
func watch(_ *testing.T, _ string) func() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	stop := highWater()
	return func() uint64 { return stop() - m.HeapAlloc }
}

// leftovers counts what requests could leave behind.
func leftovers(_ *testing.T, _ string) map[string]int {
	client.CloseIdleConnections()
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return map[string]int{"goroutines": runtime.NumGoroutine(), "heap": int(m.HeapAlloc)}
}
