// Package cachetest holds what every cache must do, as tests that run against any implementation. Run makes an empty cache, works
// through the steps of a script (the same ones run against the caches in JavaScript), then uses it from several goroutines.
package cachetest
