// Package websocket reaches event servers from native programs: handshakes over net/http, sockets over coder/websocket. The
// WebAssembly module does not import it; a page brings its own sockets.
package websocket
