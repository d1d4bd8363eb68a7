// Package socketio speaks version 0.9 of socket.io, over WebSockets only: the protocol of ftrack's event server. It has no
// goroutine, no clock and no socket.
//
// One connection walks through it like this. A Machine is told to Connect and asks for a handshake: a GET request with the
// credentials in headers. Its answer, "sid:heartbeat:close:transports", leads to a WebSocket, and the server's frame 1:: to
// Connected. Frames go through Machine.Received, which answers heartbeats and acknowledges events that ask for it, and gives events
// and acknowledgements to the caller. When nothing has come for longer than the server's heartbeat interval, or the socket ends,
// the Machine asks for a time to wait, longer from failure to failure, and for the next handshake.
//
// Whoever runs a Machine does what its effects say, and tells it the time with everything that happened: package event does.
package socketio
