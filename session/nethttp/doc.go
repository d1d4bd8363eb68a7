// Package nethttp carries a session's requests natively, over net/http. It stands apart from the session so that the
// WebAssembly module does not link it.
package nethttp
