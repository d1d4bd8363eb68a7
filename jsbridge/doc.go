// Package jsbridge joins the session to JavaScript: the only place, with its folders, that touches a JavaScript value.
//
// Reads and small writes are functions that the module exports (//go:wasmexport), called with integers: they cost tens
// of nanoseconds, never wait, and leave longer results in the module's memory for the caller to read at once. All that
// waits for something goes through one dispatch function: JavaScript makes a promise under a call's id, registers it,
// and dispatches; a goroutine does the work and answers with exactly one call of the host's settle.
//
// The host is one object of closures that JavaScript hands over before the module starts; nothing is looked up among
// the page's globals. Panics are recovered where work for JavaScript begins and become its rejection.
package jsbridge
